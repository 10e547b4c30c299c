#include "projections/fold/ledger.hpp"

#include <set>

#include "projections/fold/fees.hpp"

namespace daybook {

std::string holder_key(const Holder& holder) {
    return make_key(holder.account, static_cast<std::uint64_t>(holder.mode), holder.market.raw);
}

namespace {

std::uint64_t number(Mode mode) { return static_cast<std::uint64_t>(mode); }
std::string key_of(const Holder& holder) { return holder_key(holder); }
std::string key_of(const Holder& holder, Sequence seq) {
    return key_of(holder) + key_part(seq.raw);
}
std::string by_market(const Holder& holder) {
    return make_key(holder.market.raw, holder.account, number(holder.mode));
}
std::string wallet_key(std::string_view account, Mode mode) {
    return make_key(account, number(mode));
}
std::string fill_prefix(const Event& event, OrderKey order) {
    return make_key(event.venue, event.account, number(event.mode), order.raw);
}

OwnTrade trade_of(const Entry& entry, const MarketRow& market, std::size_t side) {
    OwnTrade trade;
    trade.side = side;
    trade.bought = entry.side == daybook::Side::buy;
    trade.shares = trade.bought ? entry.shares - entry.fee_shares : entry.shares;
    trade.cost = entry.cost;
    trade.settled = entry.confirmed;
    if (entry.fee) {
        trade.fee = *entry.fee;
        return trade;
    }
    const auto schedule = fee_at(market, entry.seq);
    const bool pays =
        schedule && entry.role && (*entry.role == Role::taker || !schedule->taker_only);
    if (!pays || entry.fee_shares.micros != 0) return trade;
    trade.fee = estimated_fee(*schedule, entry.shares, entry.cost);
    trade.estimated = trade.fee.micros != 0;
    trade.fee_in_cash = schedule->collected == Collected::cash || !trade.bought;
    if (!trade.fee_in_cash && entry.cost.micros > 0) {  // fee · S / c: the shares that fee is worth
        trade.shares -= Shares{static_cast<std::int64_t>(
            divide_half_even(Wide{trade.fee.micros} * entry.shares.micros, entry.cost.micros))};
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
    if (entry.voided) {
        position.sides.at(side).failed += entry.shares;
        return position;
    }
    return net_pairs(daybook::apply(std::move(position), trade_of(entry, market, side)), market);
}

Position apply_entry(Position position, const Entry& entry, const MarketRow& market) {
    const auto index = outcome_index(market, entry.outcome);
    const auto shares = entry.has_shares ? std::optional{entry.shares} : std::nullopt;
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
            return merge_pairs(std::move(position), entry.shares);
        case EntryKind::split:
            return split_pairs(std::move(position), entry.shares);
        case EntryKind::redemption: {
            const auto side =
                index ? std::optional{static_cast<std::size_t>(*index)} : std::nullopt;
            return redeem(std::move(position), side, shares, entry.cost);
        }
        case EntryKind::transfer:
            return transfer(std::move(position), static_cast<std::size_t>(*index), entry.shares,
                            entry.basis);
    }
    INVARIANT(false, "every kind of entry is applied");
}

/// The position after `entries`, the resolution taking its place among them by sequence; `step`,
/// where given, is told of each state on the way.
Position fold_entries(const std::vector<Entry>& entries, const MarketRow& market, Sequence upto,
                      const Ledger::Step& step = {}) {
    const auto pays = payouts(market);
    const bool resolves = pays && market.resolution->seq <= upto;
    Position position;
    const auto pay = [&] {
        position = resolve(std::move(position), *pays);
        if (step) step(market.resolution->seq, market.resolution->time, position);
    };
    for (const Entry& entry : entries) {
        if (entry.seq > upto) break;
        if (resolves && !position.resolved() && market.resolution->seq < entry.seq) pay();
        position = apply_entry(std::move(position), entry, market);
        if (step) step(entry.seq, entry.time, position);
    }
    if (resolves && !position.resolved() && !entries.empty() && entries.front().seq <= upto) pay();
    return position;
}

/// What the fill says as of its corrections and settlement, in its entry.
void set_state(Entry& entry, const FillState& state) {
    const FillAmounts amounts = in_force(state).value();
    entry.shares = amounts.shares;
    entry.cost = amounts.cost;
    entry.fee = amounts.fee;
    entry.fee_shares = amounts.fee_shares.value_or(Shares{});
    entry.confirmed = state.settlement == Settlement::confirmed;
    entry.voided = state.settlement == Settlement::failed;
}

constexpr Sequence kEver{UINT64_MAX};

}  // namespace

Ledger::Ledger(Rows& rows, LedgerWatch* watch)
    : watch_{watch},
      markets_{rows},
      positions_{rows, "positions"},
      entries_{rows, "entries"},
      orders_{rows},
      fills_{rows, "fill_places"},
      wallet_{rows, "wallet"},
      holders_{rows, "holders"} {}

struct Ledger::Fold {
    Ledger& ledger;
    const Event& event;
    void operator()(const MarketDefined&) const { ledger.change_market(event); }
    void operator()(const MarketChanged&) const { ledger.change_market(event); }
    void operator()(const MarketResolved&) const { ledger.change_market(event); }
    void operator()(const Fill& fill) const { ledger.add_fill(event, fill); }
    void operator()(const OrderStatus&) const {
        if (const auto named = ledger.orders_.name(event); named.joined)
            ledger.join_orders(event, *named.joined);
    }
    void operator()(const FillSettlement& said) const {
        ledger.amend(event, said.trade,
                     [&](FillState& fill) { settle(fill, said.status, event.seq); });
    }
    void operator()(const FillCorrection& said) const {
        ledger.amend(event, said.trade, [&](FillState& fill) { correct(fill, said); });
    }
    void operator()(const Merge& merge) const {
        ledger.add_entry(event,
                         {.kind = EntryKind::merge, .shares = merge.pairs, .has_shares = true});
    }
    void operator()(const Split& split) const {
        ledger.add_entry(event,
                         {.kind = EntryKind::split, .shares = split.pairs, .has_shares = true});
    }
    void operator()(const Redemption& redemption) const {
        ledger.add_entry(event, {.kind = EntryKind::redemption,
                                 .outcome = redemption.outcome,
                                 .shares = redemption.shares.value_or(Shares{}),
                                 .has_shares = redemption.shares.has_value(),
                                 .cost = redemption.cash});
    }
    void operator()(const Transfer& moved) const {
        if (moved.shares) {
            ledger.add_entry(event, {.kind = EntryKind::transfer,
                                     .outcome = moved.outcome,
                                     .shares = *moved.shares,
                                     .has_shares = true,
                                     .basis = moved.basis});
        }
        if (moved.cash) {
            ledger.add_wallet(event, {.cash = *moved.cash,
                                      .reason = moved.reason.value_or(TransferReason::other)});
        }
    }
    void operator()(const Balance& balance) const {
        if (balance.cash) ledger.add_wallet(event, {.cash = *balance.cash, .observed = true});
    }
    void operator()(const auto&) const {}
};

void Ledger::apply(const Event& event) { std::visit(Fold{*this, event}, event.body); }

void Ledger::add_entry(const Event& event, Entry entry) {
    const Holder holder{event.account, event.mode, markets_.id_of(event)};
    entry.seq = event.seq;
    entry.time = happened(event);
    entries_.put(key_of(holder, entry.seq), entry);
    holders_.put(by_market(holder), holder);
    const auto market = markets_.find(holder.market).value();
    const bool first = !positions_.get(key_of(holder)).has_value();
    // The first entry of a market resolved already: the resolution has its place among the entries.
    if (first && payouts(market)) return refold(holder);
    put(holder, apply_entry(position(holder), entry, market));
}

std::string Ledger::fill_key(const Event& event, const std::string& trade) {
    return fill_prefix(event, orders_.name(event).order) + fill_name(event, trade);
}

void Ledger::add_fill(const Event& event, const Fill& fill) {
    const std::string key = fill_key(event, fill.trade);
    FillPlace place = fills_.get(key).value_or(FillPlace{});
    const bool first = !place.state.recorded;
    record(place.state, fill, event.seq, confirmed_at_once(event));
    if (first) place.holder = {event.account, event.mode, markets_.id_of(event)};
    fills_.put(key, place);
    if (first) tell_filled(orders_.name(event).order, {}, place.state);
    if (!first) return;  // told again: the first one stands
    Entry entry{.kind = EntryKind::fill,
                .trade = fill.trade,
                .order = fill.order,
                .outcome = fill.outcome,
                .side = fill.side,
                .has_shares = true,
                .role = fill.role};
    set_state(entry, place.state);
    add_entry(event, std::move(entry));
}

/// `said` changes the state of a fill, which may come after it. The market is folded again.
template <class Said>
void Ledger::amend(const Event& event, const std::string& trade, Said&& said) {
    const std::string key = fill_key(event, trade);
    FillPlace place = fills_.get(key).value_or(FillPlace{});
    const FillState before = place.state;
    said(place.state);
    if (place.state == before) return;
    fills_.put(key, place);
    tell_filled(orders_.name(event).order, before, place.state);
    if (place.state.recorded) renew_entry(place);
}

void Ledger::tell_filled(OrderKey order, const FillState& before, const FillState& after) {
    if (watch_ == nullptr || order.raw == 0) return;
    const Shares change = counted(after).value_or(FillAmounts{}).shares -
                          counted(before).value_or(FillAmounts{}).shares;
    if (change != Shares{}) watch_->filled(order, change);
}

/// The entry of a recorded fill after its state changed; its position is folded again.
void Ledger::renew_entry(const FillPlace& place) {
    const std::string key = key_of(place.holder, place.state.recorded_seq);
    Entry entry = entries_.get(key).value();
    set_state(entry, place.state);
    entries_.put(key, entry);
    refold(place.holder);
}

/// Two names turned out to be one order: a fill told under both counts once.
void Ledger::join_orders(const Event& event, const OrderJoin& orders) {
    if (watch_ != nullptr) watch_->joined(orders);
    const std::string from = fill_prefix(event, orders.from);
    for (auto& [key, place] : fills_.take(from)) {
        const std::string moved = fill_prefix(event, orders.to) + key.substr(from.size());
        const auto other = fills_.get(moved);
        if (!other) {
            fills_.put(moved, place);
            continue;
        }
        const bool place_stands =
            place.state.recorded &&
            (!other->state.recorded || place.state.recorded_seq < other->state.recorded_seq);
        FillPlace kept = place_stands ? place : *other;
        const FillPlace& dropped = place_stands ? *other : place;
        if (dropped.state.recorded)
            entries_.erase(key_of(dropped.holder, dropped.state.recorded_seq));
        tell_filled(orders.to, dropped.state, {});
        const FillState alone = kept.state;
        join(kept.state, dropped.state);
        tell_filled(orders.to, alone, kept.state);
        fills_.put(moved, kept);
        if (!kept.state.recorded) continue;
        renew_entry(kept);
        if (dropped.state.recorded && dropped.holder != kept.holder) refold(dropped.holder);
    }
}

void Ledger::add_wallet(const Event& event, WalletEntry entry) {
    entry.seq = event.seq;
    entry.time = happened(event);
    wallet_.put(wallet_key(event.account, event.mode) + key_part(event.seq.raw), entry);
}

void Ledger::change_market(const Event& event) {
    const MarketKey market = markets_.id_of(event);
    for (const Join& join : markets_.apply(event)) move(join);
    const auto* changed = std::get_if<MarketChanged>(&event.body);
    if (changed == nullptr || changed->fee) refold_market(markets_.current(market));
}

void Ledger::move(const Join& join) {
    std::vector<Holder> holders;
    holders_.for_each(key_part(join.from.raw),
                      [&](std::string_view, const Holder& holder) { holders.push_back(holder); });
    for (const Holder& from : holders) {
        const Holder to{from.account, from.mode, join.to};
        for (const Entry& entry : entries(from)) {
            entries_.erase(key_of(from, entry.seq));
            entries_.put(key_of(to, entry.seq), entry);
        }
        positions_.erase(key_of(from));
        holders_.erase(by_market(from));
        holders_.put(by_market(to), to);
        if (watch_ != nullptr) watch_->moved(from, to);
    }
    std::vector<std::pair<std::string, FillPlace>> places;
    fills_.for_each("", [&](std::string_view key, const FillPlace& place) {
        if (place.holder.market == join.from) places.emplace_back(key, place);
    });
    for (auto& [key, place] : places) {
        place.holder.market = join.to;
        fills_.put(key, place);
    }
    refold_market(join.to);
}

void Ledger::refold_market(MarketKey market) {
    std::vector<Holder> holders;
    holders_.for_each(key_part(market.raw),
                      [&](std::string_view, const Holder& holder) { holders.push_back(holder); });
    for (const Holder& holder : holders) refold(holder);
}

void Ledger::refold(const Holder& holder) { put(holder, fold(holder, kEver)); }

void Ledger::put(const Holder& holder, const Position& position) {
    positions_.put(key_of(holder), {holder, position});
    if (watch_ != nullptr) watch_->folded(holder, position);
}

Position Ledger::position(const Holder& holder) const {
    const auto row = positions_.get(key_of(holder));
    return row ? row->position : Position{};
}

void Ledger::for_each(const std::function<void(const Holder&, const Position&)>& visit) const {
    positions_.for_each(
        "", [&](std::string_view, const PositionRow& row) { visit(row.holder, row.position); });
}

std::vector<Entry> Ledger::entries(const Holder& holder) const {
    std::vector<Entry> found;
    entries_.for_each(key_of(holder),
                      [&](std::string_view, const Entry& entry) { found.push_back(entry); });
    return found;
}

std::vector<WalletEntry> Ledger::wallet(std::string_view account, Mode mode) const {
    std::vector<WalletEntry> found;
    wallet_.for_each(wallet_key(account, mode),
                     [&](std::string_view, const WalletEntry& entry) { found.push_back(entry); });
    return found;
}

std::vector<std::pair<std::string, Mode>> Ledger::accounts() const {
    std::set<std::pair<std::string, Mode>> found;
    for_each(
        [&](const Holder& holder, const Position&) { found.emplace(holder.account, holder.mode); });
    wallet_.for_each("", [&](std::string_view key, const WalletEntry&) {
        const std::string_view account = key.substr(0, key.find('\0'));
        found.emplace(account, static_cast<Mode>(key[account.size() + 8]));
    });
    return {found.begin(), found.end()};
}

Position Ledger::fold(const Holder& holder, Sequence upto) const {
    const auto market = markets_.find(holder.market);
    return fold_entries(entries(holder), market.value(), upto);
}

void Ledger::steps(const Holder& holder, const Step& step) const {
    const auto market = markets_.find(holder.market);
    (void)fold_entries(entries(holder), market.value(), kEver, step);
}

}  // namespace daybook
