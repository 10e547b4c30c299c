#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "projections/fold/markets.hpp"
#include "projections/fold/order_row.hpp"

namespace daybook {

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

  private:
    void refold(OrderRow& order, const OrderJoin& join);
    void take(OrderRow& order, const OrderSeen& seen);

    Markets markets_;
    OrderNames names_;
    Table<OrderRow> orders_;
    Table<OrderSeen> seen_;   ///< (order, seq): everything that was said of it
    Table<FillState> fills_;  ///< (order, fill)
};

/// What became of each order, and how much of it was filled?
[[nodiscard]] const Projection& orders_projection();

}  // namespace daybook
