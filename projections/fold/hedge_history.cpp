#include "projections/fold/hedge_history.hpp"

#include <algorithm>

#include "projections/fold/assembly.hpp"
#include "projections/fold/money_projections.hpp"

namespace daybook {
namespace {

bool same_state(const HedgeStep& a, const HedgeStep& b) {
    return a.up == b.up && a.down == b.down && a.resolved == b.resolved;
}

HedgeStep step_of(Sequence seq, std::optional<Time> time, const Position& position) {
    return {seq, time, position.sides[0].matched.shares, position.sides[1].matched.shares,
            position.resolved()};
}

void assemble(Assembly& assembly) {
    assembly.part<Ledger>();
    assembly.part<LimitsFold>();
}

Position shares_of(const HedgeStep& step) {
    Position position;
    position.sides[0].matched.shares = step.up;
    position.sides[1].matched.shares = step.down;
    return position;
}

std::int64_t time_between(std::optional<Time> from, std::optional<Time> to) {
    if (!from || !to) return 0;
    return std::max<std::int64_t>(0, to->nanos - from->nanos);
}

TypeSet types() {
    TypeSet all = ledger_types();
    all.add(type_by_name("limits").value());
    return all;
}

}  // namespace

std::optional<Fraction> hedge_ratio(const HedgeStep& step) { return hedge_ratio(shares_of(step)); }

Shares imbalance(const HedgeStep& step) { return imbalance(shares_of(step)); }

bool exposed(const HedgeStep& step, Ratio limit) {
    if (step.resolved || (step.up == Shares{} && step.down == Shares{})) return false;
    const auto ratio = hedge_ratio(step);
    return !ratio || below(*ratio, limit);  // no ratio: a side is short
}

HedgePath path_of(const std::vector<HedgeStep>& steps, const HedgeLimits& limits,
                  std::optional<Time> until) {
    HedgePath path;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const HedgeStep& step = steps[i];
        if (imbalance(step) > path.peak) {
            path.peak = imbalance(step);
            path.peak_seq = step.seq;
        }
        const auto ratio = hedge_ratio(step);
        const bool both = step.up > Shares{} && step.down > Shares{};
        const bool worse = both && (!path.worst || ratio->numerator * path.worst->denominator <
                                                       path.worst->numerator * ratio->denominator);
        if (worse) {
            path.worst = ratio;
            path.worst_seq = step.seq;
        }
        const auto end = i + 1 < steps.size() ? steps[i + 1].time : until;
        if (exposed(step, limits.min_hedge_ratio))
            path.below_min_ns += time_between(step.time, end);
        if (exposed(step, limits.critical_hedge_ratio))
            path.below_critical_ns += time_between(step.time, end);
    }
    return path;
}

std::vector<HedgeStep> HedgeHistory::steps(const Holder& holder) const {
    std::vector<HedgeStep> found;
    HedgeStep last;
    ledger_.steps(holder, [&](Sequence seq, std::optional<Time> time, const Position& at) {
        const HedgeStep step = step_of(seq, time, at);
        if (!same_state(last, step)) found.push_back(step);
        last = step;
    });
    return found;
}

const Projection& hedge_projection() {
    static const Projection projection{
        "hedge", 3, "Is each market hedged, was it always, and how far from it at worst?", types(),
        assemble};
    return projection;
}

}  // namespace daybook
