#include "src/feeds/windows.hpp"

#include <charconv>

namespace daybook::feeds {
namespace {

constexpr std::int64_t kLongest = 86'400;

Window window_from(const Series& series, std::int64_t opens) {
    return {series.asset + "-updown-" + series.window + '-' + std::to_string(opens),
            Time{opens * kNanosPerSecond}, Time{(opens + series.seconds) * kNanosPerSecond}};
}

std::int64_t unit_of(char letter) {
    if (letter == 's') return 1;
    if (letter == 'm') return 60;
    return letter == 'h' ? 3600 : 0;
}

}  // namespace

Result<std::int64_t> window_seconds(std::string_view word) {
    std::int64_t count = 0;
    const std::int64_t unit = word.empty() ? 0 : unit_of(word.back());
    const char* const last = word.data() + (word.empty() ? 0 : word.size() - 1);
    const auto [end, error] = std::from_chars(word.data(), last, count);
    const bool number = error == std::errc{} && end == last;
    if (unit == 0 || !number || count < 1 || count > kLongest / unit)
        return Error{Errc::usage, "'" + std::string{word} + "' is no window",
                     "Polymarket has 5m, 15m and 4h"};
    return count * unit;
}

std::vector<Window> windows_at(const Series& series, Time now) {
    const std::int64_t seconds = now.nanos / kNanosPerSecond;
    const std::int64_t opens = seconds - seconds % series.seconds;
    return {window_from(series, opens), window_from(series, opens + series.seconds)};
}

}  // namespace daybook::feeds
