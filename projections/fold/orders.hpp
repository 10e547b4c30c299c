#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "projections/fold/markets.hpp"
#include "projections/fold/order_row.hpp"

namespace daybook {

/// What was open of an order over a span of events, as it was known then.
struct WaitingOrder {
    OrderKey order;
    Sequence since;                      ///< the event that made it so
    Sequence until;                      ///< the first event for which it is no longer so; 0: none
    MarketKey place;                     ///< of its market in these rows
    std::string venue, market, outcome;  ///< by the names they had then
    std::string account;
    Mode mode{};
    Side side{};      ///< buy where nobody said
    bool in_doubt{};  ///< the order may not be at the venue at all
    Shares open;
    auto fields() {
        return std::tie(order, since, until, place, venue, market, outcome, account, mode, side,
                        in_doubt, open);
    }
    friend bool operator==(const WaitingOrder&, const WaitingOrder&) = default;
};

/// The orders, kept in the rows of the projection that uses them.
class Orders {
  public:
    explicit Orders(Rows& rows);

    void apply(const Event& event);

    [[nodiscard]] std::optional<OrderRow> find(OrderKey order) const;
    /// The order called `name`, the bot's or the venue's, in the venue, account and mode of
    /// `event`.
    [[nodiscard]] std::optional<OrderRow> lookup(const Event& event, std::string_view name) const;
    /// By key: in the order in which they were first named.
    void for_each(const std::function<void(const OrderRow&)>& visit) const;

    /// Orders of which something was open after the event `at`, in no order. Reads nothing of
    /// orders that were done before or that began later.
    void waiting(Sequence at, const std::function<void(const WaitingOrder&)>& visit) const;
    /// Whether there was any order in that mode after the event `at`.
    [[nodiscard]] bool any(Mode mode, Sequence at) const;

  private:
    struct FirstOrder {
        Sequence seq;
        auto fields() { return std::tie(seq); }
    };
    void note(const OrderRow& order, Sequence now);
    void note_waiting(const OrderRow& order, Sequence now);
    void end_waiting(OrderKey order, Sequence now);

    void refold(OrderRow& order, const OrderJoin& join);
    void take(OrderRow& order, const OrderSeen& seen);

    Markets markets_;
    OrderNames names_;
    Table<OrderRow> orders_;
    Table<OrderSeen> seen_;   ///< (order, seq): everything that was said of it
    Table<FillState> fills_;  ///< (order, fill)
    Rows& rows_;
    Table<WaitingOrder> waiting_;  ///< (order): open now
    Table<WaitingOrder> waited_;   ///< (bits of how long, since, order)
    Table<FirstOrder> modes_;      ///< (mode)
};

/// What became of each order, and how much of it was filled?
[[nodiscard]] const Projection& orders_projection();

}  // namespace daybook
