// Rules about single orders and what was believed of them.
#include <algorithm>

#include "projections/fold/rules.hpp"

namespace daybook {
namespace {

constexpr Shares kDust{10'000};  ///< 0.01 share: rounding of the venue (contract §3)

std::int64_t nanos(const Thresholds& limits, Threshold threshold) {
    return limits.get(threshold) * kNanosPerMilli;
}

const CaseOrder* order_called(const CaseFile& file, const std::string& name) {
    for (const CaseOrder& order : file.orders) {
        for (const CaseEvent* event : order.said) {
            const auto* status = std::get_if<OrderStatus>(&event->what);
            const bool named =
                order.name == name ||
                (status != nullptr && (status->order == name || status->venue_order == name));
            if (named) return &order;
        }
    }
    return nullptr;
}

/// The last status up to `upto` that says where the order stood: a cancel says what was wished.
const CaseEvent* standing_of(const CaseOrder& order, Sequence upto) {
    const CaseEvent* last = nullptr;
    for (const CaseEvent* event : order.said) {
        const auto* status = std::get_if<OrderStatus>(&event->what);
        if (event->seq > upto || status == nullptr) continue;
        const bool wish = status->status == OrderStatusCode::cancel_requested ||
                          status->status == OrderStatusCode::cancel_rejected ||
                          status->status == OrderStatusCode::canceled;
        if (!wish) last = event;
    }
    return last;
}

bool waits(const CaseEvent& said) {
    const auto code = std::get<OrderStatus>(said.what).status;
    return code == OrderStatusCode::live || code == OrderStatusCode::delayed ||
           code == OrderStatusCode::unknown;
}

void live_as_filled(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    for (const CaseEvent& event : file.events) {
        const auto* claim = std::get_if<Claim>(&event.what);
        if (claim == nullptr || claim->metric != "filled" || claim->order.empty()) continue;
        const CaseOrder* order = order_called(file, claim->order);
        const auto value = parse_micros(claim->value);
        if (order == nullptr || !value) continue;
        const Shares filled = order->filled(event.seq);
        const CaseEvent* stood = standing_of(*order, event.seq);
        if (value.value() - filled.micros <= kDust.micros || stood == nullptr || !waits(*stood))
            continue;
        const auto status = std::get<OrderStatus>(stood->what).status;
        found.push_back({{},
                         {},
                         claim->source + " says " + claim->value + " of " + order->name +
                             " are filled; it was " + std::string{to_text(status)} + ", filled " +
                             format_micros(filled.micros),
                         {stood->seq, event.seq},
                         {},
                         "filled 0.01 share at most beyond the fills"});
    }
}

void unwind_unfilled(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    for (const CaseOrder& order : file.orders) {
        if (!order.is(Purpose::unwind) && !order.is(Purpose::rebalance)) continue;
        const auto sent = order.sent();
        if (!sent || !order.intent->shares) continue;
        Time due{sent->nanos + nanos(limits, Threshold::unwind_timeout_ms)};
        if (file.market.closes) due = std::min(due, *file.market.closes);
        const OrderState state = order.state(kEverything);
        const bool over = (file.now && *file.now >= due) || is_final(state);
        Shares in_time;
        for (const CaseFill& fill : order.fills) {
            const auto amounts = counted(fill.state);
            if (amounts && (!fill.time || *fill.time <= due)) in_time += amounts->shares;
        }
        if (!over || in_time.micros >= order.intent->shares->micros - kDust.micros) continue;
        std::string detail = order.name + " filled " + format_micros(in_time.micros) + " of " +
                             format_micros(order.intent->shares->micros);
        std::vector<Sequence> seqs{order.intent_seq};
        for (const CaseEvent* event : order.said) {
            const auto* status = std::get_if<OrderStatus>(&event->what);
            if (status == nullptr || status->status != OrderStatusCode::rejected) continue;
            detail += ", rejected" + (status->reason.empty() ? "" : ": " + status->reason);
            seqs.push_back(event->seq);
        }
        if (order.intent->tif == "GTC") detail += ", sent as GTC";
        found.push_back({{}, {}, detail, seqs, {}, limits.print(Threshold::unwind_timeout_ms)});
    }
}

/// An order whose fills nobody announced: no intent, and no word of it within a minute.
void fill_without_order(const CaseFile& file, const Thresholds& limits,
                        std::vector<Finding>& found) {
    for (const CaseOrder& order : file.orders) {
        if (order.intent || order.fills.empty() || !order.fills.front().time || !file.now) continue;
        const Time due{order.fills.front().time->nanos + nanos(limits, Threshold::adopt_ms)};
        const bool adopted = std::ranges::any_of(order.said, [&](const CaseEvent* event) {
            return std::holds_alternative<OrderStatus>(event->what) &&
                   (!event->time || *event->time <= due);
        });
        if (adopted || *file.now < due) continue;
        std::vector<Sequence> seqs;
        for (const CaseFill& fill : order.fills) seqs.push_back(fill.state.recorded_seq);
        found.push_back({{},
                         {},
                         order.name.empty() ? std::string{"fills name no order"}
                                            : "nothing was said of order " + order.name,
                         seqs,
                         {},
                         limits.print(Threshold::adopt_ms)});
    }
}

/// All of it changed hands, even if some of that failed to settle: then that is what became of it.
bool all_matched(const CaseOrder& order) {
    if (!order.intent || !order.intent->shares) return false;
    Shares sum;
    for (const CaseFill& fill : order.fills)
        sum += in_force(fill.state).value_or(FillAmounts{}).shares;
    return sum.micros >= order.intent->shares->micros - kDust.micros;
}

bool known_by_fills_alone(const CaseOrder& order) {
    return !order.intent && std::ranges::none_of(order.said, [](const CaseEvent* event) {
        return std::holds_alternative<OrderStatus>(event->what);
    });
}

void order_without_outcome(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    if (!file.market.closes || !file.now || *file.now < *file.market.closes) return;
    for (const CaseOrder& order : file.orders) {
        if (known_by_fills_alone(order)) continue;  // fill_without_order tells of it
        const OrderState state = order.state(kEverything);
        if (is_final(state) || state == OrderState::new_ || all_matched(order)) continue;
        found.push_back({{},
                         {},
                         order.name + " is still " + std::string{to_text(state)},
                         {order.first_seq},
                         {},
                         "final at the close"});
    }
}

void double_submit(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    for (const CaseOrder& order : file.orders) {
        std::vector<Sequence> sent;
        for (const CaseEvent* event : order.said) {
            const auto* status = std::get_if<OrderStatus>(&event->what);
            if (status != nullptr && status->status == OrderStatusCode::submitted)
                sent.push_back(event->seq);
        }
        if (sent.size() > 1) {
            found.push_back({{},
                             {},
                             order.name + " was sent " + std::to_string(sent.size()) + " times",
                             sent,
                             {},
                             "once"});
        }
        for (const CaseOrder& other : file.orders) {
            const bool sibling = &other != &order && !order.group.empty() &&
                                 other.group == order.group && order.intent && other.intent &&
                                 file.side_of(other) == file.side_of(order) &&
                                 other.intent->side == order.intent->side;
            if (!sibling || other.first_seq > order.sent_seq()) continue;
            if (other.state(order.sent_seq()) != OrderState::unknown) continue;
            found.push_back(
                {{},
                 {},
                 order.name + " was sent while it was not known whether " + other.name + " was",
                 {other.first_seq, order.sent_seq()},
                 {},
                 "no second order while one is in doubt"});
        }
    }
}

void halt_breach(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    for (const CaseOrder& order : file.orders) {
        if (!order.intent || !order.intent_seq.raw) continue;
        const Standing* halted = nullptr;
        for (const Standing& said : file.standing) {
            if (said.seq > order.intent_seq) break;
            const auto* halt = std::get_if<Halt>(&said.what);
            const auto* resume = std::get_if<Resume>(&said.what);
            if (halt != nullptr && covers(halt->scope, file)) halted = &said;
            if (resume != nullptr && covers(resume->scope, file)) halted = nullptr;
        }
        if (halted == nullptr) continue;
        found.push_back({{},
                         {},
                         order.name + " was ordered while trading was halted (" +
                             std::get<Halt>(halted->what).reason + ")",
                         {halted->seq, order.intent_seq},
                         {},
                         "no order while halted"});
    }
}

void mode_leak(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    for (const CaseEvent& event : file.events) {
        if (event.cause_mode == Mode::none || event.cause_mode == file.holder.mode) continue;
        found.push_back({{},
                         {},
                         "a " + std::string{to_text(file.holder.mode)} + " event was caused by a " +
                             std::string{to_text(event.cause_mode)} + " one",
                         {{event.cause}, event.seq},
                         {},
                         "mode of its cause"});
    }
}

constexpr std::array kRules{
    Rule{"live_as_filled", Severity::critical,
         "An order that only waited on the book was counted as filled.", live_as_filled},
    Rule{"unwind_unfilled", Severity::critical,
         "An order that should have closed a leg was not filled in time.", unwind_unfilled},
    Rule{"fill_without_order", Severity::critical,
         "Shares changed hands for an order nobody intended or adopted.", fill_without_order},
    Rule{"double_submit", Severity::critical,
         "An order was sent twice, or beside one whose fate was unknown.", double_submit},
    Rule{"halt_breach", Severity::critical, "An order was made while trading was halted.",
         halt_breach},
    Rule{"mode_leak", Severity::critical, "Live and dry-run events caused each other.", mode_leak},
    Rule{"order_without_outcome", Severity::high,
         "The market closed and nothing says what became of an order.", order_without_outcome},
};

}  // namespace

std::span<const Rule> order_rules() { return kRules; }

}  // namespace daybook
