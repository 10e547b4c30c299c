#pragma once

#include "projections/fold/claims.hpp"
#include "projections/fold/hedge.hpp"

namespace daybook {

/// What the events say of that of which somebody claimed a figure.
struct Fact {
    std::string text;
    std::optional<Fraction> number;  ///< nothing: a word, compared as it stands
};

/// The fact a claim is held against. Nothing where its metric, or its thing, is none the events
/// tell of. Metrics, of a market or of all of the account, mode and venue:
///
/// - `pnl` `realized` `edge` `direction` `fees` `bought` `sold` `redeemed` `fills`: sums; `fills`
///   `bought` `sold` also of one outcome.
/// - `shares` of an outcome, `filled` of an order, `cash` of the account.
/// - `hedge_ratio`, `verdict` (the words of HedgeVerdict): of one market, never netted.
/// - `BAND_markets`, `BAND_realized` with a word of HedgeBand: how many markets are in it, and what
///   they made. `markets`: in how many something moved.
[[nodiscard]] std::optional<Fact> fact_of(const Claims& claims, const HedgeLimits& limits,
                                          const ClaimRow& claim);

}  // namespace daybook
