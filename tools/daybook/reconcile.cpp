// The verb reconcile: what a venue exports beside what is recorded.
#include "projections/answers/reconcile.hpp"

#include "src/ingest/statement.hpp"
#include "tools/daybook/query.hpp"
#include "tools/daybook/render.hpp"
#include "tools/daybook/writer.hpp"
#include "tools/files/posix_files.hpp"
#include "tools/terminal/display_text.hpp"

namespace daybook {
namespace {

constexpr std::size_t kBytesMax = std::size_t{256} << 20;
constexpr std::array kMatches{Match::agreed, Match::rounding, Match::different, Match::missing_here,
                              Match::missing_there};

struct Answer {
    Statement statement;
    Reconciliation result;
    StatementScope scope;

    [[nodiscard]] std::string kind() const {
        return statement.venue + ' ' + std::string{to_text(statement.kind)};
    }
};

/// Fees that the venue states and nobody told the journal.
struct Unrecorded {
    std::uint64_t lines{};
    Money fees;
};
Unrecorded unrecorded_in(const Reconciliation& result) {
    Unrecorded sum;
    for (const Reconciled& line : result.lines) {
        if (!line.fee_unrecorded()) continue;
        ++sum.lines;
        sum.fees += *line.there->fee;
    }
    return sum;
}

std::string words_of(Match match) {
    std::string words{to_text(match)};
    for (char& c : words) c = c == '_' ? ' ' : c;
    return words;
}

std::string counts_text(const Reconciliation& result) {
    std::string text;
    for (const Match match : kMatches) {
        text += (text.empty() ? "" : " · ") + words_of(match) + ' ' +
                std::to_string(result.count(match));
    }
    return text;
}

std::string rows_text(const Statement& statement) {
    std::string text = std::to_string(statement.rows) + (statement.rows == 1 ? " row" : " rows");
    if (statement.repeated > 0) text += ", " + std::to_string(statement.repeated) + " repeated";
    if (statement.other > 0)
        text += ", " + std::to_string(statement.other) + " that move no market's shares";
    return text;
}

void print_json(const Session& session, const Call& call, const Answer& answer) {
    JsonWriter out = begin_answer("reconcile");
    out.key("file").text(call.what).key("venue").text(answer.statement.venue);
    out.key("statement").text(to_text(answer.statement.kind));
    out.key("mode").text(to_text(answer.scope.mode));
    session.write_as_of(out);
    out.key("tolerance").text(format_micros(kReconcileTolerance));
    out.key("rows").number(answer.statement.rows).key("repeated");
    out.number(answer.statement.repeated).key("other").number(answer.statement.other);
    for (const Match match : kMatches) out.key(to_text(match)).number(answer.result.count(match));
    const Unrecorded unrecorded = unrecorded_in(answer.result);
    out.key("fees_unrecorded").begin_object().key("lines").number(unrecorded.lines);
    out.key("dollars").text(format_micros(unrecorded.fees.micros)).end_object();
    out.key("unread").begin_array();
    for (const std::string& why : answer.statement.unread) out.text(why);
    out.end_array();
    write(out.key("lines"), list_reconciled(answer.result));
    print_answer(std::move(out));
}

Reconciliation only(const Reconciliation& result, bool (*wanted)(const Reconciled&)) {
    Reconciliation some;
    for (const Reconciled& line : result.lines) {
        if (wanted(line)) some.lines.push_back(line);
    }
    return some;
}

std::string table_of(const Reconciliation& result, const Call& call) {
    Listing listing = list_reconciled(result);
    limit(listing, call);
    return listing.rows.empty() ? std::string{}
                                : '\n' + render(listing, stdout_terminal(call.no_color), call.zone);
}

void print_text(const Session& session, const Call& call, const Answer& answer) {
    std::string text =
        answer.kind() + ": " + rows_text(answer.statement) + ", beside the events up to " +
        std::to_string(session.seq().raw) + " (" + std::string{to_text(answer.scope.mode)} + ")\n" +
        counts_text(answer.result) + "\nshares and cost before fee are compared exactly; up to " +
        format_micros(kReconcileTolerance) + " is rounding\n";
    text += table_of(
        only(answer.result, [](const Reconciled& line) { return line.match != Match::agreed; }),
        call);
    if (const Unrecorded sum = unrecorded_in(answer.result); sum.lines > 0) {
        text += "\nfees the venue states and nobody recorded: " + std::to_string(sum.lines) +
                ", together " + format_micros(sum.fees.micros) + '\n';
        text += table_of(
            only(answer.result, [](const Reconciled& line) { return line.fee_unrecorded(); }),
            call);
    }
    for (const std::string& why : answer.statement.unread)
        text += "not understood: " + printable(why) + '\n';
    print_out(text);
}

std::vector<ingest::Account> accounts_of(const Call& call) {
    if (call.own.empty()) return {};
    return {{call.account.empty() ? "main" : call.account, call.own}};
}

Exit exit_of(const Answer& answer) {
    if (answer.result.off()) return Exit::findings;
    if (!answer.statement.unread.empty()) return Exit::incomplete;
    return answer.result.lines.empty() ? Exit::no_match : Exit::done;
}

// ── The result as events: a note, and what the venue says where it is not what is recorded.

JsonWriter event_line(const Answer& answer, std::string_view type) {
    JsonWriter out;
    out.begin_object().key("type").text(type).key("origin").text("reconciler");
    out.key("venue").text(answer.statement.venue);
    return out;
}

std::string note_line(const Answer& answer) {
    JsonWriter out = event_line(answer, "note");
    out.key("text").text("reconciled " + answer.kind() + " (" + rows_text(answer.statement) +
                         "): " + counts_text(answer.result));
    out.end_object();
    return std::move(out).str() + '\n';
}

/// Metrics of their own: a claim of `shares` or `fees` would be about the whole market.
std::string claim_line(const Answer& answer, const Reconciled& line, std::string_view metric,
                       std::string_view value) {
    JsonWriter out = event_line(answer, "claim");
    out.key("mode").text(to_text(answer.scope.mode)).key("market").text(line.market);
    if (!answer.scope.account.empty()) out.key("account").text(answer.scope.account);
    if (!line.seqs.empty()) out.key("cause").number(line.seqs.front().raw);
    out.key("source").text(answer.kind()).key("metric").text(metric).key("value").text(value);
    if (!line.outcome.empty()) out.key("outcome").text(line.outcome);
    out.end_object();
    return std::move(out).str() + '\n';
}

std::string lines_of(const Answer& answer, const Reconciled& line) {
    const bool off = line.match != Match::agreed && line.match != Match::rounding;
    std::string lines;
    const auto add = [&](std::string_view metric, std::optional<std::int64_t> value) {
        if (value)
            lines += claim_line(answer, line, "reconciled_" + std::string{metric},
                                format_micros(*value));
    };
    const Stated said = line.there.value_or(Stated{});
    const auto micros = [](const std::optional<Money>& money) {
        return money ? std::optional{money->micros} : std::nullopt;
    };
    if (off) {
        add("shares", said.shares.micros);
        add("cost", micros(said.cost));
        add("pnl", micros(said.pnl));
    }
    if (off || line.fee_unrecorded()) add("fee", micros(said.fee));
    return lines;
}

std::string events_of(const Answer& answer) {
    std::string lines = note_line(answer);
    for (const Reconciled& line : answer.result.lines) lines += lines_of(answer, line);
    return lines;
}

}  // namespace

Result<Exit> run_reconcile(const Call& call) {
    TRY(const std::string text, files::read_file(call.what, kBytesMax));
    Answer answer;
    TRY(answer.statement, ingest::read_statement(text, accounts_of(call)));
    Call whole = call;
    whole.epoch = "all";
    TRY(const auto session, Session::open(whole));
    TRY(const Scope scope, scope_of(*session, whole));
    TRYV(session->need({"fills", "positions"}));
    TRYV(session->count_lost());
    answer.scope = {scope.mode, call.account};
    answer.result = reconcile(answer.statement,
                              {session->rows("fills"), session->rows("positions")}, answer.scope);
    call.json ? print_json(*session, call, answer) : print_text(*session, call, answer);
    if (call.record) {
        session->let_go();
        flush_out();
        TRYV(record_lines(call.data, events_of(answer)));
    }
    return tell_incomplete(*session, call, exit_of(answer));
}

}  // namespace daybook
