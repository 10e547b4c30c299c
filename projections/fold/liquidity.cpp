#include "projections/fold/liquidity.hpp"

#include <algorithm>

#include "projections/fold/assembly.hpp"

namespace daybook {
namespace {

constexpr std::string_view kSnapshots = "depth";

std::string key_of(const Liquidity::Place& place) {
    return make_key(place.market.raw, std::string_view{place.outcome});
}

/// The sequence at the end of a key.
Sequence seq_of(std::string_view key) {
    std::uint64_t seq = 0;
    for (const char c : key.substr(key.size() - 8))
        seq = (seq << 8U) | static_cast<unsigned char>(c);
    return {seq};
}

DepthRow depth_of(const Event& event, const Book& book) {
    return {DepthSource::book, happened(event), side_depth(book.bids, Side::buy),
            side_depth(book.asks, Side::sell)};
}
DepthRow depth_of(const Event& event, const Quote& quote) {
    return {DepthSource::quote, happened(event),
            SideDepth{quote.bid, quote.bid_shares, quote.bid_depth, 0},
            SideDepth{quote.ask, quote.ask_shares, quote.ask_depth, 0}};
}

}  // namespace

/// Levels without shares are no levels.
SideDepth side_depth(const std::optional<std::vector<Level>>& levels, Side side) {
    SideDepth depth;
    if (!levels) return depth;
    depth.depth = Shares{};
    for (const Level& level : *levels) {
        if (level.shares <= Shares{}) continue;
        *depth.depth += level.shares;
        ++depth.levels;
        const bool better = !depth.best || (side == Side::buy ? level.price > *depth.best
                                                              : level.price < *depth.best);
        if (!better && level.price != *depth.best) continue;
        depth.at_best = better ? level.shares : *depth.at_best + level.shares;
        depth.best = level.price;
    }
    return depth;
}

Liquidity::Liquidity(Rows& rows)
    : rows_{rows}, markets_{rows}, snapshots_{rows, kSnapshots}, totals_{rows, "depth_totals"} {}

void Liquidity::apply(const Event& event) {
    (void)markets_.apply(event);
    if (const auto* book = std::get_if<Book>(&event.body)) {
        put(event, book->outcome, depth_of(event, *book));
    } else if (const auto* quote = std::get_if<Quote>(&event.body)) {
        put(event, quote->outcome, depth_of(event, *quote));
    }
}

void Liquidity::put(const Event& event, const std::string& outcome, const DepthRow& row) {
    const MarketKey market = markets_.id_of(event);
    const MarketRow* const known = markets_.row(market);
    const bool defined = known != nullptr && !known->outcomes.empty();
    const auto index = defined ? outcome_index(*known, outcome) : std::nullopt;
    const Place place{market, index ? std::to_string(*index) : outcome};
    const std::string key = key_of(place);
    snapshots_.put(key + key_part(event.seq.raw), row);
    totals_.change(key, [&](TotalsRow& sum) {
        if (sum.totals.first.raw == 0) sum = {place.market, place.outcome, {}};
        ++(row.source == DepthSource::book ? sum.totals.books : sum.totals.quotes);
        if (sum.totals.first.raw == 0) sum.totals.first = event.seq;
        sum.totals.last = event.seq;
    });
}

void Liquidity::for_each(const Place& place, const Snapshot& visit) const {
    rows_.scan(kSnapshots, key_of(place), [&visit](std::string_view key, std::string_view value) {
        return visit(seq_of(key), unpack<DepthRow>(value));
    });
}

void Liquidity::totals(const std::function<void(const Place&, const DepthTotals&)>& visit) const {
    totals_.for_each("", [&](std::string_view, const TotalsRow& row) {
        visit({row.market, row.outcome}, row.totals);
    });
}

const Projection& liquidity_projection() {
    static const Projection projection{
        "liquidity", 1, "How deep was each book, at every snapshot?",
        TypeSet{"market_defined", "market_changed", "market_resolved", "book", "quote"},
        assemble_of<Liquidity>};
    return projection;
}

}  // namespace daybook
