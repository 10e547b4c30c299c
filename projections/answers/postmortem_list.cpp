#include <algorithm>

#include "projections/answers/postmortem.hpp"

namespace daybook {

std::vector<RuleLine> by_rule(const PostMortem& report) {
    std::vector<RuleLine> lines;
    for (const FindingView& view : report.findings) {
        auto line = std::ranges::find(lines, view.finding.rule, &RuleLine::rule);
        if (line == lines.end()) {
            lines.push_back({view.finding.rule, view.finding.severity, 0, 0, 0, {}, {}});
            line = std::prev(lines.end());
        }
        ++line->findings;
        const bool known = std::ranges::any_of(line->views, [&](const FindingView* other) {
            return other->market && view.market && other->market->key == view.market->key;
        });
        if (view.market && !known) ++line->markets;
        line->cost += view.finding.cost.value_or(Money{});
        if (!view.finding.cost) ++line->open;
        line->views.push_back(&view);
    }
    return lines;
}

Listing list_market_days(const PostMortem& report) {
    Listing listing{{{"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"account", "", Form::text},
                     {"state", "", Form::text},
                     {"fills", "", Form::number},
                     {"up", "up", Form::shares},
                     {"down", "down", Form::shares},
                     {"cost_up", "", Form::money},
                     {"cost_down", "", Form::money},
                     {"hedge_ratio", "hedge", Form::shares},
                     {"imbalance_shares", "", Form::shares},
                     {"pair_cost", "pair", Form::shares},
                     {"realized", "realized", Form::money},
                     {"edge", "edge", Form::money},
                     {"direction", "direction", Form::money},
                     {"worst", "worst", Form::money},
                     {"best", "best", Form::money},
                     {"if_up", "", Form::money},
                     {"if_down", "", Form::money},
                     {"winner", "", Form::text}},
                    {}};
    for (const MarketDay& day : report.markets) {
        const Position& p = day.at_end.position;
        const auto ratio = hedge_ratio(p);
        const auto cost = pair_cost(p);
        const bool open = !p.resolved();
        const auto when_open = [&](Money money) { return open ? value_of(money) : ListValue{}; };
        const auto when_paid = [&](Money money) { return open ? ListValue{} : value_of(money); };
        ListValue winner;
        if (p.payout_up && p.payout_up->micros % kMicro == 0)
            winner = value_of(day.at_end.outcomes.at(p.payout_up->micros == 0 ? 1 : 0));
        const MarketRow& market = day.file.market;
        listing.rows.push_back({value_of(market.name),
                                value_of(market.title.empty() ? market.name : market.title),
                                value_of(day.file.holder.account),
                                value_of(std::string{open ? "open" : "resolved"}),
                                ListValue{std::to_string(day.moved.fills)},
                                value_of(p.sides[0].matched.shares),
                                value_of(p.sides[1].matched.shares),
                                value_of(p.sides[0].matched.cost),
                                value_of(p.sides[1].matched.cost),
                                ratio ? value_of(format_ratio(*ratio)) : ListValue{},
                                value_of(imbalance(p)),
                                cost ? value_of(format_pair_cost(*cost)) : ListValue{},
                                when_paid(day.moved.realized),
                                when_paid(day.moved.edge),
                                when_paid(day.direction()),
                                when_open(day.at_end.worst()),
                                when_open(day.at_end.best()),
                                when_open(day.at_end.if_outcome(0)),
                                when_open(day.at_end.if_outcome(1)),
                                winner});
    }
    return listing;
}

Listing list_guards(const PostMortem& report) {
    Listing listing{{{"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"account", "", Form::text},
                     {"refused_by", "refused by", Form::text},
                     {"refused_seq", "at event", Form::number},
                     {"refused_detail", "", Form::text},
                     {"refused_threshold", "", Form::text},
                     {"halted_by", "halt", Form::text},
                     {"halted_seq", "behind event", Form::number},
                     {"halted_at", "", Form::text},
                     {"halted_detail", "", Form::text},
                     {"halted_threshold", "", Form::text},
                     {"prevented", "not sent", Form::number},
                     {"prevented_orders", "", Form::json},
                     {"change", "result changes by", Form::money},
                     {"prevented_by_account_halt", "", Form::number},
                     {"change_by_account_halt", "", Form::money}},
                    {}};
    const auto stop = [](std::vector<ListValue>& row, const std::optional<Stop>& at, bool timed) {
        row.push_back(at ? value_of(at->rule) : ListValue{});
        row.push_back(at ? value_of(at->seq.raw) : ListValue{});
        if (timed) row.push_back(at ? value_of(at->time) : ListValue{});
        row.push_back(at ? value_of(at->detail) : ListValue{});
        row.push_back(at ? value_of(at->threshold) : ListValue{});
    };
    for (std::size_t i = 0; i < report.markets.size(); ++i) {
        const CaseFile& file = report.markets[i].file;
        const GuardedCase& alone = report.each_market.cases[i];
        const GuardedCase& halted = report.account.cases[i];
        const std::string& title = file.market.title;
        JsonWriter orders;
        orders.begin_array();
        for (const CaseOrder* const order : alone.prevented) orders.text(order->name);
        orders.end_array();
        std::vector<ListValue> row{value_of(file.market.name),
                                   value_of(title.empty() ? file.market.name : title),
                                   value_of(file.holder.account)};
        stop(row, alone.refusal, false);
        stop(row, alone.halt, true);
        row.push_back(value_of(std::uint64_t{alone.prevented.size()}));
        row.push_back(value_of(std::move(orders).str()));
        row.push_back(value_of(alone.change));
        row.push_back(value_of(std::uint64_t{halted.prevented.size()}));
        row.push_back(value_of(halted.change));
        listing.rows.push_back(std::move(row));
    }
    return listing;
}

namespace {

/// The market of a claim, by its name or as people call it.
ListValue named(const ClaimView& view, bool title) {
    if (!view.market) return {};
    const bool titled = title && !view.market->title.empty();
    return value_of(titled ? view.market->title : view.market->name);
}

}  // namespace

Listing list_claim_days(const PostMortem& report) {
    Listing listing{{{"seq", "event", Form::number},
                     {"source", "who", Form::text},
                     {"metric", "said", Form::text},
                     {"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"outcome", "of", Form::text},
                     {"value", "claimed", Form::text},
                     {"fact", "fact", Form::text},
                     {"difference", "", Form::text},
                     {"finding", "", Form::boolean},
                     {"explanation", "likeliest explanation", Form::text},
                     {"seqs", "", Form::json},
                     {"", "events", Form::text}},
                    {}};
    for (const ClaimDay& day : report.claims) {
        const ClaimRow& row = day.claim.row;
        listing.rows.push_back({value_of(row.seq.raw), value_of(row.said.source),
                                value_of(row.said.metric), named(day.claim, false),
                                named(day.claim, true),
                                row.said.outcome.empty() ? ListValue{} : value_of(row.said.outcome),
                                value_of(row.said.value), day.claim.fact, day.claim.difference,
                                value_of(day.claim.finding),
                                day.explanation.empty() ? ListValue{} : value_of(day.explanation),
                                value_of(seqs_json(day.seqs)), value_of(seqs_text(day.seqs))});
    }
    return listing;
}

Listing list_notes(const PostMortem& report) {
    Listing listing{{{"seq", "event", Form::number},
                     {"time", "", Form::text},
                     {"origin", "by", Form::text},
                     {"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"text", "note", Form::text},
                     {"fact", "the events say", Form::text}},
                    {}};
    for (const NoteDay& day : report.notes) {
        const auto& market = day.market;
        const std::string name = market ? market->name : day.note.market_name;
        const bool titled = market && !market->title.empty();
        listing.rows.push_back(
            {value_of(day.note.seq.raw), value_of(day.note.time),
             value_of(to_text(day.note.origin)), name.empty() ? ListValue{} : value_of(name),
             name.empty() ? ListValue{} : value_of(titled ? market->title : name),
             value_of(day.note.text), day.fact.empty() ? ListValue{} : value_of(day.fact)});
    }
    return listing;
}

namespace {

JsonWriter& money(JsonWriter& out, std::string_view name, Money value) {
    return out.key(name).text(format_micros(value.micros));
}

void write_pnl(JsonWriter& out, const PostMortem& report) {
    out.key("pnl").begin_object();
    money(out, "realized", report.total.realized);
    money(out, "edge", report.total.edge);
    money(out, "direction", report.direction());
    money(out, "open_worst", report.open_worst);
    money(out, "open_best", report.open_best);
    money(out, "open_cost", report.open_cost);
    money(out, "worst", report.worst());
    money(out, "best", report.best());
    out.key("open_markets").number(report.open_markets);
    out.key("lucky");
    if (report.lucky == nullptr) {
        out.null();
    } else {
        out.begin_object().key("market").text(report.lucky->file.market.name);
        money(out, "direction", report.lucky->direction());
        money(out, "direction_without", report.direction() - report.lucky->direction());
        out.end_object();
    }
    out.end_object();
}

void write_explained(JsonWriter& out, const Explained& why) {
    out.key("explained").begin_object();
    money(out, "expected", why.expected);
    money(out, "shortfall", why.shortfall);
    money(out, "slippage", why.slippage);
    money(out, "fees", why.fees);
    money(out, "unwind", why.unwind);
    money(out, "direction", why.direction);
    money(out, "voids", why.voids);
    money(out, "realized", why.realized);
    money(out, "residual", why.residual());
    out.end_object();
}

void write_hedge(JsonWriter& out, const HedgeBands& bands) {
    out.key("hedge").begin_object();
    for (const std::string_view name : EnumText<HedgeBand>::names)
        out.key(name).number(bands.at(*from_text<HedgeBand>(name)).markets);
    out.key("realized").begin_object();
    for (const std::string_view name : EnumText<HedgeBand>::names)
        money(out, name, bands.at(*from_text<HedgeBand>(name)).realized);
    out.end_object().end_object();
}

void write_guards(JsonWriter& out, const PostMortem& report) {
    out.key("with_guards").begin_object().key("counterfactual").boolean(true);
    const auto write_one = [&](std::string_view name, const WithGuards& guards) {
        out.key(name).begin_object().key("orders_not_sent").number(guards.prevented);
        out.key("open_markets_not_counted").number(guards.open);
        money(out, "change", guards.change);
        money(out, "realized", report.total.realized + guards.change);
        const Stop* const halt = guards.first_halt();
        out.key("first_halt");
        halt == nullptr ? out.null() : out.text(format_time(halt->time));
        out.end_object();
    };
    write_one("halt_of_market", report.each_market);
    write_one("halt_of_account", report.account);
    write(out.key("markets"), list_guards(report));
    out.end_object();
}

}  // namespace

void write_members(JsonWriter& out, const PostMortem& report) {
    const Flows& flows = report.total.flows;
    write_pnl(out, report);
    write_explained(out, report.explained);
    out.key("cash").begin_object();
    money(out, "bought", flows.bought);
    money(out, "sold", flows.sold);
    money(out, "redeemed", flows.redeemed);
    money(out, "merged", flows.merged);
    money(out, "split", flows.split);
    money(out, "fees", flows.fees);
    write(out.key("accounts"), list_cash(report.cash));
    out.end_object();
    write_hedge(out, report.bands);
    out.key("fills").number(report.total.fills);
    write(out.key("markets"), list_market_days(report));
    write(out.key("findings"), list_findings(report.findings));
    write(out.key("claims"), list_claim_days(report));
    write(out.key("notes"), list_notes(report));
    write_guards(out, report);
    out.key("unknown").begin_array();
    for (const std::string& what : report.unknown) out.text(what);
    out.end_array();
}

}  // namespace daybook
