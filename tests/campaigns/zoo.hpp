#pragma once

#include <cstdint>

namespace daybook::campaigns {

/// C16: has every planted mistake looked for by the campaigns, one after the other until it is
/// found, and says which one found it after how many rounds. `all`: by every campaign, as a table.
/// False when one is not found. A program without planted mistakes says so.
[[nodiscard]] bool zoo(std::uint64_t seed, bool all);

}  // namespace daybook::campaigns
