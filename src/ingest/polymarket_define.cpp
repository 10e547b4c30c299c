#include <algorithm>
#include <array>

#include "src/ingest/polymarket_parts.hpp"

// What a market is: the same facts under the names of four sources (venue page §3.5, §7).
namespace daybook::ingest::polymarket {
namespace {

using Outcomes = std::vector<Outcome>;

Result<Json> json_array(const Json& from, std::string_view name) {
    const Json* value = from.find(name);
    if (value == nullptr) return malformed(std::string{name} + " is missing");
    if (value->is(Json::Kind::array)) return *value;
    Result<Json> inside = parse_json(value->text);  // Gamma writes arrays inside strings
    if (!inside || !inside.value().is(Json::Kind::array)) {
        return malformed(std::string{name} + " is no array");
    }
    return inside;
}

Result<Outcomes> exactly_two(Outcomes outcomes) {
    const bool named = std::ranges::all_of(
        outcomes, [](const Outcome& o) { return !o.name.empty() || !o.token.empty(); });
    if (outcomes.size() == 2 && named) return outcomes;
    return malformed("a market has exactly two outcomes, here are " +
                     std::to_string(outcomes.size()));
}

/// Names and tokens in two arrays of the same order.
Result<Outcomes> paired_outcomes(const Json& market, std::string_view tokens_name) {
    TRY(const Json names, json_array(market, "outcomes"));
    TRY(const Json tokens, json_array(market, tokens_name));
    if (names.items.size() != tokens.items.size()) {
        return malformed("as many outcomes as tokens were expected");
    }
    Outcomes out;
    for (std::size_t i = 0; i < names.items.size(); ++i) {
        out.push_back({names.items[i].text, tokens.items[i].text});
    }
    return exactly_two(std::move(out));
}

/// One array of objects with token and name.
Result<Outcomes> listed_outcomes(const Json& market, std::string_view list_name) {
    TRY(const Json list, json_array(market, list_name));
    Outcomes out;
    for (const Json& item : list.items) {
        out.push_back({text_in(item, {"outcome"}), text_in(item, {"token_id"})});
    }
    return exactly_two(std::move(out));
}

Result<std::optional<Fee>> fee_in(const Json& market) {
    const Json* schedule = stated(market, {"fee_schedule", "feeSchedule"});
    TRY(auto enabled, maybe_bool(market, {"fees_enabled", "feesEnabled"}));
    if (const Json* parameters = stated(market, {"fee_parameters"})) {
        schedule = stated(*parameters, {"raw_fee_config"});
        TRY(enabled, maybe_bool(*parameters, {"fees_enabled"}));
    }
    if (enabled && !*enabled) return std::optional<Fee>{Fee{}};
    if (schedule == nullptr) return std::optional<Fee>{};
    TRY(const Price rate, price_in(*schedule, {"rate"}));
    TRY(const auto exponent, maybe_shares(*schedule, {"exponent"}));
    TRY(const auto taker_only, maybe_bool(*schedule, {"taker_only", "takerOnly"}));
    const std::int64_t power = exponent.value_or(Shares{kMicro}).micros;
    if (power % kMicro != 0 || power / kMicro > 8)
        return malformed("fee exponent is no small integer");
    return std::optional{Fee{Ratio{rate.micros}, static_cast<std::uint8_t>(power / kMicro),
                             taker_only.value_or(true), Collected::cash}};
}

struct Window {
    std::string_view word;
    std::int64_t seconds;
};
constexpr std::array<Window, 5> kWindows{
    {{"5m", 300}, {"15m", 900}, {"30m", 1800}, {"1h", 3600}, {"4h", 14'400}}};

/// "btc-updown-15m-1777514400" tells asset and window; the number is the window's start (§1).
void read_slug(std::string_view slug, MarketDefined& market) {
    const std::size_t word = slug.find("-updown-");
    if (word == std::string_view::npos) return;
    if (market.asset.empty()) market.asset = upper(slug.substr(0, word));
    const std::string_view rest = slug.substr(word + 8);
    const std::size_t dash = rest.find('-');
    const auto* const window = std::ranges::find(kWindows, rest.substr(0, dash), &Window::word);
    if (dash == std::string_view::npos || window == kWindows.end()) return;
    const Result<Time> start = parse_epoch_time(rest.substr(dash + 1));
    if (!start) return;
    const Time end{start.value().nanos + window->seconds * kNanosPerSecond};
    market.opens = market.opens.value_or(start.value());
    market.closes = market.closes.value_or(end);
}

Result<MarketDefined> facts_of(const Json& market, Outcomes outcomes, const Scope& scope) {
    MarketDefined facts;
    facts.title = text_in(market, {"question", "title"});
    facts.asset = text_in(market, {"asset"});
    facts.event = text_in(market, {"eventSlug", "event_slug"});
    facts.outcomes = std::move(outcomes);
    TRY(facts.opens, maybe_time(market, {"start_ts", "eventStartTime"}));
    TRY(facts.closes, maybe_time(market, {"end_ts", "endDate", "end_date_iso"}));
    TRY(facts.tick, maybe_price(market, {"minimum_tick_size", "orderPriceMinTickSize",
                                         "order_price_min_tick_size", "tick_size"}));
    TRY(facts.min_shares, maybe_shares(market, {"minimum_order_size", "orderMinSize",
                                                "order_min_size", "min_order_size"}));
    TRY(facts.neg_risk, maybe_bool(market, {"neg_risk", "negRisk"}));
    TRY(facts.fee, fee_in(market));
    if (const Json* event = stated(market, {"event_message"})) {
        facts.event = text_in(*event, {"slug", "ticker"});
    }
    if (facts.event.empty()) facts.event = scope.event;
    for (const std::string_view name : {"slug", "market_slug", "id", "market_id"}) {
        const std::string_view alias = market.text_of(name);
        if (!alias.empty()) facts.aliases.emplace_back(alias);
    }
    read_slug(text_in(market, {"slug", "market_slug"}), facts);
    return facts;
}

Result<Batch> define(const Json& market, const std::string& condition, Result<Outcomes> outcomes,
                     std::optional<Time> time, const Scope& scope) {
    if (!outcomes) return outcomes.error();
    TRY(MarketDefined facts, facts_of(market, std::move(outcomes).value(), scope));
    const std::string shares = facts.min_shares ? format_micros(facts.min_shares->micros) : "";
    scope.books.learn_market(condition, shares, facts.neg_risk);
    return Batch{event_of(scope, condition, time, std::move(facts))};
}

void add_resolution(Batch& out, const Scope& scope, std::optional<Time> time, MarketResolved body) {
    out.push_back(event_of(scope, out.front().market, time, std::move(body)));
}

std::vector<Ratio> payouts(std::int64_t first, std::int64_t second) {
    return {Ratio{first}, Ratio{second}};
}

}  // namespace

Result<Batch> read_new_market(const Json& frame, const Scope& scope) {
    TRY(const std::string condition, required_text(frame, {"condition_id", "market"}));
    TRY(const auto time, maybe_time(frame, {"timestamp"}));
    const bool old = frame.find("clob_token_ids") == nullptr;
    return define(frame, condition, paired_outcomes(frame, old ? "assets_ids" : "clob_token_ids"),
                  time, scope);
}

Result<Batch> read_capture_market(const Json& market, const Scope& scope) {
    TRY(const std::string condition, required_text(market, {"condition_id"}));
    return define(market, condition, listed_outcomes(market, "outcomes"), std::nullopt, scope);
}

/// Resolved when closed and exactly one token is the winner, or when the venue says it is void.
Result<Batch> read_clob_market(const Json& market, const Scope& scope) {
    TRY(const std::string condition, required_text(market, {"condition_id"}));
    TRY(Batch out,
        define(market, condition, listed_outcomes(market, "tokens"), std::nullopt, scope));
    TRY(const auto closed, maybe_bool(market, {"closed"}));
    TRY(const auto is_void, maybe_bool(market, {"is_50_50_outcome"}));
    if (!closed.value_or(false)) return out;
    const Json& tokens = *market.find("tokens");
    const auto won = [](const Json& token) {
        const Json* winner = token.find("winner");
        return winner != nullptr && winner->truth;
    };
    if (is_void.value_or(false)) {
        add_resolution(out, scope, {},
                       {payouts(kMicro / 2, kMicro / 2), {}, "CLOB market: closed, 50-50"});
    } else if (std::ranges::count_if(tokens.items, won) == 1) {
        const Json& winner = *std::ranges::find_if(tokens.items, won);
        add_resolution(
            out, scope, {},
            {{}, text_in(winner, {"outcome", "token_id"}), "CLOB market: closed, one winner"});
    }
    return out;
}

/// Resolved when closed and the prices are exactly 1 and 0, or one half each. Other prices of a
/// closed market tell no winner (§7).
Result<Batch> read_gamma_market(const Json& market, const Scope& scope) {
    TRY(const std::string condition, required_text(market, {"conditionId"}));
    TRY(Batch out,
        define(market, condition, paired_outcomes(market, "clobTokenIds"), std::nullopt, scope));
    TRY(const auto closed, maybe_bool(market, {"closed"}));
    TRY(const auto closed_at, maybe_time(market, {"closedTime"}));
    const Result<Json> prices = json_array(market, "outcomePrices");
    if (!closed.value_or(false) || !prices || prices.value().items.size() != 2) return out;
    const Result<std::int64_t> first = parse_micros(prices.value().items[0].text);
    const Result<std::int64_t> second = parse_micros(prices.value().items[1].text);
    if (!first || !second || first.value() + second.value() != kMicro) return out;
    if (first.value() != 0 && first.value() != kMicro && first.value() != kMicro / 2) return out;
    add_resolution(out, scope, closed_at,
                   {payouts(first.value(), second.value()), {}, "Gamma market: closed, prices"});
    return out;
}

}  // namespace daybook::ingest::polymarket
