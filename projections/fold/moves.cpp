#include "projections/fold/moves.hpp"

namespace daybook {

Figures figures_of(const Position& position) {
    return {{position.sides[0].matched.shares, position.sides[1].matched.shares},
            position.realized,
            position.edge,
            position.flows,
            position.fills};
}

void add(Figures& to, const Figures& change) {
    to.matched[0] += change.matched[0];
    to.matched[1] += change.matched[1];
    to.realized += change.realized;
    to.edge += change.edge;
    add(to.flows, change.flows);
    to.fills += change.fills;
}

Figures operator-(const Figures& now, const Figures& before) {
    Figures change = now;
    change.matched[0] -= before.matched[0];
    change.matched[1] -= before.matched[1];
    change.realized -= before.realized;
    change.edge -= before.edge;
    subtract(change.flows, before.flows);
    change.fills -= before.fills;
    return change;
}

void Moves::folded(const Event& event, const Holder& holder, const Position& after) {
    const std::string key = holder_key(holder);
    const Figures now = figures_of(after);
    const Figures change = now - sums_.get(key).value_or(Figures{});
    if (change == Figures{}) return;
    sums_.put(key, now);
    took(event, holder, change);
}

void Moves::moved(const Event&, const Holder& from, const Holder& to) {
    const auto told = sums_.get(holder_key(from));
    if (told) {
        Figures both = sums_.get(holder_key(to)).value_or(Figures{});
        add(both, *told);
        sums_.erase(holder_key(from));
        sums_.put(holder_key(to), both);
    }
    renamed(from, to);
}

}  // namespace daybook
