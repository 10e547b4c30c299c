#include "projections/answers/claims.hpp"

#include "projections/answers/claim_facts.hpp"

namespace daybook {
namespace {

constexpr std::int64_t kTolerance = 10'000;  // contract §3: a difference over 0.01 is a finding

void compare(ClaimView& view, const Fraction& fact) {
    const auto value = parse_micros(view.row.said.value);
    if (!value) return;
    const Wide off = Wide{value.value()} * fact.denominator - fact.numerator * kMicro;
    view.difference = format_decimal(divide_half_even(off, fact.denominator), 6);
    view.finding = (off < 0 ? -off : off) > Wide{kTolerance} * fact.denominator;
}

ClaimView view_of(const Claims& claims, const HedgeLimits& limits, const ClaimRow& row) {
    ClaimView view{row, claims.ledger().markets().find(row.market), {}, {}, false};
    const auto fact = fact_of(claims, limits, row);
    if (!fact) return view;
    view.fact = fact->text;
    if (fact->number) {
        compare(view, *fact->number);
    } else {
        view.finding = row.said.value != fact->text;
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
    const HedgeLimits limits = hedge_limits(rows);
    std::vector<ClaimView> views;
    claims.for_each([&](const ClaimRow& row) {
        if (row.mode != scope.mode || !wanted(row)) return;
        const auto market = claims.ledger().markets().find(row.market);
        if (!scope.market.empty() && (!market || !scope.takes(*market))) return;
        views.push_back(view_of(claims, limits, row));
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
