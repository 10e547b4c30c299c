#include "projections/fold/ledger.hpp"

#include <algorithm>
#include <set>

#include "projections/fold/fees.hpp"

namespace daybook {

std::string holder_key(const Holder& holder) {
    return make_key(holder.account, static_cast<std::uint64_t>(holder.mode), holder.market.raw);
}

namespace {

std::uint64_t number(Mode mode) { return static_cast<std::uint64_t>(mode); }
std::string key_of(const Holder& holder) { return holder_key(holder); }
std::string key_of(const Holder& holder, std::uint64_t chunk) {
    return key_of(holder) + key_part(chunk);
}
std::string by_market(const Holder& holder) {
    return make_key(holder.market.raw, holder.account, number(holder.mode));
}
std::string wallet_key(std::string_view account, Mode mode) {
    return make_key(account, number(mode));
}
/// Fills are told apart within rows of many: one a fill would be most of what a ledger writes.
std::string places_key(const NameHash& order, const NameHash& fill) {
    const std::uint64_t bits = order.none() ? fill.high : order.high;
    return {static_cast<char>(bits >> 56U), static_cast<char>((bits >> 48U) & 0xF0U)};
}
/// The second half of a key of parked fills.
NameHash fill_in(std::string_view key) {
    const auto number_at = [key](std::size_t at) {
        std::uint64_t number = 0;
        for (const char c : key.substr(at, 8))
            number = (number << 8U) | static_cast<unsigned char>(c);
        return number;
    };
    return {number_at(16), number_at(24)};
}
NameHash fill_hash(const Event& event, const std::string& trade) {
    return name_hash(event, fill_name(event, trade));
}

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

/// Takes entries in sequence, and the resolution in its place among them.
class EntryFold {
  public:
    EntryFold(const MarketRow& market, Sequence upto, const Ledger::Step& step)
        : market_{market}, step_{step}, pays_{payouts(market)} {
        if (pays_ && market.resolution->seq > upto) pays_.reset();
    }
    void take(const Entry& entry) {
        if (pays_ && !position_.resolved() && market_.resolution->seq < entry.seq) pay();
        position_ = apply_entry(std::move(position_), entry, market_);
        if (step_) step_(entry.seq, entry.time, position_);
    }
    Position end() && {
        const bool moved = position_.first_seq.raw != 0;
        if (pays_ && moved && !position_.resolved()) pay();
        return std::move(position_);
    }

  private:
    void pay() {
        position_ = resolve(std::move(position_), *pays_);
        if (step_) step_(market_.resolution->seq, market_.resolution->time, position_);
    }

