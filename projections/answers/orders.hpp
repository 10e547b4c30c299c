#pragma once

#include "projections/answers/positions.hpp"
#include "projections/fold/execution.hpp"

namespace daybook {

/// The orders of a scope in the order in which they were first named. `orders` holds the rows of
/// the projection `orders`. What the venue claims stands beside what was filled, never in it.
[[nodiscard]] Listing list_orders(Rows& orders, const Scope& scope);
/// The fills of a scope in sequence; `fills` holds the rows of the projection `fills`.
[[nodiscard]] Listing list_fills(Rows& fills, const Scope& scope);
/// How the orders of a scope were executed; no row without an attempt. `now`: the last clock seen.
[[nodiscard]] Listing list_execution(Rows& orders, const Scope& scope, std::optional<Time> now);

}  // namespace daybook
