#include "projections/fold/case_file.hpp"

#include <algorithm>

#include "projections/fold/fees.hpp"

namespace daybook {
namespace {

/// Which orders of a case are one: a status that says both names links them for good.
class Names {
  public:
    std::size_t of(const std::string& a, const std::string& b) {
        if (b.empty()) return of(a);
        if (a.empty()) return of(b);
        const std::size_t one = of(a);
        const std::size_t other = of(b);
        const std::size_t low = std::min(one, other);
        const std::size_t high = std::max(one, other);
        for (auto& [name, number] : numbers_) number = number == high ? low : number;
        return low;
    }
    [[nodiscard]] std::size_t count() const { return next_; }

  private:
    std::size_t of(const std::string& name) {
        const auto [place, fresh] = numbers_.try_emplace(name, next_);
        if (fresh) ++next_;
        return place->second;
    }

    std::map<std::string, std::size_t> numbers_;
    std::size_t next_{};
};

struct Called {  ///< the names an event gives its order; empty: it is about none
    std::string ours{}, venues{};
};
struct NamesIn {
    Called operator()(const OrderIntent& e) const { return {e.order, {}}; }
    Called operator()(const OrderStatus& e) const { return {e.order, e.venue_order}; }
    Called operator()(const Fill& e) const { return {e.order, {}}; }
    Called operator()(const FillSettlement& e) const { return {e.order, {}}; }
    Called operator()(const FillCorrection& e) const { return {e.order, {}}; }
    Called operator()(const Decision&) const { return {}; }
    Called operator()(const Claim&) const { return {}; }
};

CaseFill& fill_of(CaseOrder& order, const std::string& name) {
    const auto found = std::ranges::find(order.fills, name, &CaseFill::name);
    if (found != order.fills.end()) return *found;
    order.fills.push_back({});
    order.fills.back().name = name;
    return order.fills.back();
}

class IntoOrder {
  public:
    IntoOrder(const CaseFile& file, CaseOrder& order, const CaseEvent& event)
        : file_{file}, order_{order}, event_{event} {}

    void operator()(const OrderIntent& intent) const {
        if (order_.intent) return;  // the first stands
        order_.intent = intent;
        order_.intent_seq = event_.seq;
        order_.intent_time = event_.time;
        order_.intent_mono = event_.mono;
        order_.group = intent.group.empty() ? event_.correlation : intent.group;
    }
    void operator()(const OrderStatus&) const {}
    void operator()(const Fill& said) const {
        CaseFill& fill = fill_of(order_, event_.fill);
        const bool first = !fill.state.recorded;
        record(fill.state, said, event_.seq, event_.confirmed);
        if (!first) return;
        fill.side = file_.side_of(said.outcome);
        fill.direction = said.side;
        fill.role = said.role;
        fill.time = event_.time;
    }
    void operator()(const FillSettlement& said) const {
        CaseFill& fill = fill_of(order_, event_.fill);
        settle(fill.state, said.status, event_.seq);
        if (fill.state.settled_seq == event_.seq) fill.settled_time = event_.time;
    }
    void operator()(const FillCorrection& said) const {
        correct(fill_of(order_, event_.fill).state, said);
    }
    void operator()(const Decision&) const {}
    void operator()(const Claim&) const {}

