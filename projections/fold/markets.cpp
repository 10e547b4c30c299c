#include "projections/fold/markets.hpp"

#include <algorithm>
#include <utility>

#include "projections/fold/assembly.hpp"

namespace daybook {
namespace {

template <class Item>
bool holds(const std::vector<Item>& items, const Item& item) {
    return std::find(items.begin(), items.end(), item) != items.end();
}

std::vector<std::string> names_of(const Event& event, const MarketDefined& defined) {
    std::vector<std::string> names;
    if (!event.market.empty()) names.push_back(event.market);
    for (const std::string& alias : defined.aliases) {
        if (!alias.empty() && !holds(names, alias)) names.push_back(alias);
    }
    return names;
}

void learn(MarketRow& market, const std::string& name) {
    if (!holds(market.aliases, name)) market.aliases.push_back(name);
}

}  // namespace

Markets::Markets(Rows& rows)
    : markets_{rows, "markets"}, names_{rows, "market_names"}, joined_{rows, "market_joins"} {}

MarketKey Markets::id_of(const Event& event) {
    if (event.market.empty()) return {};
    if (const auto known = lookup(event.venue, event.market)) return *known;
    return create(event, event.market);
}

MarketKey Markets::create(const Event& event, std::string_view name) {
    MarketRow market;
    market.key = {event.seq.raw};
    market.venue = event.venue;
    market.name = name;
    market.first_seq = event.seq;
    put(market);
    name_it(market, name);
    return market.key;
}

std::vector<Join> Markets::apply(const Event& event) {
    if (const auto* defined = std::get_if<MarketDefined>(&event.body)) {
        return define_market(event, *defined);
    }
    const auto* changed = std::get_if<MarketChanged>(&event.body);
    const auto* resolved = std::get_if<MarketResolved>(&event.body);
    if (event.market.empty() || (changed == nullptr && resolved == nullptr)) return {};
    MarketRow market = find(id_of(event)).value();
    if (changed != nullptr) change(market, *changed, event.seq);
    if (resolved != nullptr) {
        resolve(market, {event.seq, happened(event), resolved->payouts, resolved->winner,
                         resolved->evidence});
    }
    put(market);
    return {};
}

std::vector<Join> Markets::define_market(const Event& event, const MarketDefined& defined) {
    MarketRow said = row_of(event, defined);
    const std::vector<std::string> names = names_of(event, defined);
    if (names.empty()) return {};
    std::vector<MarketRow> same = already_known(event, names, said);
    if (same.empty()) same.push_back(find(create(event, names.front())).value());
    MarketRow& market = same.front();
    std::vector<Join> joins;
    for (std::size_t i = 1; i < same.size(); ++i) {
        join_into(market, same[i]);
        joins.push_back({same[i].key, market.key});
    }
    learn(market, market.name);
    define(market, said);
    market.flags.set(said.flags);
    for (const std::string& name : names) name_it(market, name);
    std::erase(market.aliases, market.name);
    put(market);
    return joins;
}

/// The markets that `names` lead to and that can be the one that is `said`, the lowest key first.
/// One that cannot keeps its names, and `said` is flagged.
std::vector<MarketRow> Markets::already_known(const Event& event,
                                              const std::vector<std::string>& names,
                                              MarketRow& said) const {
    std::vector<MarketRow> same;
    for (const std::string& name : names) {
        const auto key = lookup(event.venue, name);
        const auto is_it = [&key](const MarketRow& row) { return row.key == *key; };
        if (!key || std::any_of(same.begin(), same.end(), is_it)) continue;
        MarketRow known = find(*key).value();
        const auto fits = [&known](const MarketRow& row) { return agree(row, known); };
        if (name == event.market || (fits(said) && std::all_of(same.begin(), same.end(), fits))) {
            same.push_back(std::move(known));
        } else {
            said.flags.set(MarketFlag::conflicting_definition);
        }
    }
    std::sort(same.begin(), same.end(),
              [](const MarketRow& a, const MarketRow& b) { return a.key < b.key; });
    return same;
}

void Markets::join_into(MarketRow& market, const MarketRow& other) {
    learn(market, market.name);
    learn(market, other.name);
    for (const std::string& alias : other.aliases) learn(market, alias);
    std::vector<std::string> names = market.aliases;
    join(market, other);
    market.aliases = std::move(names);
    for (const std::string& name : market.aliases) {
        names_.put(make_key(market.venue, name), {market.key});
    }
    joined_.put(make_key(other.key.raw), {market.key});
    markets_.erase(make_key(other.key.raw));
}

void Markets::name_it(MarketRow& market, std::string_view name) {
    if (!lookup(market.venue, name)) names_.put(make_key(market.venue, name), {market.key});
    if (lookup(market.venue, name) == market.key) learn(market, std::string{name});
}

void Markets::put(const MarketRow& market) { markets_.put(make_key(market.key.raw), market); }

std::optional<MarketRow> Markets::find(MarketKey market) const {
    return markets_.get(make_key(current(market).raw));
}

const MarketRow* Markets::row(MarketKey market) const {
    return markets_.find(make_key(current(market).raw));
}

std::optional<MarketKey> Markets::lookup(std::string_view venue, std::string_view name) const {
    const KeyRow* const row = names_.find(make_key(venue, name));
    return row == nullptr ? std::nullopt : std::optional{row->market};
}

MarketKey Markets::current(MarketKey market) const {
    while (const KeyRow* const row = joined_.find(make_key(market.raw))) market = row->market;
    return market;
}

void Markets::for_each(const std::function<void(const MarketRow&)>& visit) const {
    markets_.for_each("", [&visit](std::string_view, const MarketRow& market) { visit(market); });
}

std::optional<int> Markets::outcome_index(const MarketRow& market, std::string_view outcome) {
    return daybook::outcome_index(market, outcome);
}

std::optional<std::array<Ratio, 2>> Markets::payouts(const MarketRow& market) {
    return daybook::payouts(market);
}

const Projection& markets_projection() {
    static const Projection projection{
        "markets", 1, "Which markets are known, and how did they resolve?",
        TypeSet{"market_defined", "market_changed", "market_resolved"}, assemble_of<Markets>};
    return projection;
}

}  // namespace daybook
