#include "src/ingest/kalshi_fields.hpp"

#include <limits>

#include "schemas/whole_number.hpp"

namespace daybook::ingest::kalshi {
namespace {

constexpr std::string_view kYes = "yes";
constexpr std::string_view kNo = "no";

Error malformed(std::string_view name, std::string_view what) {
    return {Errc::malformed, std::string{name} + ": " + std::string{what}};
}

Error quoted(std::string_view name, std::string_view what, const Json& value) {
    return malformed(name, std::string{what} + ": '" + write_json(value).substr(0, 40) + "'");
}

bool is_scalar(const Json& value) {
    return value.is(Json::Kind::text) || value.is(Json::Kind::number);
}

/// `value` as an integer of 10^-digits.
Result<std::int64_t> decimal(std::string_view name, const Json& value, int digits) {
    if (!is_scalar(value)) return quoted(name, "not a number", value);
    const Result<Wide> read = parse_decimal(value.text, digits);
    if (!read) return malformed(name, read.error().detail);
    if (read.value() > std::numeric_limits<std::int64_t>::max() ||
        read.value() < -std::numeric_limits<std::int64_t>::max()) {
        return quoted(name, "number too large", value);
    }
    return static_cast<std::int64_t>(read.value());
}

constexpr int kDollarDigits = 6;
constexpr int kCentDigits = 4;  // cents · 10^4 are micro-dollars

Result<std::optional<std::string_view>> one_of(const Json& row, std::string_view name,
                                               std::string_view first, std::string_view second) {
    const Json* value = given(row, {name});
    if (value == nullptr) return std::optional<std::string_view>{};
    if (value->text == first) return std::optional{first};
    if (value->text == second) return std::optional{second};
    return quoted(name, "neither " + std::string{first} + " nor " + std::string{second}, *value);
}

/// The outcome that gains: what is bought, or the other one of what is sold.
std::string_view exposure(Direction direction) {
    return direction.side == Side::buy ? direction.outcome : other_outcome(direction.outcome);
}

}  // namespace

const Json* given(const Json& row, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        const Json* value = row.find(name);
        const bool empty = value != nullptr && value->is(Json::Kind::text) && value->text.empty();
        if (value != nullptr && !value->is_null() && !empty) return value;
    }
    return nullptr;
}

std::string text_or_empty(const Json& row, std::initializer_list<std::string_view> names) {
    const Json* value = given(row, names);
    return value != nullptr && is_scalar(*value) ? value->text : std::string{};
}

Result<std::string> text(const Json& row, std::initializer_list<std::string_view> names) {
    std::string found = text_or_empty(row, names);
    if (found.empty()) return malformed(*names.begin(), "missing");
    return found;
}

Result<std::optional<std::uint64_t>> whole_number(const Json& row, std::string_view name) {
    const Json* value = given(row, {name});
    if (value == nullptr) return std::optional<std::uint64_t>{};
    const auto number = is_scalar(*value) ? daybook::whole_number(value->text) : std::nullopt;
    if (!number) return quoted(name, "not a whole number", *value);
    return number;
}

Result<std::optional<bool>> truth(const Json& row, std::string_view name) {
    const Json* value = given(row, {name});
    if (value == nullptr) return std::optional<bool>{};
    if (!value->is(Json::Kind::boolean)) return quoted(name, "neither true nor false", *value);
    return std::optional{value->truth};
}

Result<std::optional<std::int64_t>> micros(const Json& row,
                                           std::initializer_list<std::string_view> names) {
    const Json* value = given(row, names);
    if (value == nullptr) return std::optional<std::int64_t>{};
    TRY(const std::int64_t number, decimal(*names.begin(), *value, kDollarDigits));
    return std::optional{number};
}

Result<std::optional<std::int64_t>> contracts(const Json& row,
                                              std::initializer_list<std::string_view> names) {
    TRY(const std::optional<std::int64_t> count, micros(row, names));
    if (count.value_or(0) < 0) return malformed(*names.begin(), "negative");
    return count;
}

