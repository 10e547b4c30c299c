// What a Kalshi market is, whether it trades, and how it ended.
#include "src/ingest/kalshi_fields.hpp"
#include "src/ingest/kalshi_parts.hpp"

namespace daybook::ingest::kalshi {
namespace {

Result<std::optional<RefPrice>> read_strike(const Json& row) {
    const Json* strike = given(row, {"floor_strike", "cap_strike"});
    if (strike == nullptr) return std::optional<RefPrice>{};
    TRY(const Wide attos, parse_decimal(strike->text, 18));
    return std::optional{RefPrice{attos}};
}

/// The tick when one holds for the whole price range; several ranges have no single one.
Result<std::optional<Price>> read_tick(const Json& row) {
    const Json* ranges = given(row, {"price_ranges"});
    const bool one = ranges != nullptr && ranges->items.size() == 1;
    if (one) return price(ranges->items.front(), {"step", ""});
    if (ranges != nullptr && !ranges->items.empty()) return std::optional<Price>{};
    return price(row, {"tick_size_dollars", "tick_size"});
}

Result<Event> define(std::string market, std::optional<Time> when, const Json& row,
                     const Json& times) {
    MarketDefined body;
    body.title = text_or_empty(row, {"title", "name"});
    body.event = text_or_empty(row, {"event_ticker"});
    body.outcomes = {{"yes", ""}, {"no", ""}};
    TRY(body.opens, time(times, {"open_time", "open_ts"}));
    TRY(body.closes, time(times, {"close_time", "close_ts"}));
    TRY(body.strike, read_strike(row));
    TRY(body.tick, read_tick(row));
    body.nets = true;
    return market_event(std::move(market), when, std::move(body));
}

/// What yes pays when the result alone does not say: dollars, or cents in old answers.
Result<std::optional<std::int64_t>> settlement_value(const Json& row) {
    return money_micros(row, {"settlement_value_dollars", "settlement_value"});
}

Result<Batch> read_determined(std::string market, const Json& row) {
    TRY(const std::string result, text(row, {"result"}));
    TRY(const std::optional<std::int64_t> value, settlement_value(row));
    TRY(const std::optional<Time> when, time(row, {"determination_ts", "settled_ts"}));
    return Batch{
        market_event(std::move(market), when, resolved_as(result, value, "market_lifecycle"))};
}

}  // namespace

MarketResolved resolved_as(const std::string& result, std::optional<std::int64_t> yes_micros,
                           std::string evidence) {
    if (result == "yes") yes_micros = kMicro;
    if (result == "no") yes_micros = 0;
    MarketResolved resolved;
    resolved.evidence = std::move(evidence);
    if (yes_micros && *yes_micros >= 0 && *yes_micros <= kMicro) {
        resolved.payouts = {Ratio{*yes_micros}, Ratio{kMicro - *yes_micros}};
    } else {
        resolved.winner = result;
    }
    return resolved;
}

Result<Batch> read_market(const Json& row) {
    TRY(const std::string market, text(row, {"ticker", "market_ticker"}));
    TRY(const std::optional<std::int64_t> value, settlement_value(row));
    TRY(const std::optional<Time> settled, time(row, {"settlement_ts", "settled_time"}));
    TRY(Event defined, define(market, std::nullopt, row, row));
    Batch events{std::move(defined)};

    const std::string result = text_or_empty(row, {"result"});
    if (result.empty()) return events;
    const std::string status = text_or_empty(row, {"status"});
    const std::string evidence = status.empty() ? "market" : "market " + status;
    events.push_back(market_event(market, settled, resolved_as(result, value, evidence)));
    return events;
}

Result<Batch> read_lifecycle(const Frame& frame) {
    const Json& row = frame.body;
    TRY(std::string market, text(row, {"market_ticker"}));
    TRY(const std::string what, text(row, {"event_type"}));
    if (what == "determined") return read_determined(std::move(market), row);
    if (what == "created") {
        const Json* more = given(row, {"additional_metadata"});
        TRY(Event defined,
            define(std::move(market), std::nullopt, more == nullptr ? row : *more, row));
        return Batch{std::move(defined)};
    }
    if (what == "activated" || what == "deactivated") {
        TRY(const std::optional<bool> paused, truth(row, "is_deactivated"));
        MarketChanged body;
        body.accepting = !paused.value_or(what == "deactivated");
        return Batch{market_event(std::move(market), std::nullopt, body)};
    }
    return Batch{market_event(std::move(market), std::nullopt, Note{"market_lifecycle: " + what})};
}

/// An event is several markets; it changes none of them.
Result<Batch> read_event_lifecycle(const Frame& frame) {
    TRY(const std::string event, text(frame.body, {"event_ticker"}));
    return Batch{market_event("", std::nullopt, Note{"event_lifecycle: " + event})};
}

}  // namespace daybook::ingest::kalshi
