// The journal is the source, projections are only folded from it: through the programs.
#include <algorithm>
#include <filesystem>

#include "ingest/captures.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

/// A day of orders and fills, a bot that was wrong, and books of two venues.
void record_everything(const DataDirectory& data) {
    data.ingest(capture("day-2025-12-13/events.jsonl").value());
    data.ingest(capture("day-2025-12-13/live-is-not-filled.jsonl").value());
    data.ingest(capture("kalshi-ws-aug2026/frames.jsonl.gz").value(), {"--venue", "kalshi"});
    const Words polymarket{"--venue", "polymarket"};
    const std::string folder = "pm-raw-15m-apr2026/";
    data.ingest(capture(folder + "markets-20260427b.jsonl").value(), polymarket);
    data.ingest(capture(folder + "raw-20260427b.jsonl.gz").value(), polymarket);
}

bool have_captures() {
    if (std::filesystem::exists(captures() / "day-2025-12-13")) return true;
    WARN("skipped: no captures");
    return false;
}

std::string dump_of(const DataDirectory& data) {
    const Ran ran = data.run({"dump"});
    REQUIRE(ran.exit == 0);
    return ran.out;
}
/// Without the first line, which names the journal.
std::string events_of(const std::string& dump) { return dump.substr(dump.find('\n') + 1); }

Words reset(const std::string& verb, Words rest) {
    rest.insert(rest.begin(), {"projections", verb});
    return rest;
}

std::map<std::string, std::string> generations(const DataDirectory& data) {
    std::map<std::string, std::string> found;
    for (const Json& each : rows(data.ask({"projections", "list"}), "projections"))
        found[std::string{each.text_of("name")}] = each.text_of("generation");
    return found;
}

std::string note(const std::string& text) { return R"({"type":"note","text":")" + text + "\"}\n"; }

}  // namespace

TEST_CASE("a dump read into an empty journal is the same journal again", "[program][replay]") {
    if (!have_captures()) return;
    const DataDirectory first, second;
    record_everything(first);
    const std::string dump = dump_of(first);
    const Json tally = second.ingest(dump);
    CHECK(tally.text_of("unparsed") == "0");
    CHECK(tally.text_of("seq") == first.ask({"verify"}).text_of("events"));
    CHECK(events_of(dump_of(second)) == events_of(dump));
    CHECK(first.digests() == second.digests());
    CHECK(first.digests().size() == projection_names().size());
}

