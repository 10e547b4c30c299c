#pragma once

#include <string>
#include <string_view>

#include "projections/store/directory.hpp"
#include "schemas/json.hpp"
#include "schemas/time.hpp"

namespace daybook::store {

inline constexpr std::string_view kHistory = "history.jsonl";

/// A line of `projections/history.jsonl`, begun with what every act has. `act` is reset, revert,
/// prune, renew (the program built it anew by itself) or found (served since an act that was cut
/// off before it could be written down).
[[nodiscard]] JsonWriter begin_history(std::string_view act, std::string_view projection,
                                       std::uint64_t generation, Time now);
/// Ends it and puts it behind the others. A line that a kill left in halves stays alone.
[[nodiscard]] Result<void> keep_history(const Directory& projections, JsonWriter line);
/// The generation that the last line about `projection` says is served; 0: no line.
[[nodiscard]] Result<std::uint64_t> last_in_history(const Directory& projections,
                                                    std::string_view projection);

}  // namespace daybook::store
