#include "src/ingest/fields.hpp"

#include <algorithm>

namespace daybook::ingest {
namespace {

char upper_char(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string first_name(Names names) { return std::string{*names.begin()}; }

Error missing(Names names) { return malformed(first_name(names) + " is missing"); }

/// The text of a stated member that ought to be a number or a text.
Result<std::string_view> scalar(const Json& value, Names names) {
    if (value.is(Json::Kind::text) || value.is(Json::Kind::number)) {
        return std::string_view{value.text};
    }
    return malformed(first_name(names) + " is neither text nor a number");
}

Result<std::int64_t> micros(const Json& value, Names names) {
    TRY(const auto text, scalar(value, names));
    Result<std::int64_t> parsed = parse_micros(text);
    if (!parsed) return malformed(first_name(names) + ": " + parsed.error().detail);
    return parsed;
}

Result<std::int64_t> micros_not_negative(const Json& value, Names names) {
    TRY(const auto parsed, micros(value, names));
    if (parsed < 0) return malformed(first_name(names) + " is negative: " + quoted(value.text));
    return parsed;
}

Result<Price> read_price(const Json& value, Names names) {
    TRY(const auto parsed, micros(value, names));
    if (parsed < 0 || parsed > kMicro) {
        return malformed(first_name(names) + " is not between 0 and 1: " + quoted(value.text));
    }
    return Price{parsed};
}

Result<Shares> read_shares(const Json& value, Names names) {
    TRY(const auto parsed, micros_not_negative(value, names));
    return Shares{parsed};
}

Result<Money> read_money(const Json& value, Names names) {
    TRY(const auto parsed, micros_not_negative(value, names));
    return Money{parsed};
}

Result<Side> read_side(const Json& value, Names names) {
    TRY(const auto text, scalar(value, names));
    if (same_text(text, "BUY")) return Side::buy;
    if (same_text(text, "SELL")) return Side::sell;
    return malformed(first_name(names) + " is neither BUY nor SELL: " + quoted(text));
}

Result<bool> read_bool(const Json& value, Names names) {
    if (value.is(Json::Kind::boolean)) return value.truth;
    if (value.text == "true" || value.text == "false") return value.text == "true";
    return malformed(first_name(names) + " is neither true nor false");
}

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// `text` as RFC 3339 has it: a date gets midnight UTC, "+00" gets its minutes.
std::string as_rfc3339(std::string_view text) {
    std::string out{text};
    if (text.size() == 10) return out + "T00:00:00Z";
    const std::size_t sign = text.find_last_of("+-");
    if (sign != std::string_view::npos && sign > 10 && sign + 3 == text.size()) out += ":00";
    return out;
}

Result<Time> read_time(const Json& value, Names names) {
    TRY(const auto text, scalar(value, names));
    Result<Time> parsed = all_digits(text) ? parse_epoch_time(text) : parse_time(as_rfc3339(text));
    if (!parsed) return malformed(first_name(names) + ": " + parsed.error().detail);
    return parsed;
}

template <class T>
Result<std::optional<T>> maybe(const Json& from, Names names,
                               Result<T> (*read)(const Json&, Names)) {
    const Json* value = stated(from, names);
    if (value == nullptr) return std::optional<T>{};
    TRY(auto parsed, read(*value, names));
    return std::optional<T>{std::move(parsed)};
}

template <class T>
Result<T> required(const Json& from, Names names, Result<T> (*read)(const Json&, Names)) {
    const Json* value = stated(from, names);
    if (value == nullptr) return missing(names);
    return read(*value, names);
}

}  // namespace

const Json* stated(const Json& from, Names names) {
    for (const std::string_view name : names) {
        const Json* value = from.find(name);
        const bool empty_text =
            value != nullptr && value->is(Json::Kind::text) && value->text.empty();
        if (value != nullptr && !value->is_null() && !empty_text) return value;
    }
    return nullptr;
}

std::string text_in(const Json& from, Names names) {
    for (const std::string_view name : names) {
        const std::string_view text = from.text_of(name);
        if (!text.empty()) return std::string{text};
    }
    return {};
}

Result<std::string> required_text(const Json& from, Names names) {
    const Json* value = stated(from, names);
    if (value == nullptr) return missing(names);
    TRY(const auto text, scalar(*value, names));
    return std::string{text};
}

Result<Price> price_in(const Json& from, Names names) { return required(from, names, read_price); }
Result<Shares> shares_in(const Json& from, Names names) {
    return required(from, names, read_shares);
}
Result<Money> money_in(const Json& from, Names names) { return required(from, names, read_money); }
Result<Side> side_in(const Json& from, Names names) { return required(from, names, read_side); }
Result<Time> time_in(const Json& from, Names names) { return required(from, names, read_time); }

Result<RefPrice> ref_price_in(const Json& from, Names names) {
    TRY(const auto text, required_text(from, names));
    Result<Wide> parsed = parse_decimal(text, 18);
    if (!parsed) return malformed(first_name(names) + ": " + parsed.error().detail);
    if (parsed.value() <= 0) return malformed(first_name(names) + " is not above 0");
    return RefPrice{parsed.value()};
}

Result<std::optional<Price>> maybe_price(const Json& from, Names names) {
    return maybe(from, names, read_price);
}
Result<std::optional<Shares>> maybe_shares(const Json& from, Names names) {
    return maybe(from, names, read_shares);
}
Result<std::optional<Money>> maybe_money(const Json& from, Names names) {
    return maybe(from, names, read_money);
}
Result<std::optional<Side>> maybe_side(const Json& from, Names names) {
    return maybe(from, names, read_side);
}
Result<std::optional<bool>> maybe_bool(const Json& from, Names names) {
    return maybe(from, names, read_bool);
}
Result<std::optional<Time>> maybe_time(const Json& from, Names names) {
    return maybe(from, names, read_time);
}

Error malformed(std::string what) { return {Errc::malformed, std::move(what)}; }

std::string quoted(std::string_view text) {
    constexpr std::size_t kShown = 60;
    std::string out = "'" + std::string{text.substr(0, kShown)};
    return out + (text.size() > kShown ? "…'" : "'");
}

std::string upper(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), upper_char);
    return out;
}

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return out;
}

bool same_text(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, upper_char, upper_char);
}

}  // namespace daybook::ingest
