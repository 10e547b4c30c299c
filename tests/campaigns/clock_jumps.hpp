#pragma once

#include "campaigns/campaign.hpp"

namespace daybook::campaigns {

/// C10: one story recorded under a clock that goes back, jumps ahead, stands still, stands in 1970
/// or in a night when the hour repeats. The order is that of recording, every event is there as
/// under a steady clock but for when it was received, projections are those of a rebuild, and the
/// journal verifies.
[[nodiscard]] std::uint64_t clock_cases();
[[nodiscard]] Finding clock_jumps(std::uint64_t number, Dice dice);

}  // namespace daybook::campaigns
