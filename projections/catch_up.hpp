#pragma once

#include <chrono>
#include <functional>
#include <span>

#include "projections/event_reader.hpp"
#include "projections/store/projection_store.hpp"

namespace daybook {

/// Told now and then while a journal is read: events done and the last one to do.
using OnProgress = std::function<void(std::uint64_t done, std::uint64_t last)>;

/// What a store must know of the journal it is built from.
[[nodiscard]] store::Source source_of(EventReader& reader, Time now);

/// Folds `reader`'s journal into the stores from where each one stands up to `last`, in one pass.
/// Rows become visible in transactions of 100,000 events; each begins at the sequence the store
/// has reached, so it can be stopped anywhere and goes on from there. An event that cannot be
/// decoded stops the fold with its error; what was committed before stays.
[[nodiscard]] Result<void> catch_up(EventReader& reader,
                                    std::span<store::ProjectionStore* const> stores, Sequence last,
                                    const OnProgress& progress);
/// The same for one projection into a generation that is not served yet.
[[nodiscard]] Result<void> build(EventReader& reader, const Projection& projection,
                                 store::Environment& into, Sequence last,
                                 const OnProgress& progress);
/// The same into rows of the caller, from the first event: for a read-only directory and for the
/// state as of a past sequence.
[[nodiscard]] Result<void> fold_into(EventReader& reader, const Projection& projection, Rows& rows,
                                     Sequence last, const OnProgress& progress);

}  // namespace daybook
