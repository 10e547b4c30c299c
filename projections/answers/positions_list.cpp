#include "projections/answers/positions.hpp"

namespace daybook {
namespace {

ListValue average_price(const Holding& holding) {
    if (holding.shares.micros == 0) return std::nullopt;
    const Wide micros = divide_half_even(Wide{holding.cost.micros} * kMicro, holding.shares.micros);
    return format_decimal(micros, 6);
}

std::string outcomes_json(const PositionView& view) {
    JsonWriter out;
    out.begin_array();
    for (std::size_t i = 0; i < 2; ++i) {
        const OutcomeSide& side = view.position.sides.at(i);
        const Waiting& waiting = view.waiting.at(i);
        const auto shares = [&out](std::string_view name, Shares amount) {
            out.key(name).text(format_micros(amount.micros));
        };
        out.begin_object().key("name").text(view.outcomes.at(i));
        shares("matched", side.matched.shares);
        shares("held", view.position.held(i));
        shares("settled", side.settled);
        shares("failed", side.failed);
        shares("resting", waiting.buy);
        shares("resting_sell", waiting.sell);
        shares("in_doubt", waiting.in_doubt);
        out.key("cost").text(format_micros(side.matched.cost.micros));
        const auto average = average_price(side.matched);
        average ? out.key("average_price").text(*average) : out.key("average_price").null();
        out.end_object();
    }
    out.end_array();
    return std::move(out).str();
}

std::string if_outcome_json(const PositionView& view) {
    JsonWriter out;
    out.begin_array();
    for (std::size_t i = 0; i < 2; ++i) out.text(format_micros(view.if_outcome(i).micros));
    out.end_array();
    return std::move(out).str();
}

std::string flags_json(const PositionView& view) {
    JsonWriter out;
    out.begin_array();
    for (const std::string_view flag : view.position.flags.names()) out.text(flag);
    for (const std::string_view flag : view.market.flags.names()) out.text(flag);
    out.end_array();
    return std::move(out).str();
}

std::vector<ListValue> row_of(const PositionView& view, const HedgeLimits& limits) {
    const Position& p = view.position;
    const auto ratio = hedge_ratio(p);
    const auto cost = pair_cost(p);
    const bool open = view.open();
    const auto waiting = [&](Shares Waiting::*which) {
        return view.waiting[0].*which + view.waiting[1].*which;
    };
    const Shares resting =
        waiting(&Waiting::buy) + waiting(&Waiting::sell) + waiting(&Waiting::in_doubt);
    return {value_of(view.market.name),
            value_of(view.market.title),
            value_of(view.market.title.empty() ? view.market.name : view.market.title),
            value_of(view.holder.account),
            value_of(std::string{open ? "open" : "resolved"}),
            value_of(p.sides[0].matched.shares),
            value_of(p.sides[1].matched.shares),
            resting.micros == 0 ? ListValue{} : value_of(resting),
            value_of(outcomes_json(view)),
            ratio ? value_of(format_ratio(*ratio)) : ListValue{},
            value_of(imbalance(p)),
            cost ? value_of(format_pair_cost(*cost)) : ListValue{},
            value_of(to_text(verdict(p, limits))),
            value_of(critical(p, limits)),
            value_of(p.realized),
            value_of(p.edge),
            value_of(p.direction()),
            value_of(p.flows.fees),
            open ? value_of(if_outcome_json(view)) : ListValue{},
            open ? value_of(view.worst()) : ListValue{},
            open ? value_of(view.best()) : ListValue{},
            value_of(flags_json(view))};
}

}  // namespace

Listing list_positions(const std::vector<PositionView>& positions, const HedgeLimits& limits) {
    Listing listing{{{"market", "", Form::text},
                     {"title", "", Form::text},
                     {"", "market", Form::text},
                     {"account", "", Form::text},
                     {"state", "state", Form::text},
                     {"", "up", Form::shares},
                     {"", "down", Form::shares},
                     {"", "resting", Form::shares},
                     {"outcomes", "", Form::json},
                     {"hedge_ratio", "hedge", Form::shares},
                     {"imbalance_shares", "", Form::shares},
                     {"pair_cost", "pair cost", Form::shares},
                     {"verdict", "verdict", Form::text},
                     {"critical", "", Form::boolean},
                     {"realized", "realized", Form::money},
                     {"edge", "", Form::money},
                     {"direction", "", Form::money},
                     {"fees", "", Form::money},
                     {"if_outcome", "", Form::json},
                     {"worst", "worst", Form::money},
                     {"best", "best", Form::money},
                     {"flags", "", Form::json}},
                    {}};
    for (const PositionView& view : positions) listing.rows.push_back(row_of(view, limits));
    return listing;
}

}  // namespace daybook
