#include "projections/fold/ledger.hpp"

#include <algorithm>
#include <set>

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

constexpr Sequence kEver{UINT64_MAX};
constexpr std::size_t kEntriesPerRow = 64;

}  // namespace

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

void Ledger::edit_entry(const Holder& holder, Sequence seq, const Edit& edit) {
    for (std::uint64_t chunk = positions_.find(key_of(holder))->chunks; chunk-- > 0;) {
        const std::string key = key_of(holder, chunk);
        const auto& items = entries_.find(key)->items;
        const auto found = std::ranges::lower_bound(items, seq, {}, &Entry::seq);
        if (found == items.end() || found->seq != seq) continue;
        const auto at = static_cast<std::size_t>(found - items.begin());
        return entries_.change(key, [&](Entries& row) { edit(row.items, at); });
    }
    INVARIANT(false, "the entry of a place is there");
}

void Ledger::erase_entry(const Holder& holder, Sequence seq) {
    edit_entry(holder, seq, [](std::vector<Entry>& items, std::size_t at) {
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
    });
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
        for (LedgerWatch* watch : watches_) watch->moved(event, from, to);
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
