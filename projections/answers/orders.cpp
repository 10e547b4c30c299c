#include "projections/answers/orders.hpp"

#include <algorithm>

#include "projections/fold/fills.hpp"

namespace daybook {
namespace {

template <class Flag>
std::string flags_json(const Flags<Flag>& flags) {
    JsonWriter out;
    out.begin_array();
    for (const std::string_view name : flags.names()) out.text(name);
    out.end_array();
    return std::move(out).str();
}

template <class Enum>
ListValue text_of(const std::optional<Enum>& value) {
    return value ? value_of(to_text(*value)) : ListValue{};
}

std::string name_of(const std::optional<MarketRow>& market) {
    return market ? market->name : std::string{};
}
std::string title_of(const std::optional<MarketRow>& market) {
    return market && !market->title.empty() ? market->title : name_of(market);
}
bool takes(const Scope& scope, Mode mode, const std::optional<MarketRow>& market) {
    return mode == scope.mode && (scope.market.empty() || (market && scope.takes(*market)));
}
/// A hash is told by its beginning.
std::string brief(const std::string& name) {
    return name.size() <= 18 ? name : name.substr(0, 16) + "…";
}

std::vector<ListValue> row_of(const OrderRow& order, const std::optional<MarketRow>& market) {
    return {value_of(order.order),
            value_of(brief(order.order.empty() ? order.venue_order : order.order)),
            order.venue_order.empty() ? ListValue{} : value_of(order.venue_order),
            value_of(name_of(market)),
            value_of(title_of(market)),
            value_of(order.account),
            value_of(order.terms.outcome),
            text_of(order.terms.side),
            value_of(order.terms.price),
            value_of(order.terms.shares),
            value_of(order.terms.tif),
            text_of(order.terms.purpose),
            order.terms.group.empty() ? ListValue{} : value_of(order.terms.group),
            value_of(to_text(order.state())),
            value_of(order.done.filled),
            value_of(order.open),
            value_of(order.done.failed),
            value_of(order.done.cost),
            value_of(std::uint64_t{order.done.fills}),
            value_of(order.standing.raw_status),
            value_of(order.standing.claimed_matched),
            value_of(order.standing.claimed_cost),
            order.standing.reason.empty() ? ListValue{} : value_of(order.standing.reason),
            value_of(order.standing.attempted),
            value_of(order.times.intent),
            value_of(order.times.submitted),
            value_of(order.times.live),
            value_of(order.times.first_fill),
            value_of(order.times.filled),
            value_of(flags_json(order.flags)),
            value_of(order.first_seq.raw),
            value_of(order.last_seq.raw)};
}

std::vector<ListValue> row_of(const FillRow& fill, const std::optional<MarketRow>& market) {
    const auto amounts = in_force(fill.state).value_or(FillAmounts{});
    return {value_of(fill.first_seq.raw),
            value_of(fill.trade),
            value_of(brief(fill.trade)),
            value_of(fill.order),
            value_of(name_of(market)),
            value_of(title_of(market)),
            value_of(fill.account),
            value_of(fill.outcome),
            text_of(fill.side),
            value_of(amounts.shares),
            value_of(amounts.cost),
            value_of(amounts.fee),
            value_of(amounts.fee_shares),
            text_of(fill.role),
            value_of(to_text(fill.state.settlement)),
            value_of(fill.state.recorded.has_value()),
            fill.tx.empty() ? ListValue{} : value_of(fill.tx),
            value_of(fill.time),
            value_of(fill.settled_time),
            value_of(flags_json(fill.state.flags))};
}

std::vector<OrderRow> orders_of(Rows& rows, const Scope& scope) {
    const Markets markets{rows};
    std::vector<OrderRow> found;
    Orders{rows}.for_each([&](const OrderRow& order) {
        if (takes(scope, order.mode, markets.find(order.market))) found.push_back(order);
    });
    return found;
}

std::string rejections_json(const Execution& execution) {
    JsonWriter out;
    out.begin_object();
    for (const auto& [reason, count] : execution.rejections)
        out.key(reason).number(std::uint64_t{count});
    out.end_object();
    return std::move(out).str();
}

ListValue millis(const std::optional<Durations>& durations, std::int64_t Durations::*which) {
    if (!durations) return std::nullopt;
    return format_decimal((*durations).*which, 6);  // ns as ms
}

}  // namespace

Listing list_orders(Rows& rows, const Scope& scope) {
    Listing listing{{{"order", "", Form::text},
                     {"", "order", Form::text},
                     {"venue_order", "", Form::text},
                     {"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"account", "", Form::text},
                     {"outcome", "outcome", Form::text},
                     {"side", "side", Form::text},
                     {"price", "price", Form::shares},
                     {"shares", "shares", Form::shares},
                     {"tif", "", Form::text},
                     {"purpose", "", Form::text},
                     {"group", "", Form::text},
                     {"state", "state", Form::text},
                     {"filled", "filled", Form::shares},
                     {"open", "open", Form::shares},
                     {"failed", "", Form::shares},
                     {"cost", "cost", Form::money},
                     {"fills", "", Form::number},
                     {"raw_status", "venue says", Form::text},
                     {"claimed_matched", "claims", Form::shares},
                     {"claimed_cost", "", Form::money},
                     {"reason", "reason", Form::text},
                     {"attempted", "", Form::boolean},
                     {"intent_time", "", Form::text},
                     {"submitted_time", "", Form::text},
                     {"live_time", "", Form::text},
                     {"first_fill_time", "", Form::text},
                     {"filled_time", "", Form::text},
                     {"flags", "", Form::json},
                     {"first_seq", "", Form::number},
                     {"last_seq", "", Form::number}},
                    {}};
    const Markets markets{rows};
    for (const OrderRow& order : orders_of(rows, scope))
        listing.rows.push_back(row_of(order, markets.find(order.market)));
    return listing;
}

Listing list_fills(Rows& rows, const Scope& scope) {
    Listing listing{{{"seq", "seq", Form::number},
                     {"trade", "", Form::text},
                     {"", "trade", Form::text},
                     {"order", "", Form::text},
                     {"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"account", "", Form::text},
                     {"outcome", "outcome", Form::text},
                     {"side", "side", Form::text},
                     {"shares", "shares", Form::shares},
                     {"cost", "cost", Form::shares},
                     {"fee", "fee", Form::shares},
                     {"fee_shares", "", Form::shares},
                     {"role", "", Form::text},
                     {"settlement", "settlement", Form::text},
                     {"recorded", "", Form::boolean},
                     {"tx", "", Form::text},
                     {"time", "time", Form::time},
                     {"settled_time", "", Form::text},
                     {"flags", "", Form::json}},
                    {}};
    const Markets markets{rows};
    std::vector<FillRow> fills;
    Fills{rows}.for_each([&](const FillRow& fill) {
        const bool asked = fill.first_seq > scope.after;
        if (asked && takes(scope, fill.mode, markets.find(fill.market))) fills.push_back(fill);
    });
    std::ranges::sort(fills, {}, [](const FillRow& fill) { return fill.first_seq; });
    for (const FillRow& fill : fills)
        listing.rows.push_back(row_of(fill, markets.find(fill.market)));
    return listing;
}

Listing list_execution(Rows& rows, const Scope& scope, std::optional<Time> now) {
    Listing listing{{{"attempts", "attempts", Form::number},
                     {"filled", "filled", Form::number},
                     {"partial", "partial", Form::number},
                     {"none", "none", Form::number},
                     {"rejected", "rejected", Form::number},
                     {"rejections", "", Form::json},
                     {"live_at_timeout", "live at time-out", Form::number},
                     {"in_doubt", "in doubt", Form::number},
                     {"shares_ordered", "shares ordered", Form::shares},
                     {"shares_filled", "shares filled", Form::shares},
                     {"fill_ratio", "fill ratio", Form::shares},
                     {"slippage", "slippage", Form::money},
                     {"slippage_per_share", "a share", Form::shares},
                     {"time_to_fill_median_ms", "median ms to fill", Form::shares},
                     {"time_to_fill_p90_ms", "p90", Form::shares},
                     {"time_to_fill_max_ms", "max", Form::shares}},
                    {}};
    auto orders = orders_of(rows, scope);
    std::erase_if(orders, [&](const OrderRow& order) { return order.first_seq <= scope.after; });
    const auto found = execution_of(orders, now);
    if (!found) return listing;
    const Execution& e = *found;
    const auto count = [](std::uint32_t number) { return value_of(std::uint64_t{number}); };
    listing.rows.push_back(
        {count(e.attempts), count(e.filled), count(e.partial), count(e.none), count(e.rejected),
         value_of(rejections_json(e)), count(e.live_at_timeout), count(e.in_doubt),
         value_of(e.shares_ordered), value_of(e.shares_filled), value_of(e.fill_ratio),
         e.slippage ? value_of(e.slippage->total) : ListValue{},
         e.slippage ? value_of(e.slippage->per_share) : ListValue{},
         millis(e.time_to_fill, &Durations::median), millis(e.time_to_fill, &Durations::p90),
         millis(e.time_to_fill, &Durations::max)});
    return listing;
}

}  // namespace daybook
