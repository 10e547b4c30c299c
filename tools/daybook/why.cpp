#include "projections/answers/why.hpp"

#include "projections/answers/epoch.hpp"
#include "projections/fold/money_projections.hpp"
#include "schemas/event_json.hpp"
#include "schemas/whole_number.hpp"
#include "tools/daybook/render.hpp"
#include "tools/daybook/session.hpp"
#include "tools/terminal/display_text.hpp"

namespace daybook {
namespace {

std::optional<Sequence> sequence_in(std::string_view text) {
    const auto number = whole_number(text);
    return number ? std::optional{Sequence{*number}} : std::nullopt;
}

void note_moment(const Session& session, const Scope& scope) {
    std::string note =
        std::string{to_text(scope.mode)} + ", as of event " + std::to_string(session.seq().raw);
    if (session.epoch()) note += ", epoch " + session.epoch()->name;
    print_out(note + "\n\n");
}

std::string derivations_text(const std::vector<Derivation>& derivations) {
    std::string text;
    for (const Derivation& each : derivations) {
        text += each.figure + " = " + each.formula + "\n    " + each.numbers + '\n';
    }
    return text + '\n';
}

void write_derivations(JsonWriter& out, const std::vector<Derivation>& derivations) {
    out.key("figures").begin_array();
    for (const Derivation& each : derivations) {
        out.begin_object().key("figure").text(each.figure).key("formula").text(each.formula);
        out.key("numbers").text(each.numbers).end_object();
    }
    out.end_array();
}

/// Why a market's position is what it is: its formulas, and every movement behind them.
Result<Exit> why_market(Session& session, const Call& call, Scope scope) {
    scope.market = call.what;
    TRYV(session.need({"positions", "orders"}));
    const auto views = positions_of(session.rows("positions"), session.rows("orders"), scope);
    if (views.empty()) {
        return Error{
            Errc::usage,
            "'" + call.what +
                "' is no sequence, figure or market with a "
                "position in mode " +
                std::string{to_text(scope.mode)},
            "daybook query positions lists markets; figures are realized, edge, direction, "
            "fees, bought, sold, redeemed, merged, split, open_worst, open_best"};
    }
    const Ledger ledger{session.rows("positions")};
    for (const PositionView& view : views) {
        const auto derivations = derive(view);
        const Listing movements = list_movements(ledger, view);
        if (call.json) {
            JsonWriter out = begin_answer("why");
            out.key("about").text(view.market.name).key("account").text(view.holder.account);
            out.key("mode").text(to_text(scope.mode));
            session.write_as_of(out);
            write_derivations(out, derivations);
            write(out.key("movements"), movements);
            print_answer(std::move(out));
            continue;
        }
        note_moment(session, scope);
        const std::string& title = view.market.title;
        print_out(printable(title.empty() ? view.market.name : title) + ", account " +
                  printable(view.holder.account) + "\n\n" + derivations_text(derivations) +
                  render(movements, stdout_terminal(call.no_color), call.zone) +
                  "\nan event and what was received: daybook why NUMBER\n");
    }
    return Exit::done;
}

/// Why a sum is what it is: what each market adds.
Result<Exit> why_sum(Session& session, const Call& call, const Scope& scope) {
    TRY(auto views, positions_at(session, scope));
    if (session.epoch()) {
        TRY(auto* const start, session.at_epoch());
        TRY(const auto before, positions_at(*start, scope));
        count_from(views, before);
    }
    const Listing parts = list_parts(views, call.what);
    if (call.json) {
        JsonWriter out = begin_answer("why");
        out.key("about").text(call.what).key("mode").text(to_text(scope.mode));
        session.write_as_of(out);
        out.key("formula").text(formula_of(call.what));
        write(out.key("parts"), parts);
        print_answer(std::move(out));
    } else {
        note_moment(session, scope);
        print_out(call.what + " = " + formula_of(call.what) + "\n\n" +
                  (parts.rows.empty() ? std::string{"no market adds to it\n"}
                                      : render(parts, stdout_terminal(call.no_color))) +
                  "\na market's part: daybook why MARKET\n");
    }
    return parts.rows.empty() ? Exit::no_match : Exit::done;
}

/// What is held in the event's market before and after it, by folding up to it.
struct Effect {
    std::optional<PositionView> before, after;
};

std::optional<PositionView> view_at(Rows& rows, const Event& event) {
    MemoryRows no_orders;
    for (PositionView& view : positions_of(rows, no_orders, {.mode = event.mode})) {
        const bool here = view.holder.account == event.account &&
                          view.market.venue == event.venue &&
                          Scope{.mode = event.mode, .market = event.market}.takes(view.market);
        if (here) return std::move(view);
    }
    return std::nullopt;
}

Result<Effect> effect_of(Session& session, const Event& event) {
    MemoryRows rows;
    const Projection& positions = positions_projection();
    Effect effect;
    if (event.seq.raw > 1) {
        TRYV(fold_into(session.reader(), positions, rows, {event.seq.raw - 1}, {}));
        effect.before = view_at(rows, event);
    }
    if (event.conflicts_with.raw == 0) positions.apply(rows, event);
    effect.after = view_at(rows, event);
    return effect;
}

std::string trade_of(const Event& event) {
    if (const auto* fill = std::get_if<Fill>(&event.body)) return fill->trade;
    if (const auto* said = std::get_if<FillSettlement>(&event.body)) return said->trade;
    if (const auto* said = std::get_if<FillCorrection>(&event.body)) return said->trade;
    return {};
}
std::string order_of(const Event& event) {
    if (const auto* intent = std::get_if<OrderIntent>(&event.body)) return intent->order;
    if (const auto* status = std::get_if<OrderStatus>(&event.body)) {
        return status->order.empty() ? status->venue_order : status->order;
    }
    if (const auto* fill = std::get_if<Fill>(&event.body)) return fill->order;
    if (const auto* said = std::get_if<FillSettlement>(&event.body)) return said->order;
    if (const auto* said = std::get_if<FillCorrection>(&event.body)) return said->order;
    return {};
}

/// Events that speak of the same trade or order, or are its cause or effect.
Result<std::vector<Event>> relatives_of(Session& session, const Event& event) {
    const std::string trade = trade_of(event);
    const std::string order = order_of(event);
    const TypeSet types{"order_intent",    "order_status", "fill", "fill_settlement",
                        "fill_correction", "decision",     "guard"};
    std::vector<Event> found;
    TRYV(session.reader().for_each({1}, session.seq(), types, [&](const Event& other) {
        const bool same_trade = !trade.empty() && trade_of(other) == trade;
        const bool same_order = !order.empty() && order_of(other) == order;
        const bool cause = (event.cause && *event.cause == other.seq.raw) ||
                           (other.cause && *other.cause == event.seq.raw);
        if (other.seq != event.seq && (same_trade || same_order || cause)) found.push_back(other);
        return true;
    }));
    return found;
}

std::string held_text(const std::optional<PositionView>& view) {
    if (!view) return "nothing";
    const Position& p = view->position;
    return format_micros(p.sides[0].matched.shares.micros) + ' ' + view->outcomes[0] + " / " +
           format_micros(p.sides[1].matched.shares.micros) + ' ' + view->outcomes[1] +
           ", realized " + format_micros(p.realized.micros);
}

Result<Exit> why_event(Session& session, const Call& call, Sequence seq) {
    TRY(const Event event, session.reader().at(seq));
    TRY(const Effect effect, effect_of(session, event));
    TRY(const auto relatives, relatives_of(session, event));
    const bool has_position = effect.before || effect.after;
    if (call.json) {
        JsonWriter out = begin_answer("why");
        out.key("about").number(seq.raw).key("event").verbatim(to_json(event));
        out.key("before").text(held_text(effect.before)).key("after").text(held_text(effect.after));
        out.key("related").begin_array();
        for (const Event& other : relatives) out.number(other.seq.raw);
        out.end_array();
        print_answer(std::move(out));
        return Exit::done;
    }
    std::string text = line_of(event, call.zone) + "\n\n";
    text += event.raw.empty() ? "received as: the event itself, nothing else\n"
                              : "received as: " + printable(event.raw) + '\n';
    if (event.conflicts_with.raw != 0) {
        text += "changes nothing: event " + std::to_string(event.conflicts_with.raw) +
                " has the same identity with other content, and came first\n";
    } else if (!has_position) {
        text += "changes no position\n";
    } else {
        text +=
            "before: " + held_text(effect.before) + "\nafter:  " + held_text(effect.after) + '\n';
    }
    if (!relatives.empty()) text += "\nabout the same trade or order:\n";
    for (const Event& other : relatives) text += "  " + line_of(other, call.zone) + '\n';
    print_out(text);
    return Exit::done;
}

}  // namespace

Result<Exit> run_why(const Call& call) {
    TRY(const auto session, Session::open(call));
    if (const auto seq = sequence_in(call.what)) return why_event(*session, call, *seq);
    TRY(Scope scope, scope_of(*session, call));
    return is_sum(call.what) ? why_sum(*session, call, scope) : why_market(*session, call, scope);
}

}  // namespace daybook
