#include "projections/fold/hedge_history.hpp"

#include <algorithm>

#include "projections/fold/assembly.hpp"
#include "projections/fold/money_projections.hpp"

namespace daybook {
namespace {

constexpr std::string_view kSteps = "hedge_steps";
constexpr std::string_view kNow = "hedge_now";

bool same_state(const HedgeStep& a, const HedgeStep& b) {
    return a.up == b.up && a.down == b.down && a.resolved == b.resolved;
}

HedgeStep step_of(Sequence seq, std::optional<Time> time, const Position& position) {
    return {seq, time, position.sides[0].matched.shares, position.sides[1].matched.shares,
            position.resolved()};
}

/// Writes the steps of the positions that an event folds.
class Steps final : public LedgerWatch {
  public:
    Steps(Rows& rows, Ledger& ledger) : ledger_{ledger}, steps_{rows, kSteps}, now_{rows, kNow} {
        ledger.tell(*this);
    }

    void apply(const Event&) {}  // the ledger tells
    void folded(const Event& event, const Holder& holder, const Position& after) override {
        const bool grew = after.last_seq == event.seq && !after.resolved();
        if (grew) return put(holder, step_of(event.seq, happened(event), after));
        clear(holder);
        ledger_.steps(holder, [&](Sequence seq, std::optional<Time> time, const Position& at) {
            put(holder, step_of(seq, time, at));
        });
    }
    void moved(const Holder& from, const Holder&) override { clear(from); }

  private:
    void clear(const Holder& holder) {
        (void)steps_.take(holder_key(holder));
        now_.erase(holder_key(holder));
    }
    void put(const Holder& holder, const HedgeStep& step) {
        const std::string key = holder_key(holder);
        if (same_state(now_.get(key).value_or(HedgeStep{}), step)) return;
        steps_.put(key + key_part(step.seq.raw), step);
        now_.put(key, step);
    }

    Ledger& ledger_;
    Table<HedgeStep> steps_;  ///< (account, mode, market, seq)
    Table<HedgeStep> now_;    ///< (account, mode, market): the last one
};

void assemble(Assembly& assembly) {
    Ledger& ledger = assembly.part<Ledger>();
    assembly.part<LimitsFold>();
    assembly.part<Steps>(ledger);
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
    Table<HedgeStep>{rows_, kSteps}.for_each(
        holder_key(holder),
        [&](std::string_view, const HedgeStep& step) { found.push_back(step); });
    return found;
}

const Projection& hedge_projection() {
    static const Projection projection{
        "hedge", 2, "Is each market hedged, was it always, and how far from it at worst?", types(),
        assemble};
    return projection;
}

}  // namespace daybook
