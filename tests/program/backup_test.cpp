// Copies of a journal: made beside a recorder, kept up to date, brought back, never over another.
#include <csignal>
#include <fstream>
#include <thread>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

namespace fs = std::filesystem;

std::string notes(int first, int last, std::size_t length = 20) {
    std::string lines;
    for (int i = first; i <= last; ++i) {
        lines += R"({"type":"note","text":"note )" + std::to_string(i) + ' ' +
                 std::string(length, 'x') + "\"}\n";
    }
    return lines;
}
/// About 10 MB: segments of 4 and 8 MiB.
std::string two_segments() { return notes(1, 100, 100'000); }

bool says(const Ran& ran, std::string_view words) {
    return ran.out.find(words) != std::string::npos || ran.err.find(words) != std::string::npos;
}

/// Every file below `folder` with its content.
std::map<std::string, std::string> files_of(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) {
        if (entry.is_regular_file()) files[entry.path()] = read_file(entry.path());
    }
    return files;
}

Ran daybook_at(const std::string& data, const Words& words) {
    Words all{program("daybook"), "--data", data};
    all.insert(all.end(), words.begin(), words.end());
    return run(all);
}

std::string chain_of(const std::string& data) {
    const Ran ran = daybook_at(data, {"verify", "--json"});
    REQUIRE(ran.exit == 0);
    return std::string{parse_json(ran.out).value().text_of("chain")};
}

void flip_byte(const std::string& file, std::streamoff offset) {
    fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    stream.seekg(offset);
    const int byte = stream.get();
    stream.seekp(offset);
    stream.put(static_cast<char>(byte ^ 1));
}

/// A recorder's directory, and room for copies of it.
struct Place {
    DataDirectory data;
    TemporaryFolder room;
    std::string copy = room.path() / "copy";
    std::string fresh = room.path() / "fresh";

    [[nodiscard]] Json backup() const { return data.ask({"backup", copy}); }
};

}  // namespace

TEST_CASE("a backup is a readable journal, and the next one copies only what is new",
          "[program][backup]") {
    const Place place;
    place.data.ingest(two_segments());
    const Json first = place.backup();
    CHECK(first.text_of("segments_copied") == "2");
    CHECK(first.text_of("seq") == "100");
    CHECK(chain_of(place.copy) == first.text_of("chain"));
    CHECK(chain_of(place.data.path()) == first.text_of("chain"));

    const auto before = files_of(place.copy);
    const Json again = place.backup();
    CHECK(again.text_of("segments_copied") == "0");
    CHECK(again.text_of("bytes_copied") == "0");
    CHECK(says(place.data.run({"backup", place.copy}), "nothing new"));

    place.data.ingest(notes(101, 110));
    const Json third = place.backup();
    CHECK(third.text_of("segments_kept") == "1");  // the sealed one
    CHECK(third.text_of("segments_copied") == "1");
    CHECK(third.text_of("seq") == "110");
    CHECK(chain_of(place.copy) == third.text_of("chain"));
    const std::string sealed = place.copy + "/journal/00000001.segment";
    CHECK(read_file(sealed) == before.at(sealed));
    CHECK(daybook_at(place.copy, {"query", "events", "--from", "110"}).exit == 0);
}

