#pragma once

#include "campaigns/campaign.hpp"

namespace daybook::campaigns {

/// C6 in memory: every amount of free space, by sectors, behind each of a creation, an empty
/// journal, a stopped one and a torn one. What does not fit is refused with a disk error, reading
/// goes on, and when there is room again everything acknowledged is there.
[[nodiscard]] std::uint64_t full_disk_cases();
[[nodiscard]] Finding full_disk(std::uint64_t number, Dice dice);

/// C6 for real: the recorder with all projections on a tmpfs of each of many sizes, which then
/// gets room. Mounted in a namespace that ends with the case.
[[nodiscard]] std::uint64_t small_tmpfs_cases();
[[nodiscard]] Finding small_tmpfs(std::uint64_t number, Dice dice);
[[nodiscard]] std::string why_no_tmpfs();

}  // namespace daybook::campaigns
