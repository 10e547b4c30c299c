#include "projections/fold/expected.hpp"

#include <algorithm>

namespace daybook {
namespace {

Money at_price(Shares shares, Price price) {
    return {
        static_cast<std::int64_t>(divide_half_even(Wide{shares.micros} * price.micros, kMicro))};
}
Money paid(Shares shares, Ratio payout) {
    return {
        static_cast<std::int64_t>(divide_half_even(Wide{shares.micros} * payout.micros, kMicro))};
}
Shares held(const LegTotals& leg) { return leg.bought - leg.sold; }
Shares pairs_of(const GroupTotals& totals) {
    return std::max(Shares{}, std::min(held(totals.legs[0]), held(totals.legs[1])));
}

/// Where the cost of a leg went: with what was sold, into pairs, into what stayed alone.
struct CostParts {
    Money sold, paired, loose;
};
CostParts parts_of(const LegTotals& leg, Shares pairs) {
    CostParts parts;
    if (leg.sold >= leg.bought) {  // nothing is left; what was sold short had cost nothing
        parts.sold = leg.cost;
        return parts;
    }
    if (leg.sold.micros > 0) parts.sold = cost_share({leg.bought, leg.cost}, leg.sold);
    const Holding rest{held(leg), leg.cost - parts.sold};
    parts.paired = cost_share(rest, pairs);
    parts.loose = rest.cost - parts.paired;
    return parts;
}

/// Both legs' prices as they were planned; the price really paid where none was said.
std::array<Price, 2> prices_of(const GroupPlan& plan, const GroupTotals& told) {
    std::array<Price, 2> prices;
    for (std::size_t i = 0; i < 2; ++i) {
        const LegTotals& leg = told.legs.at(i);
        if (plan.legs.at(i).price) {
            prices.at(i) = *plan.legs.at(i).price;
        } else if (leg.bought.micros > 0) {
            prices.at(i) = {static_cast<std::int64_t>(
                divide_half_even(Wide{leg.cost.micros} * kMicro, leg.bought.micros))};
        }
    }
    return prices;
}

void add(GroupTotals& totals, const OwnTrade& trade) {
    LegTotals& leg = totals.legs.at(trade.side);
    (trade.bought ? leg.bought : leg.sold) += trade.shares;
    (trade.bought ? leg.cost : leg.proceeds) += trade.cost;
    if (trade.fee_in_cash) totals.fees += trade.fee;
}

void take_fills(GroupCase& group, const CaseFile& file, const CaseOrder& order) {
    for (const CaseFill& fill : order.fills) {
        if (!fill.state.recorded || !fill.side) continue;
        group.seqs.push_back(fill.state.recorded_seq);
        add(group.told, trade_of(file, fill, *fill.state.recorded));
        if (const auto amounts = counted(fill.state))
            add(group.counted, trade_of(file, fill, *amounts));
    }
}

/// The opening orders of a leg say what was meant where the decision does not: sizes add up, prices
/// are averaged over them.
void plan_by_orders(GroupCase& group, const CaseFile& file) {
    struct Meant {
        Shares shares, priced;
        Wide worth{};
    };
    std::array<Meant, 2> meant;
    for (const CaseOrder* order : group.orders) {
        const auto side = file.side_of(*order);
        const bool opens = order->intent && order->intent->side.value_or(Side::buy) == Side::buy &&
                           order->intent->purpose.value_or(Purpose::open) == Purpose::open;
        if (!side || !opens) continue;
        Meant& leg = meant.at(*side);
        const Shares size = order->intent->shares.value_or(Shares{});
        leg.shares += size;
        if (!order->intent->price) continue;
        leg.priced += size;
        leg.worth += Wide{size.micros} * order->intent->price->micros;
    }
    for (std::size_t i = 0; i < 2; ++i) {
        LegPlan& leg = group.plan.legs.at(i);
        if (leg.shares.micros == 0) leg.shares = meant.at(i).shares;
        const Meant& orders = meant.at(i);
        if (leg.price || orders.priced.micros == 0) continue;
        leg.price =
            Price{static_cast<std::int64_t>(divide_half_even(orders.worth, orders.priced.micros))};
    }
}

void plan_by_decision(GroupCase& group, const CaseFile& file) {
    for (const CaseEvent& event : file.events) {
        const auto* decision = std::get_if<Decision>(&event.what);
        if (decision == nullptr || decision->verdict != Verdict::go) continue;
        const std::string& name = decision->group.empty() ? event.correlation : decision->group;
        if (name != group.group || group.plan.decided) continue;
        group.plan.decided = true;
        group.seqs.push_back(event.seq);
        if (decision->expected) group.plan.profit = decision->expected->profit;
        for (const Leg& leg : decision->legs) {
            const auto side = file.side_of(leg.outcome);
            if (side) group.plan.legs.at(*side) = {leg.price, leg.shares.value_or(Shares{})};
        }
    }
}

}  // namespace

Money result_of(const GroupTotals& totals, const Payouts& payouts) {
    Money result = -totals.fees;
    for (std::size_t i = 0; i < 2; ++i) {
        const LegTotals& leg = totals.legs.at(i);
        result += paid(held(leg), payouts.at(i)) + leg.proceeds - leg.cost;
    }
    return result;
}

Explained explain(const GroupPlan& plan, const GroupTotals& told, const GroupTotals& counted,
                  const Payouts& payouts) {
    Explained why;
    why.planned = std::min(plan.legs[0].shares, plan.legs[1].shares);
    why.paired = pairs_of(counted);
    const Shares pairs = pairs_of(told);
    const auto prices = prices_of(plan, told);
    Money meant{why.planned.micros};  // a dollar a pair, less what both legs were to cost
    Money decided{};                  // what the pairs there are were to cost
    Money payout{};
    CostParts parts;
    for (std::size_t i = 0; i < 2; ++i) {
        const LegTotals& leg = told.legs.at(i);
        const CostParts each = parts_of(leg, pairs);
        meant -= at_price(why.planned, prices.at(i));
        decided += at_price(pairs, prices.at(i));
        payout += paid(held(leg), payouts.at(i));
        why.unwind += leg.proceeds - each.sold;
        parts.paired += each.paired;
        parts.loose += each.loose;
    }
    const Money pairs_pay{pairs.micros};
    why.expected = plan.profit.value_or(meant);
    why.shortfall = (pairs_pay - decided) - meant;
    why.slippage = decided - parts.paired;
    why.fees = (meant - why.expected) - told.fees;
    why.direction = payout - pairs_pay - parts.loose;
    why.realized = result_of(counted, payouts);
    why.voids = why.realized - result_of(told, payouts);
    return why;
}

std::vector<GroupCase> groups_of(const CaseFile& file) {
    std::vector<GroupCase> groups;
    for (const CaseOrder& order : file.orders) {
        auto group = std::ranges::find(groups, order.group, &GroupCase::group);
        if (group == groups.end()) {
            groups.push_back({});
            group = std::prev(groups.end());
            group->group = order.group;
        }
        group->orders.push_back(&order);
        if (order.intent_seq.raw != 0) group->seqs.push_back(order.intent_seq);
        take_fills(*group, file, order);
    }
    for (GroupCase& group : groups) {
        plan_by_decision(group, file);
        plan_by_orders(group, file);
        std::ranges::sort(group.seqs);
    }
    return groups;
}

}  // namespace daybook