TEST_CASE("a backup beside a recorder at work is whole each time", "[program][backup]") {
    const Place place;
    Running recorder{place.data.command({"ingest", "-"})};
    std::uint64_t reached = 0;
    for (int round = 0; round < 12; ++round) {
        recorder.write(notes(round * 20, round * 20 + 19, 60'000));
        const Json made = place.backup();
        const std::uint64_t seq = std::stoull(std::string{made.text_of("seq")});
        CHECK(seq >= reached);
        reached = seq;
        CHECK(chain_of(place.copy) == made.text_of("chain"));
    }
    recorder.close_input();
    CHECK(recorder.wait().exit == 0);
    CHECK(place.backup().text_of("seq") == "240");
    CHECK(chain_of(place.copy) == chain_of(place.data.path()));
}

TEST_CASE("a backup keeps no secret key", "[program][backup]") {
    const Place place;
    place.data.ingest(notes(1, 3));
    (void)place.backup();
    CHECK(fs::exists(place.copy + "/keys/receipt.pub"));
    CHECK_FALSE(fs::exists(place.copy + "/keys/receipt.key"));
    CHECK(fs::exists(place.copy + "/daybook.toml"));
}

TEST_CASE("a backup goes over nothing that is not an earlier one of the same journal",
          "[program][backup]") {
    const Place place;
    place.data.ingest(notes(1, 5));
    const std::string old = place.room.path() / "old";
    fs::copy(place.data.path(), old, fs::copy_options::recursive);
    place.data.ingest(notes(6, 8));
    (void)place.backup();
    const auto before = files_of(place.copy);

    SECTION("a journal of another name") {
        const DataDirectory other;
        other.ingest(notes(1, 50));
        const Ran ran = other.run({"backup", place.copy});
        CHECK(ran.exit == 5);
        CHECK(says(ran, "holds journal"));
    }
    SECTION("a journal that was set back") {
        const Ran ran = daybook_at(old, {"backup", place.copy});
        CHECK(ran.exit == 5);
        CHECK(says(ran, "reaches sequence 8, the journal only 5"));
    }
    SECTION("a journal that went another way") {
        const std::string lines = notes(70, 75);
        REQUIRE(run({program("daybook"), "--data", old, "ingest", "-"}, lines).exit == 0);
        const Ran ran = daybook_at(old, {"backup", place.copy});
        CHECK(ran.exit == 5);
        CHECK(says(ran, "another event 8"));
    }
    SECTION("a damaged journal") {
        place.data.ingest(notes(9, 10));
        flip_byte(place.data.path() + "/journal/00000001.segment", 8192 + 60);
        const Ran ran = place.data.run({"backup", place.copy});
        CHECK(ran.exit == 3);
        CHECK(says(ran, "sequence 1"));
    }
    CHECK(files_of(place.copy) == before);
    CHECK(daybook_at(place.copy, {"verify"}).exit == 0);
}

TEST_CASE("a folder with other files is no place for a backup", "[program][backup]") {
    const Place place;
    place.data.ingest(notes(1, 2));
    fs::create_directory(place.copy);
    std::ofstream{place.copy + "/diary.txt"} << "dear diary";
    CHECK(place.data.run({"backup", place.copy}).exit == 5);
    CHECK(files_of(place.copy).size() == 1);
    const DataDirectory other;  // a data directory, of whatever journal, is no backup
    const auto before = files_of(other.path());
    CHECK(place.data.run({"backup", other.path()}).exit == 5);
    CHECK(files_of(other.path()) == before);
    CHECK(place.data.run({"backup", place.data.path() + "/backup"}).exit == 2);
    CHECK(place.data.run({"backup", place.data.path()}).exit == 2);
    CHECK(place.data.run({"backup"}).exit == 2);
    CHECK(daybook_at("/nowhere", {"backup", place.fresh}).exit == 1);
    CHECK_FALSE(fs::exists(place.fresh));
}

TEST_CASE("a backup that is interrupted leaves what was there, and the next one goes on",
          "[program][backup]") {
    const Place place;
    place.data.ingest(notes(1, 3));
    const std::string chain{place.backup().text_of("chain")};
    place.data.ingest(two_segments());
    bool stopped = false;
    for (int round = 0; round < 20 && !stopped; ++round) {
        Running copying{place.data.command({"backup", place.copy})};
        std::this_thread::sleep_for(std::chrono::milliseconds{2 + round});
        copying.signal(round % 2 == 0 ? SIGINT : SIGKILL);
        const int exit = copying.wait().exit;
        stopped = exit != 0;
        if (exit == 130) CHECK(chain_of(place.copy) == chain);
    }
    CHECK(stopped);
    CHECK(place.backup().text_of("seq") == "103");
    CHECK(chain_of(place.copy) == chain_of(place.data.path()));
    for (const auto& [name, content] : files_of(place.copy)) CHECK_FALSE(name.ends_with(".new"));
}

TEST_CASE("what was backed up comes back the same, and can be recorded on", "[program][restore]") {
    const Place place;
    place.data.ingest(two_segments());
    const std::string chain{place.backup().text_of("chain")};
    const Ran ran = daybook_at(place.fresh, {"--json", "restore", place.copy});
    REQUIRE(ran.exit == 0);
    CHECK(parse_json(ran.out).value().text_of("chain") == chain);
    CHECK(chain_of(place.fresh) == chain);
    const std::string more = notes(101, 103);
    CHECK(run({program("daybook"), "--data", place.fresh, "ingest", "-"}, more).exit == 0);
    CHECK(daybook_at(place.fresh, {"verify"}).exit == 0);
    CHECK(daybook_at(place.fresh, {"query", "events", "--from", "103"}).exit == 0);
}

TEST_CASE("a restore goes over nothing, and brings back nothing that is damaged",
          "[program][restore]") {
    const Place place;
    place.data.ingest(two_segments());
    (void)place.backup();
    SECTION("a directory with a journal") {
        const DataDirectory other;
        const auto before = files_of(other.path());
        CHECK(other.run({"restore", place.copy}).exit == 5);
        CHECK(files_of(other.path()) == before);
    }
    SECTION("a damaged event") {
        flip_byte(place.copy + "/journal/00000002.segment", 8192 + 60);
        const Ran ran = daybook_at(place.fresh, {"restore", place.copy});
        CHECK(ran.exit == 3);
        CHECK(says(ran, "00000002.segment at offset 8192"));
        CHECK_FALSE(fs::exists(place.fresh + "/journal"));
    }
    SECTION("a segment that is missing") {
        fs::remove(place.copy + "/journal/00000001.segment");
        CHECK(daybook_at(place.fresh, {"restore", place.copy}).exit != 0);
        CHECK_FALSE(fs::exists(place.fresh + "/journal"));
    }
    SECTION("a folder that is no backup") {
        const TemporaryFolder empty;
        const Ran ran = daybook_at(place.fresh, {"restore", empty.path()});
        CHECK(ran.exit == 1);
        CHECK(says(ran, "there is no journal in"));
        CHECK(daybook_at(place.fresh, {"restore", "/nowhere"}).exit == 1);
        CHECK(daybook_at(place.copy, {"restore", place.copy}).exit == 2);
    }
}

TEST_CASE("a restore that is interrupted restores nothing, and can be begun again",
          "[program][restore]") {
    const Place place;
    place.data.ingest(two_segments());
    const std::string chain{place.backup().text_of("chain")};
    bool stopped = false;
    for (int round = 0; round < 20 && !stopped; ++round) {
        Running copying{{program("daybook"), "--data", place.fresh, "restore", place.copy}};
        std::this_thread::sleep_for(std::chrono::milliseconds{5 + round});
        copying.signal(round % 2 == 0 ? SIGKILL : SIGINT);
        stopped = copying.wait().exit != 0;
        if (!stopped) fs::remove_all(place.fresh);
    }
    CHECK(stopped);
    CHECK_FALSE(fs::exists(place.fresh + "/journal"));
    if (fs::exists(place.fresh + "/journal.restoring")) {  // killed when only the name was missing
        std::ofstream{place.fresh + "/daybook.toml"} << "";
    }
    CHECK(daybook_at(place.fresh, {"restore", place.copy}).exit == 0);
    CHECK(chain_of(place.fresh) == chain);
}

TEST_CASE("a full disk refuses a copy and spoils none", "[program][backup]") {
    const Place place;
    place.data.ingest(notes(1, 3));
    const std::string chain{place.backup().text_of("chain")};
    place.data.ingest(two_segments());
    // A file system of 6 MB of our own, on which the backup lies.
    const std::string script =
        "mount -t tmpfs -o size=6m none \"$1\" || exit 99; cp -r \"$2\" \"$1/copy\" && "
        "\"$3\" --data \"$4\" backup \"$1/copy\"; echo exit $?; "
        "\"$3\" --data \"$1/copy\" verify; \"$3\" --data \"$1/fresh\" restore \"$4\"; echo exit "
        "$?; "
        "ls \"$1/fresh\"";
    const std::string small = place.room.path() / "small";
    fs::create_directory(small);
    const Ran ran = run({"unshare", "-rm", "sh", "-c", script, "sh", small, place.copy,
                         program("daybook"), place.data.path()});
    if (ran.exit == 99 || ran.out.empty()) {
        WARN("skipped: no file system of our own here");
        return;
    }
    CHECK(says(ran, "free space there"));
    CHECK(says(ran, "exit 1"));
    CHECK(says(ran, "chain " + chain));  // the copy is what it was
    CHECK_FALSE(says(ran, "exit 0"));
    CHECK(ran.out.ends_with("journal.restoring\n"));
}
