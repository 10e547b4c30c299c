#include <algorithm>

#include "projections/answers/claims.hpp"
#include "projections/answers/daily.hpp"
#include "projections/answers/findings.hpp"
#include "projections/answers/health.hpp"
#include "projections/answers/hedge.hpp"
#include "projections/answers/liquidity.hpp"
#include "tools/daybook/query.hpp"
#include "tools/daybook/render.hpp"

namespace daybook {
namespace {

/// Two tables in one answer; the second is told only where it has rows.
Exit print_two(const Session& session, const Call& call, std::string_view kind, const Scope* scope,
               std::string_view name, Listing first, std::string_view more, Listing second) {
    if (!call.json) {
        const Exit exit = print_listing(session, call, kind, name, scope, std::move(first));
        limit(second, call);
        if (exit == Exit::done && !second.rows.empty())
            print_out('\n' + render(second, stdout_terminal(call.no_color), call.zone));
        return exit;
    }
    limit(first, call);
    limit(second, call);
    JsonWriter out = begin_answer(kind);
    if (scope != nullptr) out.key("mode").text(to_text(scope->mode));
    session.write_as_of(out);
    write(out.key(name), first);
    write(out.key(more), second);
    print_answer(std::move(out));
    return exit_of(first);
}

}  // namespace

Result<Exit> query_claims(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRYV(session.need({"claims"}));
    note_mode(session, scope, call);
    return print_listing(session, call, "claims", "claims", &scope,
                         list_claims(claims_of(session.rows("claims"), scope)));
}

namespace {

/// Hours tell the days of most zones. Where an offset is no whole hour (India, Nepal) midnight cuts
/// an hour in two, and every move is looked at by itself: the same sums, and exact.
Result<Days> days_in(Session& session, const Call& call, const Scope& scope, bool by_hours) {
    const DayOf day_of = [&call](Time time) { return call.zone.day_of(time); };
    if (by_hours) return days_of(session.rows("daily"), scope, day_of);
    TRYV(session.need({"claims"}));
    return days_of_moves(session.rows("claims"), scope, day_of);
}

}  // namespace

Result<Exit> query_daily(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRYV(session.need({"daily"}));
    const bool by_hours = hours_tell_days(session.rows("daily"), scope,
                                          [&](Time time) { return call.zone.day_of(time); });
    TRY(Days days, days_in(session, call, scope, by_hours));
    if (session.epoch()) {
        TRY(auto* const start, session.at_epoch());
        TRYV(start->need({"daily"}));
        TRY(const Days before, days_in(*start, call, scope, by_hours));
        count_from(days, before);
    }
    note_mode(session, scope, call);
    Listing listing = list_days(days, [&](std::int64_t day) { return call.zone.begin_of(day); });
    if (!call.json) {
        if (!listing.rows.empty()) print_out("days of " + call.zone.name() + "\n\n");
        return print_listing(session, call, "daily", "days", &scope, std::move(listing));
    }
    limit(listing, call);
    JsonWriter out = begin_answer("daily");
    out.key("mode").text(to_text(scope.mode)).key("timezone").text(call.zone.name());
    session.write_as_of(out);
    write(out.key("days"), listing);
    print_answer(std::move(out));
    return exit_of(listing);
}

Result<Exit> query_health(Session& session, const Call& call) {
    TRYV(session.need({"health", "orders", "fills"}));
    const Rows& health = session.rows("health");
    return print_two(session, call, "health", nullptr, "coverage", list_coverage(health),
                     "troubles",
                     list_troubles(health, session.rows("orders"), session.rows("fills")));
}

Result<Exit> query_hedge(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRYV(session.need({"hedge"}));
    Rows& rows = session.rows("hedge");
    note_mode(session, scope, call);
    const bool steps = call.json || !scope.market.empty();
    return print_two(session, call, "hedge", &scope, "hedge",
                     list_hedge(rows, scope, session.time()), "steps",
                     steps ? list_hedge_steps(rows, scope) : Listing{});
}

/// Claims and cash of one market alone say nothing of the account.
Result<Exit> query_findings(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRYV(session.need({"findings", "pnl", "claims", "cash"}));
    auto all =
        findings_of(cases_of(session.rows("findings"), session.rows("pnl"), scope, session.time()),
                    Thresholds{session.rows("findings")});
    const auto add = [&all](std::vector<FindingView> more) {
        std::ranges::move(more, std::back_inserter(all));
    };
    add(claim_findings(claims_of(session.rows("claims"), scope)));
    if (scope.market.empty()) add(cash_findings(cash_of(session.rows("cash"), scope.mode)));
    sort_findings(all);
    note_mode(session, scope, call);
    return print_listing(session, call, "findings", "findings", &scope, list_findings(all));
}

Result<Exit> query_groups(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRYV(session.need({"findings", "pnl"}));
    const auto cases =
        cases_of(session.rows("findings"), session.rows("pnl"), scope, session.time());
    note_mode(session, scope, call);
    return print_listing(session, call, "groups", "groups", &scope, list_groups(cases));
}

/// Of one market every snapshot; of all only how many there are.
Result<Exit> query_liquidity(Session& session, const Call& call) {
    TRYV(session.need({"liquidity"}));
    const Scope scope{.market = call.market};
    Rows& rows = session.rows("liquidity");
    return print_two(session, call, "liquidity", nullptr, "totals", list_depth_totals(rows, scope),
                     "snapshots",
                     scope.market.empty() ? Listing{} : list_depth(rows, scope, call.limit));
}

}  // namespace daybook
