#include "schemas/time.hpp"

#include <charconv>
#include <chrono>
#include <limits>

#include "schemas/fixed.hpp"

namespace daybook {
namespace {

Error no_time(std::string_view text) {
    return {Errc::malformed, "not an RFC 3339 time: '" + std::string{text.substr(0, 40)} + "'"};
}

/// Reads fixed-width fields from the left; `good` turns false at the first thing that does not fit.
struct Scanner {
    std::string_view rest;
    bool good{true};

    int number(std::size_t width) {
        int value = 0;
        if (rest.size() < width) return fail();
        for (std::size_t i = 0; i < width; ++i) {
            if (rest[i] < '0' || rest[i] > '9') return fail();
            value = value * 10 + (rest[i] - '0');
        }
        rest.remove_prefix(width);
        return value;
    }
    bool accept(std::string_view any_of) {
        if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
        rest.remove_prefix(1);
        return true;
    }
    void expect(std::string_view any_of) { good = accept(any_of) && good; }
    int fail() {
        good = false;
        return 0;
    }
};

std::int64_t decimals_as_nanos(Scanner& in) {
    if (!in.accept(".,")) return 0;
    std::int64_t nanos = 0;
    std::int64_t unit = kNanosPerSecond;
    bool any = false;
    while (!in.rest.empty() && in.rest.front() >= '0' && in.rest.front() <= '9') {
        unit /= 10;
        nanos += unit * (in.rest.front() - '0');
        in.good = in.good && (unit > 0 || in.rest.front() == '0');
        in.rest.remove_prefix(1);
        any = true;
    }
    in.good = in.good && any;
    return nanos;
}

std::int64_t offset_seconds(Scanner& in) {
    if (in.accept("Zz")) return 0;
    const bool west = !in.rest.empty() && in.rest.front() == '-';
    in.expect("+-");
    const int hours = in.number(2);
    in.accept(":");
    const int minutes = in.number(2);
    in.good = in.good && hours < 24 && minutes < 60;
    const std::int64_t seconds = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
    return west ? -seconds : seconds;
}

/// What a number of so many digits counts, in nanoseconds; 0 when it is no time.
std::int64_t nanos_per_unit(std::size_t digits) {
    switch (digits) {
        case 10:
            return kNanosPerSecond;
        case 13:
            return kNanosPerMilli;
        case 16:
            return 1000;
        case 19:
            return 1;
        default:
            return 0;
    }
}

}  // namespace

Result<Time> parse_time(std::string_view text) {
    Scanner in{text};
    const int year = in.number(4);
    in.expect("-");
    const int month = in.number(2);
    in.expect("-");
    const int day = in.number(2);
    in.expect("Tt ");
    const int hour = in.number(2);
    in.expect(":");
    const int minute = in.number(2);
    in.expect(":");
    const int second = in.number(2);
    const std::int64_t nanos = decimals_as_nanos(in);
    const std::int64_t offset = offset_seconds(in);

    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    const bool in_range =
        year >= 1970 && year < 2262 && date.ok() && hour < 24 && minute < 60 && second <= 60;
    if (!in.good || !in.rest.empty() || !in_range) return no_time(text);
    const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
    const std::int64_t seconds = std::int64_t{days} * 86'400 + std::int64_t{hour} * 3600 +
                                 std::int64_t{minute} * 60 + second - offset;
    if (seconds < 0) return no_time(text);
    return Time{seconds * kNanosPerSecond + nanos};
}

Result<Time> parse_epoch_time(std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    const std::int64_t unit = nanos_per_unit(digits.size());
    const bool fits = unit != 0 && value <= std::numeric_limits<std::int64_t>::max() / unit;
    if (whole && value >= 0 && fits) return Time{value * unit};
    return Error{Errc::malformed, "not a time in s, ms, us or ns since the epoch: '" +
                                      std::string{digits.substr(0, 40)} + "'"};
}

std::string format_time(Time time) {
    namespace chrono = std::chrono;
    const std::int64_t nanos = ((time.nanos % kNanosPerSecond) + kNanosPerSecond) % kNanosPerSecond;
    // Rounded down, without a step below the least int64.
    const std::int64_t seconds =
        time.nanos / kNanosPerSecond - (time.nanos % kNanosPerSecond < 0 ? 1 : 0);
    const std::int64_t in_day = ((seconds % 86'400) + 86'400) % 86'400;
    const chrono::year_month_day date{chrono::sys_days{chrono::days{(seconds - in_day) / 86'400}}};
    std::string text = std::to_string(static_cast<int>(date.year()));
    const auto pair = [&text](char before, std::int64_t value) {
        text.push_back(before);
        text.push_back(static_cast<char>('0' + value / 10));
        text.push_back(static_cast<char>('0' + value % 10));
    };
    pair('-', static_cast<unsigned>(date.month()));
    pair('-', static_cast<unsigned>(date.day()));
    pair('T', in_day / 3600);
    pair(':', in_day / 60 % 60);
    pair(':', in_day % 60);
    if (nanos != 0) text += format_decimal(nanos, 9).substr(1);
    text.push_back('Z');
    return text;
}

}  // namespace daybook
