// The verbs that walk the journal: tail, dump, replay.
#include <chrono>
#include <deque>
#include <map>
#include <thread>

#include "projections/answers/finding_course.hpp"
#include "projections/answers/positions.hpp"
#include "schemas/event_json.hpp"
#include "tools/daybook/filter.hpp"
#include "tools/daybook/render.hpp"

namespace daybook {
namespace {

constexpr std::uint64_t kTailLines = 10;
constexpr auto kPoll = std::chrono::milliseconds{50};

std::string line_for(const Event& event, const Call& call) {
    return (call.json ? to_json(event) : line_of(event, call.zone)) + '\n';
}

/// The last events that match, at most `count`.
Result<std::deque<std::string>> last_lines(Session& session, const Filter& filter, const Call& call,
                                           std::uint64_t count) {
    std::deque<std::string> lines;
    TRYV(
        session.reader().for_each(filter.first, filter.last, filter.types, [&](const Event& event) {
            if (!filter.takes(event)) return true;
            lines.push_back(line_for(event, call));
            if (lines.size() > count) lines.pop_front();
            return true;
        }));
    return lines;
}

Result<void> follow(Session& session, Filter filter, const Call& call) {
    catch_interrupts();
    Sequence shown = filter.last;
    while (!interrupted()) {
        TRY(const auto head, session.reader().journal().refresh());
        if (head.durable > shown) {
            TRYV(session.reader().for_each({shown.raw + 1}, head.durable, filter.types,
                                           [&](const Event& event) {
                                               if (filter.takes(event))
                                                   print_out(line_for(event, call));
                                               return !interrupted();
                                           }));
            shown = head.durable;
            flush_out();
        }
        std::this_thread::sleep_for(kPoll);
    }
    return ok();
}

std::string frame_line(const journal::Record& record) {
    JsonWriter out;
    out.begin_object()
        .key("seq")
        .number(record.sequence.raw)
        .key("type")
        .text(type_name(record.type));
    out.key("received").text(format_time({record.received})).key("key").number(record.key);
    out.key("flags")
        .number(std::uint64_t{record.flags})
        .key("bytes")
        .number(std::uint64_t{record.payload.size()});
    out.key("hash").number(record.hash).end_object();
    return std::move(out).str() + '\n';
}

Result<void> dump_frames(Session& session, const Filter& filter) {
    journal::Reader& journal = session.reader().journal();
    TRYV(journal.seek(filter.first));
    for (;;) {
        TRY(const auto record, journal.next());
        if (!record || record->sequence > filter.last) return ok();
        print_out(frame_line(*record));
    }
}

/// What is held in the market after an event, in a few words.
std::string state_of(Ledger& ledger, const Event& event) {
    const auto key = ledger.markets().lookup(event.venue, event.market);
    const auto market = key ? ledger.markets().find(*key) : std::nullopt;
    if (!market || event.mode == Mode::none) return {};
    const Position position = ledger.position({event.account, event.mode, *key});
    std::string text = " | " + format_micros(position.sides[0].matched.shares.micros) + " / " +
                       format_micros(position.sides[1].matched.shares.micros);
    const auto ratio = hedge_ratio(position);
    text += " hedge " + (ratio ? format_ratio(*ratio) : std::string{"-"});
    return text + " realized " + format_rounded(position.realized.micros, 2);
}

void pace(const Event& event, std::optional<Time>& last, double speed) {
    const auto clock = clock_of(event);
    if (speed > 0 && clock && last && *clock > *last) {
        const double wait = static_cast<double>(clock->nanos - last->nanos) / speed;
        for (auto left = std::chrono::nanoseconds{static_cast<std::int64_t>(wait)};
             left.count() > 0 && !interrupted();) {
            const auto slice =
                std::min<std::chrono::nanoseconds>(left, std::chrono::milliseconds{100});
            std::this_thread::sleep_for(slice);
            left -= slice;
        }
    }
    if (clock) last = clock;
}

using Findings = std::map<Sequence, std::vector<FindingView>>;

/// The findings that stand at the end of what is replayed, by the event that brought each.
Result<Findings> findings_in(Session& session, const Filter& filter, const Call& call) {
    TRY(const Scope scope, scope_of(session, call));
    session.let_go();  // whoever replays goes on for long
    FindingCourse course{scope};
    TRYV(session.reader().for_each({1}, filter.last, all_types(), [&](const Event& event) {
        course.apply(event);
        return !interrupted();
    }));
    return course.lasting();
}

/// Which rules the last line broke, and where to go on.
void print_stop(Sequence at, const std::vector<FindingView>& found, const Call& call) {
    if (call.json) {
        JsonWriter out = begin_answer("findings");
        out.key("as_of").begin_object().key("seq").number(at.raw).end_object();
        write(out.key("findings"), list_findings(found));
        return print_answer(std::move(out));
    }
    for (const FindingView& view : found) {
        print_out("  ✖ " + std::string{to_text(view.finding.severity)} + ' ' +
                  std::string{view.finding.rule} + ": " + view.finding.detail + " (events " +
                  seqs_text(view.finding.seqs) + ")\n");
    }
    print_out("stopped at event " + std::to_string(at.raw) +
              "; on from there: daybook replay --until-finding --from " +
              std::to_string(at.raw + 1) + '\n');
}

}  // namespace

Result<Exit> run_tail(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRY(const Filter filter, filter_of(*session, call));
    TRY(const auto lines,
        last_lines(*session, filter, call, call.limit > 0 ? call.limit : kTailLines));
    for (const std::string& line : lines) print_out(line);
    if (call.follow) {
        flush_out();
        TRYV(follow(*session, filter, call));
        return Exit::interrupted;
    }
    return lines.empty() ? Exit::no_match : Exit::done;
}

Result<Exit> run_dump(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRY(const Filter filter, filter_of(*session, call));
    if (call.frames) {
        TRYV(dump_frames(*session, filter));
        return Exit::done;
    }
    JsonWriter header = begin_answer("dump");
    header.key("journal").text(journal::to_text(session->reader().journal().journal()));
    print_answer(std::move(header));
    catch_interrupts();
    TRYV(session->reader().for_each(filter.first, filter.last, filter.types,
                                    [&](const Event& event) {
                                        if (filter.takes(event)) print_out(to_json(event) + '\n');
                                        return !interrupted();
                                    }));
    return interrupted() ? Exit::interrupted : Exit::done;
}

Result<Exit> run_replay(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRY(const Filter filter, filter_of(*session, call));
    catch_interrupts();
    Findings findings;
    if (call.until_finding) {
        TRY(findings, findings_in(*session, filter, call));
    }
    MemoryRows rows;
    Ledger ledger{rows};
    std::optional<Time> last;
    std::uint64_t shown = 0;
    bool stopped = false;
    TRYV(session->reader().for_each({1}, filter.last, all_types(), [&](const Event& event) {
        if (event.conflicts_with.raw == 0) ledger.apply(event);
        if (event.seq < filter.first) return true;
        const auto found = findings.find(event.seq);
        stopped = found != findings.end();
        if (!stopped && (!filter.types.has(type_number(event)) || !filter.takes(event)))
            return true;
        if (call.speed > 0) flush_out();
        pace(event, last, call.speed);
        if (interrupted()) return false;
        ++shown;
        print_out(call.json ? to_json(event) + '\n'
                            : line_of(event, call.zone) + state_of(ledger, event) + '\n');
        if (stopped) print_stop(event.seq, found->second, call);
        return !stopped;
    }));
    if (interrupted()) return Exit::interrupted;
    if (stopped) return Exit::findings;
    return shown == 0 ? Exit::no_match : Exit::done;
}

}  // namespace daybook
