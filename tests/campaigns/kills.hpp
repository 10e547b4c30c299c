#pragma once

#include "campaigns/campaign.hpp"

namespace daybook::campaigns {

/// C1: a recorder with all projections is killed at a random moment, one to four times in a row.
[[nodiscard]] Finding kill_recorder(std::uint64_t number, Dice dice);

/// C2c: it is killed before, after or inside one of its calls to the system that change files,
/// those of LMDB included.
[[nodiscard]] Finding kill_at_call(std::uint64_t number, Dice dice);

/// C5: one such call fails (EIO, ENOSPC, EINTR, short, or done but said to have failed), once or
/// from there on. The recorder says which file, takes nothing more, and the next start has
/// everything acknowledged.
[[nodiscard]] Finding fail_call(std::uint64_t number, Dice dice);

}  // namespace daybook::campaigns
