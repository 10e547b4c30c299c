// journal/README.md tells the format to the byte: a reader in another language, written from that
// page, reads what Daybook wrote.
#include <filesystem>
#include <fstream>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

// Debian's own: python3-xxhash is installed for that one.
const std::string kPython = "/usr/bin/python3";
const std::string kReader = std::string{DAYBOOK_SOURCE_DIR} + "/tests/journal/reader.py";

bool can_read() {
    if (run({"sh", "-c", kPython + " -c 'import xxhash'"}).exit == 0) return true;
    WARN("skipped: no python3-xxhash (tools/install-packages installs it)");
    return false;
}

Ran ask(const std::string& data, const Words& words) {
    Words all{program("daybook"), "--data", data};
    all.insert(all.end(), words.begin(), words.end());
    return run(all);
}

/// The reader and Daybook say the same of a data directory.
void agree(const std::string& data) {
    const Ran frames = run({kPython, kReader, data + "/journal"});
    CHECK(frames.err.empty());
    CHECK(frames.exit == 0);
    CHECK_FALSE(frames.out.empty());
    if (frames.out != ask(data, {"dump", "--frames"}).out) FAIL("other frames than dump --frames");
    const Ran chain = run({kPython, kReader, "--chain", data + "/journal"});
    const Ran verified = ask(data, {"verify", "--json"});
    REQUIRE(verified.exit == 0);
    CHECK(chain.out == std::string{parse_json(verified.out).value().text_of("chain")} + '\n');
}

/// Quotes of a few markets, and notes of any length between them.
std::string lines(int count, std::size_t longest) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        const std::string number = std::to_string(i);
        text += R"({"type":"quote","venue":"v","market":"m)" + std::to_string(i % 7) +
                R"(","outcome":"Up","bid":"0.)" + std::to_string(100000 + i % 100000) +
                R"(","ask":null,"received":"2025-12-13T14:29:30.)" + std::to_string(100 + i % 900) +
                "Z\"}\n" + R"({"type":"note","text":")" + number +
                std::string(static_cast<std::size_t>(i) * 7919 % longest, 'x') + "\"}\n";
    }
    return text;
}

}  // namespace

TEST_CASE("a reader written from the page reads a small journal", "[program][format]") {
    if (!can_read()) return;
    const DataDirectory data;
    data.ingest(lines(20, 50));
    agree(data.path());
}

TEST_CASE("a reader written from the page reads sealed segments, their roots and footers",
          "[program][format]") {
    if (!can_read()) return;
    const DataDirectory data;
    data.ingest(lines(300, 100'000));
    data.ingest(lines(301, 10));  // a new writer seals what the last one left
    CHECK(std::stoi(std::string{data.ask({"verify"}).text_of("sealed")}) >= 2);
    agree(data.path());
}

TEST_CASE("a reader written from the page reads a salvaged journal", "[program][format]") {
    if (!can_read()) return;
    const DataDirectory data;
    data.ingest(lines(20, 50));
    std::fstream file{data.path() + "/journal/00000001.segment",
                      std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(9000);
    file << "damage";
    file.close();
    CHECK(run({kPython, kReader, data.path() + "/journal"}).exit == 3);  // it looks, too
    const TemporaryFolder room;
    const std::string out = room.path() / "out";
    CHECK(data.run({"salvage", out}).exit == 6);
    agree(out);
}
