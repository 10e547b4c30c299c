#include "journal/recovery.hpp"

#include <algorithm>

#include "journal/format.hpp"
#include "journal/journals.hpp"
#include "journal/verify.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

constexpr const char* kFirst = "00000001.segment";

/// What was served and acknowledged after a recovery has to survive a power cut right behind it,
/// whatever the page cache showed: names and frames of the last run included.
void survives_power_cut(const FaultyDisk& disk, std::uint64_t acknowledged) {
    for (std::uint64_t seed = acknowledged; seed < acknowledged + 4; ++seed) {
        const FaultyDisk left = disk.after_power_cut(seed);
        const auto verdict = value(journal::verify(*left.for_reading()));
        if (!verdict.ok) FAIL(verdict.first_bad->file << ": " << verdict.first_bad->reason);
        const auto writer = open_writer(left);
        auto reader = open_reader(left);
        if (read_all(reader) < acknowledged) FAIL("lost what recovery served, seed " << seed);
    }
}

/// Opens the journal on `disk`, checks that nothing acknowledged is missing and that it goes on;
/// returns what was recovered.
std::optional<journal::Recovered> recover(const FaultyDisk& disk, std::uint64_t acknowledged) {
    auto writer = open_writer(disk);
    auto reader = open_reader(disk);
    const std::uint64_t kept = reader.head().durable.raw;
    if (kept < acknowledged) FAIL("acknowledged " << acknowledged << ", kept " << kept);
    if (read_all(reader) != kept) FAIL("kept " << kept << " cannot be read");
    value(append(writer, 2));
    if (value(writer.commit()).raw != kept + 2) FAIL("does not go on behind " << kept);
    value(reader.refresh());
    if (read_all(reader) != kept + 2) FAIL("what was appended behind " << kept << " is not read");
    survives_power_cut(disk, kept + 2);
    const auto recovered = writer.recovered();
    succeeds(writer.close());
    const auto verdict = value(journal::verify(*disk.for_reading()));
    if (!verdict.ok) FAIL(verdict.first_bad->file << ": " << verdict.first_bad->reason);
    return recovered;
}

/// A journal of `commits` batches of three, HEAD as it was after `known` of them.
struct Lagging {
    FaultyDisk disk = empty_journal();
    std::vector<std::uint64_t> ends;  ///< offset behind each commit
    std::uint64_t events{};

    Lagging(std::size_t commits, std::size_t known, std::size_t batch = 3) {
        auto writer = open_writer(disk);
        auto head = disk.content("HEAD");
        for (std::size_t i = 0; i < commits; ++i) {
            value(append(writer, batch));
            events = value(writer.commit()).raw;
            ends.push_back(writer.head().end);
            if (i + 1 == known) head = disk.content("HEAD");
        }
        disk.overwrite("HEAD", head);
    }
};

void zero_from(FaultyDisk& disk, const std::string& name, std::uint64_t offset) {
    auto content = disk.content(name);
    std::fill(content.begin() + static_cast<std::ptrdiff_t>(offset), content.end(), std::byte{0});
    disk.overwrite(name, content);
}

}  // namespace

TEST_CASE("a last commit torn at any byte is dropped whole, all before it is kept",
          "[journal][recovery]") {
    const Lagging written(3, 2);
    for (std::uint64_t end = written.ends[1]; end < written.ends[2]; ++end) {
        INFO("torn at byte " << end);
        FaultyDisk disk = written.disk.after_kill();
        zero_from(disk, kFirst, end);
        const bool whole = disk.content(kFirst) == written.disk.content(kFirst);
        const auto recovered = recover(disk, 6);
        if (whole) continue;  // the rest of the last frame was zeros anyway
        const bool nothing_left = end <= written.ends[1];
        REQUIRE(recovered.has_value() != nothing_left);
        if (recovered) CHECK(recovered->kept.raw == 6);
    }
}

TEST_CASE("whole commits behind a HEAD that lags are kept", "[journal][recovery]") {
    const Lagging written(5, 1);
    const auto recovered = recover(written.disk, 15);
    REQUIRE(recovered);
    CHECK(recovered->durable.raw == 3);
    CHECK(recovered->kept.raw == 15);
    CHECK(recovered->bytes == 0);
}

TEST_CASE("a torn tail is copied to quarantine and reads as zeros", "[journal][recovery]") {
    const Lagging written(3, 2);
    FaultyDisk disk = written.disk.after_kill();
    disk.flip(kFirst, written.ends[2] - 60);
    const auto before = disk.content(kFirst);
    auto writer = open_writer(disk);
    const auto recovered = writer.recovered();
    REQUIRE(recovered);
    CHECK(recovered->file == kFirst);
    CHECK(recovered->offset == written.ends[1]);
    const auto tail = disk.content(recovered->quarantine);
    CHECK(tail.size() == recovered->bytes);
    CHECK(std::equal(tail.begin(), tail.end(),
                     before.begin() + static_cast<std::ptrdiff_t>(recovered->offset)));
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        CHECK(disk.after_power_cut(seed).content(recovered->quarantine) == tail);
    }
    const auto after = disk.content(kFirst);
    CHECK(std::all_of(after.begin() + static_cast<std::ptrdiff_t>(recovered->offset), after.end(),
                      [](std::byte byte) { return byte == std::byte{0}; }));
}

