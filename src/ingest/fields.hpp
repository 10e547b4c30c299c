#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/enums.hpp"
#include "schemas/fixed.hpp"
#include "schemas/json.hpp"
#include "schemas/time.hpp"

namespace daybook::ingest {

// Members of a venue's JSON as our types. Numbers may be JSON numbers or text; both are read from
// their text. Every reader takes the names a member has had over the years and uses the first one
// that is there; null, "" and absence mean the same: not stated.
// They fail with malformed, naming the member and what stood there.

using Names = std::initializer_list<std::string_view>;

/// The first of `names` that is stated; nullptr when none is.
[[nodiscard]] const Json* stated(const Json& from, Names names);
/// Text or number as text; empty when it is not stated or something else.
[[nodiscard]] std::string text_in(const Json& from, Names names);
[[nodiscard]] Result<std::string> required_text(const Json& from, Names names);

[[nodiscard]] Result<Price> price_in(const Json& from, Names names);         ///< 0 .. 1
[[nodiscard]] Result<Shares> shares_in(const Json& from, Names names);       ///< not negative
[[nodiscard]] Result<Money> money_in(const Json& from, Names names);         ///< not negative
[[nodiscard]] Result<RefPrice> ref_price_in(const Json& from, Names names);  ///< above 0
[[nodiscard]] Result<Side> side_in(const Json& from, Names names);  ///< BUY, SELL in any case
[[nodiscard]] Result<Time> time_in(const Json& from, Names names);

[[nodiscard]] Result<std::optional<Price>> maybe_price(const Json& from, Names names);
[[nodiscard]] Result<std::optional<Shares>> maybe_shares(const Json& from, Names names);
[[nodiscard]] Result<std::optional<Money>> maybe_money(const Json& from, Names names);
[[nodiscard]] Result<std::optional<Side>> maybe_side(const Json& from, Names names);
[[nodiscard]] Result<std::optional<bool>> maybe_bool(const Json& from, Names names);
/// A number since the epoch (the digit count tells the unit) or an ISO 8601 text as venues write
/// it: with a blank for the T, with "+00" for the offset, or a date alone.
[[nodiscard]] Result<std::optional<Time>> maybe_time(const Json& from, Names names);

[[nodiscard]] Error malformed(std::string what);
/// `text` in quotes, shortened, for an error's detail.
[[nodiscard]] std::string quoted(std::string_view text);
[[nodiscard]] std::string upper(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool same_text(std::string_view a, std::string_view b);  ///< ASCII case aside

}  // namespace daybook::ingest
