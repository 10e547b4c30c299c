// Rules about orders that belong together, and the decisions behind them.
#include <algorithm>

#include "projections/fold/guards.hpp"
#include "projections/fold/rules.hpp"

namespace daybook {
namespace {

std::int64_t nanos(const Thresholds& limits, Threshold threshold) {
    return limits.get(threshold) * kNanosPerMilli;
}

bool works(OrderState state) { return state != OrderState::new_ && !is_final(state); }

/// Bought less sold of a leg, by the fills recorded before `upto`.
Shares held_at(const CaseFile& file, std::size_t side, Sequence upto) {
    Shares sum;
    for (const CaseOrder& order : file.orders) {
        if (file.side_of(order) != side) continue;
        const bool sells =
            order.intent ? order.intent->side == Side::sell
                         : !order.fills.empty() && order.fills.front().direction == Side::sell;
        sum += sells ? -order.filled(upto) : order.filled(upto);
    }
    return sum;
}

/// More than one opening order for a leg: the later ones found something held or working.
void stacked(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    for (std::size_t side = 0; side < 2; ++side) {
        std::vector<Sequence> seqs;
        for (const CaseOrder& b : file.orders) {
            if (!opens(b) || file.side_of(b) != side) continue;
            const Sequence before{b.intent_seq.raw - 1};
            bool on_top = false;
            for (const CaseOrder& a : file.orders) {
                if (&a == &b || !opens(a) || file.side_of(a) != side ||
                    a.intent_seq >= b.intent_seq)
                    continue;
                const OrderState state = a.state(before);
                const bool stands = works(state) || held_at(file, side, before).micros > 0;
                if (state == OrderState::rejected || !stands) continue;
                seqs.push_back(a.intent_seq);
                on_top = true;
            }
            if (on_top) seqs.push_back(b.intent_seq);
        }
        if (seqs.empty()) continue;
        std::ranges::sort(seqs);
        seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
        const std::string outcome =
            side < file.market.outcomes.size() ? file.market.outcomes[side].name : "";
        found.push_back({{},
                         {},
                         std::to_string(seqs.size()) + " opening orders for " + outcome,
                         seqs,
                         {},
                         "one opening order a leg"});
    }
}

/// The first opening order of each leg of a group; null where there is none.
std::array<const CaseOrder*, 2> legs_of(const CaseFile& file, const GroupCase& group) {
    std::array<const CaseOrder*, 2> legs{};
    for (const CaseOrder* order : group.orders) {
        const auto side = file.side_of(*order);
        if (side && opens(*order) && legs.at(*side) == nullptr) legs.at(*side) = order;
    }
    return legs;
}

std::optional<std::int64_t> between(const CaseOrder& first, const CaseOrder& second) {
    if (first.intent_mono && second.intent_mono) return *second.intent_mono - *first.intent_mono;
    const auto a = first.sent();
    const auto b = second.sent();
    if (!a || !b) return std::nullopt;
    return b->nanos - a->nanos;
}

bool caused_by_answer(const CaseOrder& second, const CaseOrder& first) {
    for (const CaseEvent* event : second.said) {
        for (const CaseEvent* answer : first.said) {
            const bool is_answer = !std::holds_alternative<OrderIntent>(answer->what);
            if (is_answer && event->cause == answer->seq.raw && event->seq <= second.sent_seq())
                return true;
        }
    }
    return false;
}

void sequential(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    for (const GroupCase& group : groups_of(file)) {
        auto [first, second] = legs_of(file, group);
        if (group.group.empty() || first == nullptr || second == nullptr) continue;
        if (second->intent_seq < first->intent_seq) std::swap(first, second);
        const auto apart = between(*first, *second);
        const bool waited = caused_by_answer(*second, *first);
        if (!waited && (!apart || *apart <= nanos(limits, Threshold::parallel_ms))) continue;
        found.push_back({{},
                         {},
                         "group " + group.group + ": the second leg left " +
                             (apart ? std::to_string(*apart / kNanosPerMilli) + " ms later"
                                    : std::string{"later"}) +
                             (waited ? ", because of what the first had become" : ""),
                         {first->sent_seq(), second->sent_seq()},
                         {},
                         limits.print(Threshold::parallel_ms)});
    }
}

void directional(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    for (const GroupCase& group : groups_of(file)) {
        const auto legs = legs_of(file, group);
        const CaseOrder* only = legs[0] != nullptr ? legs[0] : legs[1];
        const bool two_meant =
            group.plan.legs[0].shares.micros > 0 && group.plan.legs[1].shares.micros > 0;
        if (only == nullptr || (legs[0] != nullptr && legs[1] != nullptr) || two_meant) continue;
        if (flag_allows(file, "directional", only->intent_seq, only->intent_time)) continue;
        found.push_back({{},
                         {},
                         (group.group.empty() ? "an order of no group" : "group " + group.group) +
                             " opens one leg only",
                         {only->intent_seq},
                         {},
                         "flag directional on"});
    }
}

void near_resolution(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    if (!file.market.closes) return;
    for (const CaseOrder& order : file.orders) {
        if (!opens(order) || !order.intent_time) continue;
        const std::int64_t left = file.market.closes->nanos - order.intent_time->nanos;
        if (left >= nanos(limits, Threshold::near_resolution_ms)) continue;
        if (flag_allows(file, "near_resolution", order.intent_seq, order.intent_time)) continue;
        found.push_back({{},
                         {},
                         order.name + " opens " + std::to_string(left / kNanosPerMilli) +
                             " ms before the close",
                         {order.intent_seq},
                         {},
                         limits.print(Threshold::near_resolution_ms)});
    }
}

void stale_book(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    for (const CaseEvent& event : file.events) {
        const auto* decision = std::get_if<Decision>(&event.what);
        if (decision == nullptr || decision->verdict != Verdict::go) continue;
        for (const BookSight& sight : event.sights) {
            std::string why;
            if (sight.last_time && event.time &&
                event.time->nanos - sight.last_time->nanos >
                    nanos(limits, Threshold::max_book_age_ms)) {
                why =
                    "the book last spoke " +
                    std::to_string((event.time->nanos - sight.last_time->nanos) / kNanosPerMilli) +
                    " ms before";
            } else if (sight.doubt.raw != 0) {
                why = "the feed had a gap and no whole book came since";
            }
            if (why.empty()) continue;
            std::vector<Sequence> seqs{{sight.book_seq}, event.seq};
            if (sight.last.raw != 0) seqs.push_back(sight.last);
            if (sight.doubt.raw != 0) seqs.push_back(sight.doubt);
            found.push_back({{},
                             {},
                             "decided on " + sight.outcome + ": " + why,
                             seqs,
                             {},
                             limits.print(Threshold::max_book_age_ms)});
        }
    }
}

void price_drift(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    for (const CaseEvent& event : file.events) {
        const auto* decision = std::get_if<Decision>(&event.what);
        if (decision == nullptr || decision->verdict != Verdict::go) continue;
        const std::string& name = decision->group.empty() ? event.correlation : decision->group;
        for (const CaseOrder& order : file.orders) {
            if (order.group != name || !opens(order) || !order.intent->price) continue;
            for (const Leg& leg : decision->legs) {
                if (!leg.price || file.side_of(leg.outcome) != file.side_of(order)) continue;
                const std::int64_t off = order.intent->price->micros - leg.price->micros;
                if ((off < 0 ? -off : off) <= limits.get(Threshold::max_slippage)) continue;
                found.push_back({{},
                                 {},
                                 order.name + " at " + format_micros(order.intent->price->micros) +
                                     ", decided at " + format_micros(leg.price->micros),
                                 {event.seq, order.intent_seq},
                                 {},
                                 limits.print(Threshold::max_slippage)});
            }
        }
    }
}

/// What a group may cost at most: the prices it was sent at, fills where they cost more.
void over_cap(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    const auto cap = limits.find(Threshold::max_group_cost);
    if (!cap) return;
    for (const GroupCase& group : groups_of(file)) {
        Money sum;
        std::vector<Sequence> seqs;
        for (const CaseOrder* order : group.orders) {
            if (!opens(*order) || !order->intent->price || !order->intent->shares) continue;
            if (order->state(kEverything) == OrderState::rejected) continue;
            const auto notional = cost(*order->intent->price, *order->intent->shares);
            if (notional) sum += notional.value();
            seqs.push_back(order->intent_seq);
        }
        sum += group.told.fees;
        if (group.group.empty() || sum.micros <= *cap) continue;
        found.push_back(
            {{},
             {},
             "group " + group.group + " was sent for " + format_micros(sum.micros) + " dollars",
             seqs,
             {},
             limits.print(Threshold::max_group_cost)});
    }
}

std::optional<Time> first_sent(const GroupCase& group) {
    std::optional<Time> first;
    for (const CaseOrder* order : group.orders) {
        const auto sent = opens(*order) ? order->sent() : std::nullopt;
        if (sent && (!first || *sent < *first)) first = sent;
    }
    return first;
}

/// The last event of the case that happened up to `at`.
Sequence seq_at(const CaseFile& file, Time at) {
    Sequence last;
    for (const CaseEvent& event : file.events) {
        if (event.time && *event.time <= at) last = std::max(last, event.seq);
    }
    return last;
}

void timed_out(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    for (const GroupCase& group : groups_of(file)) {
        const auto first = first_sent(group);
        if (group.group.empty() || !first || !file.now) continue;
        const Time timeout{first->nanos + nanos(limits, Threshold::fill_timeout_ms)};
        const Time due{timeout.nanos + nanos(limits, Threshold::cancel_grace_ms)};
        if (*file.now < due) continue;
        for (const CaseOrder* order : group.orders) {
            const auto sent = order->sent();
            if (!opens(*order) || !sent || *sent > timeout) continue;
            const bool waited = works(order->state(seq_at(file, timeout)));
            const OrderState state = order->state(seq_at(file, due));
            if (!waited || !works(state) || state == OrderState::pending_cancel) continue;
            const bool asked = std::ranges::any_of(order->said, [&](const CaseEvent* event) {
                const auto* status = std::get_if<OrderStatus>(&event->what);
                return status != nullptr && event->time && *event->time <= due &&
                       status->status == OrderStatusCode::cancel_requested;
            });
            if (asked) continue;
            found.push_back({{},
                             {},
                             order->name + " still worked, and nobody asked to cancel it",
                             {order->sent_seq()},
                             {},
                             limits.print(Threshold::fill_timeout_ms) + ", " +
                                 limits.print(Threshold::cancel_grace_ms)});
        }
    }
}

/// Both legs were sent; one filled, and nothing works for the other any more.
void legged(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    for (const GroupCase& group : groups_of(file)) {
        const auto legs = legs_of(file, group);
        if (group.group.empty() || legs[0] == nullptr || legs[1] == nullptr) continue;
        std::array<Shares, 2> filled;
        bool working = false;
        for (const CaseOrder* order : group.orders) {
            const auto side = file.side_of(*order);
            if (!side || !opens(*order)) continue;
            filled.at(*side) += order->filled(kEverything);
            working = working || works(order->state(kEverything));
        }
        const bool one = (filled[0].micros == 0) != (filled[1].micros == 0);
        if (working || !one) continue;
        const std::size_t empty = filled[0].micros == 0 ? 0 : 1;
        found.push_back({{},
                         {},
                         "group " + group.group + ": " +
                             format_micros(filled.at(1 - empty).micros) + " of " +
                             legs.at(1 - empty)->intent->outcome + ", none of " +
                             legs.at(empty)->intent->outcome,
                         group.seqs,
                         {},
                         "both legs or none"});
    }
}

/// The identity of expected and realised must leave nothing over.
void residual(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    const auto pays = payouts(file.market);
    if (!pays) return;
    for (const GroupCase& group : groups_of(file)) {
        const Money left = explain(group.plan, group.told, group.counted, *pays).residual();
        if (left.micros == 0) continue;
        found.push_back({{},
                         {},
                         "group " + group.group + " leaves " + format_micros(left.micros) +
                             " dollars unexplained",
                         group.seqs,
                         left,
                         "0"});
    }
}

constexpr std::array kRules{
    Rule{"legged_group", Severity::critical,
         "Both legs were sent, one was filled, and the other never will be.", legged},
    Rule{"directional", Severity::critical,
         "One leg was opened alone, and nobody had switched directional trading on.", directional},
    Rule{"near_resolution", Severity::critical,
         "A position was opened in the final minute, and nobody had switched that on.",
         near_resolution},
    Rule{"unexplained_result", Severity::critical,
         "Expected and realised differ by something no event explains.", residual},
    Rule{"stacked", Severity::high,
         "A leg was opened again while something of it was held or still worked.", stacked},
    Rule{"sequential", Severity::high, "The second leg waited for the first.", sequential},
    Rule{"stale_book", Severity::high, "It was decided on a book that was old or in doubt.",
         stale_book},
    Rule{"price_drift", Severity::high, "An order was not sent at the price decided on.",
         price_drift},
    Rule{"over_cap", Severity::high, "A group may cost more than its limit.", over_cap},
    Rule{"timed_out", Severity::high,
         "A leg still worked after the time-out, and its cancel was never asked for.", timed_out},
};

}  // namespace

std::span<const Rule> group_rules() { return kRules; }

}  // namespace daybook
