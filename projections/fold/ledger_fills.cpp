#include <algorithm>

#include "projections/fold/ledger.hpp"

// Which fill is which, and what later events say of it.

namespace daybook {
namespace {

/// Fills are told apart within rows of many: one a fill would be most of what a ledger writes.
std::string places_key(const NameHash& order, const NameHash& fill) {
    const std::uint64_t bits = order.none() ? fill.high : order.high;
    return {static_cast<char>(bits >> 56U), static_cast<char>((bits >> 48U) & 0xF0U)};
}
/// The second half of a key of parked fills.
NameHash fill_in(std::string_view key) { return {number_at(key, 2), number_at(key, 3)}; }
NameHash fill_hash(const Event& event, const std::string& trade) {
    return name_hash(event, fill_name(event, trade));
}

}  // namespace

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
                          [](std::vector<Entry>& items, std::size_t at) {
                              items[at].fill->flags.set(FillFlag::repeated);
                          });
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
void Ledger::amend(const Event& event, const std::string& order, const std::string& trade,
                   const std::function<void(FillState&)>& said) {
    const NameHash of = orders_.order(event, order);
    const NameHash fill = fill_hash(event, trade);
    const auto place = place_of(of, fill);
    if (!place) return parked_.change(key_part(of) + key_part(fill), said);
    const Holder holder = holder_of(event, *place);
    FillState before;
    FillState after;
    edit_entry(holder, place->seq, [&](std::vector<Entry>& items, std::size_t at) {
        before = *items[at].fill;
        said(*items[at].fill);
        after = *items[at].fill;
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
    const Places* const found = places_.find(key);
    if (found != nullptr && std::ranges::binary_search(found->items, order, {}, &Place::order)) {
        places_.change(key, [&](Places& row) {
            const auto first = std::ranges::lower_bound(row.items, order, {}, &Place::order);
            const auto last = std::ranges::upper_bound(row.items, order, {}, &Place::order);
            for (auto at = first; at != last; ++at) taken.push_back({at->fill, {*at, {}}});
            row.items.erase(first, last);
        });
    }
    for (auto& [fill, told] : taken) {
        edit_entry(holder_of(event, *told.place), told.place->seq,
                   [&told = told](std::vector<Entry>& items, std::size_t at) {
                       told.state = *items[at].fill;
                   });
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
        edit_entry(
            holder_of(event, *other.place), other.place->seq,
            [&](std::vector<Entry>& items, std::size_t at) { other.state = *items[at].fill; });
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
    edit_entry(holder, kept.place->seq,
               [&](std::vector<Entry>& items, std::size_t at) { items[at].fill = kept.state; });
    refold(event, holder);
    if (dropped.place && holder_of(event, *dropped.place) != holder)
        refold(event, holder_of(event, *dropped.place));
}

}  // namespace daybook
