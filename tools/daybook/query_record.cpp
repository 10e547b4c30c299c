#include "projections/answers/claims.hpp"
#include "projections/answers/daily.hpp"
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
            print_out('\n' + render(second, stdout_terminal(call.no_color)));
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

Result<Exit> query_daily(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRYV(session.need({"daily"}));
    Days days = days_of(session.rows("daily"), scope);
    if (session.epoch()) {
        TRY(auto* const start, session.at_epoch());
        TRYV(start->need({"daily"}));
        count_from(days, days_of(start->rows("daily"), scope));
    }
    note_mode(session, scope, call);
    return print_listing(session, call, "daily", "days", &scope, list_days(days));
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
