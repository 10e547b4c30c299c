#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/event.hpp"
#include "schemas/json.hpp"

namespace daybook::ingest::kalshi {

// Members of Kalshi objects as values. Absent, null and "" are all "not given"; a member that is
// given and cannot be read is malformed, never a default.

struct PriceNames {
    std::string_view dollars;  ///< "0.4300", up to 6 decimals
    std::string_view cents;    ///< 43: the form used until 2026
};

/// The first of `names` that is given; nullptr when none is.
[[nodiscard]] const Json* given(const Json& row, std::initializer_list<std::string_view> names);

[[nodiscard]] std::string text_or_empty(const Json& row,
                                        std::initializer_list<std::string_view> names);
/// Fails with malformed, naming the first name, when none is given as text.
[[nodiscard]] Result<std::string> text(const Json& row,
                                       std::initializer_list<std::string_view> names);

/// A whole number such as sid or seq.
[[nodiscard]] Result<std::optional<std::uint64_t>> whole_number(const Json& row,
                                                                std::string_view name);
[[nodiscard]] Result<std::optional<bool>> truth(const Json& row, std::string_view name);

/// Decimals as they stand, in millionths.
[[nodiscard]] Result<std::optional<std::int64_t>> micros(
    const Json& row, std::initializer_list<std::string_view> names);
/// The same for a number of contracts; a negative one is malformed.
[[nodiscard]] Result<std::optional<std::int64_t>> contracts(
    const Json& row, std::initializer_list<std::string_view> names);
/// Cents, as micro-dollars.
[[nodiscard]] Result<std::optional<std::int64_t>> cents_as_micros(const Json& row,
                                                                  std::string_view name);
/// Dollars when they are given, else cents.
[[nodiscard]] Result<std::optional<std::int64_t>> money_micros(const Json& row, PriceNames names);

/// `value`, which is text or a number, as a price between 0 and 1.
[[nodiscard]] Result<Price> price_of(const Json& value, bool in_cents);
[[nodiscard]] Result<std::optional<Price>> price(const Json& row, PriceNames names);
/// The price of `outcome` ("yes" or "no") of a fill, order or trade; of two given forms its own,
/// else 1 − the price of the other outcome.
[[nodiscard]] Result<std::optional<Price>> price_on(const Json& row, std::string_view outcome);

/// The first given of `names`: RFC 3339 text, or seconds or milliseconds since the epoch.
[[nodiscard]] Result<std::optional<Time>> time(const Json& row,
                                               std::initializer_list<std::string_view> names);

/// "yes" or "no" of the first given name; nothing when none is given.
[[nodiscard]] Result<std::optional<std::string_view>> outcome(
    const Json& row, std::initializer_list<std::string_view> names);
[[nodiscard]] std::string_view other_outcome(std::string_view outcome);

struct Direction {
    std::string_view outcome;  ///< "yes" or "no"
    Side side{};
};

/// What an order or fill buys or sells. `action` and `side` speak when both are there; else
/// `outcome_side`, `book_side` (bid is yes) or `purchased_side` name what was bought. To buy yes
/// and to sell no leave the same exposure (venue: getting_started/order_direction), and when the
/// fields contradict each other by that table the row is malformed: money is not guessed.
[[nodiscard]] Result<Direction> direction(const Json& row);

}  // namespace daybook::ingest::kalshi
