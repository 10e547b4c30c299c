#pragma once

#include <tuple>

#include "schemas/fixed.hpp"

namespace daybook {

/// Shares of one outcome and what they cost. Negative shares (sold before they were recorded as
/// bought) carry a negative cost: what was received for them.
struct Holding {
    Shares shares;
    Money cost;
    auto fields() { return std::tie(shares, cost); }
    friend bool operator==(const Holding&, const Holding&) = default;
};

/// What leaving `shares` (0 .. held) takes out of the cost: cost · s / S half-even to 1e-6, all of
/// it when s = S (contract §3, average cost). `held.shares` is not 0.
[[nodiscard]] Money cost_share(const Holding& held, Shares shares);

/// A holding after a trade, and what the trade realised.
struct Traded {
    Holding after;
    Money realized;
};

/// `shares` bought for `cost` (fees included). Closes a negative holding first, by the mirrored
/// rule.
[[nodiscard]] Traded buy(Holding before, Shares shares, Money cost);
/// `shares` sold for `proceeds` (net of fees). What is not held goes negative.
[[nodiscard]] Traded sell(Holding before, Shares shares, Money proceeds);

}  // namespace daybook