TEST_CASE("a dump keeps what could not be read, whatever its bytes and however long",
          "[program][replay]") {
    const DataDirectory first, second;
    const std::string quotes(1'000'000, '"');     // twice as long in JSON
    const std::string controls(900'000, '\x01');  // six times
    const std::string bytes(3'000'000, '\xff');   // as base64
    first.ingest("hello\n" + quotes + '\n' + controls + '\n' + bytes + '\n' + note("fine"), {}, 6);
    const std::string dump = dump_of(first);
    CHECK(second.ingest(dump, {}, 6).text_of("seq") == first.ask({"verify"}).text_of("events"));
    CHECK(events_of(dump_of(second)) == events_of(dump));
    const DataDirectory third;
    third.ingest(note("before"));
    third.ingest(dump, {}, 6);
    CHECK(std::stoull(std::string{third.ask({"verify"}).text_of("events")}) ==
          std::stoull(std::string{first.ask({"verify"}).text_of("events")}) + 1);
}

TEST_CASE("a file read twice adds nothing", "[program][replay]") {
    CAPTURE_OR_SKIP(day, "day-2025-12-13/events.jsonl");
    CAPTURE_OR_SKIP(frames, "kalshi-ws-aug2026/frames.jsonl.gz");
    const DataDirectory data;
    data.ingest(day);
    data.ingest(frames, {"--venue", "kalshi"});
    const auto files = data.journal_files();
    const std::string before = dump_of(data);
    CHECK(data.ingest(day).text_of("accepted") == "0");
    CHECK(data.ingest(day).text_of("duplicate") == "175");
    CHECK(data.ingest(frames, {"--venue", "kalshi"}).text_of("accepted") == "0");
    CHECK(dump_of(data) == before);
}

TEST_CASE("a dump read into a journal with events loses none and means the same",
          "[program][replay]") {
    if (!have_captures()) return;
    const DataDirectory first, second;
    first.ingest(note("one"));
    first.ingest(R"({"type":"decision","verdict":"go","cause":1})"
                 "\n");
    record_everything(first);
    second.ingest(note("a") + note("b") + note("c"));
    const Json tally = second.ingest(dump_of(first));
    const std::string events{first.ask({"verify"}).text_of("events")};
    CHECK(tally.text_of("accepted") == events);
    CHECK(second.ask({"verify"}).text_of("events") == std::to_string(std::stoull(events) + 3));
    const auto decisions = second.stream({"query", "events", "--type", "decision"});
    REQUIRE(decisions.size() == 2);  // and the one of the capture
    CHECK(decisions[0].text_of("seq") == "5");
    CHECK(decisions[0].text_of("cause") == "4");
    const auto result = [](const DataDirectory& data) {
        return write_json(member(data.ask({"query", "pnl"}), "markets"));
    };
    CHECK(result(first) == result(second));
}

TEST_CASE("a cause that is not in the dump is refused when the numbers are new",
          "[program][replay]") {
    const DataDirectory first, second;
    first.ingest(note("one") + note("two"));
    first.ingest(R"({"type":"decision","verdict":"go","cause":1})"
                 "\n");
    const Ran part = first.run({"dump", "--from", "2"});
    REQUIRE(part.exit == 0);
    second.ingest(note("a"));
    const Json tally = second.ingest(part.out, {}, 6);
    CHECK(tally.text_of("accepted") == "1");
    CHECK(tally.text_of("unparsed") == "1");
}

TEST_CASE("a reset drops what it said it would, and no byte of the journal", "[program][reset]") {
    if (!have_captures()) return;
    const DataDirectory data;
    record_everything(data);
    const auto digests = data.digests();
    const auto files = data.journal_files();
    const Json listed = data.ask({"projections", "list"});
    const Json plan = data.ask(reset("reset", projection_names()));
    CHECK(generations(data) == generations(data));
    CHECK(plan.text_of("source_events_deleted") == "0");
    CHECK(plan.text_of("source_bytes_deleted") == "0");
    CHECK(member(plan, "replay").text_of("events") == data.ask({"verify"}).text_of("events"));
    CHECK(member(member(plan, "replay"), "by_type").text_of("fill") == "34");  // 33 and 1
    REQUIRE(rows(plan, "drop").size() == projection_names().size());
    for (const Json& drop : rows(plan, "drop")) {
        CAPTURE(drop.text_of("projection"));
        const Json& standing = row(rows(listed, "projections"), "name", drop.text_of("projection"));
        std::uint64_t sum = 0;
        for (const Json& table : rows(drop, "tables"))
            sum += std::stoull(std::string{table.text_of("rows")});
        CHECK(std::to_string(sum) == standing.text_of("rows"));
    }
    CHECK(data.digests() == digests);  // nothing has happened yet

    const Json done = data.ask({"projections", "apply", std::string{plan.text_of("plan")}});
    for (const Json& each : rows(done, "projections")) {
        CHECK(each.text_of("rows_before") == each.text_of("rows_after"));
        CHECK(each.text_of("digest_before") == each.text_of("digest_after"));
        CHECK_FALSE(member(each, "changed").truth);
    }
    CHECK(data.digests() == digests);
    CHECK(data.journal_files() == files);
    CHECK(data.ask({"verify"}).text_of("ok").empty());  // a truth, not a text
    CHECK(member(data.ask({"verify"}), "ok").truth);
    for (const auto& [name, generation] : generations(data)) CHECK(generation == "2");
    const std::string history = read_file(data.path() + "/projections/history.jsonl");
    CHECK(lines_of(history).size() == projection_names().size());
    // A plan is good once.
    CHECK(data.run({"projections", "apply", std::string{plan.text_of("plan")}}).exit == 1);
}

TEST_CASE("a plan made before the latest event is refused and changes nothing",
          "[program][reset]") {
    CAPTURE_OR_SKIP(day, "day-2025-12-13/events.jsonl");
    const DataDirectory data;
    data.ingest(day);
    const Json plan = data.ask(reset("reset", {"pnl", "orders"}));
    data.ingest(note("later"));
    const auto digests = data.digests();
    const auto before = generations(data);
    const auto files = data.journal_files();
    const Ran stale =
        data.run({"projections", "apply", std::string{plan.text_of("plan")}, "--json"});
    CHECK(stale.exit == 5);
    CHECK(parse_json(stale.out).value().text_of("code") == "conflict");
    CHECK(stale.err.find("stale") != std::string::npos);
    CHECK(generations(data) == before);
    CHECK(data.digests() == digests);
    CHECK(data.journal_files() == files);
}

TEST_CASE("a plan nobody made and a projection nobody knows are errors", "[program][reset]") {
    const DataDirectory data;
    data.ingest(note("one"));
    const std::string unknown(32, 'a');
    CHECK(data.run({"projections", "apply", unknown}).exit == 1);
    CHECK(data.run({"projections", "apply", "../../journal/HEAD"}).exit == 1);
    CHECK(data.run({"projections", "reset", "journal"}).exit == 2);
    CHECK(data.run({"projections", "reset"}).exit == 2);
    CHECK(data.ask({"verify"}).text_of("events") == "1");
}

TEST_CASE("every projection is the same however it came to be built", "[program][replay]") {
    if (!have_captures()) return;
    const DataDirectory whole;
    record_everything(whole);
    const auto digests = whole.digests();

    const Json plan = whole.ask(reset("reset", projection_names()));
    CHECK(whole.run({"projections", "apply", std::string{plan.text_of("plan")}}).exit == 0);
    CHECK(whole.digests() == digests);

    std::filesystem::remove_all(whole.path() + "/projections");
    CHECK(whole.digests() == digests);

    const auto lines = lines_of(events_of(dump_of(whole)));
    const DataDirectory halves;
    for (const std::size_t begin : {std::size_t{0}, lines.size() / 2}) {
        const std::size_t end = begin == 0 ? lines.size() / 2 : lines.size();
        std::string part;
        for (std::size_t i = begin; i < end; ++i) part += lines[i] + '\n';
        halves.ingest(part);
        CHECK((halves.digests() == digests) == (begin != 0));
    }
    std::filesystem::remove_all(halves.path() + "/projections");
    CHECK(halves.ingest(lines.front() + '\n').text_of("duplicate") == "1");  // ids are back, too
    CHECK(halves.digests() == digests);
}

TEST_CASE("asked for a moment of the past, an answer is what it was then", "[program][replay]") {
    CAPTURE_OR_SKIP(day, "day-2025-12-13/events.jsonl");
    const auto lines = lines_of(day);
    const DataDirectory whole, part;
    whole.ingest(day);
    std::string first;
    for (std::size_t i = 0; i < 100; ++i) first += lines[i] + '\n';
    part.ingest(first);
    for (const char* query : {"positions", "pnl", "orders", "fills", "markets"}) {
        CAPTURE(query);
        CHECK(write_json(whole.ask({"query", query, "--at", "100"})) ==
              write_json(part.ask({"query", query})));
    }
}
