#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "schemas/result.hpp"

namespace daybook {

__extension__ using Wide = __int128;  ///< for products; never stored

struct Price {  ///< micro-dollars per share; between 0 and 1'000'000 on an order or a book
    std::int64_t micros{};
    friend auto operator<=>(const Price&, const Price&) = default;
};
struct Shares {  ///< micro-shares: the venue counts shares in 6 decimals, so this is exact
    std::int64_t micros{};
    friend auto operator<=>(const Shares&, const Shares&) = default;
};
struct Money {  ///< micro-dollars; negative is money paid out
    std::int64_t micros{};
    friend auto operator<=>(const Money&, const Money&) = default;
};
struct Ratio {  ///< millionths: fee rates, payouts, hedge ratios as stated by somebody
    std::int64_t micros{};
    friend auto operator<=>(const Ratio&, const Ratio&) = default;
};
struct RefPrice {  ///< 1e-18 dollars: reference prices of oracles
    Wide attos{};
    friend auto operator<=>(const RefPrice&, const RefPrice&) = default;
};

inline constexpr std::int64_t kMicro = 1'000'000;

[[nodiscard]] constexpr Shares operator+(Shares a, Shares b) { return {a.micros + b.micros}; }
[[nodiscard]] constexpr Shares operator-(Shares a, Shares b) { return {a.micros - b.micros}; }
[[nodiscard]] constexpr Shares operator-(Shares a) { return {-a.micros}; }
constexpr Shares& operator+=(Shares& a, Shares b) { return a = a + b; }
constexpr Shares& operator-=(Shares& a, Shares b) { return a = a - b; }
[[nodiscard]] constexpr Money operator+(Money a, Money b) { return {a.micros + b.micros}; }
[[nodiscard]] constexpr Money operator-(Money a, Money b) { return {a.micros - b.micros}; }
[[nodiscard]] constexpr Money operator-(Money a) { return {-a.micros}; }
constexpr Money& operator+=(Money& a, Money b) { return a = a + b; }
constexpr Money& operator-=(Money& a, Money b) { return a = a - b; }

/// The integer nearest to numerator / denominator; a tie goes to the even one.
/// `denominator` is not 0. Signs are free.
[[nodiscard]] Wide divide_half_even(Wide numerator, Wide denominator);

/// What `size` shares are worth at `price`, rounded half-even to 1e-6 (contract §3).
/// Fails with overflow when the value does not fit.
[[nodiscard]] Result<Money> cost(Price price, Shares size);

/// `text` as an integer of 10^-digits: "0.53" with 6 digits is 530000. Takes what JSON calls a
/// number, exponent included, with an optional sign, and reads it exactly.
/// Fails with malformed when it is no number or has more decimals than `digits` (trailing zeros
/// are free), with overflow when it does not fit.
[[nodiscard]] Result<Wide> parse_decimal(std::string_view text, int digits);
[[nodiscard]] Result<std::int64_t> parse_micros(std::string_view text);

/// Shortest exact decimal: no trailing zeros, no exponent, no "-0".
[[nodiscard]] std::string format_decimal(Wide value, int digits);
[[nodiscard]] std::string format_micros(std::int64_t micros);
/// `micros` with exactly `places` decimals (0..6), rounded half-even: for tables and text.
[[nodiscard]] std::string format_rounded(std::int64_t micros, int places);

}  // namespace daybook
