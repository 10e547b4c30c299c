#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "projections/fold/fill_state.hpp"
#include "projections/fold/order_lifecycle.hpp"
#include "projections/fold/order_names.hpp"

namespace daybook {

/// What was ordered. The intent's word stands over that of the venue.
struct OrderTerms {
    bool intended{};  ///< an intent was recorded
    std::string outcome;
    std::optional<Side> side;
    std::optional<Price> price;
    std::optional<Shares> shares;
    std::string tif;
    std::optional<Purpose> purpose;
    std::string group, correlation;
    auto fields() {
        return std::tie(intended, outcome, side, price, shares, tif, purpose, group, correlation);
    }
    friend bool operator==(const OrderTerms&, const OrderTerms&) = default;
};

/// What bot and venue said of the order. Claims are shown beside the fills and never counted.
struct OrderStanding {
    bool attempted{};  ///< any evidence of having been sent: any status, or any fill
    std::string raw_status;
    std::optional<Shares> claimed_matched;
    std::optional<Money> claimed_cost;
    std::string reason;
    auto fields() { return std::tie(attempted, raw_status, claimed_matched, claimed_cost, reason); }
    friend bool operator==(const OrderStanding&, const OrderStanding&) = default;
};

/// What the fills sum up to. Only a change of a fill gets here: see account().
struct OrderFilled {
    Shares filled;  ///< of fills not voided, before fee_shares
    Shares failed;  ///< of voided fills
    Money cost;     ///< of fills not voided, before fees
    Money fees;     ///< as far as stated
    std::uint32_t fills{};
    auto fields() { return std::tie(filled, failed, cost, fees, fills); }
    friend bool operator==(const OrderFilled&, const OrderFilled&) = default;
};

struct OrderTimes {  ///< when it happened, by the clock of whoever said it
    std::optional<Time> intent, submitted, live, first_fill, filled, terminal, cancel_requested;
    auto fields() {
        return std::tie(intent, submitted, live, first_fill, filled, terminal, cancel_requested);
    }
    friend bool operator==(const OrderTimes&, const OrderTimes&) = default;
};

struct OrderRow {
    OrderKey key;
    std::string venue, account;
    Mode mode{};
    std::string order;        ///< the bot's name, or the only one known
    std::string venue_order;  ///< the venue's name
    MarketKey market;         ///< resolve with Markets::find; may have been joined since
    OrderTerms terms;
    OrderStanding standing;
    Lifecycle life;
    OrderFilled done;
    Shares
        open;  ///< still working at the venue (or in doubt); 0 in final states and before sending
    OrderTimes times;
    Flags<OrderFlag> flags;
    Sequence first_seq, last_seq;

    [[nodiscard]] OrderState state() const { return life.state; }
    auto fields() {
        return std::tie(key, venue, account, mode, order, venue_order, market, terms, standing,
                        life, done, open, times, flags, first_seq, last_seq);
    }
    friend bool operator==(const OrderRow&, const OrderRow&) = default;
};

inline auto row_fields(OrderIntent& e) {
    return std::tie(e.order, e.outcome, e.side, e.price, e.shares, e.tif, e.purpose, e.group);
}
inline auto row_fields(OrderStatus& e) {
    return std::tie(e.order, e.venue_order, e.status, e.raw_status, e.claimed_matched,
                    e.claimed_cost, e.reason, e.trades, e.tx, e.outcome, e.side, e.price, e.shares,
                    e.tif);
}
inline auto row_fields(Fill& e) {
    return std::tie(e.trade, e.order, e.outcome, e.side, e.shares, e.cost, e.fee, e.fee_shares,
                    e.role, e.tx);
}
inline auto row_fields(FillSettlement& e) { return std::tie(e.trade, e.order, e.status, e.reason); }
inline auto row_fields(FillCorrection& e) {
    return std::tie(e.trade, e.order, e.shares, e.cost, e.fee, e.fee_shares, e.why);
}

/// One observation of an order, kept so that the order can be folded again from the start.
struct OrderSeen {
    Sequence seq;
    std::optional<Time> time;
    MarketKey market;
    std::string correlation;
    std::string fill;  ///< fill_name() of the fill it is about
    bool confirmed{};  ///< the venue or mode confirms fills when they are recorded
    std::variant<OrderIntent, OrderStatus, Fill, FillSettlement, FillCorrection> what;
    auto fields() { return std::tie(seq, time, market, correlation, fill, confirmed, what); }
};

/// The order after an intent, a status, or a change of one of its fills. Only account() changes
/// `done`; a status reaches it through no argument.
void take_intent(OrderRow& order, const OrderSeen& seen, const OrderIntent& intent);
void take_status(OrderRow& order, const OrderSeen& seen, const OrderStatus& status);
/// `after` counts in place of `before`.
void take_fill(OrderRow& order, const OrderSeen& seen, const FillState& before,
               const FillState& after);
[[nodiscard]] OrderFilled account(OrderFilled sums, const FillState& before,
                                  const FillState& after);

/// Complete: fills reach the shares ordered less 0.01 share (contract §3).
[[nodiscard]] Progress progress_of(const OrderTerms& terms, const OrderFilled& done);

}  // namespace daybook
