#pragma once

#include "campaigns/campaign.hpp"

namespace daybook::campaigns {

/// C17: a process that applies resets, reverts and prunes without a pause is killed at any moment.
/// Then every projection opens with exactly one generation served, its digest is that of its rows
/// and of a fold from nothing, each other generation that was ever served is whole or gone, the
/// history can be read, and every command goes on.
[[nodiscard]] Finding kill_reset(std::uint64_t number, Dice dice);

/// Every call to the system of one plan, apply, revert and prune, killed before, in and after it.
[[nodiscard]] std::uint64_t reset_call_cases();
[[nodiscard]] Finding kill_reset_at_call(std::uint64_t number, Dice dice);

}  // namespace daybook::campaigns