TEST_CASE("a flipped byte at or below HEAD stops the writer, and nothing is changed",
          "[journal][recovery]") {
    const Lagging written(3, 3);
    for (std::uint64_t offset = journal::kFramesBegin; offset < written.ends[2]; ++offset) {
        FaultyDisk disk = written.disk.after_kill();
        disk.flip(kFirst, offset, 0x10);
        const auto before = disk.content(kFirst);
        const auto head = disk.content("HEAD");
        const auto writer = journal::Writer::open(disk.directory(), small_options());
        INFO("flipped " << offset);
        REQUIRE_FALSE(writer);
        CHECK(writer.error().code == Errc::corrupt);
        CHECK(writer.error().detail.find(kFirst) != std::string::npos);
        CHECK((disk.content(kFirst) == before && disk.content("HEAD") == head));
    }
}

TEST_CASE("damage behind a lagging HEAD is told by a later commit, never cut off",
          "[journal][recovery]") {
    const Lagging written(4, 1);
    for (std::uint64_t offset = written.ends[0]; offset < written.ends[2]; ++offset) {
        FaultyDisk disk = written.disk.after_kill();
        disk.flip(kFirst, offset, 0x04);
        const auto before = disk.content(kFirst);
        const auto writer = journal::Writer::open(disk.directory(), small_options());
        INFO("flipped " << offset);
        REQUIRE_FALSE(writer);
        CHECK(writer.error().code == Errc::corrupt);
        CHECK(disk.content(kFirst) == before);
        CHECK_FALSE(value(journal::verify(*disk.for_reading())).ok);
    }
}

TEST_CASE("a batch is kept whole or not at all", "[journal][recovery]") {
    const Lagging written(2, 1, 14);
    for (std::uint64_t end = written.ends[0]; end < written.ends[1]; end += 8) {
        FaultyDisk disk = written.disk.after_kill();
        zero_from(disk, kFirst, end);
        auto writer = open_writer(disk);
        const std::uint64_t kept = writer.head().durable.raw;
        CHECK((kept == 14 || kept == 28));
    }
}

TEST_CASE("a refused call shuts the writer for good, and nothing acknowledged is lost",
          "[journal][recovery]") {
    for (const bool dies : {false, true}) {
        std::uint64_t refused = 0;
        for (std::uint64_t n = 1;; ++n) {
            FaultyDisk disk = empty_journal();
            std::uint64_t acknowledged = 0;
            bool shut = false;
            {
                auto writer = open_writer(disk);
                disk.refuse(n, dies);
                while (!shut && writer.next().raw < 140) {
                    auto first = append(writer, 1 + writer.next().raw % 4);
                    auto durable = first ? writer.commit() : first;
                    if (durable) acknowledged = durable.value().raw;
                    shut = !durable;
                    if (shut) {
                        CHECK(durable.error().code == Errc::disk);
                    }
                }
                if (shut) {
                    CHECK(writer.commit().error().code == Errc::disk);
                    CHECK(append(writer, 1).error().code == Errc::disk);
                    CHECK_FALSE(writer.close());
                }
            }
            INFO("refused call " << n << (dies ? " and all later ones" : ""));
            recover(disk.after_kill(), acknowledged);
            for (std::uint64_t seed = 0; seed < 4; ++seed) {
                INFO("power cut with seed " << seed);
                recover(disk.after_power_cut(seed), acknowledged);
            }
            if (!shut) break;
            ++refused;
        }
        CHECK(refused > 100);
    }
}

TEST_CASE("a power cut after any call loses nothing that was acknowledged", "[journal][recovery]") {
    const std::uint64_t base = std::uint64_t{20251213};
    FaultyDisk disk = empty_journal();
    std::uint64_t acknowledged = 0;
    std::uint64_t cuts = 0;
    auto writer = open_writer(disk);
    disk.on_change([&] {
        const std::uint64_t seed = base + ++cuts;
        INFO("power cut " << cuts << ", seed " << seed << ", acknowledged " << acknowledged);
        recover(disk.after_power_cut(seed), acknowledged);
    });
    while (writer.next().raw < 200) {
        value(append(writer, 1 + writer.next().raw % 5));
        acknowledged = value(writer.commit()).raw;
    }
    CHECK(cuts > 150);
    disk.on_change({});
}

