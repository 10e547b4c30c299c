#include "projections/fold/order_row.hpp"

#include <algorithm>

namespace daybook {
namespace {

constexpr Shares kDust{10'000};  ///< 0.01 share: rounding of the venue

void fill_in(std::string& field, const std::string& said) {
    if (field.empty()) field = said;
}
template <class T>
void fill_in(std::optional<T>& field, const std::optional<T>& said) {
    if (!field) field = said;
}
void replace(std::string& field, const std::string& said) {
    if (!said.empty()) field = said;
}
template <class T>
void replace(std::optional<T>& field, const std::optional<T>& said) {
    if (said) field = said;
}

void see(OrderRow& order, const OrderSeen& seen) {
    if (order.first_seq.raw == 0) order.first_seq = seen.seq;
    order.last_seq = seen.seq;
    if (order.market.raw == 0) order.market = seen.market;
    fill_in(order.terms.correlation, seen.correlation);
}

bool first_seen(const OrderRow& order) { return order.first_seq.raw == 0; }

Shares working(const OrderRow& order) {
    const OrderState state = order.life.state;
    if (is_final(state) || state == OrderState::new_ || !order.terms.shares) return {};
    // Shares whose fill failed were taken off the book at the venue: they do not work again.
    return std::max(Shares{}, *order.terms.shares - order.done.filled - order.done.failed);
}

/// Takes one step and brings state, times and open shares in line with it.
void advance(OrderRow& order, const OrderSeen& seen, OrderStep step) {
    const bool was_final = is_final(order.life.state);
    const Moved moved = move(order.life, step, progress_of(order.terms, order.done));
    order.life = moved.life;
    order.flags.set(moved.flags);
    order.open = working(order);
    if (!is_final(order.life.state)) order.times.terminal.reset();
    if (is_final(order.life.state) && !was_final) order.times.terminal = seen.time;
    if (order.life.state != OrderState::filled) order.times.filled.reset();
    if (order.life.state == OrderState::filled) fill_in(order.times.filled, seen.time);
}

/// The size was learned or changed: what is filled may now be all, or no longer.
void resize(OrderRow& order, const OrderSeen& seen, Progress before) {
    const Progress now = progress_of(order.terms, order.done);
    order.open = working(order);
    if (now == before || now == Progress::none) return;
    advance(order, seen, now == Progress::all ? OrderStep::revised_all : OrderStep::revised_part);
}

void note_time(OrderTimes& times, OrderStatusCode status, const std::optional<Time>& time) {
    switch (status) {
        case OrderStatusCode::submitted:
            return fill_in(times.submitted, time);
        case OrderStatusCode::live:
            return fill_in(times.live, time);
        case OrderStatusCode::cancel_requested:
            return fill_in(times.cancel_requested, time);
        case OrderStatusCode::unknown:
        case OrderStatusCode::rejected:
        case OrderStatusCode::delayed:
        case OrderStatusCode::matched:
        case OrderStatusCode::filled:
        case OrderStatusCode::cancel_rejected:
        case OrderStatusCode::canceled:
        case OrderStatusCode::expired:
            return;
    }
}

/// Whether a bot says this of its own order before the venue has answered.
bool is_bots_word(OrderStep step) {
    return step == OrderStep::submitted || step == OrderStep::unknown ||
           step == OrderStep::cancel_requested;
}

void name_both(OrderRow& order, const OrderStatus& status) {
    if (!status.venue_order.empty()) {
        fill_in(order.venue_order, status.venue_order);
        if (order.order == status.venue_order) order.order.clear();
    }
    fill_in(order.order, status.order);
}

void state_terms(OrderTerms& terms, const OrderStatus& status) {
    fill_in(terms.outcome, status.outcome);
    fill_in(terms.side, status.side);
    fill_in(terms.price, status.price);
    fill_in(terms.shares, status.shares);
    fill_in(terms.tif, status.tif);
}

void say(OrderStanding& standing, const OrderStatus& status) {
    standing.attempted = true;
    standing.raw_status =
        status.raw_status.empty() ? std::string{to_text(status.status)} : status.raw_status;
    replace(standing.claimed_matched, status.claimed_matched);
    replace(standing.claimed_cost, status.claimed_cost);
    replace(standing.reason, status.reason);
}

OrderStep step_of_fill(Progress progress, bool new_shares) {
    if (progress == Progress::all) return new_shares ? OrderStep::fill_all : OrderStep::revised_all;
    return new_shares ? OrderStep::fill_part : OrderStep::revised_part;
}

void flag_fill(OrderRow& order, const FillState& fill) {
    if (fill.settlement == Settlement::failed) order.flags.set(OrderFlag::voided);
    if (fill.flags.has(FillFlag::corrected)) order.flags.set(OrderFlag::corrected);
    if (fill.flags.has(FillFlag::repeated)) order.flags.set(OrderFlag::repeated_fill);
    if (fill.flags.has(FillFlag::contradicting_settlement)) {
        order.flags.set(OrderFlag::contradicting_settlement);
    }
    const auto ordered = order.terms.shares;
    if (ordered && order.done.filled > *ordered + kDust) order.flags.set(OrderFlag::overfill);
}

}  // namespace

void take_intent(OrderRow& order, const OrderSeen& seen, const OrderIntent& intent) {
    if (order.terms.intended) return order.flags.set(OrderFlag::illegal_transition);
    if (!first_seen(order)) order.flags.set(OrderFlag::out_of_order);
    order.flags.clear(OrderFlag::orphan);
    see(order, seen);
    const Progress before = progress_of(order.terms, order.done);
    OrderTerms& terms = order.terms;
    terms.intended = true;
    replace(terms.outcome, intent.outcome);
    replace(terms.side, intent.side);
    replace(terms.price, intent.price);
    replace(terms.shares, intent.shares);
    replace(terms.tif, intent.tif);
    terms.purpose = intent.purpose;
    terms.group = intent.group;
    if (order.order.empty() && order.venue_order != intent.order) order.order = intent.order;
    order.times.intent = seen.time;
    resize(order, seen, before);
}

void take_status(OrderRow& order, const OrderSeen& seen, const OrderStatus& status) {
    const OrderStep step = step_of(status.status);
    if (first_seen(order) && !is_bots_word(step)) order.flags.set(OrderFlag::adopted);
    order.flags.clear(OrderFlag::orphan);
    see(order, seen);
    const Progress before = progress_of(order.terms, order.done);
    name_both(order, status);
    state_terms(order.terms, status);
    say(order.standing, status);
    note_time(order.times, status.status, seen.time);
    resize(order, seen, before);
    advance(order, seen, step);
}

void take_fill(OrderRow& order, const OrderSeen& seen, const FillState& before,
               const FillState& after) {
    if (!after.recorded) return;  // parked: it says nothing of the order yet
    if (first_seen(order)) {
        order.flags.set(OrderFlag::adopted);
        order.flags.set(OrderFlag::orphan);
    }
    see(order, seen);
    order.standing.attempted = true;
    if (const auto* fill = std::get_if<Fill>(&seen.what)) {
        fill_in(order.terms.outcome, fill->outcome);
        if (!order.terms.side) order.terms.side = fill->side;
        if (order.order.empty() && order.venue_order.empty()) order.order = fill->order;
        fill_in(order.times.first_fill, seen.time);
    }
    const Progress was = progress_of(order.terms, order.done);
    const OrderFilled sums = account(order.done, before, after);
    const bool new_shares = !counted(before) && counted(after);
    const bool changed = new_shares || sums != order.done;
    order.done = sums;
    flag_fill(order, after);
    const Progress now = progress_of(order.terms, order.done);
    if (changed && (new_shares || now != was || now == Progress::none)) {
        advance(order, seen, step_of_fill(now, new_shares));
    }
    order.open = working(order);
}

OrderFilled account(OrderFilled sums, const FillState& before, const FillState& after) {
    if (const auto old = counted(before)) {
        sums.filled -= old->shares;
        sums.cost -= old->cost;
        sums.fees -= old->fee.value_or(Money{});
        --sums.fills;
    }
    if (const auto now = counted(after)) {
        sums.filled += now->shares;
        sums.cost += now->cost;
        sums.fees += now->fee.value_or(Money{});
        ++sums.fills;
    }
    sums.failed += voided(after) - voided(before);
    return sums;
}

Progress progress_of(const OrderTerms& terms, const OrderFilled& done) {
    if (done.filled <= Shares{}) return Progress::none;
    if (!terms.shares || done.filled < *terms.shares - kDust) return Progress::part;
    return Progress::all;
}

}  // namespace daybook
