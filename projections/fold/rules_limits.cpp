// Rules about what was decided and promised: how much of a book, at which prices, and when to stop.
#include <algorithm>

#include "projections/fold/hedge.hpp"
#include "projections/fold/rules.hpp"

namespace daybook {
namespace {

std::int64_t nanos(const Thresholds& limits, Threshold threshold) {
    return limits.get(threshold) * kNanosPerMilli;
}

/// The group of a decision to go, else nothing.
std::optional<std::string> group_of(const CaseEvent& event) {
    const auto* decision = std::get_if<Decision>(&event.what);
    if (decision == nullptr || decision->verdict != Verdict::go) return std::nullopt;
    return decision->group.empty() ? event.correlation : decision->group;
}

/// What a decision opened of one outcome against what its book offered up to the price decided on.
void over_consumption(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    const auto most = limits.find(Threshold::max_consumption);
    if (!most) return;
    for (const CaseEvent& event : file.events) {
        const auto group = group_of(event);
        if (!group) continue;
        for (const BookSight& sight : event.sights) {
            if (!sight.offered) continue;
            Shares ordered;
            std::vector<Sequence> seqs{{sight.book_seq}, event.seq};
            for (const CaseOrder& order : file.orders) {
                if (order.group != *group || !opens(order) || order.intent_seq < event.seq ||
                    file.side_of(order) != file.side_of(sight.outcome))
                    continue;
                ordered += order.intent->shares.value_or(Shares{});
                seqs.push_back(order.intent_seq);
            }
            if (Wide{ordered.micros} * kMicro <= Wide{*most} * sight.offered->micros) continue;
            found.push_back({{},
                             {},
                             "group " + *group + " ordered " + format_micros(ordered.micros) +
                                 " of " + format_micros(sight.offered->micros) + ' ' +
                                 sight.outcome + " that were offered",
                             seqs,
                             {},
                             limits.print(Threshold::max_consumption)});
        }
    }
}

/// What the fills of `order` cost above the price decided on.
Money above(const CaseOrder& order, Price decided) {
    Money sum;
    for (const CaseFill& fill : order.fills) {
        const auto amounts = counted(fill.state);
        const auto meant = amounts ? cost(decided, amounts->shares) : Result<Money>{Money{}};
        if (amounts && meant) sum += amounts->cost - meant.value();
    }
    return sum;
}

const CaseOrder* first_of(const CaseFile& file, const std::string& group, const Leg& leg) {
    for (const CaseOrder& order : file.orders) {
        if (order.group == group && opens(order) && order.intent->price &&
            file.side_of(order) == file.side_of(leg.outcome))
            return &order;
    }
    return nullptr;
}

void same_price_legs(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    for (const CaseEvent& event : file.events) {
        const auto group = group_of(event);
        if (!group) continue;
        const auto& legs = std::get<Decision>(event.what).legs;
        if (legs.size() != 2 || !legs[0].price || !legs[1].price || legs[0].price == legs[1].price)
            continue;
        const CaseOrder* const one = first_of(file, *group, legs[0]);
        const CaseOrder* const other = first_of(file, *group, legs[1]);
        if (one == nullptr || other == nullptr || one == other ||
            one->intent->price != other->intent->price)
            continue;
        found.push_back({{},
                         {},
                         "group " + *group + " sent both legs at " +
                             format_micros(one->intent->price->micros) + ", decided at " +
                             format_micros(legs[0].price->micros) + " and " +
                             format_micros(legs[1].price->micros),
                         {event.seq, one->intent_seq, other->intent_seq},
                         above(*one, *legs[0].price) + above(*other, *legs[1].price),
                         "each leg at the price decided on"});
    }
}

struct TimedFill {
    Time time;
    Sequence seq;
    OwnTrade trade;
};

std::vector<TimedFill> fills_of(const CaseFile& file) {
    std::vector<TimedFill> fills;
    for (const CaseOrder& order : file.orders) {
        for (const CaseFill& fill : order.fills) {
            const auto amounts = counted(fill.state);
            if (amounts && fill.side && fill.time)
                fills.push_back(
                    {*fill.time, fill.state.recorded_seq, trade_of(file, fill, *amounts)});
        }
    }
    std::ranges::stable_sort(fills, {}, &TimedFill::time);
    return fills;
}

bool halted_at(const CaseFile& file, Time at) {
    bool halted = false;
    for (const Standing& said : file.standing) {
        if (!said.time || *said.time > at) continue;
        const auto* halt = std::get_if<Halt>(&said.what);
        const auto* resume = std::get_if<Resume>(&said.what);
        if (halt != nullptr && covers(halt->scope, file)) halted = true;
        if (resume != nullptr && covers(resume->scope, file)) halted = false;
    }
    return halted;
}

/// A fill is given the time-out of its group to find its pair, as the guards do; then the market is
/// looked at. Told once a case.
void critical_without_halt(const CaseFile& file, const Thresholds& limits,
                           std::vector<Finding>& found) {
    if (!limits.said(Threshold::critical_hedge_ratio)) return;
    const std::vector<TimedFill> fills = fills_of(file);
    for (const TimedFill& fill : fills) {
        const Time look{fill.time.nanos + nanos(limits, Threshold::fill_timeout_ms)};
        const Time due{look.nanos + nanos(limits, Threshold::halt_ms)};
        if (!file.now || *file.now < due) return;
        if (file.market.closes && *file.market.closes <= look) return;
        Position position;
        std::vector<Sequence> seqs;
        for (const TimedFill& other : fills) {
            if (other.time > look) break;
            position = apply(std::move(position), other.trade);
            seqs.push_back(other.seq);
        }
        const auto ratio = hedge_ratio(position);
        const bool breach = ratio && below(*ratio, {limits.get(Threshold::critical_hedge_ratio)});
        if (!breach || halted_at(file, due)) continue;
        found.push_back({{},
                         {},
                         "hedged " + format_ratio(*ratio) + ", and no halt",
                         seqs,
                         {},
                         limits.print(Threshold::critical_hedge_ratio) + ", " +
                             limits.print(Threshold::halt_ms)});
        return;
    }
}

constexpr std::array kRules{
    Rule{"critical_without_halt", Severity::critical,
         "The hedge fell below the critical ratio, which was a limit, and nobody halted trading.",
         critical_without_halt},
    Rule{"over_consumption", Severity::high,
         "More was ordered than the allowed part of what the book offered.", over_consumption},
    Rule{"same_price_legs", Severity::high,
         "Both legs were sent at one price, though they were decided on at two.", same_price_legs},
};

}  // namespace

std::span<const Rule> limit_rules() { return kRules; }

}  // namespace daybook
