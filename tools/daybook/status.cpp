#include "projections/answers/money.hpp"
#include "tools/daybook/render.hpp"
#include "tools/daybook/session.hpp"

namespace daybook {
namespace {

std::string bytes_text(std::uint64_t bytes) {
    if (bytes < 1024 * 1024) return std::to_string(bytes / 1024) + " KiB";
    return std::to_string(bytes / 1024 / 1024) + " MiB";
}

std::string counted(std::uint64_t count, std::string_view what) {
    return std::to_string(count) + ' ' + std::string{what} + (count == 1 ? "" : "s");
}

std::string signed_cents(Money money) {
    return (money.micros > 0 ? "+" : "") + format_rounded(money.micros, 2);
}

void print_status(Session& session, const Call& call, std::uint64_t bytes) {
    const bool empty = session.seq().raw == 0;
    const journal::Head head = session.reader().journal().head();
    std::string text = "data      " + call.data + "\njournal   " + journal::to_text(head.journal) +
                       ", " + std::to_string(session.seq().raw) + " events, " + bytes_text(bytes) +
                       ", " + counted(session.reader().journal().segments(), "segment") + "\n";
    if (session.time()) text += "last      " + call.zone.print(*session.time()) + '\n';
    if (session.lost() > 0) {
        text += "LOST      " + counted(session.lost(), "event") +
                " of a damaged journal; figures lack what they said\n";
    }
    const std::string self = "daybook --data " + call.data + ' ';
    if (empty) {
        print_out(text + "\nnothing is recorded yet; next:\n  " + self + "ingest FILE\n");
        return;
    }
    bool traded = false;
    for (const Mode mode : {Mode::live, Mode::dry_run}) {
        const auto views = positions_of(session.rows("pnl"), session.rows("orders"), {mode, ""});
        if (views.empty()) continue;
        traded = true;
        const PnlView pnl = pnl_of(views, {});
        text += std::string{to_text(mode)} + (mode == Mode::live ? "      " : "   ") +
                std::to_string(views.size()) + " markets, " + std::to_string(pnl.open_markets) +
                " open; realized " + signed_cents(pnl.realized) + " = edge " +
                signed_cents(pnl.edge) + " + direction " + signed_cents(pnl.direction()) + '\n';
    }
    print_out(text + "\nnext:\n  " + self + (traded ? "query positions" : "query book") + "\n  " +
              self + (traded ? "query pnl" : "query markets") + "\n  " + self + "verify\n");
}

}  // namespace

Result<Exit> run_status(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRYV(session->need({"pnl", "orders"}));
    TRYV(session->count_lost());
    const Exit exit = session->lost() > 0 ? Exit::incomplete : Exit::done;
    TRY(const std::uint64_t bytes, session->reader().journal().bytes());
    if (!call.json) {
        print_status(*session, call, bytes);
        return exit;
    }
    TRY(const auto chain, session->reader().journal().chain());
    JsonWriter out = begin_answer("status");
    out.key("data").text(call.data).key("journal").text(
        journal::to_text(session->reader().journal().journal()));
    session->write_as_of(out);
    out.key("events").number(session->seq().raw).key("bytes").number(bytes);
    out.key("segments")
        .number(session->reader().journal().segments())
        .key("chain")
        .text(chain.to_hex());
    print_answer(std::move(out));
    return exit;
}

}  // namespace daybook
