#include "projections/fold/entry.hpp"

#include "projections/fold/fees.hpp"
#include "schemas/invariant.hpp"

namespace daybook {
namespace {

OwnTrade trade_of(const Entry& entry, const MarketRow& market, std::size_t side) {
    const FillAmounts said = in_force(*entry.fill).value();
    const Shares fee_shares = said.fee_shares.value_or(Shares{});
    OwnTrade trade;
    trade.side = side;
    trade.bought = entry.side == daybook::Side::buy;
    trade.shares = trade.bought ? said.shares - fee_shares : said.shares;
    trade.cost = said.cost;
    trade.settled = entry.confirmed();
    if (said.fee) {
        trade.fee = *said.fee;
        return trade;
    }
    const auto schedule = fee_at(market, entry.seq);
    const bool pays =
        schedule && entry.role && (*entry.role == Role::taker || !schedule->taker_only);
    if (!pays || fee_shares.micros != 0) return trade;
    trade.fee = estimated_fee(*schedule, said.shares, said.cost);
    trade.estimated = trade.fee.micros != 0;
    trade.fee_in_cash = schedule->collected == Collected::cash || !trade.bought;
    if (!trade.fee_in_cash && said.cost.micros > 0) {  // fee · S / c: the shares that fee is worth
        trade.shares -= Shares{static_cast<std::int64_t>(
            divide_half_even(Wide{trade.fee.micros} * said.shares.micros, said.cost.micros))};
    }
    return trade;
}

Position net_pairs(Position position, const MarketRow& market) {
    const Shares pairs = pairs_held(position);
    if (!market.nets.value_or(false) || position.resolved() || pairs.micros == 0) return position;
    return merge_pairs(std::move(position), pairs);
}

Position apply_fill(Position position, const Entry& entry, const MarketRow& market,
                    std::size_t side) {
    if (entry.voided()) {
        position.sides.at(side).failed += in_force(*entry.fill)->shares;
        return position;
    }
    return net_pairs(daybook::apply(std::move(position), trade_of(entry, market, side)), market);
}

}  // namespace

std::optional<Shares> shares_of(const Entry& entry) {
    return entry.fill ? std::optional{in_force(*entry.fill)->shares} : entry.shares;
}

Money cost_of(const Entry& entry) { return entry.fill ? in_force(*entry.fill)->cost : entry.cash; }

Position apply_entry(Position position, const Entry& entry, const MarketRow& market) {
    const auto index = outcome_index(market, entry.outcome);
    if (position.first_seq.raw == 0) position.first_seq = entry.seq;
    position.last_seq = entry.seq;
    const bool needs_outcome = entry.kind == EntryKind::fill || entry.kind == EntryKind::transfer;
    if (!index && (needs_outcome || !entry.outcome.empty())) {
        position.flags.set(PositionFlag::unknown_outcome);
        return position;
    }
    switch (entry.kind) {
        case EntryKind::fill:
            return apply_fill(std::move(position), entry, market, static_cast<std::size_t>(*index));
        case EntryKind::merge:
            return merge_pairs(std::move(position), *entry.shares);
        case EntryKind::split:
            return split_pairs(std::move(position), *entry.shares);
        case EntryKind::redemption: {
            const auto side =
                index ? std::optional{static_cast<std::size_t>(*index)} : std::nullopt;
            return redeem(std::move(position), side, entry.shares, entry.cash);
        }
        case EntryKind::transfer:
            return transfer(std::move(position), static_cast<std::size_t>(*index), *entry.shares,
                            entry.basis);
    }
    INVARIANT(false, "every kind of entry is applied");
}

EntryFold::EntryFold(const MarketRow& market, Sequence upto, const Step& step)
    : market_{market}, step_{step}, pays_{payouts(market)} {
    if (pays_ && market.resolution->seq > upto) pays_.reset();
}

void EntryFold::take(const Entry& entry) {
    if (pays_ && !position_.resolved() && market_.resolution->seq < entry.seq) pay();
    position_ = apply_entry(std::move(position_), entry, market_);
    if (step_) step_(entry.seq, entry.time, position_);
}

Position EntryFold::end() && {
    const bool moved = position_.first_seq.raw != 0;
    if (pays_ && moved && !position_.resolved()) pay();
    return std::move(position_);
}

void EntryFold::pay() {
    position_ = resolve(std::move(position_), *pays_);
    if (step_) step_(market_.resolution->seq, market_.resolution->time, position_);
}

}  // namespace daybook
