#pragma once

#include "projections/fold/projection.hpp"

namespace daybook {

/// The events that a Ledger folds.
[[nodiscard]] const TypeSet& ledger_types();

/// What is held in each market, is it hedged, and what did it cost?
[[nodiscard]] const Projection& positions_projection();
/// What was made and lost in each market, and why?
[[nodiscard]] const Projection& pnl_projection();
/// Where did the cash come from and go to, and does it add up with what was seen?
[[nodiscard]] const Projection& cash_projection();

}  // namespace daybook
