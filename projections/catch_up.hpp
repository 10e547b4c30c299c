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
/// Rows become visible in transactions, one for every 100,000 rows that changed and at least every
/// 500,000 events; each begins at the sequence the store has reached, so it can be stopped anywhere
/// and goes on from there. An event that cannot be decoded stops the fold with its error; what was
/// committed before stays.
///
/// An event that the fold of one projection cannot take (a rule it breaks, an exception) stops that
/// one right before it: its rows stay those of the events before, it is marked as stalled there,
/// and the others go on. It is tried again each time, so another version of the program goes on
/// with it.
///
/// A store that somebody else follows is not folded here: it is waited for, a second at most, and
/// may stand before or behind `last` then.
[[nodiscard]] Result<void> catch_up(EventReader& reader,
                                    std::span<store::ProjectionStore* const> stores, Sequence last,
                                    const OnProgress& progress);
/// A generation that is not served yet.
struct Generation {
    const Projection* projection{};
    store::Environment* into{};
};
/// The same into generations that are not served yet, which are on disk when it returns. Fails with
/// corrupt where an event that is looked at is damaged, with incomplete where a fold cannot take
/// one.
[[nodiscard]] Result<void> build(EventReader& reader, std::span<const Generation> generations,
                                 Sequence last, Check check, const OnProgress& progress);

/// Rows of the caller for a projection.
struct InRam {
    const Projection* projection{};
    Rows* rows{};
};
/// The same into rows of the caller, from the first event: for a read-only directory and for the
/// state as of a past sequence. Fails with incomplete where a fold cannot take an event.
[[nodiscard]] Result<void> fold_into(EventReader& reader, std::span<const InRam> projections,
                                     Sequence last, const OnProgress& progress);
[[nodiscard]] Result<void> fold_into(EventReader& reader, const Projection& projection, Rows& rows,
                                     Sequence last, const OnProgress& progress);

}  // namespace daybook
