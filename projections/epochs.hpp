#pragma once

#include <optional>
#include <string>
#include <vector>

#include "projections/event_reader.hpp"

namespace daybook {

/// The events behind `begin`, up to `end` or for ever: what is counted from zero under a name
/// (contract §3). Nothing is moved or deleted by an epoch.
struct EpochSpan {
    std::string name;
    Sequence begin;               ///< of the event that began it
    std::optional<Sequence> end;  ///< of the event that began the next one
};

/// Every epoch begun up to `upto`, in order. The time before the first has no name.
[[nodiscard]] Result<std::vector<EpochSpan>> epochs_of(EventReader& reader, Sequence upto);

/// The epoch a question is about: the last one of that name, the current one for an empty name, and
/// nothing for "all" or where none was ever begun. Fails with usage, naming those there are.
[[nodiscard]] Result<std::optional<EpochSpan>> choose_epoch(EventReader& reader, Sequence upto,
                                                            const std::string& name);

}  // namespace daybook
