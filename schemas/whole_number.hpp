#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>

namespace daybook {

/// `text` as a whole number in decimal digits, a minus before them where T has a sign; nothing when
/// it is anything else, or does not fit.
template <std::integral T = std::uint64_t>
[[nodiscard]] std::optional<T> whole_number(std::string_view text) {
    T number{};
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    return error == std::errc{} && end == last ? std::optional{number} : std::nullopt;
}

}  // namespace daybook
