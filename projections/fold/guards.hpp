#pragma once

#include <span>

#include "projections/fold/expected.hpp"
#include "projections/fold/thresholds.hpp"

namespace daybook {

/// How far a halt reaches.
enum class HaltReach : std::uint8_t {
    market,   ///< the market whose hedge broke
    account,  ///< everything the bot does from then on
};

/// Where a guard would have said no.
struct Stop {
    Sequence seq;  ///< of the order that is refused, or of the fill a halt follows from
    Time time;
    std::string_view rule;
    std::string detail, threshold;
};

/// A case as it would have gone: a counterfactual, not a fact. Prices and other people's orders are
/// taken to be as they were.
struct GuardedCase {
    std::optional<Stop> refusal, halt;        ///< the first of each
    std::vector<const CaseOrder*> prevented;  ///< would not have been sent
    std::optional<Money> change;  ///< result without them less the result with them; open: nothing
};

/// Replays the orders of `files` from `from` on, in the order in which they were sent, with the
/// guards on: an opening order is refused while halted, on top of a leg that is held or still works
/// (stacked), in the final minute (near_resolution), for a pair of a dollar or more (pair_cost) and
/// above what a group may cost (group_cost); a halt follows when a market stands below the critical
/// hedge ratio a fill time-out after a fill. An order that sells or completes what was never bought
/// falls away with it. One leg alone is not refused: a guard cannot know that no second one
/// follows. The cases come back in the order of `files`, which outlive them.
[[nodiscard]] std::vector<GuardedCase> with_guards(std::span<const CaseFile* const> files,
                                                   const Thresholds& limits, HaltReach reach,
                                                   Time from);

/// Whether `flag` was on at `seq`, by the events before it, and had not expired.
[[nodiscard]] bool flag_allows(const CaseFile& file, std::string_view flag, Sequence seq,
                               std::optional<Time> at);

}  // namespace daybook
