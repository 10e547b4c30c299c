#pragma once

#include "projections/answers/positions.hpp"
#include "projections/fold/claims.hpp"

namespace daybook {

/// A claim beside the fact (contract §3): at the end of `about`, else at the claim's own sequence.
struct ClaimView {
    ClaimRow row;
    std::optional<MarketRow> market;
    std::optional<std::string> fact;        ///< nothing: no metric, or no thing, we can state
    std::optional<std::string> difference;  ///< value − fact
    bool finding{};                         ///< off by more than 0.01, compared exactly
};

/// The claims of a scope in sequence; `claims` holds the rows of the projection `claims`.
///
/// With `about`, a fact takes the events that happened before its end (contract §2: a window takes
/// events by their time); pnl, realized, fees and fills only those since its beginning. Without, it
/// takes the events up to the claim. A claim that names no market is about its account, mode and
/// venue; `cash` is about the account: the opening balance and what moved since.
[[nodiscard]] std::vector<ClaimView> claims_of(Rows& claims, const Scope& scope);
/// Those of them that `wanted` takes; of the others no fact is worked out.
[[nodiscard]] std::vector<ClaimView> claims_of(Rows& claims, const Scope& scope,
                                               const std::function<bool(const ClaimRow&)>& wanted);
[[nodiscard]] Listing list_claims(const std::vector<ClaimView>& claims);

}  // namespace daybook
