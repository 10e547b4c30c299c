#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/fixed.hpp"
#include "schemas/json.hpp"
#include "schemas/time.hpp"

namespace daybook {

/// How a value stands in JSON and in a table.
enum class Form : std::uint8_t {
    text,
    shares,  ///< decimal text: exact in JSON and in the table
    money,   ///< decimal text: exact in JSON, cents in the table
    number,  ///< whole
    time,    ///< UTC in JSON; in a table by the clock of the reader's time zone
    boolean,
    json,  ///< spliced in as it is; JSON only
};

/// One column of an answer. Without `key` it is shown to people only, without `title` to programs
/// only.
struct ListColumn {
    std::string_view key;
    std::string_view title;
    Form form{Form::text};
};

/// A value as text; nothing is null in JSON and blank in a table.
using ListValue = std::optional<std::string>;

[[nodiscard]] inline ListValue value_of(const std::string& text) { return text; }
[[nodiscard]] inline ListValue value_of(std::string_view text) { return std::string{text}; }
[[nodiscard]] inline ListValue value_of(bool yes) { return std::string{yes ? "true" : "false"}; }
[[nodiscard]] inline ListValue value_of(std::uint64_t number) { return std::to_string(number); }
[[nodiscard]] inline ListValue value_of(Money money) { return format_micros(money.micros); }
[[nodiscard]] inline ListValue value_of(Shares shares) { return format_micros(shares.micros); }
[[nodiscard]] inline ListValue value_of(Price price) { return format_micros(price.micros); }
[[nodiscard]] inline ListValue value_of(Ratio ratio) { return format_micros(ratio.micros); }
[[nodiscard]] inline ListValue value_of(Time time) { return format_time(time); }
template <class T>
[[nodiscard]] ListValue value_of(const std::optional<T>& value) {
    return value ? value_of(*value) : std::nullopt;
}

/// A table of an answer, for programs and people alike.
struct Listing {
    std::vector<ListColumn> columns;
    std::vector<std::vector<ListValue>> rows;  ///< as many values as columns
};

/// Writes the rows as an array of objects.
void write(JsonWriter& out, const Listing& listing);
/// Writes row `index` as the members of the object that is open.
void write_members(JsonWriter& out, const Listing& listing, std::size_t index);

}  // namespace daybook
