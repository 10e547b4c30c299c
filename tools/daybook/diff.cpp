#include <array>

#include "projections/answers/difference.hpp"
#include "projections/answers/money.hpp"
#include "projections/answers/orders.hpp"
#include "projections/fold/catalogue.hpp"
#include "tools/daybook/render.hpp"
#include "tools/daybook/session.hpp"

namespace daybook {
namespace {

using Keys = std::array<std::string_view, 2>;
constexpr Keys kMarketKeys{"market", "account"};
constexpr Keys kOrderKeys{"order", "account"};
constexpr Keys kFillKeys{"trade", "order"};

/// All that is compared, at one moment.
struct Picture {
    Sequence seq;
    Listing pnl, positions, orders, fills;
};

Result<Picture> picture_of(Session& session, const Scope& scope) {
    TRYV(session.need({"positions", "orders", "fills"}));
    Rows& ledger = session.rows("positions");
    const auto views = positions_of(ledger, session.rows("orders"), scope);
    const Money rewards = scope.market.empty() ? rewards_of(ledger, scope.mode) : Money{};
    return Picture{session.seq(), list_pnl(pnl_of(views, rewards)),
                   list_positions(views, hedge_limits(ledger)),
                   list_orders(session.rows("orders"), scope),
                   list_fills(session.rows("fills"), scope)};
}

void append(std::vector<Difference>& all, std::vector<Difference> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

std::vector<Difference> compare(const Picture& from, const Picture& to) {
    auto all = differences("pnl", from.pnl, to.pnl, {});
    append(all, differences("positions", from.positions, to.positions, kMarketKeys));
    append(all, differences("orders", from.orders, to.orders, kOrderKeys));
    append(all, differences("fills", from.fills, to.fills, kFillKeys));
    return all;
}

/// A moment as `--at` knows it, or `epoch:NAME`: where that epoch began.
Result<std::string> moment(const Call& call, const std::string& text) {
    constexpr std::string_view kEpoch = "epoch:";
    if (!text.starts_with(kEpoch)) return text;
    TRY(auto reader, EventReader::open(call.data));
    const Sequence head = reader.journal().head().durable;
    const std::string name = text.substr(kEpoch.size());
    TRY(const auto epoch, choose_epoch(reader, head, name));
    return std::to_string(epoch ? epoch->begin.raw : 0);
}

Result<std::unique_ptr<Session>> session_at(const Call& call, Call& of_moment,
                                            const std::string& text) {
    of_moment = call;
    of_moment.epoch = "all";
    if (!text.empty()) {
        TRY(of_moment.at, moment(call, text));
    }
    return Session::open(of_moment);
}

Exit print(const Call& call, const Scope& scope, const Picture& from, const Picture& to,
           const std::vector<Difference>& found) {
    const Listing listing = list_differences(found);
    if (call.json) {
        JsonWriter out = begin_answer("diff");
        out.key("mode").text(to_text(scope.mode));
        out.key("from").begin_object().key("seq").number(from.seq.raw).end_object();
        out.key("to").begin_object().key("seq").number(to.seq.raw).end_object();
        write(out.key("changes"), listing);
        print_answer(std::move(out));
    } else {
        print_out(std::string{to_text(scope.mode)} + ", from event " +
                  std::to_string(from.seq.raw) + " to " + std::to_string(to.seq.raw) + "\n\n");
        print_out(found.empty() ? "no difference\n"
                                : render(listing, stdout_terminal(call.no_color)));
    }
    return found.empty() ? Exit::done : Exit::findings;
}

/// Two generations of one projection, row by row: what a reset would show, at any time.
Result<Exit> diff_generations(const Call& call) {
    const Projection* const projection = find_projection(call.names.front());
    TRY(const auto projections, store::Directory::open(call.data + "/projections", false));
    TRY(const auto from,
        store::ProjectionStore::open_generation(projections, *projection, call.from));
    TRY(const auto to, store::ProjectionStore::open_generation(projections, *projection, call.to));
    TRY(const auto before, from->read());
    TRY(const auto after, to->read());
    TRY(const auto tables, table_differences(*before, *after));
    Listing listing{{{"table", "table", Form::text},
                     {"removed", "rows removed", Form::number},
                     {"added", "added", Form::number},
                     {"changed", "changed", Form::number}},
                    {}};
    for (const store::TableDifference& each : tables) {
        listing.rows.push_back({value_of(each.name), value_of(each.removed), value_of(each.added),
                                value_of(each.changed)});
    }
    if (call.json) {
        JsonWriter out = begin_answer("diff");
        out.key("projection").text(projection->name);
        out.key("from").text(call.from).key("to").text(call.to);
        write(out.key("tables"), listing);
        print_answer(std::move(out));
    } else {
        print_out(listing.rows.empty() ? "no difference\n"
                                       : render(listing, stdout_terminal(call.no_color)));
    }
    return listing.rows.empty() ? Exit::done : Exit::findings;
}

}  // namespace

Result<Exit> run_diff(const Call& call) {
    if (!call.names.empty()) return diff_generations(call);
    Call from_call, to_call;
    TRY(const auto to, session_at(call, to_call, call.to));
    TRY(const auto from, session_at(call, from_call, call.from));
    TRY(const Scope scope, scope_of(*to, call));
    to->let_go();  // both may need the same rows, and a process opens them once
    TRY(const Picture before, picture_of(*from, scope));
    TRY(const Picture after, picture_of(*to, scope));
    return print(call, scope, before, after, compare(before, after));
}

}  // namespace daybook
