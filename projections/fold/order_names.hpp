#pragma once

#include <optional>
#include <string_view>
#include <tuple>

#include "projections/fold/table.hpp"
#include "schemas/event.hpp"

namespace daybook {

/// Number of an order: the seq of the first event of this fold that names it; 0 names none.
using OrderKey = Id<struct OrderKeyTag, std::uint64_t>;

struct OrderJoin {  ///< two names turned out to be one order
    OrderKey from;
    OrderKey to;
    friend bool operator==(const OrderJoin&, const OrderJoin&) = default;
};

/// The directory of orders, kept in the rows of the projection that uses it. The bot's name and the
/// venue's name of an order lead to one key once an order_status has said both, and for good; the
/// lower key stays. Names belong to a venue, account and mode.
class OrderNames {
  public:
    struct Named {
        OrderKey order;  ///< 0 when the event names no order
        std::optional<OrderJoin> joined;
    };

    explicit OrderNames(Rows& rows);

    /// The order that an intent, status, fill, settlement or correction is about.
    Named name(const Event& event);
    /// The order called `name` in the venue, account and mode of `event`.
    [[nodiscard]] std::optional<OrderKey> lookup(const Event& event, std::string_view name) const;

  private:
    struct KeyRow {
        OrderKey order;
        auto fields() { return std::tie(order); }
    };

    Named link(const Event& event, const OrderStatus& status);
    OrderKey find_or_create(const Event& event, std::string_view name);

    Table<KeyRow> links_;   ///< (venue, account, mode, name) -> order
    Table<KeyRow> joined_;  ///< former key -> the key it was joined into
};

}  // namespace daybook
