#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemas/time.hpp"

namespace daybook::feeds {

/// Markets of an asset that follow one another: "btc-updown-15m-1777514400" is the one that opens
/// at that second (venue page §1).
struct Series {
    std::string asset;   ///< lower case
    std::string window;  ///< as the slug has it: "15m"
    std::int64_t seconds{};
};

struct Window {
    std::string slug;
    Time opens, closes;
};

/// "15m" → 900. Minutes and hours; seconds are for test venues. Fails with usage.
[[nodiscard]] Result<std::int64_t> window_seconds(std::string_view word);

/// The window of `series` that is open at `now`, and the next one: both are followed, so that
/// nothing is missed when one goes over into the other.
[[nodiscard]] std::vector<Window> windows_at(const Series& series, Time now);

}  // namespace daybook::feeds
