#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "schemas/result.hpp"

namespace daybook {

struct Time {  ///< nanoseconds since the Unix epoch, UTC; whose clock it was stands in the name
    std::int64_t nanos{};
    friend auto operator<=>(const Time&, const Time&) = default;
};

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr std::int64_t kNanosPerMilli = 1'000'000;

/// RFC 3339 with any offset, up to 9 decimals: "2025-12-13T14:29:30.5Z", "…T09:29:30-05:00".
/// A blank instead of T is accepted; a missing offset is not. Years 1970 .. 2262.
/// Fails with malformed, naming the text.
[[nodiscard]] Result<Time> parse_time(std::string_view text);

/// A venue's number of seconds (10 digits), milliseconds (13), microseconds (16) or nanoseconds
/// (19) since the epoch; the digit count decides (reference: venue page §4.2).
[[nodiscard]] Result<Time> parse_epoch_time(std::string_view digits);

/// RFC 3339 in UTC with as many decimals as needed: "2025-12-13T14:29:30.5Z".
[[nodiscard]] std::string format_time(Time time);

}  // namespace daybook
