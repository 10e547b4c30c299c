// What is ours at Kalshi: fills, orders, settlements, cash. Orders never become fills: only a fill
// carries shares.
#include <algorithm>

#include "src/ingest/kalshi_fields.hpp"
#include "src/ingest/kalshi_parts.hpp"

namespace daybook::ingest::kalshi {
namespace {

Error malformed(std::string detail) { return {Errc::malformed, std::move(detail)}; }

/// When a fill happened, in whole seconds: frame and REST row tell the same fill with different
/// precision, and must be the same event.
Result<std::optional<Time>> fill_time(const Json& row) {
    TRY(std::optional<Time> when, time(row, {"ts", "ts_ms", "created_time"}));
    if (when) when->nanos -= when->nanos % kNanosPerSecond;
    return when;
}

Result<std::optional<Role>> read_role(const Json& row) {
    TRY(const std::optional<bool> taker, truth(row, "is_taker"));
    if (!taker) return std::optional<Role>{};
    return std::optional{*taker ? Role::taker : Role::maker};
}

Result<OrderStatusCode> read_status(const std::string& status) {
    if (status == "resting") return OrderStatusCode::live;
    if (status == "executed") return OrderStatusCode::matched;
    if (status == "canceled") return OrderStatusCode::canceled;
    if (status == "pending") return OrderStatusCode::submitted;
    return malformed("order status '" + status + "' is not known");
}

/// The size of an order. What rests and what was filled add up to it only while the order lives
/// or when it was filled whole: a canceled one has lost its rest.
Result<std::optional<std::int64_t>> order_size(const Json& row, OrderStatusCode status,
                                               std::optional<std::int64_t> filled) {
    TRY(const auto initial, contracts(row, {"initial_count_fp", "initial_count", "count"}));
    TRY(const auto remaining, contracts(row, {"remaining_count_fp", "remaining_count"}));
    if (initial || !remaining || !filled || status == OrderStatusCode::canceled) return initial;
    constexpr std::int64_t kMost = kMicro * kMicro;  // a million contracts
    if (*filled > kMost || *remaining > kMost) return initial;
    return std::optional{*filled + *remaining};
}

/// When the order became what it is; its creation tells that only while nothing has happened.
Result<std::optional<Time>> order_time(const Json& row, bool untouched) {
    TRY(const std::optional<Time> changed,
        time(row, {"last_update_time", "last_updated_ts_ms", "ts_ms", "ts"}));
    if (changed || !untouched) return changed;
    return time(row, {"created_time", "created_ts_ms"});
}

struct Holding {
    std::string outcome;
    std::optional<Shares> shares;
    Money cash;
};

Event redemption(const std::string& market, std::optional<Time> when, const Holding& holding) {
    Redemption body;
    body.cash = holding.cash;
    body.outcome = holding.outcome;
    body.shares = holding.shares;
    return own_event(market, when, std::move(body));
}

/// Which contracts the settlement took, and the cash each side brought. Of two held sides the
/// payout tells what yes brought; the rest of the revenue is no's.
Result<std::vector<Holding>> redeemed(const Json& row, Money revenue,
                                      const MarketResolved& resolved) {
    TRY(const auto yes, contracts(row, {"yes_count_fp", "yes_count"}));
    TRY(const auto no, contracts(row, {"no_count_fp", "no_count"}));
    const Shares held_yes{yes.value_or(0)};
    const Shares held_no{no.value_or(0)};
    std::vector<Holding> holdings;
    if (held_yes > Shares{} && held_no > Shares{}) {
        const Price payout{resolved.payouts.empty() ? 0 : resolved.payouts.front().micros};
        TRY(const Money worth, cost(payout, held_yes));
        const Money from_yes = std::min(worth, revenue);
        holdings.push_back({"yes", held_yes, from_yes});
        holdings.push_back({"no", held_no, revenue - from_yes});
    } else if (held_yes > Shares{} || held_no > Shares{}) {
        const bool is_yes = held_yes > Shares{};
        holdings.push_back({is_yes ? "yes" : "no", is_yes ? held_yes : held_no, revenue});
    } else if (revenue != Money{}) {
        holdings.push_back({"", std::nullopt, revenue});
    }
    return holdings;
}

}  // namespace

Result<Batch> read_fill(const Json& row) {
    TRY(std::string market, text(row, {"market_ticker", "ticker"}));
    TRY(std::string trade, text(row, {"trade_id", "fill_id"}));
    TRY(std::string order, text(row, {"order_id"}));
    TRY(const Direction done, direction(row));
    TRY(const std::optional<Price> paid, price_on(row, done.outcome));
    TRY(const auto count, contracts(row, {"count_fp", "count"}));
    TRY(const auto fee, micros(row, {"fee_cost", "fee_cost_dollars"}));
    TRY(const std::optional<Role> role, read_role(row));
    TRY(const std::optional<Time> when, fill_time(row));
    if (!paid || !count) return malformed("a fill without price or count");
    if (*count <= 0) return malformed("a fill of no contracts");
    TRY(const Money value, cost(*paid, Shares{*count}));

    Fill body;
    body.trade = std::move(trade);
    body.order = std::move(order);
    body.outcome = done.outcome;
    body.side = done.side;
    body.shares = Shares{*count};
    body.cost = value;
    if (fee) body.fee = Money{*fee};
    body.role = role;
    return Batch{own_event(std::move(market), when, std::move(body))};
}

Result<Batch> read_fill_frame(const Frame& frame) { return read_fill(frame.body); }

Result<Batch> read_order(const Json& row) {
    TRY(std::string market, text(row, {"ticker", "market_ticker"}));
    OrderStatus body;
    body.order = text_or_empty(row, {"client_order_id"});
    TRY(body.venue_order, text(row, {"order_id"}));
    TRY(body.raw_status, text(row, {"status"}));
    TRY(body.status, read_status(body.raw_status));
    TRY(const Direction wanted, direction(row));
    TRY(const auto filled, contracts(row, {"fill_count_fp", "fill_count"}));
    TRY(const auto size, order_size(row, body.status, filled));
    TRY(body.price, price_on(row, wanted.outcome));
    const bool untouched = body.status == OrderStatusCode::live && filled.value_or(0) == 0;
    TRY(const std::optional<Time> when, order_time(row, untouched));

    body.outcome = wanted.outcome;
    body.side = wanted.side;
    body.tif = text_or_empty(row, {"time_in_force"});
    if (filled) body.claimed_matched = Shares{*filled};
    if (size) body.shares = Shares{*size};
    return Batch{own_event(std::move(market), when, std::move(body))};
}

Result<Batch> read_order_frame(const Frame& frame) { return read_order(frame.body); }

Result<Batch> read_settlement(const Json& row) {
    TRY(const std::string market, text(row, {"ticker", "market_ticker"}));
    TRY(const std::string result, text(row, {"market_result"}));
    TRY(const std::optional<Time> when, time(row, {"settled_time"}));
    TRY(const auto revenue, money_micros(row, {"revenue_dollars", "revenue"}));
    TRY(const auto value, cents_as_micros(row, "value"));
    TRY(const auto fee, micros(row, {"fee_cost"}));
    if (!revenue || *revenue < 0) return malformed("a settlement without revenue");
    const MarketResolved resolved = resolved_as(result, value, "settlement");
    TRY(const std::vector<Holding> holdings, redeemed(row, Money{*revenue}, resolved));

    Batch events{market_event(market, when, resolved)};
    for (const Holding& holding : holdings) events.push_back(redemption(market, when, holding));
    if (fee) {
        Claim claim;
        claim.source = "kalshi settlement";
        claim.metric = "fees";
        claim.value = format_micros(*fee);
        events.push_back(own_event(market, when, std::move(claim)));
    }
    return events;
}

/// Contracts held as observed, of one market: yes above zero, no below (of both nets to one).
Result<Batch> read_position_frame(const Frame& frame) {
    const Json& row = frame.body;
    TRY(std::string market, text(row, {"market_ticker", "ticker"}));
    TRY(const auto held, micros(row, {"position_fp", "position"}));
    TRY(const std::optional<Time> when, time(row, {"ts_ms", "ts"}));
    constexpr std::int64_t kMost = kMicro * kMicro;  // a million contracts
    if (!held || *held > kMost || *held < -kMost) return malformed("a position without contracts");
    Balance body;
    body.shares = {{"yes", Shares{std::max<std::int64_t>(*held, 0)}},
                   {"no", Shares{std::max<std::int64_t>(-*held, 0)}}};
    return Batch{own_event(std::move(market), when, std::move(body))};
}

/// Cash as observed; `balance` is in cents.
Result<Batch> read_balance(const Json& row) {
    TRY(const auto cash, money_micros(row, {"balance_dollars", "balance"}));
    TRY(const std::optional<Time> when, time(row, {"updated_ts"}));
    if (!cash) return malformed("a balance without amount");
    Balance body;
    body.cash = Money{*cash};
    return Batch{own_event("", when, std::move(body))};
}

}  // namespace daybook::ingest::kalshi
