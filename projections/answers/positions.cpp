#include "projections/answers/positions.hpp"

#include <algorithm>
#include <map>

namespace daybook {
namespace {

using Views = std::map<std::pair<MarketKey, std::string>, PositionView>;

/// By definition; in a market nobody defined, an outcome goes by the name it had where it moved.
void call_outcome(PositionView& view, const std::string& said) {
    const auto index = outcome_index(view.market, said);
    if (view.market.outcomes.empty() && index)
        view.outcomes.at(static_cast<std::size_t>(*index)) = said;
}

PositionView view_of(const Holder& holder, const MarketRow& market, const Position& position) {
    PositionView view{holder, market, position, {}, {"0", "1"}};
    for (std::size_t i = 0; i < market.outcomes.size() && i < 2; ++i) {
        const Outcome& outcome = market.outcomes[i];
        view.outcomes.at(i) = outcome.name.empty() ? outcome.token : outcome.name;
    }
    return view;
}

/// The ledger as it is now, asked like a PastLedger.
class PresentLedger {
  public:
    explicit PresentLedger(Rows& rows) : ledger_{rows} {}
    template <class Visit>
    void for_each(Visit visit) const {
        ledger_.for_each(visit);
    }
    [[nodiscard]] std::optional<MarketRow> market(MarketKey key) const {
        return ledger_.markets().find(key);
    }
    [[nodiscard]] std::optional<MarketKey> lookup(std::string_view venue,
                                                  std::string_view name) const {
        return ledger_.markets().lookup(venue, name);
    }
    [[nodiscard]] std::vector<std::string> outcomes(const Holder& holder) const {
        std::vector<std::string> said;
        for (const Entry& entry : ledger_.entries(holder)) said.push_back(entry.outcome);
        return said;
    }
    [[nodiscard]] auto accounts() const { return ledger_.accounts(); }

  private:
    Ledger ledger_;
};

template <class AnyLedger>
void add_positions(const AnyLedger& ledger, const Scope& scope, Views& views) {
    ledger.for_each([&](const Holder& holder, const Position& position) {
        if (holder.mode != scope.mode) return;
        const auto market = ledger.market(holder.market);
        if (!market || !scope.takes(*market)) return;
        PositionView view = view_of(holder, *market, position);
        if (market->outcomes.empty()) {
            for (const std::string& said : ledger.outcomes(holder)) call_outcome(view, said);
        }
        views[{holder.market, holder.account}] = std::move(view);
    });
}

void wait(std::array<Waiting, 2>& waiting, const WaitingOrder& order, const MarketRow& market) {
    const auto index = outcome_index(market, order.outcome);
    if (!index) return;
    Waiting& side = waiting.at(static_cast<std::size_t>(*index));
    if (order.in_doubt) {
        side.in_doubt += order.open;
    } else if (order.side == Side::sell) {
        side.sell += order.open;
    } else {
        side.buy += order.open;
    }
}

bool goes_by(const MarketRow& market, std::string_view name) {
    return market.name == name || std::ranges::find(market.aliases, name) != market.aliases.end();
}

/// Where the markets of waiting orders stand in the ledger. Both projections number markets by
/// themselves: they meet at the market's names.
template <class AnyLedger>
class Places {
  public:
    Places(const AnyLedger& ledger, const Views& views) : ledger_{ledger} {
        for (const auto& [key, view] : views) {
            names_.try_emplace({view.market.venue, view.market.name}, &view.market);
            for (const std::string& name : view.market.aliases)
                names_.try_emplace({view.market.venue, name}, &view.market);
        }
    }
    /// A market of which the ledger knows nothing has no key there: its place is behind all others.
    [[nodiscard]] MarketRow of(const WaitingOrder& order) const {
        const auto held = names_.find({order.venue, order.market});
        if (held != names_.end()) return *held->second;
        const auto key = ledger_.lookup(order.venue, order.market);
        const auto known = key ? ledger_.market(*key) : std::nullopt;
        if (known && goes_by(*known, order.market)) return *known;
        MarketRow unknown;
        unknown.key = {UINT64_MAX - order.place.raw};
        unknown.venue = order.venue;
        unknown.name = order.market;
        return unknown;
    }

