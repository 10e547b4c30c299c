#include "projections/answers/hedge.hpp"

#include "projections/fold/hedge_history.hpp"

namespace daybook {
namespace {

struct HedgeView {
    Holder holder;
    MarketRow market;
    Position position;
    std::vector<HedgeStep> steps;
};

std::vector<HedgeView> views_of(const HedgeHistory& history, const Scope& scope) {
    std::vector<HedgeView> views;
    history.ledger().for_each([&](const Holder& holder, const Position& position) {
        const auto market = history.ledger().markets().find(holder.market);
        if (holder.mode != scope.mode || !market || !scope.takes(*market)) return;
        views.push_back({holder, *market, position, history.steps(holder)});
    });
    return views;
}

ListValue title_of(const MarketRow& market) {
    return value_of(market.title.empty() ? market.name : market.title);
}
ListValue ratio_of(const std::optional<Fraction>& ratio) {
    return ratio ? value_of(format_ratio(*ratio)) : ListValue{};
}
ListValue number_of(std::int64_t number) { return std::to_string(number); }
ListValue place_of(Sequence seq) { return seq.raw == 0 ? ListValue{} : value_of(seq.raw); }
ListValue seconds_of(std::int64_t nanos) { return format_decimal(nanos, 9) + " s"; }

std::vector<ListValue> row_of(const HedgeView& view, const HedgeLimits& limits,
                              std::optional<Time> now) {
    const HedgePath path = path_of(view.steps, limits, now);
    const Position& p = view.position;
    return {value_of(view.market.name),
            title_of(view.market),
            value_of(view.holder.account),
            value_of(std::string{p.resolved() ? "resolved" : "open"}),
            value_of(p.sides[0].matched.shares),
            value_of(p.sides[1].matched.shares),
            ratio_of(hedge_ratio(p)),
            value_of(imbalance(p)),
            value_of(to_text(verdict(p, limits))),
            value_of(path.peak),
            place_of(path.peak_seq),
            ratio_of(path.worst),
            place_of(path.worst_seq),
            number_of(path.below_min_ns),
            seconds_of(path.below_min_ns),
            number_of(path.below_critical_ns),
            seconds_of(path.below_critical_ns)};
}

}  // namespace

Listing list_hedge(Rows& rows, const Scope& scope, std::optional<Time> now) {
    Listing listing{{{"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"account", "", Form::text},
                     {"state", "state", Form::text},
                     {"up", "up", Form::shares},
                     {"down", "down", Form::shares},
                     {"hedge_ratio", "hedge", Form::shares},
                     {"imbalance_shares", "imbalance", Form::shares},
                     {"verdict", "verdict", Form::text},
                     {"peak_imbalance", "peak", Form::shares},
                     {"peak_seq", "at", Form::number},
                     {"worst_ratio", "worst", Form::shares},
                     {"worst_seq", "", Form::number},
                     {"below_min_ns", "", Form::number},
                     {"", "below min", Form::text},
                     {"below_critical_ns", "", Form::number},
                     {"", "below critical", Form::text}},
                    {}};
    const HedgeLimits limits = hedge_limits(rows);
    for (const HedgeView& view : views_of(HedgeHistory{rows}, scope))
        listing.rows.push_back(row_of(view, limits, now));
    return listing;
}

Listing list_hedge_steps(Rows& rows, const Scope& scope) {
    Listing listing{{{"market", "", Form::text},
                     {"account", "account", Form::text},
                     {"seq", "seq", Form::number},
                     {"time", "time", Form::time},
                     {"up", "up", Form::shares},
                     {"down", "down", Form::shares},
                     {"hedge_ratio", "hedge", Form::shares},
                     {"imbalance_shares", "imbalance", Form::shares},
                     {"resolved", "", Form::boolean}},
                    {}};
    for (const HedgeView& view : views_of(HedgeHistory{rows}, scope)) {
        for (const HedgeStep& step : view.steps) {
            listing.rows.push_back({value_of(view.market.name), value_of(view.holder.account),
                                    value_of(step.seq.raw), value_of(step.time), value_of(step.up),
                                    value_of(step.down), ratio_of(hedge_ratio(step)),
                                    value_of(imbalance(step)), value_of(step.resolved)});
        }
    }
    return listing;
}

}  // namespace daybook