  private:
    const CaseFile& file_;
    CaseOrder& order_;
    const CaseEvent& event_;
};

bool failed_by(const FillState& fill, Sequence upto) {
    return fill.settlement == Settlement::failed && fill.settled_seq <= upto;
}

}  // namespace

std::optional<std::size_t> CaseFile::side_of(std::string_view outcome) const {
    const auto index = outcome_index(market, outcome);
    if (!index) return std::nullopt;
    return static_cast<std::size_t>(*index);
}

std::optional<std::size_t> CaseFile::side_of(const CaseOrder& order) const {
    if (order.intent) return side_of(order.intent->outcome);
    for (const CaseFill& fill : order.fills) {
        if (fill.side) return fill.side;
    }
    return std::nullopt;
}

Shares CaseOrder::filled(Sequence upto) const {
    Shares sum;
    for (const CaseFill& fill : fills) {
        const auto amounts = in_force(fill.state);
        if (amounts && fill.state.recorded_seq <= upto && !failed_by(fill.state, upto))
            sum += amounts->shares;
    }
    return sum;
}

OrderState CaseOrder::state(Sequence upto) const {
    Lifecycle life;
    const auto progress = [&](Sequence at) {
        OrderTerms terms;
        if (intent && intent_seq <= at) terms.shares = intent->shares;
        OrderFilled done;
        done.filled = filled(at);
        return progress_of(terms, done);
    };
    for (const CaseEvent* event : said) {
        if (event->seq > upto) break;
        const Progress now = progress(event->seq);
        if (const auto* status = std::get_if<OrderStatus>(&event->what)) {
            life = move(life, step_of(status->status), now).life;
        } else if (std::holds_alternative<Fill>(event->what)) {
            life =
                move(life, now == Progress::all ? OrderStep::fill_all : OrderStep::fill_part, now)
                    .life;
        } else if (std::holds_alternative<FillSettlement>(event->what) ||
                   std::holds_alternative<FillCorrection>(event->what)) {
            life =
                move(life, now == Progress::all ? OrderStep::revised_all : OrderStep::revised_part,
                     now)
                    .life;
        }
    }
    return life.state;
}

std::optional<Time> CaseOrder::sent() const {
    for (const CaseEvent* event : said) {
        const auto* status = std::get_if<OrderStatus>(&event->what);
        if (status != nullptr && status->status == OrderStatusCode::submitted) return event->time;
    }
    return intent_time;
}

Sequence CaseOrder::sent_seq() const {
    for (const CaseEvent* event : said) {
        const auto* status = std::get_if<OrderStatus>(&event->what);
        if (status != nullptr && status->status == OrderStatusCode::submitted) return event->seq;
    }
    return intent_seq;
}

void read_orders(CaseFile& file) {
    Names names;
    const auto called = [](const CaseEvent& event) { return std::visit(NamesIn{}, event.what); };
    for (const CaseEvent& event : file.events) {  // first all links, so that no order is two
        const Called by = called(event);
        if (!by.ours.empty() || !by.venues.empty()) (void)names.of(by.ours, by.venues);
    }
    std::map<std::size_t, CaseOrder> orders;
    for (const CaseEvent& event : file.events) {
        const Called by = called(event);
        const bool fill_alone = by.ours.empty() && std::holds_alternative<Fill>(event.what);
        if (by.ours.empty() && by.venues.empty() && !fill_alone) continue;
        const std::size_t number = fill_alone ? SIZE_MAX : names.of(by.ours, by.venues);
        CaseOrder& order = orders[number];
        if (order.first_seq.raw == 0) order.first_seq = event.seq;
        if (order.name.empty() || std::holds_alternative<OrderIntent>(event.what))
            order.name = by.ours.empty() ? by.venues : by.ours;
        order.said.push_back(&event);
        std::visit(IntoOrder{file, order, event}, event.what);
    }
    for (auto& [number, order] : orders) file.orders.push_back(std::move(order));
    std::ranges::sort(file.orders, {}, &CaseOrder::first_seq);
}

OwnTrade trade_of(const CaseFile& file, const CaseFill& fill, const FillAmounts& amounts) {
    OwnTrade trade;
    trade.side = fill.side.value_or(0);
    trade.bought = fill.direction == Side::buy;
    const Shares fee_shares = amounts.fee_shares.value_or(Shares{});
    trade.shares = trade.bought ? amounts.shares - fee_shares : amounts.shares;
    trade.cost = amounts.cost;
    if (amounts.fee) {
        trade.fee = *amounts.fee;
        return trade;
    }
    // The ledger's rule for a fee nobody stated (contract §1); the laws hold one against the other.
    const auto schedule = fee_at(file.market, fill.state.recorded_seq);
    const bool pays = schedule && fill.role && (*fill.role == Role::taker || !schedule->taker_only);
    if (!pays || fee_shares.micros != 0) return trade;
    trade.fee = estimated_fee(*schedule, amounts.shares, amounts.cost);
    trade.estimated = trade.fee.micros != 0;
    trade.fee_in_cash = schedule->collected == Collected::cash || !trade.bought;
    if (!trade.fee_in_cash && amounts.cost.micros > 0) {
        trade.shares -= Shares{static_cast<std::int64_t>(
            divide_half_even(Wide{trade.fee.micros} * amounts.shares.micros, amounts.cost.micros))};
    }
    return trade;
}

}  // namespace daybook
