#pragma once

#include <functional>
#include <optional>
#include <string>
#include <tuple>

#include "projections/fold/fill_state.hpp"
#include "projections/fold/markets.hpp"
#include "projections/fold/order_names.hpp"

namespace daybook {

/// One fill per (venue, account, mode, trade, order), where an order is all of its names.
struct FillRow {
    std::string venue, account;
    Mode mode{};
    std::string trade, order;  ///< as the first event gave them
    OrderKey order_key;        ///< 0 when the fill names no order
    MarketKey market;          ///< resolve with Markets::find; may have been joined since
    std::string outcome;       ///< as given; empty while parked
    std::optional<Side> side;
    std::optional<Role> role;
    std::string tx, reason;                  ///< reason: of the last settlement that gave one
    FillState state;                         ///< amounts, settlement, flags
    std::optional<Time> time, settled_time;  ///< of the fill; of the settlement shown
    Sequence first_seq, last_seq;

    auto fields() {
        return std::tie(venue, account, mode, trade, order, order_key, market, outcome, side, role,
                        tx, reason, state, time, settled_time, first_seq, last_seq);
    }
    friend bool operator==(const FillRow&, const FillRow&) = default;
};

/// The fills, kept in the rows of the projection that uses them.
class Fills {
  public:
    explicit Fills(Rows& rows);

    void apply(const Event& event);
    /// By venue, account, mode and order. Rows that are only parked (`state.recorded` is absent)
    /// are visited too: a settlement whose fill is missing is worth seeing.
    void for_each(const std::function<void(const FillRow&)>& visit) const;

  private:
    void join(const Event& event, const OrderJoin& orders);

    Markets markets_;
    OrderNames names_;
    Table<FillRow> fills_;
};

/// Which fills were there, and where do their shares stand at the venue?
[[nodiscard]] const Projection& fills_projection();

}  // namespace daybook