Result<std::optional<std::int64_t>> cents_as_micros(const Json& row, std::string_view name) {
    const Json* value = given(row, {name});
    if (value == nullptr) return std::optional<std::int64_t>{};
    TRY(const std::int64_t number, decimal(name, *value, kCentDigits));
    return std::optional{number};
}

Result<std::optional<std::int64_t>> money_micros(const Json& row, PriceNames names) {
    if (given(row, {names.dollars}) != nullptr) return micros(row, {names.dollars});
    return cents_as_micros(row, names.cents);
}

Result<Price> price_of(const Json& value, bool in_cents) {
    TRY(const std::int64_t number, decimal("price", value, in_cents ? kCentDigits : kDollarDigits));
    if (number < 0 || number > kMicro) return quoted("price", "not between 0 and 1", value);
    return Price{number};
}

Result<std::optional<Price>> price(const Json& row, PriceNames names) {
    const Json* dollars = given(row, {names.dollars});
    const Json* value = dollars != nullptr ? dollars : given(row, {names.cents});
    if (value == nullptr) return std::optional<Price>{};
    TRY(const Price read, price_of(*value, dollars == nullptr));
    return std::optional{read};
}

Result<std::optional<Price>> price_on(const Json& row, std::string_view outcome) {
    TRY(const std::optional<Price> yes, price(row, {"yes_price_dollars", "yes_price"}));
    TRY(const std::optional<Price> no, price(row, {"no_price_dollars", "no_price"}));
    const std::optional<Price>& own = outcome == kYes ? yes : no;
    const std::optional<Price>& other = outcome == kYes ? no : yes;
    if (own || !other) return own;
    return std::optional{Price{kMicro - other->micros}};
}

Result<std::optional<Time>> time(const Json& row, std::initializer_list<std::string_view> names) {
    const Json* value = given(row, names);
    if (value == nullptr) return std::optional<Time>{};
    const bool calendar = value->is(Json::Kind::text) && value->text.find('-') != std::string::npos;
    const Result<Time> read = calendar ? parse_time(value->text) : parse_epoch_time(value->text);
    if (!read) return malformed(*names.begin(), read.error().detail);
    return std::optional{read.value()};
}

Result<std::optional<std::string_view>> outcome(const Json& row,
                                                std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        TRY(const std::optional<std::string_view> found, one_of(row, name, kYes, kNo));
        if (found) return found;
    }
    return std::optional<std::string_view>{};
}

std::string_view other_outcome(std::string_view outcome) { return outcome == kYes ? kNo : kYes; }

Result<Direction> direction(const Json& row) {
    TRY(const std::optional<std::string_view> action, one_of(row, "action", "buy", "sell"));
    TRY(const std::optional<std::string_view> side, outcome(row, {"side"}));
    TRY(const std::optional<std::string_view> book_side, one_of(row, "book_side", "bid", "ask"));
    TRY(const std::optional<std::string_view> stated, outcome(row, {"outcome_side"}));
    TRY(const std::optional<std::string_view> purchased, outcome(row, {"purchased_side"}));
    const std::optional<std::string_view> by_book =
        book_side ? std::optional{*book_side == "bid" ? kYes : kNo} : std::nullopt;
    const std::optional<std::string_view> exposed = stated ? stated : by_book;
    const bool sells = action == "sell";

    Direction found;
    if (side && action) {
        found = {*side, sells ? Side::sell : Side::buy};
    } else if (exposed && sells) {
        found = {other_outcome(*exposed), Side::sell};
    } else if (exposed || (purchased && !sells)) {
        found = {exposed ? *exposed : *purchased, Side::buy};
    } else {
        return malformed("side", "the row does not say what was bought or sold");
    }
    const std::string_view gained = exposure(found);
    // A sale has been seen to repeat its own side in purchased_side: only of a purchase it speaks.
    const bool contradicts = (stated && *stated != gained) || (by_book && *by_book != gained) ||
                             (purchased && found.side == Side::buy && *purchased != gained);
    if (contradicts) return malformed("side", "action, side and outcome contradict each other");
    return found;
}

}  // namespace daybook::ingest::kalshi
