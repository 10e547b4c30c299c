#include <algorithm>

#include "src/ingest/polymarket_parts.hpp"

// The market channel, and the books of the REST interface (venue page §3).
namespace daybook::ingest::polymarket {
namespace {

struct Head {  ///< what every frame of the channel says
    std::string market, token;
    std::optional<Time> time;
};

Result<Head> head_of(const Json& frame) {
    Head head;
    TRY(head.market, required_text(frame, {"market"}));
    TRY(head.token, required_text(frame, {"asset_id"}));
    TRY(head.time, maybe_time(frame, {"timestamp"}));
    return head;
}

struct BookSide {
    std::vector<Level> levels;
    std::vector<WireLevel> wire;
};

/// One side of a book. `null` is an empty side; a side that is not there at all is no book.
Result<BookSide> levels_in(const Json& frame, std::string_view name, std::string_view old_name) {
    const Json* array = frame.find(name) != nullptr ? frame.find(name) : frame.find(old_name);
    if (array == nullptr) return malformed(std::string{name} + " is missing");
    if (array->is_null()) return BookSide{};
    if (!array->is(Json::Kind::array)) return malformed(std::string{name} + " is no array");
    BookSide side;
    for (const Json& item : array->items) {
        TRY(const Price price, price_in(item, {"price"}));
        TRY(const Shares shares, shares_in(item, {"size"}));
        side.levels.push_back({price, shares});
        side.wire.push_back({text_in(item, {"price"}), text_in(item, {"size"}), price.micros});
    }
    return side;
}

std::optional<std::string> wire_text(const Json& frame, std::string_view name) {
    const Json* value = frame.find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (value->is(Json::Kind::boolean)) return std::string{value->truth ? "true" : "false"};
    return value->text;
}

/// What the check of the hashes has to say goes right behind the event it is about.
void add_finding(const Scope& scope, const Head& about, std::optional<BookFinding> finding,
                 Batch& out) {
    if (!finding) return;
    Feed feed{"market", finding->state, std::move(finding->detail), about.token, {}, {}};
    out.push_back(event_of(scope, about.market, about.time, std::move(feed)));
}

struct Entry {  ///< one level of a price_change; the two old forms have token and hash further out
    std::string market, timestamp;
    std::optional<Time> time;
    const Json& level;
    const Json& named;
};

Result<Batch> read_entry(const Entry& entry, const Scope& scope) {
    TRY(const std::string token, required_text(entry.named, {"asset_id"}));
    TRY(const Price price, price_in(entry.level, {"price"}));
    TRY(const Shares total, shares_in(entry.level, {"size"}));
    TRY(const Side side, side_in(entry.level, {"side"}));
    const std::string hash = text_in(entry.named, {"hash"});
    BookChange body{token, std::vector<Change>{{price, total, side}}, {}, hash, {}, {}};
    Batch out{event_of(scope, entry.market, entry.time, std::move(body))};
    const WireLevel wire{text_in(entry.level, {"price"}), text_in(entry.level, {"size"}),
                         price.micros};
    add_finding(scope, {entry.market, token, entry.time},
                scope.books.change({token, entry.timestamp, hash, side, wire, total.micros == 0}),
                out);
    return out;
}

}  // namespace

Result<Batch> read_book(const Json& frame, const Scope& scope) {
    TRY(Head head, head_of(frame));
    TRY(BookSide bids, levels_in(frame, "bids", "buys"));
    TRY(BookSide asks, levels_in(frame, "asks", "sells"));
    TRY(const auto min_shares, maybe_shares(frame, {"min_order_size"}));
    TRY(const auto neg_risk, maybe_bool(frame, {"neg_risk"}));
    const std::string hash = text_in(frame, {"hash"});
    WireBook wire{head.market,
                  head.token,
                  text_in(frame, {"timestamp"}),
                  hash,
                  std::move(bids.wire),
                  std::move(asks.wire),
                  wire_text(frame, "min_order_size"),
                  wire_text(frame, "tick_size"),
                  wire_text(frame, "neg_risk"),
                  wire_text(frame, "last_trade_price")};
    if (min_shares) {
        scope.books.learn_market(head.market, text_in(frame, {"min_order_size"}), neg_risk);
    }
    Book body{head.token, std::move(bids.levels), std::move(asks.levels), hash, {}, {}};
    Batch out{event_of(scope, head.market, head.time, std::move(body))};
    add_finding(scope, head, scope.books.snapshot(std::move(wire)), out);
    return out;
}

Result<Batch> read_price_change(const Json& frame, const Scope& scope) {
    TRY(const std::string market, required_text(frame, {"market"}));
    TRY(const auto time, maybe_time(frame, {"timestamp"}));
    const Json* entries = frame.find("price_changes");  // since 2025-09
    const bool named_inside = entries != nullptr;
    if (!named_inside) entries = frame.find("changes");  // for a while before
    const std::string timestamp = text_in(frame, {"timestamp"});
    if (entries == nullptr) return read_entry({market, timestamp, time, frame, frame}, scope);
    if (!entries->is(Json::Kind::array)) return malformed("the changes are no array");
    Batch out;
    for (const Json& level : entries->items) {
        const Json& named = named_inside ? level : frame;
        Result<Batch> events = read_entry({market, timestamp, time, level, named}, scope);
        if (events) {
            std::ranges::move(events.value(), std::back_inserter(out));
        } else {
            scope.books.forget(named.text_of("asset_id"));
            out.push_back(rejected(scope, level, "price_change: " + events.error().detail));
            out.back().market = market;
        }
    }
    return out;
}

Result<Batch> read_last_trade_price(const Json& frame, const Scope& scope) {
    TRY(Head head, head_of(frame));
    Trade trade{head.token, {}, {}, {}, text_in(frame, {"transaction_hash"})};
    TRY(trade.price, price_in(frame, {"price"}));
    TRY(trade.shares, maybe_shares(frame, {"size"}));
    TRY(trade.side, maybe_side(frame, {"side"}));
    Batch out{event_of(scope, head.market, head.time, std::move(trade))};
    add_finding(scope, head, scope.books.last_trade(head.token, text_in(frame, {"price"})), out);
    return out;
}

Result<Batch> read_tick_size_change(const Json& frame, const Scope& scope) {
    TRY(Head head, head_of(frame));
    MarketChanged changed;
    changed.outcome = head.token;
    TRY(changed.tick, price_in(frame, {"new_tick_size"}));
    TRY(changed.old_tick, maybe_price(frame, {"old_tick_size"}));
    scope.books.forget(head.token);  // levels may be off the new grid until the next book
    return Batch{event_of(scope, head.market, head.time, std::move(changed))};
}

Result<Batch> read_best_bid_ask(const Json& frame, const Scope& scope) {
    TRY(Head head, head_of(frame));
    Quote quote;
    quote.outcome = head.token;
    TRY(quote.bid, maybe_price(frame, {"best_bid"}));
    TRY(quote.ask, maybe_price(frame, {"best_ask"}));
    return Batch{event_of(scope, head.market, head.time, std::move(quote))};
}

Result<Batch> read_market_resolved(const Json& frame, const Scope& scope) {
    TRY(std::string market, required_text(frame, {"market", "condition_id"}));
    TRY(const auto time, maybe_time(frame, {"timestamp"}));
    TRY(std::string winner, required_text(frame, {"winning_outcome", "winning_asset_id"}));
    MarketResolved body{{}, std::move(winner), "market_resolved frame"};
    return Batch{event_of(scope, std::move(market), time, std::move(body))};
}

}  // namespace daybook::ingest::polymarket
