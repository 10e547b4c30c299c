#include "schemas/fixed.hpp"

#include <algorithm>
#include <limits>

namespace daybook {
namespace {

__extension__ using UnsignedWide = unsigned __int128;
constexpr Wide kWideMax = static_cast<Wide>(~UnsignedWide{0} >> 1U);
constexpr int kExponentMax = 400;  // beyond every number a double could hold

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A JSON number taken apart: digits without the point, and how many of them are decimals.
struct Parts {
    bool negative{};
    std::string digits;
    int decimals{};
};

Error not_a_number(std::string_view text) {
    return {Errc::malformed, "not a decimal number: '" + std::string{text.substr(0, 40)} + "'"};
}

std::size_t take_digits(std::string_view text, std::size_t at, std::string& out) {
    while (at < text.size() && is_digit(text[at])) out.push_back(text[at++]);
    return at;
}

/// The exponent behind `e` or `E` at `at`; nothing when it is malformed.
Result<int> take_exponent(std::string_view text, std::size_t at) {
    const std::string_view whole = text;
    bool negative = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
    std::string digits;
    at = take_digits(text, at, digits);
    if (digits.empty() || digits.size() > 3 || at != text.size()) return not_a_number(whole);
    const int value = std::stoi(digits);
    if (value > kExponentMax) return not_a_number(whole);
    return negative ? -value : value;
}

Result<Parts> take_apart(std::string_view text) {
    Parts parts;
    std::size_t at = 0;
    if (at < text.size() && (text[at] == '-' || text[at] == '+'))
        parts.negative = text[at++] == '-';
    at = take_digits(text, at, parts.digits);
    const std::size_t whole_digits = parts.digits.size();
    if (at < text.size() && text[at] == '.') {
        at = take_digits(text, at + 1, parts.digits);
        if (parts.digits.size() == whole_digits) return not_a_number(text);
    }
    if (parts.digits.empty()) return not_a_number(text);
    parts.decimals = static_cast<int>(parts.digits.size() - whole_digits);
    if (at == text.size()) return parts;
    if (text[at] != 'e' && text[at] != 'E') return not_a_number(text);
    TRY(const int exponent, take_exponent(text, at + 1));
    parts.decimals -= exponent;
    return parts;
}

}  // namespace

Wide divide_half_even(Wide numerator, Wide denominator) {
    if (denominator < 0) {
        numerator = -numerator;
        denominator = -denominator;
    }
    Wide quotient = numerator / denominator;
    Wide rest = numerator % denominator;
    if (rest < 0) {  // toward minus infinity first, so that the rest is 0 .. denominator - 1
        rest += denominator;
        quotient -= 1;
    }
    const Wide beyond_half = rest - (denominator - rest);
    if (beyond_half > 0 || (beyond_half == 0 && quotient % 2 != 0)) quotient += 1;
    return quotient;
}

Result<Money> cost(Price price, Shares size) {
    const Wide micros = divide_half_even(Wide{price.micros} * size.micros, kMicro);
    if (micros > std::numeric_limits<std::int64_t>::max() ||
        micros < std::numeric_limits<std::int64_t>::min()) {
        return Error{Errc::overflow, "cost does not fit in int64 micro-dollars"};
    }
    return Money{static_cast<std::int64_t>(micros)};
}

Result<Wide> parse_decimal(std::string_view text, int digits) {
    TRY(Parts parts, take_apart(text));
    while (parts.decimals > digits && !parts.digits.empty() && parts.digits.back() == '0') {
        parts.digits.pop_back();
        --parts.decimals;
    }
    if (std::ranges::all_of(parts.digits, [](char c) { return c == '0'; })) return Wide{0};
    if (parts.decimals > digits) {
        return Error{Errc::malformed, "more than " + std::to_string(digits) + " decimals: '" +
                                          std::string{text.substr(0, 40)} + "'"};
    }
    Wide value = 0;
    const auto push = [&value](int digit) {
        if (value > (kWideMax - digit) / 10) return false;
        value = value * 10 + digit;
        return true;
    };
    bool fits = true;
    for (const char c : parts.digits) fits = fits && push(c - '0');
    for (int i = parts.decimals; fits && i < digits; ++i) fits = push(0);
    if (!fits)
        return Error{Errc::overflow, "number too large: '" + std::string{text.substr(0, 40)} + "'"};
    return parts.negative ? -value : value;
}

Result<std::int64_t> parse_micros(std::string_view text) {
    TRY(const Wide value, parse_decimal(text, 6));
    if (value > std::numeric_limits<std::int64_t>::max() ||
        value < -std::numeric_limits<std::int64_t>::max()) {
        return Error{Errc::overflow, "number too large: '" + std::string{text.substr(0, 40)} + "'"};
    }
    return static_cast<std::int64_t>(value);
}

std::string format_decimal(Wide value, int digits) {
    const bool negative = value < 0;
    auto rest = negative ? UnsignedWide{0} - static_cast<UnsignedWide>(value)
                         : static_cast<UnsignedWide>(value);
    std::string reversed;
    bool significant = false;
    for (int i = 0; i < digits; ++i, rest /= 10) {
        const char digit = static_cast<char>('0' + static_cast<int>(rest % 10));
        significant = significant || digit != '0';
        if (significant) reversed.push_back(digit);
    }
    if (significant) reversed.push_back('.');
    do {
        reversed.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    if (negative) reversed.push_back('-');
    return {reversed.rbegin(), reversed.rend()};
}

std::string format_micros(std::int64_t micros) { return format_decimal(micros, 6); }

std::string format_rounded(std::int64_t micros, int places) {
    Wide unit = 1;
    for (int i = places; i < 6; ++i) unit *= 10;
    const Wide rounded = divide_half_even(micros, unit);
    std::string text = format_decimal(rounded, places);
    if (places == 0) return text;
    const std::size_t point = text.find('.');
    if (point == std::string::npos)
        return text + '.' + std::string(static_cast<std::size_t>(places), '0');
    return text + std::string(static_cast<std::size_t>(places) - (text.size() - point - 1), '0');
}

}  // namespace daybook