    const MarketRow& market_;
    const Ledger::Step& step_;
    std::optional<Payouts> pays_;
    Position position_;
};

constexpr Sequence kEver{UINT64_MAX};
constexpr std::size_t kEntriesPerRow = 64;

}  // namespace

std::optional<Shares> shares_of(const Entry& entry) {
    return entry.fill ? std::optional{in_force(*entry.fill)->shares} : entry.shares;
}

Money cost_of(const Entry& entry) { return entry.fill ? in_force(*entry.fill)->cost : entry.cash; }

Ledger::Ledger(Rows& rows)
    : markets_{rows},
      orders_{rows},
      positions_{rows, "positions"},
      entries_{rows, "entries"},
      places_{rows, "fill_places"},
      parked_{rows, "parked_fills"},
      wallet_{rows, "wallet"},
      holders_{rows, "holders"} {}

struct Ledger::Fold {
    Ledger& ledger;
    const Event& event;
    void operator()(const MarketDefined&) const { ledger.change_market(event); }
    void operator()(const MarketChanged&) const { ledger.change_market(event); }
    void operator()(const MarketResolved&) const { ledger.change_market(event); }
    void operator()(const Fill& fill) const { ledger.add_fill(event, fill); }
    void operator()(const OrderStatus& said) const {
        if (const auto linked = ledger.orders_.link(event, said)) ledger.link(event, *linked);
    }
    void operator()(const FillSettlement& said) const {
        ledger.amend(event, said.order, said.trade,
                     [&](FillState& fill) { settle(fill, said.status, event.seq); });
    }
    void operator()(const FillCorrection& said) const {
        ledger.amend(event, said.order, said.trade, [&](FillState& fill) { correct(fill, said); });
    }
    void operator()(const Merge& merge) const {
        ledger.add_entry(event, {.kind = EntryKind::merge, .shares = merge.pairs});
    }
    void operator()(const Split& split) const {
        ledger.add_entry(event, {.kind = EntryKind::split, .shares = split.pairs});
    }
    void operator()(const Redemption& redemption) const {
        ledger.add_entry(event, {.kind = EntryKind::redemption,
                                 .outcome = redemption.outcome,
                                 .shares = redemption.shares,
                                 .cash = redemption.cash});
    }
    void operator()(const Transfer& moved) const {
        if (moved.shares) {
            ledger.add_entry(event, {.kind = EntryKind::transfer,
                                     .outcome = moved.outcome,
                                     .shares = moved.shares,
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
    const MarketRow& market = *markets_.row(holder.market);
    bool again = false;
    Position after;
    positions_.change(key_of(holder), [&](PositionRow& row) {
        if (row.chunks == 0) {
            row.holder = holder;
            holders_.put(by_market(holder), holder);
            // The first entry of a market resolved already: the resolution has its place among
            // them.
            again = payouts(market).has_value();
        }
        if (!again) row.position = apply_entry(std::move(row.position), entry, market);
        if (!watches_.empty()) after = row.position;
        append(row, std::move(entry));
    });
    again ? refold(event, holder) : tell_folded(event, holder, after);
}

/// `entry` is the last one of that position so far.
void Ledger::append(PositionRow& row, Entry entry) {
    const std::string key = key_of(row.holder);
    const auto room = [&] {
        return entries_.find(key + key_part(row.chunks - 1))->items.size() < kEntriesPerRow;
    };
    if (row.chunks == 0 || !room()) ++row.chunks;
    entries_.change(key + key_part(row.chunks - 1),
                    [&](Entries& last) { last.items.push_back(std::move(entry)); });
}

/// Calls `edit(entries, at)` with the row that holds the entry, and its place there.
template <class Edit>
void Ledger::edit_entry(const Holder& holder, Sequence seq, Edit edit) {
    for (std::uint64_t chunk = positions_.find(key_of(holder))->chunks; chunk-- > 0;) {
        const std::string key = key_of(holder, chunk);
        const auto& items = entries_.find(key)->items;
        const auto found = std::ranges::lower_bound(items, seq, {}, &Entry::seq);
        if (found == items.end() || found->seq != seq) continue;
        const auto at = found - items.begin();
        return entries_.change(key, [&](Entries& row) { edit(row.items, row.items.begin() + at); });
    }
    INVARIANT(false, "the entry of a place is there");
}

void Ledger::erase_entry(const Holder& holder, Sequence seq) {
    edit_entry(holder, seq, [](std::vector<Entry>& items, auto at) { items.erase(at); });
}

template <class Visit>
void Ledger::visit_entries(const Holder& holder, Visit visit) const {
    const PositionRow* const row = positions_.find(key_of(holder));
    const std::uint64_t chunks = row == nullptr ? 0 : row->chunks;
    for (std::uint64_t chunk = 0; chunk < chunks; ++chunk) {
        for (const Entry& entry : entries_.find(key_of(holder, chunk))->items) {
            if (!visit(entry)) return;
        }
    }
}

Holder Ledger::holder_of(const Event& event, const Place& place) const {
    return {event.account, event.mode, markets_.current(place.market)};
}

std::optional<Ledger::Place> Ledger::place_of(const NameHash& order, const NameHash& fill) const {
    const Places* const row = places_.find(places_key(order, fill));
    if (row == nullptr) return std::nullopt;
    const auto before = [](const Place& place, const std::pair<NameHash, NameHash>& wanted) {
        return std::pair{place.order, place.fill} < wanted;
    };
    const auto found =
        std::lower_bound(row->items.begin(), row->items.end(), std::pair{order, fill}, before);
    const bool there = found != row->items.end() && found->order == order && found->fill == fill;
    return there ? std::optional{*found} : std::nullopt;
}

void Ledger::put(const Place& place) {
    places_.change(places_key(place.order, place.fill), [&](Places& row) {
        const auto before = [](const Place& a, const Place& b) {
            return std::tie(a.order, a.fill) < std::tie(b.order, b.fill);
        };
        const auto at = std::lower_bound(row.items.begin(), row.items.end(), place, before);
        const bool there =
            at != row.items.end() && at->order == place.order && at->fill == place.fill;
        there ? void(*at = place) : void(row.items.insert(at, place));
    });
}

void Ledger::add_fill(const Event& event, const Fill& fill) {
    const Place place{orders_.order(event, fill.order), fill_hash(event, fill.trade),
                      markets_.id_of(event), event.seq};
    if (const auto known = place_of(place.order, place.fill)) {  // told again: the first one stands
        return edit_entry(holder_of(event, *known), known->seq,
                          [](auto&, auto at) { at->fill->flags.set(FillFlag::repeated); });
    }
    const std::string key = key_part(place.order) + key_part(place.fill);
    FillState state = parked_.get(key).value_or(FillState{});
    parked_.erase(key);
    record(state, fill, event.seq, confirmed_at_once(event));
    put(place);
    tell_filled(event, place.order, {}, state);
    add_entry(event, {.kind = EntryKind::fill,
                      .outcome = fill.outcome,
                      .side = fill.side,
                      .role = fill.role,
                      .fill = std::move(state)});
}

/// `said` changes the state of a fill, which may come after it. The market is folded again.
template <class Said>
void Ledger::amend(const Event& event, const std::string& order, const std::string& trade,
                   Said&& said) {
    const NameHash of = orders_.order(event, order);
    const NameHash fill = fill_hash(event, trade);
    const auto place = place_of(of, fill);
    if (!place) return parked_.change(key_part(of) + key_part(fill), said);
    const Holder holder = holder_of(event, *place);
    FillState before;
    FillState after;
    edit_entry(holder, place->seq, [&](auto&, auto at) {
        before = *at->fill;
        said(*at->fill);
        after = *at->fill;
    });
    if (after == before) return;
    tell_filled(event, of, before, after);
    refold(event, holder);
}

void Ledger::tell_filled(const Event& event, const NameHash& order, const FillState& before,
                         const FillState& after) {
    if (watches_.empty() || order.none()) return;
    const Shares change = counted(after).value_or(FillAmounts{}).shares -
                          counted(before).value_or(FillAmounts{}).shares;
    if (change == Shares{}) return;
    for (LedgerWatch* watch : watches_) watch->filled(event, order, change);
}

/// Two names turned out to be one order: a fill told under both counts once.
void Ledger::link(const Event& event, const LinkedOrders& linked) {
    for (LedgerWatch* watch : watches_) watch->linked(linked);
    for (auto& [fill, told] : take_fills(event, linked.from)) {
        join_fills(event, linked.to, fill, std::move(told));
    }
}

/// Removes the fills of an order and returns them; their entries stay.
std::vector<std::pair<NameHash, Ledger::Told>> Ledger::take_fills(const Event& event,
                                                                  const NameHash& order) {
    std::vector<std::pair<NameHash, Told>> taken;
    const std::string key = places_key(order, {});
    if (places_.find(key) != nullptr) {
        places_.change(key, [&](Places& row) {
            std::erase_if(row.items, [&](const Place& place) {
                if (place.order == order) taken.push_back({place.fill, {place, {}}});
                return place.order == order;
            });
        });
    }
    for (auto& [fill, told] : taken) {
        edit_entry(holder_of(event, *told.place), told.place->seq,
                   [&told = told](auto&, auto at) { told.state = *at->fill; });
    }
    for (auto& [parked, state] : parked_.take(key_part(order))) {
        taken.push_back({fill_in(parked), {std::nullopt, state}});
    }
    return taken;
}

/// Puts a fill under `order`, where it may be known already.
void Ledger::join_fills(const Event& event, const NameHash& order, const NameHash& fill,
                        Told told) {
    const std::string key = key_part(order) + key_part(fill);
    Told other{place_of(order, fill), parked_.get(key).value_or(FillState{})};
    if (other.place) {
        edit_entry(holder_of(event, *other.place), other.place->seq,
                   [&](auto&, auto at) { other.state = *at->fill; });
    }
    const bool told_stands = told.place && (!other.place || told.place->seq < other.place->seq);
    Told& kept = told_stands ? told : other;
    const Told& dropped = told_stands ? other : told;
    const FillState alone = kept.state;
    tell_filled(event, order, dropped.state, {});
    daybook::join(kept.state, dropped.state);
    tell_filled(event, order, alone, kept.state);
    if (dropped.place) erase_entry(holder_of(event, *dropped.place), dropped.place->seq);
    if (!kept.place) return parked_.put(key, kept.state);
    parked_.erase(key);
    kept.place->order = order;
    put(*kept.place);
    const Holder holder = holder_of(event, *kept.place);
    if (kept.state == alone && !dropped.place) return;
    edit_entry(holder, kept.place->seq, [&](auto&, auto at) { at->fill = kept.state; });
    refold(event, holder);
    if (dropped.place && holder_of(event, *dropped.place) != holder)
        refold(event, holder_of(event, *dropped.place));
}

void Ledger::add_wallet(const Event& event, WalletEntry entry) {
    entry.seq = event.seq;
    entry.time = happened(event);
    wallet_.put(wallet_key(event.account, event.mode) + key_part(event.seq.raw), entry);
}

void Ledger::change_market(const Event& event) {
    const MarketKey market = markets_.id_of(event);
    for (const Join& join : markets_.apply(event)) move(event, join);
    const auto* changed = std::get_if<MarketChanged>(&event.body);
    if (changed == nullptr || changed->fee) refold_market(event, markets_.current(market));
}

void Ledger::move(const Event& event, const Join& join) {
    std::vector<Holder> holders;
    holders_.for_each(key_part(join.from.raw),
                      [&](std::string_view, const Holder& holder) { holders.push_back(holder); });
    for (const Holder& from : holders) {
        const Holder to{from.account, from.mode, join.to};
        std::vector<Entry> all = entries(from);
        for (Entry& entry : entries(to)) all.push_back(std::move(entry));
        std::ranges::sort(all, {}, &Entry::seq);
        for (const Holder& holder : {from, to}) {
            (void)entries_.take(key_of(holder));
            positions_.erase(key_of(holder));
        }
        positions_.change(key_of(to), [&](PositionRow& row) {
            row.holder = to;
            for (Entry& entry : all) append(row, std::move(entry));
        });
        holders_.erase(by_market(from));
        holders_.put(by_market(to), to);
        for (LedgerWatch* watch : watches_) watch->moved(from, to);
    }
    refold_market(event, join.to);
}

void Ledger::refold_market(const Event& event, MarketKey market) {
    std::vector<Holder> holders;
    holders_.for_each(key_part(market.raw),
                      [&](std::string_view, const Holder& holder) { holders.push_back(holder); });
    for (const Holder& holder : holders) refold(event, holder);
}

void Ledger::refold(const Event& event, const Holder& holder) {
    const Position position = fold(holder, kEver);
    positions_.change(key_of(holder), [&](PositionRow& row) { row.position = position; });
    tell_folded(event, holder, position);
}

void Ledger::tell_folded(const Event& event, const Holder& holder, const Position& position) {
    for (LedgerWatch* watch : watches_) watch->folded(event, holder, position);
}

Position Ledger::position(const Holder& holder) const {
    const PositionRow* const row = positions_.find(key_of(holder));
    return row == nullptr ? Position{} : row->position;
}

void Ledger::for_each(const std::function<void(const Holder&, const Position&)>& visit) const {
    positions_.for_each(
        "", [&](std::string_view, const PositionRow& row) { visit(row.holder, row.position); });
}

std::vector<Entry> Ledger::entries(const Holder& holder) const {
    std::vector<Entry> found;
    visit_entries(holder, [&](const Entry& entry) {
        found.push_back(entry);
        return true;
    });
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

Position Ledger::fold_entries(const Holder& holder, Sequence upto, const Step& step) const {
    EntryFold fold{*markets_.row(holder.market), upto, step};
    visit_entries(holder, [&](const Entry& entry) {
        if (entry.seq > upto) return false;
        fold.take(entry);
        return true;
    });
    return std::move(fold).end();
}

Position Ledger::fold(const Holder& holder, Sequence upto) const {
    return fold_entries(holder, upto, {});
}

void Ledger::steps(const Holder& holder, const Step& step) const {
    (void)fold_entries(holder, kEver, step);
}

}  // namespace daybook
