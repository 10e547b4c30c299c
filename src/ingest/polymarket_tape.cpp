#include "src/ingest/polymarket_tape.hpp"

#include "schemas/check.hpp"
#include "src/ingest/polymarket_parts.hpp"

namespace daybook::ingest {
namespace polymarket {
namespace {

Result<Event> read_print(const Json& row) {
    Event event;
    event.venue = "polymarket";
    event.origin = Origin::feed;
    TRY(event.market, required_text(row, {"conditionId"}));
    TRY(event.time, maybe_time(row, {"timestamp"}));
    Trade trade;
    TRY(trade.outcome, required_text(row, {"asset"}));
    TRY(trade.side, side_in(row, {"side"}));
    TRY(trade.price, price_in(row, {"price"}));
    TRY(trade.shares, shares_in(row, {"size"}));
    trade.tx = text_in(row, {"transactionHash"});
    event.body = std::move(trade);
    return event;
}

}  // namespace
}  // namespace polymarket

Batch read_polymarket_tape(const Input& input) {
    const Result<Json> rows = parse_json(input.payload);
    Batch events;
    if (!rows || !rows.value().is(Json::Kind::array)) {
        events.push_back(unparsed(input.payload, "no list of trades"));
    } else {
        for (const Json& row : rows.value().items) {
            Result<Event> event = polymarket::read_print(row);
            const auto why = event ? why_invalid(event.value()) : event.error().detail;
            events.push_back(why ? unparsed(write_json(row), *why) : std::move(event).value());
        }
        if (!events.empty() && events.front().raw.empty())
            events.front().raw = without_credentials(input.payload);
    }
    for (Event& event : events) {
        event.venue = "polymarket";
        event.origin = Origin::feed;
        event.received = input.received;
    }
    return events;
}

}  // namespace daybook::ingest
