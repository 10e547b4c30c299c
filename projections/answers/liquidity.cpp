#include "projections/answers/liquidity.hpp"

#include <map>

#include "projections/fold/liquidity.hpp"

namespace daybook {
namespace {

struct Outlet {  ///< one outcome of one market, under every name it was told by
    MarketRow market;
    std::string outcome;
    std::vector<Liquidity::Place> places;
    DepthTotals totals;
};

/// The outcome as it is called: by definition, else as it was given.
std::string called(const MarketRow& market, const std::string& said) {
    const auto index = outcome_index(market, said);
    if (!index || market.outcomes.size() != 2) return said;
    const Outcome& outcome = market.outcomes[static_cast<std::size_t>(*index)];
    return outcome.name.empty() ? outcome.token : outcome.name;
}

void add(DepthTotals& to, const DepthTotals& more) {
    to.books += more.books;
    to.quotes += more.quotes;
    if (to.first.raw == 0 || more.first < to.first) to.first = more.first;
    to.last = std::max(to.last, more.last);
}

std::vector<Outlet> outlets_of(const Liquidity& liquidity, const Scope& scope) {
    std::map<std::pair<MarketKey, std::string>, Outlet> found;
    liquidity.totals([&](const Liquidity::Place& place, const DepthTotals& totals) {
        const auto market = liquidity.markets().find(place.market);
        if (!market || !scope.takes(*market)) return;
        const std::string outcome = called(*market, place.outcome);
        Outlet& outlet = found[{market->key, outcome}];
        outlet.market = *market;
        outlet.outcome = outcome;
        outlet.places.push_back(place);
        add(outlet.totals, totals);
    });
    std::vector<Outlet> all;
    all.reserve(found.size());
    for (auto& [key, outlet] : found) all.push_back(std::move(outlet));
    return all;
}

std::vector<ListValue> row_of(const Outlet& outlet, Sequence seq, const DepthRow& row) {
    const auto levels = [&row](const SideDepth& side) {
        return row.source == DepthSource::book ? value_of(std::uint64_t{side.levels}) : ListValue{};
    };
    return {value_of(seq.raw),
            value_of(row.time),
            value_of(outlet.market.name),
            value_of(outlet.market.title.empty() ? outlet.market.name : outlet.market.title),
            value_of(outlet.outcome),
            value_of(to_text(row.source)),
            value_of(row.bid.best),
            value_of(row.bid.at_best),
            value_of(row.bid.depth),
            levels(row.bid),
            value_of(row.ask.best),
            value_of(row.ask.at_best),
            value_of(row.ask.depth),
            levels(row.ask)};
}

}  // namespace

Listing list_depth_totals(Rows& rows, const Scope& scope) {
    Listing listing{{{"market", "", Form::text},
                     {"title", "", Form::text},
                     {"", "market", Form::text},
                     {"outcome", "outcome", Form::text},
                     {"books", "books", Form::number},
                     {"quotes", "quotes", Form::number},
                     {"first_seq", "first", Form::number},
                     {"last_seq", "last", Form::number}},
                    {}};
    for (const Outlet& outlet : outlets_of(Liquidity{rows}, scope)) {
        const MarketRow& market = outlet.market;
        listing.rows.push_back({value_of(market.name), value_of(market.title),
                                value_of(market.title.empty() ? market.name : market.title),
                                value_of(outlet.outcome), value_of(outlet.totals.books),
                                value_of(outlet.totals.quotes), value_of(outlet.totals.first.raw),
                                value_of(outlet.totals.last.raw)});
    }
    return listing;
}

Listing list_depth(Rows& rows, const Scope& scope, std::uint64_t limit) {
    const Liquidity liquidity{rows};
    std::map<Sequence, std::vector<ListValue>> snapshots;
    for (const Outlet& outlet : outlets_of(liquidity, scope)) {
        for (const Liquidity::Place& place : outlet.places) {
            std::uint64_t taken = 0;
            liquidity.for_each(place, [&](Sequence seq, const DepthRow& row) {
                snapshots[seq] = row_of(outlet, seq, row);
                return ++taken != limit;
            });
        }
    }
    Listing listing{{{"seq", "seq", Form::number},
                     {"time", "time", Form::time},
                     {"market", "", Form::text},
                     {"", "market", Form::text},
                     {"outcome", "outcome", Form::text},
                     {"source", "from", Form::text},
                     {"bid", "bid", Form::shares},
                     {"bid_shares", "shares", Form::shares},
                     {"bid_depth", "depth", Form::shares},
                     {"bid_levels", "", Form::number},
                     {"ask", "ask", Form::shares},
                     {"ask_shares", "shares", Form::shares},
                     {"ask_depth", "depth", Form::shares},
                     {"ask_levels", "", Form::number}},
                    {}};
    for (auto& [seq, row] : snapshots) {
        if (limit > 0 && listing.rows.size() == limit) break;
        listing.rows.push_back(std::move(row));
    }
    return listing;
}

}  // namespace daybook