TEST_CASE("power cut after power cut, all that was acknowledged is there", "[journal][recovery]") {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        INFO("seed " << seed);
        FaultyDisk disk = empty_journal();
        std::uint64_t acknowledged = 0;
        for (std::uint64_t round = 0; round < 6; ++round) {
            disk.refuse(1 + (seed * 31 + round * 17) % 60, seed % 2 == 0);
            auto opened = journal::Writer::open(disk.directory(), small_options());
            while (opened) {
                const auto first = append(opened.value(), 1 + (seed + round) % 9);
                const auto durable = first ? opened.value().commit() : first;
                if (!durable) break;
                acknowledged = durable.value().raw;
            }
            disk = disk.after_power_cut(seed * 100 + round);
        }
        recover(disk, acknowledged);
    }
}

TEST_CASE("recovery stopped at any call is recovered by the next one", "[journal][recovery]") {
    Lagging written(4, 2);
    written.disk.flip(kFirst, written.ends[3] - 70);
    std::uint64_t stops = 0;
    for (std::uint64_t n = 1;; ++n) {
        FaultyDisk disk = written.disk.after_kill();
        disk.refuse(n, true);
        const bool opened = journal::Writer::open(disk.directory(), small_options()).has_value();
        if (opened) break;
        INFO("stopped at call " << n);
        for (std::uint64_t seed = 0; seed < 12; ++seed) recover(disk.after_power_cut(seed), 9);
        recover(disk.after_kill(), 9);
        ++stops;
    }
    CHECK(stops > 8);
}

TEST_CASE("creation stopped at any call is made anew by the next one", "[journal][recovery]") {
    auto options = small_options();
    options.schema = {std::byte{7}};
    options.first_segment = GENERATE(std::uint64_t{16} << 10U, std::uint64_t{128} << 10U);
    for (std::uint64_t n = 1;; ++n) {
        FaultyDisk disk;
        disk.refuse(n, true);
        const auto made = journal::create(*disk.directory(), options);
        if (made) break;
        for (std::uint64_t seed = 0; seed < 12; ++seed) {
            INFO("stopped at call " << n << ", seed " << seed);
            const FaultyDisk left = disk.after_power_cut(seed);
            const auto again = journal::create(*left.directory(), options);
            CHECK((again || again.error().code == Errc::conflict));
            recover(left, 0);
        }
    }
}

TEST_CASE("a segment missing in front of HEAD stops the writer", "[journal][recovery]") {
    FaultyDisk disk = empty_journal();
    {
        auto writer = open_writer(disk);
        fill(writer, 300);
    }
    for (const char* name : {"00000001.segment", "00000002.segment", "00000003.segment"}) {
        FaultyDisk left = disk.after_kill();
        left.erase(name);
        const auto writer = journal::Writer::open(left.directory(), small_options());
        REQUIRE_FALSE(writer);
        CHECK(writer.error().code == Errc::corrupt);
        CHECK(writer.error().detail.find(name) != std::string::npos);
    }
}

TEST_CASE("a full disk stops at rotation, loses nothing, and goes on when there is room",
          "[journal][recovery]") {
    FaultyDisk disk = empty_journal();
    std::uint64_t acknowledged = 0;
    {
        auto writer = open_writer(disk);
        disk.set_capacity(std::uint64_t{40} << 10U);
        for (;;) {
            const auto first = append(writer, 2);
            if (!first) break;
            acknowledged = value(writer.commit()).raw;
        }
    }
    CHECK(acknowledged > 10);
    {
        auto writer = open_writer(disk);  // a start needs no room
        CHECK(writer.head().durable.raw == acknowledged);
    }
    disk.set_capacity(~std::uint64_t{0});
    recover(disk, acknowledged);
}

TEST_CASE("one broken slot of HEAD is survived, both are told", "[journal][recovery]") {
    const Lagging written(3, 3);
    for (const std::uint64_t offset : {40U, 4096U + 40U}) {
        FaultyDisk disk = written.disk.after_kill();
        disk.flip("HEAD", offset);
        recover(disk, 9);
    }
    FaultyDisk disk = written.disk.after_kill();
    disk.flip("HEAD", 40);
    disk.flip("HEAD", 4096 + 40);
    const auto writer = journal::Writer::open(disk.directory(), small_options());
    CHECK(writer.error().code == Errc::corrupt);
    CHECK(journal::Reader::open(disk.for_reading()).error().code == Errc::corrupt);
}

TEST_CASE("a start leaves no mark of the clean stop before it in either slot of HEAD",
          "[journal][recovery]") {
    FaultyDisk disk = empty_journal();
    {
        auto writer = open_writer(disk);
        fill(writer, 6);
        succeeds(writer.close());
    }
    auto writer = open_writer(disk);
    const auto started = disk.content("HEAD");
    fill(writer, 12);
    disk.overwrite("HEAD", started);  // its later writes are lost in a power cut, one slot is torn
    const std::uint64_t torn =
        journal::slot_offset(value(journal::read_head(*disk.for_reading())).counter);
    disk.flip("HEAD", torn + 50);
    const auto verdict = value(journal::verify(*disk.for_reading()));
    CHECK(verdict.damages == 1);
    REQUIRE(verdict.first_bad);
    CHECK(verdict.first_bad->file == "HEAD");
}
