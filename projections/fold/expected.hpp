#pragma once

#include "projections/fold/case_file.hpp"

namespace daybook {

/// What was meant to be bought of one outcome.
struct LegPlan {
    std::optional<Price> price;
    Shares shares;
};
/// What a group was to earn: by its decision, else by the orders it meant to open with.
struct GroupPlan {
    std::array<LegPlan, 2> legs;
    std::optional<Money> profit;  ///< as the decision states it, net of the fees it expects
    bool decided{};               ///< a decision was recorded
};

/// What was bought and sold of one outcome; fees apart.
struct LegTotals {
    Shares bought, sold;
    Money cost, proceeds;
};
struct GroupTotals {
    std::array<LegTotals, 2> legs;
    Money fees;
};

/// Why a result is not what was expected (trading rules, 4c). All amounts add up:
/// realized = expected + shortfall + slippage + fees + unwind + direction + voids.
struct Explained {
    Shares planned, paired;  ///< pairs meant, pairs left
    Money expected;          ///< planned pairs · (1 − both prices) − expected fees
    Money shortfall;         ///< pairs that were not bought, at the expected edge
    Money slippage;          ///< what pairs cost more or less than decided on
    Money fees;              ///< expected less charged fees
    Money unwind;            ///< what sold shares brought, less what they had cost
    Money direction;         ///< what unpaired shares paid, less what they had cost
    Money voids;             ///< what failed and corrected fills changed
    Money realized;
    [[nodiscard]] Money residual() const {
        return realized - expected - shortfall - slippage - fees - unwind - direction - voids;
    }
};

/// `told`: the fills as they were first recorded; `counted`: as corrections have them, without
/// those that failed. Pairs pay a dollar, so `payouts` decides of direction (and of voids) alone.
/// Where a leg's price was never said, the price it was bought at stands for it: nothing is
/// slippage.
[[nodiscard]] Explained explain(const GroupPlan& plan, const GroupTotals& told,
                                const GroupTotals& counted, const Payouts& payouts);

/// What the trades of `totals` bring when the market pays `payouts`, held to the end.
[[nodiscard]] Money result_of(const GroupTotals& totals, const Payouts& payouts);

/// A group of a case: its plan and its trades. The one called "" holds the fills of no group.
struct GroupCase {
    std::string group;
    GroupPlan plan;
    GroupTotals told, counted;
    std::vector<const CaseOrder*> orders;
    std::vector<Sequence> seqs;  ///< of the decision, the intents and the fills
};
/// In the order in which they began. Every fill of the case is in exactly one.
[[nodiscard]] std::vector<GroupCase> groups_of(const CaseFile& file);

}  // namespace daybook
