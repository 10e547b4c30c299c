#include "projections/answers/postmortem.hpp"

#include <algorithm>
#include <set>

#include "projections/answers/explanations.hpp"
#include "projections/answers/unknown.hpp"
#include "projections/fold/daily.hpp"

namespace daybook {
namespace {

bool inside(const Span& span, const std::optional<Time>& time) {
    return time && *time >= span.from && *time < span.to;
}

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

const MarketDay* lucky_of(const std::vector<MarketDay>& days) {
    Money won;
    const MarketDay* best = nullptr;
    for (const MarketDay& day : days) {
        const Money direction = day.direction();
        if (direction.micros <= 0) continue;
        won += direction;
        if (best == nullptr || direction > best->direction()) best = &day;
    }
    const bool most = best != nullptr && best->direction().micros * 2 > won.micros;
    return most ? best : nullptr;
}

void count_band(HedgeBands& bands, const MarketDay& day, const HedgeLimits& limits) {
    const auto band = hedge_band(day.at_end.position, limits);
    if (!band) return;
    HedgeBandSum& sum = bands.at(*band);
    ++sum.markets;
    sum.realized += day.moved.realized;
    if (day.at_end.open()) ++sum.open;
}

void add(Explained& sum, const Explained& part) {
    sum.planned += part.planned;
    sum.paired += part.paired;
    for (Money Explained::*each :
         {&Explained::expected, &Explained::shortfall, &Explained::slippage, &Explained::fees,
          &Explained::unwind, &Explained::direction, &Explained::voids, &Explained::realized})
        sum.*each += part.*each;
}

void take_market(PostMortem& report, const MarketDay& day) {
    add(report.total, day.moved);
    const Position& position = day.at_end.position;
    count_band(report.bands, day, report.limits);
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

// ── What of the record belongs to the window.

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

std::string fact_of(const MarketDay& day, const HedgeLimits& limits) {
    const Position& position = day.at_end.position;
    std::string text{to_text(verdict(position, limits))};
    if (!position.resolved()) return text + ", open";
    return text + ", realized " + format_micros(day.moved.realized.micros);
}

/// Of the scope's market, or all; a note names no group.
std::vector<NoteDay> notes_of(const PostMortem& report, const PostMortemRows& rows) {
    const Window& window = report.window;
    const Claims claims{rows.claims};
    const Markets& markets = claims.ledger().markets();
    std::vector<NoteDay> notes;
    claims.for_each_note([&](const NoteRow& row) {
        if (!inside(window.span, row.time) || !window.group.empty()) return;
        NoteDay note{row, {}, {}};
        const auto key =
            row.market_name.empty() ? std::nullopt : markets.lookup(row.venue, row.market_name);
        if (key) note.market = markets.find(*key);
        if (!window.scope.market.empty() && !(note.market && window.scope.takes(*note.market)))
            return;
        for (const MarketDay& day : report.markets) {
            if (note.market && day.file.market.name == note.market->name)
                note.fact = fact_of(day, report.limits);
        }
        notes.push_back(std::move(note));
    });
    return notes;
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
    report.limits = hedge_limits(rows.findings);
    for (const MarketDay& day : report.markets) {
        take_market(report, day);
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
        report.claims.push_back(explained_claim(report, rows, view));
    report.notes = notes_of(report, rows);
    sort_findings(report.findings);
    report.unknown = unknown_in(report, rows);
    report.each_market = guard(report, limits, HaltReach::market);
    report.account = guard(report, limits, HaltReach::account);
    return report;
}

}  // namespace daybook
