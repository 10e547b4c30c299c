// A damaged journal: what is undamaged is copied under its own numbers, the rest is named.
#include <csignal>
#include <fstream>
#include <thread>

#include "ingest/captures.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

namespace fs = std::filesystem;

constexpr std::streamoff kFrames = 8192;

void damage(const fs::path& file, std::streamoff offset, std::string_view bytes) {
    fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    stream.seekp(offset);
    stream << bytes;
    REQUIRE(stream.flush());
}

bool says(const Ran& ran, std::string_view words) {
    return ran.out.find(words) != std::string::npos || ran.err.find(words) != std::string::npos;
}

std::string note(int number, std::size_t length) {
    return R"({"type":"note","text":"note )" + std::to_string(number) + ' ' +
           std::string(length, 'x') + "\"}\n";
}
std::string notes(int count, std::size_t length = 20) {
    std::string lines;
    for (int i = 1; i <= count; ++i) lines += note(i, length);
    return lines;
}

/// A journal, and the place its salvage goes to.
struct Wreck {
    DataDirectory data;
    TemporaryFolder room;
    std::string out = room.path() / "out";

    [[nodiscard]] fs::path segment(int number) const {
        return data.path() + "/journal/0000000" + std::to_string(number) + ".segment";
    }
    [[nodiscard]] Ran salvage() const { return data.run({"salvage", out, "--json"}); }
    [[nodiscard]] Ran at_out(const Words& words) const {
        Words all{program("daybook"), "--data", out};
        all.insert(all.end(), words.begin(), words.end());
        return run(all);
    }
    /// Offset and length of each frame of the first segment, as `dump --frames` tells the lengths.
    [[nodiscard]] std::vector<std::streamoff> frames() const {
        std::vector<std::streamoff> offsets{kFrames};
        for (const Json& frame : data.stream({"dump", "--frames"})) {
            const auto bytes = std::stoll(std::string{frame.text_of("bytes")});
            offsets.push_back(offsets.back() + 48 + (bytes + 7) / 8 * 8);
        }
        return offsets;
    }
};

}  // namespace

TEST_CASE("an undamaged journal is salvaged whole, under a new name", "[program][salvage]") {
    const Wreck wreck;
    wreck.data.ingest(notes(40));
    const auto files = wreck.data.journal_files();
    const Ran ran = wreck.salvage();
    REQUIRE(ran.exit == 0);
    const Json told = parse_json(ran.out).value();
    CHECK(told.text_of("kept") == "40");
    CHECK(told.text_of("lost") == "0");
    CHECK(told.text_of("journal") != told.text_of("salvaged_journal"));
    CHECK(wreck.at_out({"query", "events", "--json"}).out ==
          wreck.data.run({"query", "events", "--json"}).out);
    CHECK(wreck.at_out({"verify"}).exit == 0);
    CHECK(wreck.at_out({"receipt"}).exit == 0);
    CHECK(wreck.data.journal_files() == files);
}

TEST_CASE("a damaged event is replaced by one that says so, all others keep their numbers",
          "[program][salvage]") {
    const Wreck wreck;
    wreck.data.ingest(notes(9));
    const auto offsets = wreck.frames();
    damage(wreck.segment(1), offsets[2] + 70, "damage");
    damage(wreck.segment(1), offsets[5] + 70, "damage");
    damage(wreck.segment(1), offsets[6] + 3, "x");
    const auto files = wreck.data.journal_files();
    const Ran ran = wreck.salvage();
    CHECK(ran.exit == 6);
    const Json told = parse_json(ran.out).value();
    CHECK(told.text_of("kept") == "6");
    CHECK(told.text_of("lost") == "3");
    REQUIRE(rows(told, "gaps").size() == 2);
    const Json& first = rows(told, "gaps").front();
    CHECK(first.text_of("first") == "3");
    CHECK(first.text_of("last") == "3");
    CHECK(first.text_of("file") == "00000001.segment");
    CHECK(first.text_of("offset") == std::to_string(offsets[2]));
    CHECK(rows(told, "gaps").back().text_of("last") == "7");
    CHECK(wreck.data.journal_files() == files);

    CHECK(wreck.at_out({"verify"}).exit == 0);
    const Ran events = wreck.at_out({"query", "events"});
    CHECK(events.exit == 6);
    CHECK(says(events, "3 events are lost"));
    CHECK(says(events, "\n4 "));
    CHECK(says(events, "note 4 "));
    CHECK_FALSE(says(events, "note 3 "));
    const Ran status = wreck.at_out({});
    CHECK(status.exit == 6);
    CHECK(says(status, "LOST      3 events"));
    CHECK(says(wreck.at_out({"doctor"}), "3 are lost"));
    const Ran markets = wreck.at_out({"query", "markets", "--json"});
    CHECK(parse_json(markets.out).value().text_of("lost") == "3");
    const Ran before = wreck.at_out({"query", "events", "--to", "2", "-q"});
    CHECK(before.err.empty());
}

