#include "src/feeds/windows.hpp"

#include "schemas/whole_number.hpp"

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
    const std::int64_t unit = word.empty() ? 0 : unit_of(word.back());
    const std::int64_t count =
        unit == 0 ? 0 : whole_number<std::int64_t>(word.substr(0, word.size() - 1)).value_or(0);
    if (count < 1 || count > kLongest / unit)
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
