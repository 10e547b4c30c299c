#include "journal/verify.hpp"

#include "journal/journals.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

journal::Verdict verify(const FaultyDisk& disk) {
    return value(journal::verify(*disk.for_reading()));
}

/// Two sealed segments with a schema, an open one, stopped cleanly.
FaultyDisk stopped_journal() {
    auto options = small_options();
    options.first_segment = 12288;
    options.largest_segment = 12288;
    options.schema = {std::byte{1}, std::byte{2}, std::byte{3}};
    const FaultyDisk disk = empty_journal(options);
    auto writer = open_writer(disk, options);
    while (writer.head().segment < 3 || writer.head().end < 9000) fill(writer, writer.next().raw);
    succeeds(writer.close());
    return disk;
}

}  // namespace

TEST_CASE("an unharmed journal verifies, and the chain is the reader's", "[journal][verify]") {
    const FaultyDisk disk = stopped_journal();
    const auto verdict = verify(disk);
    INFO((verdict.first_bad ? verdict.first_bad->file + ": " + verdict.first_bad->reason : ""));
    CHECK(verdict.ok);
    auto reader = open_reader(disk);
    CHECK(verdict.segments == 3);
    CHECK(verdict.sealed == 2);
    CHECK(verdict.events == reader.head().durable.raw);
    CHECK(verdict.chain == value(reader.chain()));
    CHECK(verdict.intact == std::vector<journal::Range>{{{1}, reader.head().durable}});
    CHECK(verdict.tail_bytes == 0);
}

TEST_CASE("every flipped byte of every file is found", "[journal][verify]") {
    FaultyDisk disk = stopped_journal();
    std::uint64_t flips = 0;
    std::uint64_t missed = 0;
    for (const std::string& name : disk.names()) {
        const std::size_t size = disk.content(name).size();
        for (std::size_t offset = 0; offset < size; ++offset) {
            const auto mask = static_cast<std::uint8_t>(1U << (offset % 8));
            disk.flip(name, offset, mask);
            const auto verdict = journal::verify(*disk.for_reading());
            const bool found = verdict && !verdict.value().ok && verdict.value().first_bad;
            if (!found) {
                UNSCOPED_INFO(name << " at " << offset);
                ++missed;
            }
            disk.flip(name, offset, mask);
            ++flips;
        }
    }
    CHECK(missed == 0);
    CHECK(flips > 40'000);
    CHECK(verify(disk).ok);
}

TEST_CASE("damage is told with file, offset, sequence, type and what is intact around it",
          "[journal][verify]") {
    FaultyDisk disk = stopped_journal();
    disk.flip("00000001.segment", 8192 + 60);
    auto verdict = verify(disk);
    REQUIRE(verdict.first_bad);
    CHECK(verdict.first_bad->file == "00000001.segment");
    CHECK(verdict.first_bad->offset == 8192);
    CHECK(verdict.first_bad->sequence.raw == 1);
    CHECK(verdict.first_bad->type == 2);
    CHECK(verdict.damages == 1);
    const Sequence last = open_reader(disk).head().durable;
    CHECK(verdict.intact == std::vector<journal::Range>{{{2}, last}});
    disk.flip("00000003.segment", 8192 + 60);
    verdict = verify(disk);
    CHECK(verdict.damages == 2);
    CHECK(verdict.intact.size() == 2);
    CHECK(verdict.intact[1].last == last);
}

TEST_CASE("a missing segment or schema is damage", "[journal][verify]") {
    FaultyDisk disk = stopped_journal();
    disk.erase("00000002.segment");
    auto verdict = verify(disk);
    REQUIRE(verdict.first_bad);
    CHECK(verdict.first_bad->file == "00000002.segment");
    CHECK(verdict.events > 0);
    FaultyDisk other = stopped_journal();
    for (const std::string& name : other.names()) {
        if (name.starts_with("schema/")) other.erase(name);
    }
    verdict = verify(other);
    REQUIRE(verdict.first_bad);
    CHECK(verdict.first_bad->file.starts_with("schema/"));
}

TEST_CASE("what grew behind a stopped journal is damage and told where it begins, zeros too",
          "[journal][verify]") {
    const FaultyDisk disk = stopped_journal();
    for (const char* name : {"00000001.segment", "00000003.segment"}) {
        FaultyDisk grown = disk.after_kill();
        auto content = disk.content(name);
        const std::size_t size = content.size();
        content.resize(size + 512);
        grown.overwrite(name, content);
        const auto verdict = verify(grown);
        INFO(name);
        REQUIRE(verdict.first_bad);
        CHECK(verdict.first_bad->file == name);
        CHECK(verdict.first_bad->offset == size);
    }
}

TEST_CASE("an open journal verifies at every step of its writer", "[journal][verify]") {
    FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    std::uint64_t looks = 0;
    disk.on_change([&] {
        const auto verdict = verify(disk);
        INFO((verdict.first_bad ? verdict.first_bad->file + ": " + verdict.first_bad->reason : ""));
        CHECK(verdict.ok);
        ++looks;
    });
    fill(writer, 250);
    succeeds(writer.close());
    CHECK(looks > 300);
    disk.on_change({});
}

TEST_CASE("a file that was cut short is damage, wherever it was cut", "[journal][verify]") {
    const FaultyDisk disk = stopped_journal();
    for (const std::string& name : disk.names()) {
        const auto content = disk.content(name);
        for (std::size_t size = 0; size < content.size(); size += 61) {
            FaultyDisk cut = disk.after_kill();
            cut.overwrite(name,
                          {content.begin(), content.begin() + static_cast<std::ptrdiff_t>(size)});
            const auto verdict = journal::verify(*cut.for_reading());
            INFO(name << " cut to " << size);
            CHECK((verdict && !verdict.value().ok));
        }
    }
}
