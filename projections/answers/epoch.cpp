#include "projections/answers/epoch.hpp"

#include <algorithm>

namespace daybook {
namespace {

void subtract(Position& now, const Position& before) {
    now.realized -= before.realized;
    now.edge -= before.edge;
    now.fills -= std::min(now.fills, before.fills);
    subtract(now.flows, before.flows);
}

bool same_place(const PositionView& a, const PositionView& b) {
    return a.holder.account == b.holder.account && a.market.venue == b.market.venue &&
           a.market.name == b.market.name;
}

bool unmoved(const Position& p) {
    return p.realized == Money{} && p.edge == Money{} && p.flows == Flows{} && p.fills == 0;
}

}  // namespace

void count_from(std::vector<PositionView>& now, const std::vector<PositionView>& before) {
    for (PositionView& view : now) {
        const auto was = std::ranges::find_if(
            before, [&](const PositionView& other) { return same_place(view, other); });
        if (was != before.end()) subtract(view.position, was->position);
    }
}

void drop_unmoved(std::vector<PositionView>& counted) {
    std::erase_if(counted,
                  [](const PositionView& view) { return !view.open() && unmoved(view.position); });
}

void count_from(PnlView& now, const PnlView& before) {
    now.realized -= before.realized;
    now.edge -= before.edge;
    now.rewards -= before.rewards;
    now.resolved_markets -= std::min(now.resolved_markets, before.resolved_markets);
    subtract(now.flows, before.flows);
}

void count_from(std::vector<CashView>& now, const std::vector<CashView>& before) {
    for (CashView& view : now) {
        view.flow = view.ever;  // the first balance may have been seen after the epoch began
        const auto was = std::ranges::find(before, view.account, &CashView::account);
        if (was == before.end()) continue;
        subtract(view.flow.flows, was->ever.flows);
        view.flow.transfers -= was->ever.transfers;
        view.flow.rewards -= was->ever.rewards;
    }
}

}  // namespace daybook
