#pragma once

#include "campaigns/campaign.hpp"

namespace daybook::campaigns {

/// Cases of the two below: every call that changes the disk, in a run that creates a journal, and
/// in one that finds a torn tail behind a HEAD that lags; refused before, inside or after; then a
/// kill or one of four power cuts.
[[nodiscard]] std::uint64_t every_call_cases();
/// C2c: the process ends there.
[[nodiscard]] Finding stop_at_call(std::uint64_t number, Dice dice);

[[nodiscard]] std::uint64_t refusal_cases();
/// C5: the call is refused, once or from there on, and the process lives: its writer stays shut,
/// what is on the disk can be read, and the next start has everything acknowledged.
[[nodiscard]] Finding refuse_call(std::uint64_t number, Dice dice);

}  // namespace daybook::campaigns