TEST_CASE("a dump of a salvaged journal reads back with its gaps", "[program][salvage]") {
    const Wreck wreck;
    wreck.data.ingest(notes(6));
    const auto offsets = wreck.frames();
    damage(wreck.segment(1), offsets[2] + 70, "damage");
    damage(wreck.segment(1), offsets[3] + 70, "damage");
    REQUIRE(wreck.salvage().exit == 6);
    const std::string dump = wreck.at_out({"dump"}).out;
    const DataDirectory again;
    CHECK(again.run({"ingest", "-"}, dump).exit == 0);
    CHECK(again.run({"dump"}).out.substr(dump.find('\n')) == dump.substr(dump.find('\n')));
    CHECK(again.run({}).exit == 6);
}

TEST_CASE("segments that are gone, headers and HEAD that are broken cost what lay in them",
          "[program][salvage]") {
    const Wreck wreck;
    wreck.data.ingest(notes(200, 100'000));  // 20 MB: segments of 4, 8 and 16 MiB
    REQUIRE(fs::exists(wreck.segment(3)));
    const Json whole = wreck.data.ask({"verify"});
    std::uint64_t lost = 0;
    SECTION("nothing but the headers and HEAD") {
        for (const int number : {1, 3}) damage(wreck.segment(number), 0, std::string(8192, 'x'));
        fs::remove(wreck.data.path() + "/journal/HEAD");
    }
    SECTION("the segment in the middle") {
        fs::remove(wreck.segment(2));
        lost = 83;  // 8 MiB of frames of 100 KB
    }
    SECTION("the first one, and HEAD is no HEAD") {
        fs::remove(wreck.segment(1));
        damage(wreck.data.path() + "/journal/HEAD", 0, std::string(8192, '\xff'));
        lost = 41;  // 4 MiB
    }
    const Ran ran = wreck.salvage();
    const Json told = parse_json(ran.out).value();
    CHECK(ran.exit == (lost == 0 ? 0 : 6));
    CHECK(told.text_of("kept") == std::to_string(200 - lost));
    CHECK(told.text_of("lost") == std::to_string(lost));
    const Ran verified = wreck.at_out({"verify", "--json"});
    CHECK(verified.exit == 0);
    CHECK(parse_json(verified.out).value().text_of("events") == "200");
}

TEST_CASE("events of a market whose first mention is lost stay together", "[program][salvage]") {
    CAPTURE_OR_SKIP(day, "day-2025-12-13/events.jsonl");
    const Wreck wreck;
    wreck.data.ingest(day);
    const auto offsets = wreck.frames();
    damage(wreck.segment(1), offsets[0] + 70, "damage");  // defines a market
    REQUIRE(wreck.salvage().exit == 6);
    for (const Words& words :
         {Words{"query", "positions"}, Words{"query", "pnl"}, Words{"query", "orders"},
          Words{"query", "fills"}, Words{"query", "markets"}, Words{"query", "book"},
          Words{"query", "execution"}, Words{"query", "cash"}, Words{"query", "events"}}) {
        CAPTURE(words);
        const int exit = wreck.at_out(words).exit;
        CHECK((exit == 6 || exit == 4));
    }
    CHECK(wreck.at_out({"replay"}).exit == 0);
    CHECK(wreck.at_out({"dump"}).exit == 0);
    const std::string more = note(1, 20);
    CHECK(run({program("daybook"), "--data", wreck.out, "ingest", "-"}, more).exit == 0);
    CHECK(wreck.at_out({"verify"}).exit == 0);
}

TEST_CASE("a salvage goes over nothing", "[program][salvage]") {
    const Wreck wreck;
    wreck.data.ingest(notes(3));
    const DataDirectory other;
    const auto files = other.journal_files();
    CHECK(wreck.data.run({"salvage", other.path()}).exit == 5);
    CHECK(other.journal_files() == files);
    CHECK(wreck.data.run({"salvage", wreck.data.path() + "/out"}).exit == 2);
    CHECK(wreck.data.run({"salvage", wreck.data.path()}).exit == 2);
    CHECK(wreck.data.run({"salvage"}).exit == 2);
    CHECK(run({program("daybook"), "--data", "/nowhere", "salvage", wreck.out}).exit == 1);
    CHECK_FALSE(fs::exists(wreck.out));
    fs::create_directory(wreck.out);  // an empty one will do
    CHECK(wreck.salvage().exit == 0);
    CHECK(wreck.salvage().exit == 5);
}

TEST_CASE("a journal of which nothing is left but noise is told as such", "[program][salvage]") {
    const Wreck wreck;
    wreck.data.ingest(notes(3));
    damage(wreck.segment(1), 0, std::string(8192, 'x'));
    fs::remove(wreck.data.path() + "/journal/HEAD");
    const Ran ran = wreck.salvage();
    CHECK(ran.exit == 3);
    CHECK(says(ran, "UUID"));
    CHECK_FALSE(fs::exists(wreck.out + "/journal"));
}

TEST_CASE("a salvage that is interrupted makes nothing, and can be begun again",
          "[program][salvage]") {
    const Wreck wreck;
    wreck.data.ingest(notes(100, 100'000));
    const auto files = wreck.data.journal_files();
    bool stopped = false;
    for (int round = 0; round < 20 && !stopped; ++round) {
        Running copying{wreck.data.command({"salvage", wreck.out})};
        std::this_thread::sleep_for(std::chrono::milliseconds{10 + round});
        copying.signal(round % 2 == 0 ? SIGKILL : SIGINT);
        stopped = copying.wait().exit != 0;
        if (!stopped) fs::remove_all(wreck.out);
    }
    CHECK(stopped);
    CHECK_FALSE(fs::exists(wreck.out + "/journal"));
    CHECK(wreck.salvage().exit == 0);
    CHECK(wreck.at_out({"verify"}).exit == 0);
    CHECK(wreck.data.journal_files() == files);
}

TEST_CASE("a full disk ends a salvage, and the wreck stays as it is", "[program][salvage]") {
    const Wreck wreck;
    wreck.data.ingest(notes(100, 100'000));
    const auto files = wreck.data.journal_files();
    const std::string script =
        "mount -t tmpfs -o size=6m none \"$1\" || exit 99; "
        "\"$2\" --data \"$3\" salvage \"$1/out\"; echo exit $?; ls \"$1/out\"";
    const std::string small = wreck.room.path() / "small";
    fs::create_directory(small);
    const Ran ran = run(
        {"unshare", "-rm", "sh", "-c", script, "sh", small, program("daybook"), wreck.data.path()});
    if (ran.exit == 99 || ran.out.empty()) {
        WARN("skipped: no file system of our own here");
        return;
    }
    CHECK(says(ran, "free space"));
    CHECK(says(ran, "exit 1"));
    CHECK(ran.out.ends_with("journal.salvaging\n"));
    CHECK(wreck.data.journal_files() == files);
}
