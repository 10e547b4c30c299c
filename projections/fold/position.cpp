#include "projections/fold/position.hpp"

#include <algorithm>

namespace daybook {
namespace {

Money worth(Shares shares, Ratio payout) {
    return {
        static_cast<std::int64_t>(divide_half_even(Wide{shares.micros} * payout.micros, kMicro))};
}
Ratio payout_of(const Position& position, std::size_t side) {
    const Ratio up = position.payout_up.value();
    return side == 0 ? up : Ratio{kMicro - up.micros};
}

void note_oversold(Position& position) {
    for (const OutcomeSide& side : position.sides) {
        if (side.matched.shares.micros < 0) position.flags.set(PositionFlag::oversold);
    }
}

/// What the pairs held make at a dollar each: m − c·m/S of both sides, rounded once. The smaller
/// side gives all of its cost, so only one quotient is left.
Money pairs_edge(const Position& position) {
    const Shares pairs = pairs_held(position);
    const bool up_is_smaller = position.sides[0].matched.shares == pairs;
    const Holding& smaller = position.sides.at(up_is_smaller ? 0 : 1).matched;
    const Holding& larger = position.sides.at(up_is_smaller ? 1 : 0).matched;
    const Wide numerator = Wide{pairs.micros - smaller.cost.micros} * larger.shares.micros -
                           Wide{larger.cost.micros} * pairs.micros;
    return {static_cast<std::int64_t>(divide_half_even(numerator, larger.shares.micros))};
}

/// A movement after the resolution is worth what the outcome pays: realised at once, never matched.
Position after_resolution(Position position, std::size_t side, Shares moved, Money paid) {
    position.sides.at(side).late += moved;
    position.realized += worth(moved, payout_of(position, side)) - paid;
    return position;
}

}  // namespace

void add(Flows& to, const Flows& flows) {
    to.bought += flows.bought;
    to.sold += flows.sold;
    to.fees += flows.fees;
    to.fees_estimated += flows.fees_estimated;
    to.redeemed += flows.redeemed;
    to.merged += flows.merged;
    to.split += flows.split;
}
void subtract(Flows& from, const Flows& flows) {
    from.bought -= flows.bought;
    from.sold -= flows.sold;
    from.fees -= flows.fees;
    from.fees_estimated -= flows.fees_estimated;
    from.redeemed -= flows.redeemed;
    from.merged -= flows.merged;
    from.split -= flows.split;
}

Money net_cash(const Flows& flows) {
    return flows.sold + flows.redeemed + flows.merged - flows.bought - flows.fees - flows.split;
}

Shares pairs_held(const Position& position) {
    const Shares least =
        std::min(position.sides[0].matched.shares, position.sides[1].matched.shares);
    return std::max(least, Shares{});
}

Position apply(Position position, const OwnTrade& trade) {
    OutcomeSide& side = position.sides.at(trade.side);
    const Shares moved = trade.bought ? trade.shares : -trade.shares;
    const Money fee = trade.fee_in_cash ? trade.fee : Money{};
    (trade.bought ? position.flows.bought : position.flows.sold) += trade.cost;
    position.flows.fees += fee;
    if (trade.estimated) position.flows.fees_estimated += trade.fee;
    if (trade.settled) side.settled += moved;
    ++position.fills;
    if (position.resolved()) {
        position.flags.set(PositionFlag::late_fill);
        const Money paid = trade.bought ? trade.cost + fee : fee - trade.cost;
        return after_resolution(std::move(position), trade.side, moved, paid);
    }
    const Traded traded = trade.bought ? buy(side.matched, trade.shares, trade.cost + fee)
                                       : sell(side.matched, trade.shares, trade.cost - fee);
    side.matched = traded.after;
    position.realized += traded.realized;
    note_oversold(position);
    return position;
}

Position merge_pairs(Position position, Shares pairs) {
    const Money received{pairs.micros};  // one dollar a pair
    position.flows.merged += received;
    if (position.resolved()) {
        for (OutcomeSide& side : position.sides) side.late -= pairs;
        return position;  // payouts add up to the dollar received
    }
    Money cost;
    for (OutcomeSide& side : position.sides) {
        side.settled -= pairs;
        const Traded left = sell(side.matched, pairs, {});  // realises minus the cost that leaves
        side.matched = left.after;
        cost -= left.realized;
    }
    position.merged += pairs;
    position.merged_cost += cost;
    position.realized += received - cost;
    position.edge += received - cost;
    note_oversold(position);
    return position;
}

Position split_pairs(Position position, Shares pairs) {
    position.flows.split += Money{pairs.micros};
    const Money half{pairs.micros / 2};  // a dollar a pair, half on each outcome
    const std::array<Money, 2> costs{half, Money{pairs.micros} - half};
    for (std::size_t i = 0; i < 2; ++i) {
        OutcomeSide& side = position.sides.at(i);
        if (position.resolved()) {
            side.late += pairs;
            continue;
        }
        side.settled += pairs;
        const Traded bought = buy(side.matched, pairs, costs.at(i));
        side.matched = bought.after;
        position.realized += bought.realized;
    }
    return position;
}

Position transfer(Position position, std::size_t index, Shares shares, std::optional<Money> basis) {
    OutcomeSide& side = position.sides.at(index);
    if (position.resolved()) {
        side.late += shares;
        return position;
    }
    side.settled += shares;
    if (shares.micros >= 0) {
        if (!basis) position.flags.set(PositionFlag::unpriced_transfer);
        side.matched = {side.matched.shares + shares, side.matched.cost + basis.value_or(Money{})};
        return position;
    }
    const Shares leaving = std::min(-shares, std::max(side.matched.shares, Shares{}));
    const Money average = leaving.micros == 0 ? Money{} : cost_share(side.matched, leaving);
    side.matched = {side.matched.shares + shares, side.matched.cost - basis.value_or(average)};
    note_oversold(position);
    return position;
}

Position redeem(Position position, std::optional<std::size_t> side, std::optional<Shares> shares,
                Money cash) {
    position.flows.redeemed += cash;
    if (!side && shares && position.resolved())
        side = position.payout_up->micros * 2 >= kMicro ? 0 : 1;
    for (std::size_t i = 0; i < 2; ++i) {
        if (side && *side != i) continue;
        if (side || !shares) position.sides.at(i).redeemed += shares.value_or(position.held(i));
    }
    return position;
}

Position resolve(Position position, const Payouts& payouts) {
    const Shares pairs = pairs_held(position);
    if (pairs.micros > 0) position.edge += pairs_edge(position);
    for (std::size_t i = 0; i < 2; ++i) {
        const Holding& matched = position.sides.at(i).matched;
        position.realized += worth(matched.shares, payouts.at(i)) - matched.cost;
    }
    position.payout_up = payouts[0];
    return position;
}

}  // namespace daybook