  private:
    const AnyLedger& ledger_;
    std::map<std::pair<std::string, std::string>, const MarketRow*> names_;
};

template <class AnyLedger>
void add_waiting(const AnyLedger& ledger, const std::vector<WaitingOrder>& orders,
                 const Scope& scope, Views& views) {
    const Places places{ledger, views};
    std::vector<std::pair<WaitingOrder, MarketRow>> placed;
    placed.reserve(orders.size());
    for (const WaitingOrder& order : orders) placed.emplace_back(order, places.of(order));
    for (const auto& [order, market] : placed) {
        if (!scope.takes(market)) continue;
        auto [view, fresh] = views.try_emplace({market.key, order.account});
        if (fresh) view->second = view_of({order.account, order.mode, market.key}, market, {});
        call_outcome(view->second, order.outcome);
        wait(view->second.waiting, order, view->second.market);
    }
}

/// By order, as they were first named: what the first one calls an outcome is shown.
std::vector<WaitingOrder> waiting_in(Rows& rows, Mode mode, Sequence at) {
    std::vector<WaitingOrder> found;
    Orders{rows}.waiting(at, [&](const WaitingOrder& order) {
        if (order.mode == mode && !order.market.empty()) found.push_back(order);
    });
    std::ranges::sort(found, {}, &WaitingOrder::order);
    return found;
}

template <class AnyLedger>
std::vector<PositionView> views_of(const AnyLedger& ledger,
                                   const std::vector<WaitingOrder>& waiting, const Scope& scope) {
    Views views;
    add_positions(ledger, scope, views);
    add_waiting(ledger, waiting, scope, views);
    std::vector<PositionView> all;
    for (auto& [key, view] : views) all.push_back(std::move(view));
    return all;
}

template <class AnyLedger>
bool has_mode(const AnyLedger& ledger, Rows& orders, Mode mode, Sequence at) {
    return Orders{orders}.any(mode, at) ||
           std::ranges::any_of(ledger.accounts(),
                               [mode](const auto& account) { return account.second == mode; });
}

constexpr Sequence kNow{UINT64_MAX};

}  // namespace

bool Scope::takes(const MarketRow& row) const {
    return market.empty() || row.name == market ||
           std::ranges::find(row.aliases, market) != row.aliases.end();
}

Money PositionView::if_outcome(std::size_t side) const {
    Money cost;
    for (std::size_t i = 0; i < 2; ++i) {
        const Holding& matched = position.sides.at(i).matched;
        const Shares held = position.held(i);
        if (held == matched.shares) {
            cost += matched.cost;
        } else if (held.micros > 0 && held < matched.shares) {
            cost +=
                cost_share(matched, held);  // the rest was redeemed before the resolution was told
        }
    }
    return Money{position.held(side).micros} - cost;
}

std::vector<PositionView> positions_of(Rows& ledger, Rows& orders, const Scope& scope) {
    return views_of(PresentLedger{ledger}, waiting_in(orders, scope.mode, kNow), scope);
}

std::vector<PositionView> past_positions_of(Rows& history, Rows& orders, const Scope& scope,
                                            Sequence at) {
    return views_of(PastLedger{history, at}, waiting_in(orders, scope.mode, at), scope);
}

bool has_mode_rows(Rows& ledger, Rows& orders, Mode mode) {
    return has_mode(PresentLedger{ledger}, orders, mode, kNow);
}

bool had_mode_rows(Rows& history, Rows& orders, Mode mode, Sequence at) {
    return has_mode(PastLedger{history, at}, orders, mode, at);
}

}  // namespace daybook
