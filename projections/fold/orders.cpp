#include "projections/fold/orders.hpp"

#include <bit>

#include "projections/fold/assembly.hpp"

namespace daybook {
namespace {

constexpr std::string_view kWaited = "waited_orders";

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
      fills_{rows, "order_fills"},
      rows_{rows},
      waiting_{rows, "waiting_orders"},
      waited_{rows, kWaited},
      modes_{rows, "order_modes"} {}

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
    if (named.joined) end_waiting(named.joined->from, event.seq);
    if (order.first_seq.raw == 0) return;
    orders_.put(make_key(order.key.raw), order);
    note(order, event.seq);
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

void Orders::note(const OrderRow& order, Sequence now) {
    const std::string mode = key_part(static_cast<std::uint64_t>(order.mode));
    if (modes_.find(mode) == nullptr) modes_.put(mode, {now});
    note_waiting(order, now);
}

void Orders::note_waiting(const OrderRow& order, Sequence now) {
    if (order.open.micros == 0) return end_waiting(order.key, now);
    const MarketRow* const market = markets_.row(order.market);
    WaitingOrder waits{.order = order.key,
                       .since = now,
                       .until = {},
                       .place = order.market,
                       .venue = order.venue,
                       .market = market == nullptr ? std::string{} : market->name,
                       .outcome = order.terms.outcome,
                       .account = order.account,
                       .mode = order.mode,
                       .side = order.terms.side.value_or(Side::buy),
                       .in_doubt = order.state() == OrderState::unknown,
                       .open = order.open};
    const WaitingOrder* const was = waiting_.find(make_key(order.key.raw));
    if (was != nullptr) {
        waits.since = was->since;
        if (waits == *was) return;
        waits.since = now;
    }
    end_waiting(order.key, now);
    waiting_.put(make_key(order.key.raw), std::move(waits));
}

/// What waited until now is kept by how long it did, so that those of a moment are found without
/// those of other times: of spans shorter than 2^n, only the last 2^n events can have begun one.
void Orders::end_waiting(OrderKey order, Sequence now) {
    const WaitingOrder* const was = waiting_.find(make_key(order.raw));
    if (was == nullptr) return;
    WaitingOrder done = *was;
    waiting_.erase(make_key(order.raw));
    done.until = now;
    const auto bits = std::uint64_t{std::bit_width(now.raw - done.since.raw)};
    const std::string key = make_key(bits, done.since.raw, order.raw);
    waited_.put(key, std::move(done));
}

void Orders::waiting(Sequence at, const std::function<void(const WaitingOrder&)>& visit) const {
    waiting_.for_each("", [&](std::string_view, const WaitingOrder& order) {
        if (order.since <= at) visit(order);
    });
    rows_.walk(kWaited, "", [&](std::string_view key, std::string_view row) -> Rows::Onward {
        const std::uint64_t bits = number_at(key, 0);
        const std::uint64_t since = number_at(key, 1);
        const std::uint64_t span = bits >= 64 ? UINT64_MAX : std::uint64_t{1} << bits;
        const std::uint64_t first = at.raw > span ? at.raw - span : 0;
        if (since < first) return {true, make_key(bits, first)};
        if (since > at.raw) return {true, make_key(bits + 1)};
        const auto order = unpack<WaitingOrder>(row);
        if (order.until > at) visit(order);
        return {};
    });
}

bool Orders::any(Mode mode, Sequence at) const {
    const FirstOrder* const first = modes_.find(key_part(static_cast<std::uint64_t>(mode)));
    return first != nullptr && first->seq <= at;
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
        "orders", 2, "What became of each order, and how much of it was filled?",
        TypeSet{"market_defined", "market_changed", "market_resolved", "order_intent",
                "order_status", "fill", "fill_settlement", "fill_correction"},
        assemble_of<Orders>};
    return projection;
}

}  // namespace daybook
