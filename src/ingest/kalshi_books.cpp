// Public channels of Kalshi: books, quotes, prints.
#include "src/ingest/kalshi_fields.hpp"
#include "src/ingest/kalshi_parts.hpp"

namespace daybook::ingest::kalshi {
namespace {

Result<std::optional<Time>> book_time(const Json& row) {
    return time(row, {"ts", "ts_ms", "captured_at"});
}

Error malformed(std::string detail) { return {Errc::malformed, std::move(detail)}; }

Result<Level> read_level(const Json& entry, bool in_cents) {
    if (!entry.is(Json::Kind::array) || entry.items.size() != 2) {
        return malformed("a level is not [price, count]: '" + write_json(entry).substr(0, 40) +
                         "'");
    }
    TRY(const Price price, price_of(entry.items[0], in_cents));
    const Json& count = entry.items[1];
    TRY(const std::int64_t shares, parse_micros(count.text));
    if (shares < 0) return malformed("a level has a negative count: '" + count.text + "'");
    return Level{price, {shares}};
}

Result<std::vector<Level>> read_levels(const Json* side, bool in_cents) {
    std::vector<Level> levels;
    if (side == nullptr) return levels;
    if (!side->is(Json::Kind::array)) return malformed("a side of the book is not an array");
    levels.reserve(side->items.size());
    for (const Json& entry : side->items) {
        TRY(const Level level, read_level(entry, in_cents));
        levels.push_back(level);
    }
    return levels;
}

/// The bids of one outcome in whichever form they are given: dollars before cents.
Result<std::vector<Level>> read_bids(const Json& row, const std::string& outcome) {
    const std::string dollars_fp = outcome + "_dollars_fp";
    const std::string dollars = outcome + "_dollars";
    const std::string captured = outcome + "_bids";
    const Json* in_dollars = given(row, {dollars_fp, dollars, captured});
    if (in_dollars != nullptr) return read_levels(in_dollars, false);
    return read_levels(given(row, {outcome}), true);
}

std::optional<Price> unless_at(std::optional<Price> price, std::int64_t none) {
    return price && price->micros != none ? price : std::nullopt;
}

/// The quote of one outcome; nothing when the frame does not state it.
/// A bid of 0 and an ask of 0 or 1 mean that there is no order.
Result<std::optional<Quote>> read_quote(const Json& row, const std::string& outcome) {
    const std::string bid = outcome + "_bid";
    const std::string ask = outcome + "_ask";
    TRY(const std::optional<Price> best_bid, price(row, {bid + "_dollars", bid}));
    TRY(const std::optional<Price> best_ask, price(row, {ask + "_dollars", ask}));
    if (!best_bid && !best_ask) return std::optional<Quote>{};
    TRY(const auto bid_size, contracts(row, {bid + "_size_fp", bid + "_size"}));
    TRY(const auto ask_size, contracts(row, {ask + "_size_fp", ask + "_size"}));

    Quote quote;
    quote.outcome = outcome;
    quote.bid = unless_at(best_bid, 0);
    quote.ask = unless_at(unless_at(best_ask, 0), kMicro);
    if (quote.bid && bid_size) quote.bid_shares = Shares{*bid_size};
    if (quote.ask && ask_size) quote.ask_shares = Shares{*ask_size};
    return std::optional{quote};
}

}  // namespace

Result<Batch> read_books(const Json& row, const std::string& market) {
    TRY(const std::optional<Time> when, book_time(row));
    Batch events;
    for (const std::string outcome : {"yes", "no"}) {
        TRY(std::vector<Level> bids, read_bids(row, outcome));
        Book book;
        book.outcome = outcome;
        book.bids = std::move(bids);  // asks stay absent: the venue publishes none
        events.push_back(market_event(market, when, std::move(book)));
    }
    return events;
}

Result<Batch> read_snapshot(const Frame& frame) {
    TRY(const std::string market, text(frame.body, {"market_ticker"}));
    TRY(Batch events, read_books(frame.body, market));
    for (Event& event : events) {
        auto& book = std::get<Book>(event.body);
        book.stream = frame.stream();
        book.stream_seq = frame.seq;
    }
    return events;
}

Result<Batch> read_delta(const Frame& frame) {
    const Json& row = frame.body;
    TRY(std::string market, text(row, {"market_ticker"}));
    TRY(const std::optional<std::string_view> side, outcome(row, {"side"}));
    TRY(const std::optional<Price> level, price(row, {"price_dollars", "price"}));
    TRY(const std::optional<std::int64_t> change, micros(row, {"delta_fp", "delta"}));
    TRY(const std::optional<Time> when, book_time(row));
    if (!side || !level || !change) return malformed("a delta without side, price or change");

    BookChange body;
    body.outcome = *side;
    body.deltas = {Change{*level, {*change}, Side::buy}};
    body.stream = frame.stream();
    body.stream_seq = frame.seq;
    return Batch{market_event(std::move(market), when, std::move(body))};
}

Result<Batch> read_ticker(const Frame& frame) {
    TRY(const std::string market, text(frame.body, {"market_ticker"}));
    TRY(const std::optional<Time> when, time(frame.body, {"ts_ms", "time", "ts"}));
    Batch events;
    for (const std::string outcome : {"yes", "no"}) {
        TRY(std::optional<Quote> quote, read_quote(frame.body, outcome));
        if (quote) events.push_back(market_event(market, when, std::move(*quote)));
    }
    if (events.empty()) return malformed("a ticker without bid and ask");
    return events;
}

Result<Batch> read_print(const Json& row) {
    TRY(std::string market, text(row, {"market_ticker", "ticker"}));
    TRY(const std::optional<std::string_view> taker,
        outcome(row, {"taker_outcome_side", "taker_side"}));
    TRY(const std::optional<Price> paid, price_on(row, taker.value_or("yes")));
    TRY(const std::optional<std::int64_t> count, contracts(row, {"count_fp", "count"}));
    TRY(std::optional<Time> when, time(row, {"ts_ms", "created_time", "ts"}));
    // A frame has milliseconds, a REST row microseconds: one print is one event, whoever tells it.
    if (when) when->nanos -= when->nanos % kNanosPerMilli;
    if (!paid || !count) return malformed("a trade without price or count");

    Trade trade;
    trade.outcome = taker.value_or("yes");
    if (taker) trade.side = Side::buy;  // to sell yes is to buy no: the taker always bought
    trade.price = paid;
    trade.shares = Shares{*count};
    Event event = market_event(std::move(market), when, std::move(trade));
    event.id = text_or_empty(row, {"trade_id"});
    return Batch{std::move(event)};
}

Result<Batch> read_trade(const Frame& frame) { return read_print(frame.body); }

}  // namespace daybook::ingest::kalshi
