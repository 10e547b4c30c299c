#include "projections/answers/claims.hpp"

#include <algorithm>

namespace daybook {
namespace {

constexpr std::int64_t kTolerance = 10'000;  // contract §3: a difference over 0.01 is a finding

/// Which events a fact takes: a sum takes those of the window, a level all before its end.
enum class Kind : std::uint8_t { sum, level };

bool takes(const ClaimRow& claim, Kind kind, Sequence seq, std::optional<Time> time) {
    if (!claim.said.about || !time) return seq <= claim.seq;
    return *time < claim.said.about->to && (kind == Kind::level || *time >= claim.said.about->from);
}

bool at_venue(const Markets& markets, const ClaimRow& claim, const Holder& holder) {
    if (claim.market.raw != 0 || claim.venue.empty()) return true;
    const auto market = markets.find(holder.market);
    return market && market->venue == claim.venue;
}

Figures figures_for(const Claims& claims, const ClaimRow& claim, Kind kind) {
    Figures sum;
    const Markets& markets = claims.ledger().markets();
    for (const MoveRow& move : claims.moves(claim.account, claim.mode, claim.market)) {
        if (takes(claim, kind, move.seq, move.time) && at_venue(markets, claim, move.holder))
            add(sum, move.change);
    }
    return sum;
}

/// Opening + what moved since: what the account must hold (contract §3, Cash).
std::optional<std::int64_t> cash_for(const Claims& claims, const ClaimRow& claim) {
    std::optional<WalletEntry> opening;
    Money cash;
    for (const WalletEntry& entry : claims.ledger().wallet(claim.account, claim.mode)) {
        if (!takes(claim, Kind::level, entry.seq, entry.time)) continue;
        if (opening && !entry.observed) cash += entry.cash;
        if (opening || !entry.observed) continue;
        opening = entry;
        cash = entry.cash;
    }
    if (!opening) return std::nullopt;
    for (const MoveRow& move : claims.moves(claim.account, claim.mode)) {
        const bool since = move.seq > opening->seq;
        if (since && takes(claim, Kind::level, move.seq, move.time))
            cash += net_cash(move.change.flows);
    }
    return cash.micros;
}

std::optional<std::int64_t> filled_for(const Claims& claims, const ClaimRow& claim) {
    if (claim.said.order.empty()) return std::nullopt;
    Shares sum;
    for (const FilledRow& row : claims.filled(claim)) {
        if (takes(claim, Kind::level, row.seq, row.time)) sum += row.change;
    }
    return sum.micros;
}

std::optional<std::int64_t> shares_for(const Claims& claims, const ClaimRow& claim) {
    const auto market = claims.ledger().markets().find(claim.market);
    const auto side = market ? outcome_index(*market, claim.said.outcome) : std::nullopt;
    if (!side) return std::nullopt;
    return figures_for(claims, claim, Kind::level)
        .matched.at(static_cast<std::size_t>(*side))
        .micros;
}

std::optional<Fraction> ratio_for(const Claims& claims, const ClaimRow& claim) {
    if (claim.market.raw == 0) return std::nullopt;  // never netted across markets
    const Figures figures = figures_for(claims, claim, Kind::level);
    Position position;
    for (std::size_t i = 0; i < 2; ++i) position.sides.at(i).matched.shares = figures.matched.at(i);
    return hedge_ratio(position);
}

/// The fact in millionths.
std::optional<std::int64_t> fact_for(const Claims& claims, const ClaimRow& claim) {
    const std::string& metric = claim.said.metric;
    if (!claim.said.group.empty()) return std::nullopt;
    if (metric == "cash") return cash_for(claims, claim);
    if (metric == "filled") return filled_for(claims, claim);
    if (metric == "shares") return shares_for(claims, claim);
    if (metric != "pnl" && metric != "realized" && metric != "fees" && metric != "fills")
        return std::nullopt;
    const Figures figures = figures_for(claims, claim, Kind::sum);
    if (metric == "fees") return figures.flows.fees.micros;
    if (metric == "fills") return figures.fills * kMicro;
    return figures.realized.micros;
}

void compare(ClaimView& view, const Fraction& fact) {
    const auto value = parse_micros(view.row.said.value);
    if (!value) return;
    const Wide off = Wide{value.value()} * fact.denominator - fact.numerator * kMicro;
    view.difference = format_decimal(divide_half_even(off, fact.denominator), 6);
    view.finding = (off < 0 ? -off : off) > Wide{kTolerance} * fact.denominator;
}

ClaimView view_of(const Claims& claims, const ClaimRow& row) {
    ClaimView view{row, claims.ledger().markets().find(row.market), {}, {}, false};
    if (row.said.metric == "hedge_ratio") {
        const auto ratio = row.said.group.empty() ? ratio_for(claims, row) : std::nullopt;
        if (!ratio) return view;
        view.fact = format_ratio(*ratio);
        compare(view, *ratio);
    } else if (const auto fact = fact_for(claims, row)) {
        view.fact = format_micros(*fact);
        compare(view, {*fact, kMicro});
    }
    return view;
}

std::string about_json(const Span& about) {
    JsonWriter out;
    out.begin_object().key("from").text(format_time(about.from));
    out.key("to").text(format_time(about.to)).end_object();
    return std::move(out).str();
}

std::vector<ListValue> row_of(const ClaimView& view) {
    const auto text = [](const std::string& value) {
        return value.empty() ? ListValue{} : value_of(value);
    };
    const ClaimRow& row = view.row;
    const std::string name = view.market ? view.market->name : row.market_name;
    const bool titled = view.market && !view.market->title.empty();
    return {value_of(row.seq.raw),
            value_of(row.time),
            value_of(row.account),
            value_of(row.said.source),
            value_of(row.said.metric),
            text(name),
            text(titled ? view.market->title : name),
            text(row.said.outcome),
            text(row.said.order),
            text(row.said.group),
            row.said.about ? value_of(about_json(*row.said.about)) : ListValue{},
            value_of(row.said.value),
            view.fact,
            view.difference,
            value_of(view.finding),
            view.finding ? value_of(std::string{"differs"}) : ListValue{}};
}

}  // namespace

std::vector<ClaimView> claims_of(Rows& rows, const Scope& scope) {
    return claims_of(rows, scope, [](const ClaimRow&) { return true; });
}

std::vector<ClaimView> claims_of(Rows& rows, const Scope& scope,
                                 const std::function<bool(const ClaimRow&)>& wanted) {
    const Claims claims{rows};
    std::vector<ClaimView> views;
    claims.for_each([&](const ClaimRow& row) {
        if (row.mode != scope.mode || !wanted(row)) return;
        const auto market = claims.ledger().markets().find(row.market);
        if (!scope.market.empty() && (!market || !scope.takes(*market))) return;
        views.push_back(view_of(claims, row));
    });
    return views;
}

Listing list_claims(const std::vector<ClaimView>& claims) {
    Listing listing{{{"seq", "seq", Form::number},
                     {"time", "", Form::text},
                     {"account", "", Form::text},
                     {"source", "source", Form::text},
                     {"metric", "metric", Form::text},
                     {"market", "", Form::text},
                     {"", "market", Form::text},
                     {"outcome", "outcome", Form::text},
                     {"order", "order", Form::text},
                     {"group", "", Form::text},
                     {"about", "", Form::json},
                     {"value", "claimed", Form::text},
                     {"fact", "fact", Form::text},
                     {"difference", "difference", Form::text},
                     {"finding", "", Form::boolean},
                     {"", "finding", Form::text}},
                    {}};
    for (const ClaimView& view : claims) listing.rows.push_back(row_of(view));
    return listing;
}

}  // namespace daybook
