#include <array>

#include "journal/journals.hpp"
#include "journal/verify.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

/// Segments of 4, 8 and 16 MiB, in which events of about 250 KiB lie.
FaultyDisk large_journal() {
    journal::Options options = small_options();
    options.first_segment = std::uint64_t{4} << 20U;
    options.largest_segment = std::uint64_t{16} << 20U;
    const FaultyDisk disk = empty_journal(options);
    auto writer = open_writer(disk, options);
    const std::string payload(250'000, 'x');
    const journal::Entry entry{.received = 1, .key = 1, .type = 1, .payload = as_bytes(payload)};
    while (writer.head().segment < 4) {
        value(writer.append(std::array{entry, entry}));
        value(writer.commit());
    }
    succeeds(writer.close());
    return disk;
}

}  // namespace

TEST_CASE("segments examined at a time are told in the order of the journal", "[journal][verify]") {
    FaultyDisk disk = large_journal();
    auto verdict = value(journal::verify(*disk.for_reading()));
    CHECK(verdict.ok);
    CHECK(verdict.chain == value(open_reader(disk).chain()));
    CHECK(verdict.sealed == 3);
    disk.flip("00000003.segment", 8192 + 300'000);
    disk.flip("00000001.segment", 8192 + 600'000);
    verdict = value(journal::verify(*disk.for_reading()));
    CHECK(verdict.damages == 2);
    REQUIRE(verdict.first_bad);
    CHECK(verdict.first_bad->file == "00000001.segment");
    CHECK(verdict.first_bad->sequence.raw == 3);
    CHECK(verdict.intact.size() == 3);
    CHECK(verdict.intact[0] == journal::Range{{1}, {2}});
}
