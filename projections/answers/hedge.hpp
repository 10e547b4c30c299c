#pragma once

#include "projections/answers/positions.hpp"

namespace daybook {

/// The hedge of each position of a scope, now and at its worst; times below a threshold by the
/// thresholds now in force, up to `now` where the market is open. `hedge` holds the rows of the
/// projection `hedge`. Markets are never netted.
[[nodiscard]] Listing list_hedge(Rows& hedge, const Scope& scope, std::optional<Time> now);
/// Every step on the way, by account and market.
[[nodiscard]] Listing list_hedge_steps(Rows& hedge, const Scope& scope);

}  // namespace daybook
