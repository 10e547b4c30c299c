#include "projections/fold/fills.hpp"

#include <algorithm>

#include "projections/fold/assembly.hpp"

namespace daybook {
namespace {

std::string prefix_of(const Event& event, OrderKey order) {
    return make_key(event.venue, event.account, static_cast<std::uint64_t>(event.mode), order.raw);
}

void see(FillRow& row, const Event& event, const OrderNames::Named& order, MarketKey market) {
    if (row.first_seq.raw == 0) {
        row.first_seq = event.seq;
        row.venue = event.venue;
        row.account = event.account;
        row.mode = event.mode;
    }
    row.last_seq = event.seq;
    row.order_key = order.order;
    if (row.market.raw == 0) row.market = market;
}

void take(FillRow& row, const Event& event, const Fill& said) {
    const bool first = !row.state.recorded;
    record(row.state, said, event.seq, confirmed_at_once(event));
    if (!first) return;
    row.trade = said.trade;
    row.order = said.order;
    row.outcome = said.outcome;
    row.side = said.side;
    row.role = said.role;
    row.tx = said.tx;
    row.time = happened(event);
    if (said.order.empty()) row.state.flags.set(FillFlag::no_order);
    if (row.state.settled_seq == event.seq) row.settled_time = row.time;
}

void take(FillRow& row, const Event& event, const FillSettlement& said) {
    if (row.trade.empty()) row.trade = said.trade;
    if (row.order.empty()) row.order = said.order;
    settle(row.state, said.status, event.seq);
    if (!said.reason.empty()) row.reason = said.reason;
    if (row.state.settled_seq == event.seq) row.settled_time = happened(event);
}

void take(FillRow& row, const Event&, const FillCorrection& said) {
    if (row.trade.empty()) row.trade = said.trade;
    if (row.order.empty()) row.order = said.order;
    correct(row.state, said);
}

/// The two rows of one fill that was recorded under both names of its order.
FillRow joined(const FillRow& a, const FillRow& b) {
    const bool a_stands =
        !b.state.recorded || (a.state.recorded && a.state.recorded_seq < b.state.recorded_seq);
    FillRow row = a_stands ? a : b;
    const FillRow& other = a_stands ? b : a;
    join(row.state, other.state);
    if (row.state.settled_seq == other.state.settled_seq) row.settled_time = other.settled_time;
    if (row.reason.empty()) row.reason = other.reason;
    if (row.market.raw == 0) row.market = other.market;
    row.first_seq = std::min(a.first_seq, b.first_seq);
    row.last_seq = std::max(a.last_seq, b.last_seq);
    return row;
}

}  // namespace

Fills::Fills(Rows& rows) : markets_{rows}, names_{rows}, fills_{rows, "fills"} {}

void Fills::apply(const Event& event) {
    markets_.apply(event);
    const OrderNames::Named order = names_.name(event);
    if (order.joined) join(event, *order.joined);
    const auto fold_into = [&](const auto& said) {
        const std::string key = prefix_of(event, order.order) + fill_name(event, said.trade);
        FillRow row = fills_.get(key).value_or(FillRow{});
        see(row, event, order, markets_.id_of(event));
        take(row, event, said);
        fills_.put(key, row);
    };
    if (const auto* fill = std::get_if<Fill>(&event.body)) fold_into(*fill);
    if (const auto* settled = std::get_if<FillSettlement>(&event.body)) fold_into(*settled);
    if (const auto* corrected = std::get_if<FillCorrection>(&event.body)) fold_into(*corrected);
}

void Fills::join(const Event& event, const OrderJoin& orders) {
    const std::string from = prefix_of(event, orders.from);
    for (auto& [key, row] : fills_.take(from)) {
        const std::string moved = prefix_of(event, orders.to) + key.substr(from.size());
        row.order_key = orders.to;
        const auto other = fills_.get(moved);
        fills_.put(moved, other ? joined(row, *other) : row);
    }
}

void Fills::for_each(const std::function<void(const FillRow&)>& visit) const {
    fills_.for_each("", [&visit](std::string_view, const FillRow& row) { visit(row); });
}

const Projection& fills_projection() {
    static const Projection projection{
        "fills", 1, "Which fills were there, and where do their shares stand at the venue?",
        TypeSet{"market_defined", "market_changed", "market_resolved", "order_status", "fill",
                "fill_settlement", "fill_correction"},
        assemble_of<Fills>};
    return projection;
}

}  // namespace daybook
