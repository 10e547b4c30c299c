#include "tools/daybook/query.hpp"

#include "projections/answers/epoch.hpp"
#include "projections/answers/markets.hpp"
#include "projections/answers/money.hpp"
#include "projections/answers/orders.hpp"
#include "schemas/event_json.hpp"
#include "tools/daybook/filter.hpp"
#include "tools/daybook/render.hpp"

namespace daybook {
void limit(Listing& listing, const Call& call) {
    if (call.limit > 0 && listing.rows.size() > call.limit) listing.rows.resize(call.limit);
}

Exit exit_of(const Listing& listing) { return listing.rows.empty() ? Exit::no_match : Exit::done; }

void note_mode(const Session& session, const Scope& scope, const Call& call) {
    if (call.json || call.quiet) return;
    std::string note =
        std::string{to_text(scope.mode)} + ", as of event " + std::to_string(session.seq().raw);
    if (session.time()) note += ", " + call.zone.print(*session.time());
    if (session.epoch()) {
        note += ", epoch " + session.epoch()->name + " since event " +
                std::to_string(session.epoch()->begin.raw);
    }
    if (session.lag() > 0) note += ", " + std::to_string(session.lag()) + " events behind";
    print_out(note + "\n\n");
}

Exit print_listing(const Session& session, const Call& call, std::string_view kind,
                   std::string_view name, const Scope* scope, Listing listing) {
    limit(listing, call);
    if (call.json) {
        JsonWriter out = begin_answer(kind);
        if (scope != nullptr) out.key("mode").text(to_text(scope->mode));
        session.write_as_of(out);
        write(out.key(name), listing);
        print_answer(std::move(out));
    } else if (listing.rows.empty()) {
        print_out("nothing matched\n");
    } else {
        print_out(render(listing, stdout_terminal(call.no_color), call.zone));
    }
    return exit_of(listing);
}

namespace {

Result<Exit> positions(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRY(auto views, positions_at(session, scope));
    if (session.epoch()) {
        TRY(auto* const start, session.at_epoch());
        TRY(const auto before, positions_at(*start, scope));
        count_from(views, before);
    }
    TRY(const HedgeLimits limits, limits_at(session));
    note_mode(session, scope, call);
    return print_listing(session, call, "positions", "positions", &scope,
                         list_positions(views, limits));
}

std::string pnl_sentence(const PnlView& pnl) {
    const auto signed_cents = [](Money money) {
        return (money.micros > 0 ? "+" : "") + format_rounded(money.micros, 2);
    };
    std::string text = "realized " + signed_cents(pnl.realized) + " = edge " +
                       signed_cents(pnl.edge) + " + direction " + signed_cents(pnl.direction()) +
                       '\n';
    if (pnl.open_markets > 0) {
        text += std::to_string(pnl.open_markets) +
                " markets open: " + signed_cents(pnl.open_worst) + " … " +
                signed_cents(pnl.open_best) + " still to come\n";
    }
    return text + '\n';
}

Result<std::vector<PositionView>> ledger_views(Session& session, const Scope& scope) {
    if (!session.past()) {
        TRYV(session.need({"pnl", "orders"}));
    }
    auto asked = session.past() ? positions_at(session, scope)
                                : positions_of(session.rows("pnl"), session.rows("orders"), scope);
    TRY(auto views, std::move(asked));
    std::erase_if(views, [](const PositionView& view) { return view.position.first_seq.raw == 0; });
    return views;
}

/// The same rows that gave the views.
Money rewards_at(Session& session, Mode mode) {
    return session.past() ? past_rewards_of(session.rows("history"), mode, session.seq())
                          : rewards_of(session.rows("pnl"), mode);
}

PnlView sums_of(Session& session, const Scope& scope, const std::vector<PositionView>& views) {
    return pnl_of(views, scope.market.empty() ? rewards_at(session, scope.mode) : Money{});
}

Result<Exit> pnl(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRY(auto views, ledger_views(session, scope));
    PnlView sums = sums_of(session, scope, views);
    if (session.epoch()) {
        TRY(auto* const start, session.at_epoch());
        TRY(const auto before, ledger_views(*start, scope));
        count_from(sums, sums_of(*start, scope, before));
        count_from(views, before);
        drop_unmoved(views);
    }
    Listing markets = list_pnl_markets(views);
    limit(markets, call);
    const Exit exit = views.empty() && !scope.market.empty() ? Exit::no_match : Exit::done;
    if (call.json) {
        JsonWriter out = begin_answer("pnl");
        out.key("mode").text(to_text(scope.mode));
        session.write_as_of(out);
        out.key("scope").begin_object();
        if (!scope.market.empty()) out.key("market").text(scope.market);
        out.end_object();
        write_members(out, list_pnl(sums), 0);
        write(out.key("markets"), markets);
        print_answer(std::move(out));
        return exit;
    }
    note_mode(session, scope, call);
    const Terminal terminal = stdout_terminal(call.no_color);
    if (exit == Exit::no_match) {
        print_out("nothing matched\n");
        return exit;
    }
    const std::string table = views.empty() ? std::string{} : render(markets, terminal) + '\n';
    print_out(pnl_sentence(sums) + table + render_pairs(list_pnl(sums), terminal));
    return exit;
}

Result<Exit> cash(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRYV(session.need({"cash"}));
    auto views = cash_of(session.rows("cash"), scope.mode);
    if (session.epoch()) {
        TRY(auto* const start, session.at_epoch());
        TRYV(start->need({"cash"}));
        count_from(views, cash_of(start->rows("cash"), scope.mode));
    }
    const Listing accounts = list_cash(views);
    if (call.json) return print_listing(session, call, "cash", "accounts", &scope, accounts);
    note_mode(session, scope, call);
    print_out(accounts.rows.empty() ? "nothing matched\n"
                                    : render_pairs(accounts, stdout_terminal(call.no_color)));
    return exit_of(accounts);
}

Result<Exit> orders(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRYV(session.need({"orders"}));
    note_mode(session, scope, call);
    return print_listing(session, call, "orders", "orders", &scope,
                         list_orders(session.rows("orders"), scope));
}

Result<Exit> fills(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRYV(session.need({"fills"}));
    note_mode(session, scope, call);
    return print_listing(session, call, "fills", "fills", &scope,
                         list_fills(session.rows("fills"), scope));
}

Result<Exit> execution(Session& session, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    TRYV(session.need({"orders"}));
    const Listing listing = list_execution(session.rows("orders"), scope, session.time());
    if (call.json) {
        JsonWriter out = begin_answer("execution");
        out.key("mode").text(to_text(scope.mode));
        session.write_as_of(out);
        if (listing.rows.empty()) {
            out.key("execution").null();
        } else {
            out.key("execution").begin_object();
            write_members(out, listing, 0);
            out.end_object();
        }
        print_answer(std::move(out));
    } else {
        note_mode(session, scope, call);
        print_out(listing.rows.empty() ? "no order was ever sent\n"
                                       : render_pairs(listing, stdout_terminal(call.no_color)));
    }
    return exit_of(listing);
}

Result<Exit> markets(Session& session, const Call& call) {
    TRYV(session.need({"markets"}));
    return print_listing(session, call, "markets", "markets", nullptr,
                         list_markets(session.rows("markets"), {.market = call.market}));
}

Result<Exit> book(Session& session, const Call& call) {
    TRYV(session.need({"books"}));
    const Scope scope{.market = call.market};
    const Listing books = list_books(session.rows("books"), scope);
    const Exit exit = print_listing(session, call, "book", "books", nullptr, books);
    if (!call.json && !call.market.empty() && !books.rows.empty()) {
        print_out('\n' + render(list_levels(session.rows("books"), scope),
                                stdout_terminal(call.no_color)));
    }
    return exit;
}

Result<Exit> events(Session& session, const Call& call) {
    TRY(const Filter filter, filter_of(session, call));
    std::uint64_t printed = 0;
    TRYV(
        session.reader().for_each(filter.first, filter.last, filter.types, [&](const Event& event) {
            if (!filter.takes(event)) return true;
            print_out((call.json ? to_json(event) : line_of(event, call.zone)) + '\n');
            return ++printed != call.limit;
        }));
    return printed == 0 ? Exit::no_match : Exit::done;
}

std::string lost_text(const Session& session, const Call& call) {
    if (session.lost() == 0) return {};
    return "note: " + std::to_string(session.lost()) +
           " events are lost, what they said is missing here; see: daybook --data " + call.data +
           " query events --type lost\n";
}

std::string stalled_text(const Session& session) {
    std::string text;
    for (const auto& [name, stall] : session.stalled()) {
        const std::string seq = std::to_string(stall.seq.raw);
        text += "note: " + name + " stands still before event " + seq +
                ", what came later is missing here: " + stall.why + '\n';
    }
    return text;
}

/// The answer stands, but says less than it would with every event.
}  // namespace

Exit tell_incomplete(const Session& session, const Call& call, Exit exit) {
    const std::string text = lost_text(session, call) + stalled_text(session);
    if (text.empty()) return exit;
    flush_out();
    if (!call.quiet) std::fputs(text.c_str(), stderr);
    return exit == Exit::done ? Exit::incomplete : exit;
}

namespace {

Result<Exit> answer(Session& session, const Call& call) {
    if (call.what == "positions") return positions(session, call);
    if (call.what == "pnl") return pnl(session, call);
    if (call.what == "cash") return cash(session, call);
    if (call.what == "orders") return orders(session, call);
    if (call.what == "fills") return fills(session, call);
    if (call.what == "execution") return execution(session, call);
    if (call.what == "markets") return markets(session, call);
    if (call.what == "book") return book(session, call);
    if (call.what == "findings") return query_findings(session, call);
    if (call.what == "groups") return query_groups(session, call);
    if (call.what == "claims") return query_claims(session, call);
    if (call.what == "daily") return query_daily(session, call);
    if (call.what == "health") return query_health(session, call);
    if (call.what == "hedge") return query_hedge(session, call);
    if (call.what == "liquidity") return query_liquidity(session, call);
    return events(session, call);
}

}  // namespace

Result<Exit> run_query(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRYV(session->count_lost());
    TRY(const Exit exit, answer(*session, call));
    return tell_incomplete(*session, call, exit);
}

}  // namespace daybook
