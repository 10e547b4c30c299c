#pragma once

#include "campaigns/campaign.hpp"

namespace daybook::campaigns {

/// C2a: one to three crashes in a row, at any call of creating, appending, rotating, stopping or
/// recovering; what was not synced is lost, kept or torn as the dice say.
[[nodiscard]] Finding crash_states(std::uint64_t number, Dice dice);

}  // namespace daybook::campaigns
