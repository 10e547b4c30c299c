#include "projections/answers/postmortem.hpp"

#include <algorithm>
#include <set>

#include "projections/fold/daily.hpp"

namespace daybook {
namespace {

constexpr std::int64_t kCent = 10'000;

bool inside(const Span& span, const std::optional<Time>& time) {
    return time && *time >= span.from && *time < span.to;
}
bool close_to(std::int64_t a, std::int64_t b) { return (a > b ? a - b : b - a) <= kCent; }

/// What moved in the window and the last event before its end.
struct Moved {
    Figures figures;
    Sequence last;
    bool any{};
};

Moved moved_in(const Claims& claims, const Holder& holder, const Span& span) {
    Moved moved;
    for (const MoveRow& move : claims.moves(holder.account, holder.mode, holder.market)) {
        if (!move.time || *move.time >= span.to) continue;
        moved.last = std::max(moved.last, move.seq);
        if (!inside(span, move.time)) continue;
        add(moved.figures, move.change);
        moved.any = true;
    }
    return moved;
}

PositionView view_at(const Ledger& ledger, const Holder& holder, const MarketRow& market,
                     Sequence upto) {
    PositionView view{holder, market, ledger.fold(holder, upto), {}, {"0", "1"}};
    for (std::size_t i = 0; i < market.outcomes.size() && i < 2; ++i)
        view.outcomes.at(i) = market.outcomes[i].name;
    return view;
}

bool happened_in(const CaseFile& file, const Span& span) {
    return std::ranges::any_of(file.events,
                               [&](const CaseEvent& event) { return inside(span, event.time); });
}

/// Account and market: each projection numbers markets by itself, so they meet at the name.
struct Place {
    std::string account, venue, market;
    friend auto operator<=>(const Place&, const Place&) = default;
};

/// Where some hour of the window moved something: what is not among them need not be read.
std::set<Place> moved_places(Rows& daily, const Window& window) {
    constexpr std::int64_t kHour = 3'600 * kNanosPerSecond;
    const Markets markets{daily};
    std::set<Place> places;
    for_each_hour(daily, [&](const HourRow& row) {
        const Time begin{row.hour * kHour};
        const bool reaches = begin < window.span.to && begin.nanos + kHour > window.span.from.nanos;
        const auto market = markets.find(row.holder.market);
        if (reaches && market && row.holder.mode == window.scope.mode)
            places.insert({row.holder.account, market->venue, market->name});
    });
    return places;
}

/// The cases whose events reach into the window, and those that moved in it: by market.
std::vector<Holder> holders_of(const Cases& cases, Rows& daily, const Window& window) {
    std::set<Holder> reached;
    cases.for_each_in(window.span, [&](const Holder& holder) { reached.insert(holder); });
    const std::set<Place> moved = moved_places(daily, window);
    std::vector<Holder> holders;
    cases.for_each([&](const Holder& holder) {
        const auto market = cases.markets().find(cases.markets().current(holder.market));
        if (!market || holder.mode != window.scope.mode || !window.scope.takes(*market)) return;
        if (reached.contains(holder) ||
            moved.contains({holder.account, market->venue, market->name}))
            holders.push_back(holder);
    });
    return holders;
}

std::optional<MarketDay> day_in(const Cases& cases, const Claims& claims, const Holder& of,
                                const Window& window) {
    const MarketRow market = cases.markets().find(cases.markets().current(of.market)).value();
    const auto key = claims.ledger().markets().lookup(market.venue, market.name);
    const Holder holder{of.account, of.mode, key.value_or(MarketKey{})};
    const Moved moved = key ? moved_in(claims, holder, window.span) : Moved{};
    CaseFile file = case_of(cases, claims.ledger(), of, market, window.now);
    if (!moved.any && !happened_in(file, window.span)) return std::nullopt;
    const bool grouped =
        std::ranges::find(file.orders, window.group, &CaseOrder::group) != file.orders.end();
    if (!window.group.empty() && !grouped) return std::nullopt;
    MarketDay day{view_at(claims.ledger(), holder, file.market, moved.last), moved.figures, {}};
    file.position = day.at_end.position;
    day.file = std::move(file);
    return day;
}

std::vector<MarketDay> markets_of(const PostMortemRows& rows, const Window& window) {
    const Cases cases{rows.findings};
    const Claims claims{rows.claims};
    std::vector<MarketDay> days;
    for (const Holder& holder : holders_of(cases, rows.daily, window)) {
        if (auto day = day_in(cases, claims, holder, window)) days.push_back(std::move(*day));
    }
    return days;
}

Money direction_of(const MarketDay& day) { return day.moved.realized - day.moved.edge; }

const MarketDay* lucky_of(const std::vector<MarketDay>& days) {
    Money won;
    const MarketDay* best = nullptr;
    for (const MarketDay& day : days) {
        const Money direction = direction_of(day);
        if (direction.micros <= 0) continue;
        won += direction;
        if (best == nullptr || direction > direction_of(*best)) best = &day;
    }
    const bool most = best != nullptr && direction_of(*best).micros * 2 > won.micros;
    return most ? best : nullptr;
}

void count_band(HedgeBands& bands, const Position& position, const Thresholds& limits) {
    const auto ratio = hedge_ratio(position);
    if (!ratio) return;
    if (ratio->numerator == 0) {
        ++bands.one_sided;
    } else if (below(*ratio, {limits.get(Threshold::critical_hedge_ratio)})) {
        ++bands.below_critical;
    } else if (below(*ratio, {limits.get(Threshold::min_hedge_ratio)})) {
        ++bands.below_min;
    } else {
        ++bands.at_min;
    }
}

void add(Explained& sum, const Explained& part) {
    sum.planned += part.planned;
    sum.paired += part.paired;
    for (Money Explained::*each :
         {&Explained::expected, &Explained::shortfall, &Explained::slippage, &Explained::fees,
          &Explained::unwind, &Explained::direction, &Explained::voids, &Explained::realized})
        sum.*each += part.*each;
}

void take_market(PostMortem& report, const MarketDay& day, const Thresholds& limits) {
    add(report.total, day.moved);
    const Position& position = day.at_end.position;
    count_band(report.bands, position, limits);
    if (position.resolved()) {
        for (const GroupCase& group : groups_of(day.file)) {
            const std::string& wanted = report.window.group;
            if (!wanted.empty() && group.group != wanted) continue;
            const auto pays = payouts(day.file.market);
            if (pays) add(report.explained, explain(group.plan, group.told, group.counted, *pays));
        }
        return;
    }
    if (position.first_seq.raw == 0) return;
    ++report.open_markets;
    report.open_worst += day.at_end.worst();
    report.open_best += day.at_end.best();
    for (const OutcomeSide& side : position.sides) report.open_cost += side.matched.cost;
}

// ── Claims, and the mistakes that would explain them.

bool about(const ClaimRow& row, const Span& span) {
    if (row.said.about) return row.said.about->from < span.to && span.from < row.said.about->to;
    return inside(span, row.time);
}

/// Whether a finding of a case speaks of the group that is asked for, if one is.
bool of_group(const Finding& finding, const CaseFile& file, const std::string& wanted) {
    if (wanted.empty()) return true;
    for (const CaseOrder& order : file.orders) {
        if (order.group != wanted) continue;
        for (const CaseEvent* const event : order.said) {
            if (std::ranges::binary_search(finding.seqs, event->seq)) return true;
        }
    }
    return false;
}

const MarketDay* day_of(const PostMortem& report, const ClaimView& view) {
    for (const MarketDay& day : report.markets) {
        if (view.market && day.file.market.name == view.market->name &&
            day.file.holder.account == view.row.account)
            return &day;
    }
    return nullptr;
}

std::string explain_shares(const MarketDay& day, const ClaimView& view, std::int64_t value) {
    const auto side = day.file.side_of(view.row.said.outcome);
    Shares bought, sold, ordered;
    for (const CaseOrder& order : day.file.orders) {
        if (!side || day.file.side_of(order) != side) continue;
        const bool sells = order.intent && order.intent->side == Side::sell;
        (sells ? sold : bought) += order.filled(kEverything);
        if (!sells && order.intent) ordered += order.intent->shares.value_or(Shares{});
    }
    if (sold.micros > 0 && close_to(value, (bought + sold).micros)) {
        return "the sale of " + format_micros(sold.micros) + " was counted as a purchase";
    }
    if (sold.micros > 0 && close_to(value, bought.micros)) return "the sale was left out";
    if (ordered > bought && close_to(value, ordered.micros))
        return "what only waited on the book was counted as filled";
    return {};
}

std::string explain_filled(const MarketDay& day, const ClaimView& view, std::int64_t value) {
    for (const CaseOrder& order : day.file.orders) {
        const bool same = order.name == view.row.said.order;
        if (same && order.intent && order.intent->shares &&
            close_to(value, order.intent->shares->micros))
            return "what was ordered was counted as filled";
    }
    return {};
}

Money realized_ever(const PostMortemRows& rows, Mode mode) {
    Money sum;
    Ledger{rows.claims}.for_each([&](const Holder& holder, const Position& position) {
        if (holder.mode == mode) sum += position.realized;
    });
    return sum;
}

/// The mistakes people and dashboards make, tried one after the other.
std::string explain_pnl(const PostMortem& report, const PostMortemRows& rows, std::int64_t value) {
    const Mode mode = report.window.scope.mode;
    const Mode other = mode == Mode::live ? Mode::dry_run : Mode::live;
    const Money all_time = realized_ever(rows, mode);
    Money wins, cash = net_cash(report.total.flows);
    for (const MarketDay& day : report.markets) wins += std::max(Money{}, day.moved.realized);
    const Money fees = report.total.flows.fees;
    const Money day = report.total.realized;
    const std::pair<Money, std::string_view> tries[] = {
        {day + fees, "fees were left out"},
        {report.best(), "what is still open was counted as won"},
        {report.worst(), "what is still open was counted as lost"},
        {all_time, "all time was shown as this day"},
        {day + realized_ever(rows, other), "dry run and live were added up"},
        {realized_ever(rows, other), "the other mode was shown"},
        {wins, "only winning markets were counted"},
        {cash, "the change of cash was shown as result"},
    };
    for (const auto& [figure, why] : tries) {
        if (figure != day && close_to(value, figure.micros)) return std::string{why};
    }
    return {};
}

std::string explain_claim(const PostMortem& report, const PostMortemRows& rows,
                          const ClaimView& view) {
    const auto value = parse_micros(view.row.said.value);
    if (!view.finding || !value) return {};
    const std::string& metric = view.row.said.metric;
    const MarketDay* const day = day_of(report, view);
    if (metric == "shares" && day != nullptr) return explain_shares(*day, view, value.value());
    if (metric == "filled" && day != nullptr) return explain_filled(*day, view, value.value());
    if ((metric == "pnl" || metric == "realized") && view.row.market_name.empty())
        return explain_pnl(report, rows, value.value());
    return {};
}

WithGuards guard(const PostMortem& report, const Thresholds& limits, HaltReach reach) {
    std::vector<const CaseFile*> files;
    for (const MarketDay& day : report.markets) files.push_back(&day.file);
    WithGuards guards;
    guards.cases = with_guards(files, limits, reach, report.window.span.from);
    for (std::size_t i = 0; i < guards.cases.size(); ++i) {
        const GuardedCase& guarded = guards.cases[i];
        guards.prevented += guarded.prevented.size();
        const bool paid = report.markets[i].at_end.position.resolved();
        if (paid) guards.change += guarded.change.value_or(Money{});
        if (!paid && !guarded.prevented.empty()) ++guards.open;
    }
    return guards;
}

// ── What the record cannot tell.

bool has_rows(const Rows& rows, std::string_view table) {
    bool some = false;
    rows.scan(table, "", [&](std::string_view, std::string_view) {
        some = true;
        return false;
    });
    return some;
}

std::string counted_text(std::uint64_t count, std::string_view what) {
    return std::to_string(count) + ' ' + std::string{what} + (count == 1 ? "" : "s");
}

void find_unknown(PostMortem& report, const PostMortemRows& rows) {
    std::uint64_t groups = 0, decided = 0, orderless = 0, feeless = 0, doubtful = 0, endless = 0;
    for (const MarketDay& day : report.markets) {
        for (const GroupCase& group : groups_of(day.file)) {
            ++groups;
            if (group.plan.decided) ++decided;
        }
        for (const CaseOrder& order : day.file.orders) {
            const OrderState state = order.state(kEverything);
            if (state == OrderState::unknown) ++doubtful;
            const bool over = day.at_end.position.resolved();
            if (over && order.intent && state != OrderState::unknown && !is_final(state)) ++endless;
            for (const CaseFill& fill : order.fills) {
                if (!order.intent) ++orderless;
                const auto amounts = counted(fill.state);
                if (amounts && !amounts->fee && !amounts->fee_shares) ++feeless;
            }
        }
    }
    const bool balance = std::ranges::any_of(
        report.cash, [](const CashView& view) { return view.observed.has_value(); });
    auto& unknown = report.unknown;
    if (!balance) unknown.emplace_back("no balance was recorded: cash cannot be checked");
    if (decided < groups) {
        unknown.push_back(counted_text(groups - decided, "group") + " of " +
                          std::to_string(groups) +
                          " without a decision: expected is what the orders meant");
    }
    if (!has_rows(rows.findings, "case_books"))
        unknown.emplace_back("no book was recorded: depth and age of books cannot be judged");
    if (orderless > 0)
        unknown.push_back(counted_text(orderless, "fill") + " without a recorded intent");
    if (feeless > 0) unknown.push_back(counted_text(feeless, "fill") + " state no fee");
    if (doubtful > 0)
        unknown.push_back(counted_text(doubtful, "order") + " whose fate is not known");
    if (endless > 0)
        unknown.push_back(counted_text(endless, "order") +
                          " without an outcome, though the market has paid");
}

}  // namespace

const Stop* WithGuards::first_halt() const {
    const Stop* first = nullptr;
    for (const GuardedCase& guarded : cases) {
        if (guarded.halt && (first == nullptr || guarded.halt->time < first->time))
            first = &*guarded.halt;
    }
    return first;
}

PostMortem postmortem_of(const PostMortemRows& rows, const Window& window) {
    PostMortem report;
    report.window = window;
    report.markets = markets_of(rows, window);
    const Thresholds limits{rows.findings};
    for (const MarketDay& day : report.markets) {
        take_market(report, day, limits);
        for (Finding& finding : judge(day.file, limits)) {
            if (of_group(finding, day.file, window.group))
                report.findings.push_back(
                    {std::move(finding), day.file.holder.account, day.file.market});
        }
    }
    report.lucky = lucky_of(report.markets);
    const std::vector<ClaimView> claims =
        claims_of(rows.claims, window.scope, [&](const ClaimRow& row) {
            return about(row, window.span) &&
                   (window.group.empty() || row.said.group == window.group);
        });
    std::ranges::move(claim_findings(claims), std::back_inserter(report.findings));
    if (window.scope.market.empty() && window.group.empty()) {
        report.cash = cash_of(rows.cash, window.scope.mode);
        std::ranges::move(cash_findings(report.cash), std::back_inserter(report.findings));
    }
    for (const ClaimView& view : claims)
        report.claims.push_back({view, explain_claim(report, rows, view)});
    sort_findings(report.findings);
    find_unknown(report, rows);
    report.each_market = guard(report, limits, HaltReach::market);
    report.account = guard(report, limits, HaltReach::account);
    return report;
}

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
                                when_paid(direction_of(day)),
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

Listing list_claim_days(const PostMortem& report) {
    Listing listing{{{"seq", "event", Form::number},
                     {"source", "who", Form::text},
                     {"metric", "said", Form::text},
                     {"market", "", Form::text},
                     {"outcome", "of", Form::text},
                     {"value", "claimed", Form::text},
                     {"fact", "fact", Form::text},
                     {"difference", "", Form::text},
                     {"finding", "", Form::boolean},
                     {"explanation", "would be explained by", Form::text}},
                    {}};
    for (const ClaimDay& day : report.claims) {
        const ClaimRow& row = day.claim.row;
        listing.rows.push_back({value_of(row.seq.raw), value_of(row.said.source),
                                value_of(row.said.metric),
                                day.claim.market ? value_of(day.claim.market->name) : ListValue{},
                                row.said.outcome.empty() ? ListValue{} : value_of(row.said.outcome),
                                value_of(row.said.value), day.claim.fact, day.claim.difference,
                                value_of(day.claim.finding),
                                day.explanation.empty() ? ListValue{} : value_of(day.explanation)});
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
        money(out, "direction", direction_of(*report.lucky));
        money(out, "direction_without", report.direction() - direction_of(*report.lucky));
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
    out.key("hedge").begin_object().key("at_min").number(report.bands.at_min);
    out.key("below_min").number(report.bands.below_min);
    out.key("below_critical").number(report.bands.below_critical);
    out.key("one_sided").number(report.bands.one_sided).end_object();
    out.key("fills").number(report.total.fills);
    write(out.key("markets"), list_market_days(report));
    write(out.key("findings"), list_findings(report.findings));
    write(out.key("claims"), list_claim_days(report));
    write_guards(out, report);
    out.key("unknown").begin_array();
    for (const std::string& what : report.unknown) out.text(what);
    out.end_array();
}

}  // namespace daybook
