#pragma once

#include "projections/answers/positions.hpp"

namespace daybook {

/// The snapshots of each outcome of a scope: how many, and which came first and last. `liquidity`
/// holds the rows of the projection `liquidity`. Snapshots serve all modes.
[[nodiscard]] Listing list_depth_totals(Rows& liquidity, const Scope& scope);
/// The snapshots of a scope in sequence, the first `limit` of them; 0: all.
[[nodiscard]] Listing list_depth(Rows& liquidity, const Scope& scope, std::uint64_t limit);

}  // namespace daybook
