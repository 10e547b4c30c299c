// The verb postmortem: which window, from which rows, in which form.
#include "tools/daybook/postmortem.hpp"

#include "projections/fold/health.hpp"
#include "tools/daybook/query.hpp"
#include "tools/files/posix_files.hpp"
#include "version.hpp"

namespace daybook {
namespace {

constexpr std::int64_t kSilence = 60 * kNanosPerSecond;  ///< shorter ones are no news

/// A date there, or a moment.
Result<Time> moment_in(const Zone& zone, const std::string& text) {
    if (const auto day = parse_date(text)) return zone.begin_of(day.value());
    if (const auto time = parse_time(text)) return time.value();
    return Error{Errc::usage, "'" + text + "' is neither a date nor an RFC 3339 time",
                 "2025-12-13, or 2025-12-13T09:30:00-05:00"};
}

Result<Span> span_of(const Call& call) {
    if (!call.day.empty()) {
        if (!call.from.empty() || !call.to.empty())
            return Error{Errc::usage, "a day and --from or --to", "say one of the two"};
        const auto day = parse_date(call.day);
        if (!day) return Error{Errc::usage, day.error().detail, "daybook postmortem 2025-12-13"};
        return Span{call.zone.begin_of(day.value()), call.zone.begin_of(day.value() + 1)};
    }
    const bool all = !call.group.empty() && call.from.empty() && call.to.empty();
    if (all) return Span{{INT64_MIN}, {INT64_MAX}};  // a group says by itself when it was
    if (call.from.empty() || call.to.empty())
        return Error{Errc::usage, "no day and no window was named",
                     "daybook postmortem 2025-12-13, or --from and --to"};
    TRY(const Time from, moment_in(call.zone, call.from));
    TRY(const Time to, moment_in(call.zone, call.to));
    if (to <= from) return Error{Errc::usage, "the window ends before it begins", "--from, --to"};
    return Span{from, to};
}

std::string title_of(const Call& call, const Span& span) {
    if (!call.day.empty()) return call.day;
    if (span.from.nanos == INT64_MIN) return "group " + call.group;
    return call.zone.print(span.from) + " to " + call.zone.print(span.to);
}

std::string json_of(const Session& session, const Report& report) {
    JsonWriter out = begin_answer("postmortem");
    const Window& window = report.facts.window;
    out.key("from").text(format_time(window.span.from)).key("to");
    out.text(format_time(window.span.to)).key("timezone").text(report.zone.name());
    out.key("mode").text(to_text(window.scope.mode)).key("version").text(report.version);
    out.key("chain").text(report.chain);
    session.write_as_of(out);
    write_members(out, report.facts);
    out.end_object();
    return std::move(out).str() + '\n';
}

std::string form_of(const Call& call, const Session& session, const Report& report) {
    if (call.json || call.format == "json") return json_of(session, report);
    if (call.format == "md") return markdown_of(report);
    if (call.format == "html") return html_of(report);
    return text_of(report, stdout_terminal(call.no_color || !call.output.empty()));
}

Exit exit_of(const PostMortem& facts) {
    if (facts.markets.empty() && facts.claims.empty() && facts.notes.empty()) return Exit::no_match;
    for (const FindingView& view : facts.findings) {
        if (view.finding.severity == Severity::critical) return Exit::findings;
    }
    return Exit::done;
}

/// What the journal or a projection lacks, first of all that is not known.
void add_gaps(const Session& session, PostMortem& facts) {
    if (session.lost() > 0)
        facts.unknown.push_back(std::to_string(session.lost()) +
                                " events of a damaged journal are lost");
    for (const auto& [name, stall] : session.stalled())
        facts.unknown.push_back(name + " stands still at event " + std::to_string(stall.seq.raw) +
                                ": " + stall.why);
}

bool reaches(const Coverage& row, const Span& span) {
    return row.first_received && *row.first_received < span.to && *row.last_received >= span.from;
}

/// How often feeds that spoke in the window said that something is missing.
void add_feed_gaps(const Rows& health, PostMortem& facts) {
    for (const Coverage& row : coverage_of(health)) {
        const std::uint64_t count = row.lost + row.stale + row.gap + row.jumps;
        if (count == 0 || !reaches(row, facts.window.span)) continue;
        facts.unknown.push_back("feed " + row.channel + (row.stream.empty() ? "" : " ") +
                                row.stream + " of " + row.venue + ": " + std::to_string(count) +
                                " times lost, stale or with a gap (in the whole record)");
    }
}

/// The longest silence of a venue, where it lies in the window.
Result<void> add_silences(Session& session, PostMortem& facts) {
    for (const Silence& silence : silences_of(session.rows("health"))) {
        if (silence.from.raw == 0 || silence.longest_ns < kSilence) continue;
        TRY(const Event before, session.reader().at(silence.from));
        const auto begin = before.received;
        const Span& span = facts.window.span;
        if (!begin || *begin >= span.to || begin->nanos + silence.longest_ns < span.from.nanos)
            continue;
        facts.unknown.push_back("nothing of " + silence.venue + " was received for " +
                                std::to_string(silence.longest_ns / kNanosPerSecond) +
                                " s behind event " + std::to_string(silence.from.raw));
    }
    return ok();
}

}  // namespace

Result<Exit> run_postmortem(const Call& call) {
    TRY(const Span span, span_of(call));
    if (!call.output.empty() && files::lies_in(call.output, call.data + "/journal"))
        return Error{Errc::usage, call.output + " would lie in the journal", "name another file"};
    Call whole = call;  // --from and --to are no places in the journal here
    whole.epoch = "all";
    TRY(const auto session, Session::open(whole));
    TRY(const Scope scope, scope_of(*session, whole));
    TRYV(session->need({"findings", "claims", "cash", "daily", "health"}));
    TRYV(session->count_lost());
    TRY(const auto chain, session->reader().journal().chain());
    const PostMortemRows rows{session->rows("findings"), session->rows("claims"),
                              session->rows("cash"), session->rows("daily")};
    Report report{postmortem_of(rows, {span, scope, session->time(), call.group}),
                  title_of(call, span),
                  call.zone,
                  session->seq(),
                  std::string{kVersion},
                  chain.to_hex(),
                  call.all};
    add_gaps(*session, report.facts);
    add_feed_gaps(session->rows("health"), report.facts);
    TRYV(add_silences(*session, report.facts));
    const std::string text = form_of(call, *session, report);
    if (call.output.empty()) {
        print_out(text);
    } else {
        TRYV(files::write_file(call.output, text, 0644, files::Existing::kept));
    }
    return tell_incomplete(*session, call, exit_of(report.facts));
}

}  // namespace daybook
