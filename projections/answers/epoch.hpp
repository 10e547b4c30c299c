#pragma once

#include "projections/answers/money.hpp"

namespace daybook {

/// Flow figures since an epoch began (contract §3): as of now less as of its start. What is held,
/// what it cost and what is still to come stay whole.

/// Takes realised, edge, flows and fills of `before` out of the positions of `now`, by account and
/// market.
void count_from(std::vector<PositionView>& now, const std::vector<PositionView>& before);
/// The same for the sums.
void count_from(PnlView& now, const PnlView& before);
/// The same for cash: what moved since; opening, expected, observed and unexplained stay whole.
void count_from(std::vector<CashView>& now, const std::vector<CashView>& before);

/// Leaves out the markets that are resolved and in which nothing flowed.
void drop_unmoved(std::vector<PositionView>& counted);

}  // namespace daybook
