#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace daybook::journal {

[[nodiscard]] inline std::string to_hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned byte : bytes) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text;
}

/// Value of a hex digit; -1 when it is none.
[[nodiscard]] constexpr int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Fills `into` from exactly twice as many hex digits. False when `text` is anything else.
[[nodiscard]] inline bool from_hex(std::string_view text, std::span<std::uint8_t> into) {
    if (text.size() != 2 * into.size()) return false;
    for (std::size_t i = 0; i < into.size(); ++i) {
        const int high = hex_digit(text[2 * i]);
        const int low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        into[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

}  // namespace daybook::journal
