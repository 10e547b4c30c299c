#include "projections/fold/orders.hpp"

#include "projections/fold/assembly.hpp"

namespace daybook {
namespace {

struct FillOf {  ///< the trade an observation is about; null: about none
    const std::string* operator()(const OrderIntent&) const { return nullptr; }
    const std::string* operator()(const OrderStatus&) const { return nullptr; }
    template <class AboutFill>
    const std::string* operator()(const AboutFill& said) const {
        return &said.trade;
    }
};

/// Nothing when the event is no observation of an order.
std::optional<OrderSeen> seen_in(const Event& event, MarketKey market) {
    OrderSeen seen;
    seen.seq = event.seq;
    seen.time = happened(event);
    seen.market = market;
    seen.correlation = event.correlation;
    seen.confirmed = confirmed_at_once(event);
    if (const auto* intent = std::get_if<OrderIntent>(&event.body)) {
        seen.what = *intent;
    } else if (const auto* status = std::get_if<OrderStatus>(&event.body)) {
        seen.what = *status;
    } else if (const auto* fill = std::get_if<Fill>(&event.body)) {
        seen.what = *fill;
    } else if (const auto* settled = std::get_if<FillSettlement>(&event.body)) {
        seen.what = *settled;
    } else if (const auto* corrected = std::get_if<FillCorrection>(&event.body)) {
        seen.what = *corrected;
    } else {
        return std::nullopt;
    }
    if (const auto* trade = std::visit(FillOf{}, seen.what)) seen.fill = fill_name(event, *trade);
    return seen;
}

struct IntoFill {  ///< one observation, applied to the fill it is about
    FillState& fill;
    const OrderSeen& seen;
    void operator()(const OrderIntent&) const {}
    void operator()(const OrderStatus&) const {}
    void operator()(const Fill& said) const { record(fill, said, seen.seq, seen.confirmed); }
    void operator()(const FillSettlement& said) const { settle(fill, said.status, seen.seq); }
    void operator()(const FillCorrection& said) const { correct(fill, said); }
};

}  // namespace

Orders::Orders(Rows& rows)
    : markets_{rows},
      names_{rows},
      orders_{rows, "orders"},
      seen_{rows, "order_seen"},
      fills_{rows, "order_fills"} {}

void Orders::apply(const Event& event) {
    markets_.apply(event);
    const OrderNames::Named named = names_.name(event);
    if (named.order.raw == 0) return;
    const auto seen = seen_in(event, markets_.id_of(event));
    OrderRow order = find(named.order).value_or(OrderRow{});
    order.key = named.order;
    order.venue = event.venue;
    order.account = event.account;
    order.mode = event.mode;
    if (named.joined) refold(order, *named.joined);
    seen_.put(make_key(named.order.raw, event.seq.raw), *seen);
    take(order, *seen);
    if (order.first_seq.raw != 0) orders_.put(make_key(order.key.raw), order);
}

/// Folds the observations of both again, in sequence, as if they had been one from the start.
void Orders::refold(OrderRow& order, const OrderJoin& join) {
    OrderRow blank;
    blank.key = order.key;
    blank.venue = order.venue;
    blank.account = order.account;
    blank.mode = order.mode;
    order = blank;
    for (const OrderKey part : {join.from, join.to}) {
        orders_.erase(make_key(part.raw));
        (void)fills_.take(make_key(part.raw));
    }
    for (const auto& [key, seen] : seen_.take(make_key(join.from.raw))) {
        seen_.put(make_key(join.to.raw, seen.seq.raw), seen);
    }
    std::vector<OrderSeen> all;
    seen_.for_each(make_key(join.to.raw),
                   [&all](std::string_view, OrderSeen seen) { all.push_back(std::move(seen)); });
    for (const OrderSeen& seen : all) take(order, seen);
}

void Orders::take(OrderRow& order, const OrderSeen& seen) {
    if (const auto* intent = std::get_if<OrderIntent>(&seen.what)) {
        take_intent(order, seen, *intent);
    } else if (const auto* status = std::get_if<OrderStatus>(&seen.what)) {
        take_status(order, seen, *status);
    } else {
        const std::string key = make_key(order.key.raw) + seen.fill;
        const FillState before = fills_.get(key).value_or(FillState{});
        FillState after = before;
        std::visit(IntoFill{after, seen}, seen.what);
        fills_.put(key, after);
        take_fill(order, seen, before, after);
    }
}

std::optional<OrderRow> Orders::find(OrderKey order) const {
    return orders_.get(make_key(order.raw));
}

std::optional<OrderRow> Orders::lookup(const Event& event, std::string_view name) const {
    const auto key = names_.lookup(event, name);
    return key ? find(*key) : std::nullopt;
}

void Orders::for_each(const std::function<void(const OrderRow&)>& visit) const {
    orders_.for_each("", [&visit](std::string_view, const OrderRow& order) { visit(order); });
}

const Projection& orders_projection() {
    static const Projection projection{
        "orders", 1, "What became of each order, and how much of it was filled?",
        TypeSet{"market_defined", "market_changed", "market_resolved", "order_intent",
                "order_status", "fill", "fill_settlement", "fill_correction"},
        assemble_of<Orders>};
    return projection;
}

}  // namespace daybook
