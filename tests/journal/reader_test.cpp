#include "journal/reader.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include "journal/footer.hpp"
#include "journal/frame.hpp"
#include "journal/journals.hpp"
#include "journal/record.hpp"

using namespace daybook;
using namespace daybook::test;

TEST_CASE("every event is found by its number, in any order", "[journal][reader]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    const std::uint64_t events = fill(writer, 1200);
    auto reader = open_reader(disk);
    REQUIRE(reader.head().sealed + 1 == reader.segments());
    for (std::uint64_t i = 0; i < events; ++i) {
        const std::uint64_t sequence = 1 + i * 7919 % events;
        const auto record = value(reader.at({sequence}));
        const bool same =
            record.sequence.raw == sequence && as_text(record.payload) == payload_of(sequence);
        if (!same) FAIL("event " << sequence << " is not what was appended");
    }
    CHECK(reader.at({0}).error().code == Errc::not_found);
    CHECK(reader.at({events + 1}).error().code == Errc::not_found);
}

TEST_CASE("seek goes to any event, also to one that is still to come", "[journal][reader]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    const std::uint64_t events = fill(writer, 400);
    auto reader = open_reader(disk);
    for (std::uint64_t first = 1; first <= events; first += 13) {
        succeeds(reader.seek({first}));
        CHECK(value(reader.next())->sequence.raw == first);
        if (first < events) CHECK(value(reader.next())->sequence.raw == first + 1);
    }
    succeeds(reader.seek({events + 3}));
    CHECK_FALSE(value(reader.next()));
    fill(writer, events + 5);
    value(reader.refresh());
    CHECK(value(reader.next())->sequence.raw == events + 3);
}

TEST_CASE("events of some types are those a full reading would keep, sealed or not",
          "[journal][reader]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    const std::uint64_t events = fill(writer, 1200);
    auto reader = open_reader(disk);
    REQUIRE(reader.head().sealed > 2);
    for (const std::uint64_t first : {std::uint64_t{1}, std::uint64_t{77}, events - 5}) {
        for (unsigned wanted = 0; wanted < 32; ++wanted) {
            const auto wants = [&](std::uint16_t type) { return ((wanted >> type) & 1U) != 0; };
            std::vector<std::uint64_t> all;
            succeeds(reader.seek({first}));
            while (const auto record = value(reader.next())) {
                if (wants(record->type)) all.push_back(record->sequence.raw);
            }
            std::vector<std::uint64_t> some;
            succeeds(reader.seek({first}, wants));
            while (const auto record = value(reader.next())) some.push_back(record->sequence.raw);
            CHECK(some == all);
        }
    }
}

TEST_CASE("stretches read one after the other are the whole, whoever skips between them",
          "[journal][reader]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    const std::uint64_t events = fill(writer, 1200);
    const auto odd = [](std::uint16_t type) { return type % 2 == 1; };
    for (const auto check : {journal::Check::what_is_read, journal::Check::every_event}) {
        auto whole = open_reader(disk);
        auto even_stretches = open_reader(disk);
        auto odd_stretches = open_reader(disk);
        for (journal::Reader* reader : {&whole, &even_stretches, &odd_stretches})
            succeeds(reader->seek({1}, odd, check));
        std::vector<std::uint64_t> found;
        constexpr std::uint64_t kStretch = 7;
        for (std::uint64_t first = 1; first <= events; first += kStretch) {
            journal::Reader& reader = first / kStretch % 2 == 0 ? even_stretches : odd_stretches;
            succeeds(reader.skip_to({first}));
            while (const auto record = value(reader.next_until({first + kStretch - 1})))
                found.push_back(record->sequence.raw);
        }
        std::vector<std::uint64_t> all;
        while (const auto record = value(whole.next())) all.push_back(record->sequence.raw);
        CHECK(found == all);
    }
}

TEST_CASE("counts by type are those of a full reading", "[journal][reader]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 900);
    auto reader = open_reader(disk);
    std::map<std::uint16_t, std::uint64_t> counts;
    while (const auto record = value(reader.next())) ++counts[record->type];
    CHECK(value(reader.count_by_type()) == counts);
}

TEST_CASE("a reader beside a writer sees a prefix without gaps at every moment",
          "[journal][reader]") {
    FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    auto follower = open_reader(disk);
    std::uint64_t seen = 0;
    std::uint64_t acknowledged = 0;
    disk.on_change([&] {
        const auto head = value(follower.refresh());
        if (head.durable.raw < acknowledged) FAIL("HEAD is behind what was acknowledged");
        while (const auto record = value(follower.next())) {
            if (record->sequence.raw != ++seen) FAIL("a gap before " << record->sequence.raw);
            if (as_text(record->payload) != payload_of(seen)) FAIL("not event " << seen);
        }
        if (seen != head.durable.raw) FAIL("stopped at " << seen << " before the head");
        if (seen > 0) value(follower.at({1 + seen / 2}));
    });
    for (std::size_t batch = 1; batch < 400; ++batch) {
        value(append(writer, 1 + batch % 4));
        acknowledged = value(writer.commit()).raw;
    }
    disk.on_change({});
    CHECK(follower.segments() > 4);
    CHECK(seen == acknowledged);
}

TEST_CASE("while one slot of HEAD is torn the other one answers", "[journal][reader]") {
    FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    value(append(writer, 1));
    value(writer.commit());
    value(append(writer, 1));
    value(writer.commit());
    const std::uint64_t newest = (writer.head().counter & 1U) * 4096;
    disk.flip("HEAD", newest + 60);
    auto reader = open_reader(disk);
    CHECK(reader.head().durable.raw == 1);
    CHECK(read_all(reader) == 1);
}

TEST_CASE("a damaged event is an error with file, offset, sequence and remedy",
          "[journal][reader]") {
    FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 10);
    auto sound = open_reader(disk);
    disk.flip("00000001.segment", 8192 + 50);
    auto reader = open_reader(disk);
    const auto error = reader.next().error();
    CHECK(error.code == Errc::corrupt);
    CHECK(error.detail.find("00000001.segment at offset 8192, sequence 1") != std::string::npos);
    CHECK_FALSE(error.remedy.empty());
    CHECK(reader.at({1}).error().code == Errc::corrupt);
}

TEST_CASE("a newer format is told, not called damage", "[journal][reader]") {
    FaultyDisk disk = empty_journal();
    disk.flip("00000001.segment", 8, 3);
    disk.flip("00000001.segment", 4096 + 8, 3);
    CHECK(journal::Reader::open(disk.for_reading()).error().code == Errc::newer);
    CHECK(journal::Writer::open(disk.directory(), {}).error().code == Errc::newer);
}

TEST_CASE("a footer says what its frames say", "[journal][footer]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 900);
    const auto directory = disk.for_reading();
    auto segment = value(journal::SegmentFile::open(*directory, 3));
    const auto read = value(journal::read_footer(segment));
    REQUIRE(read);
    const journal::Footer& footer = *read;
    std::map<std::uint64_t, std::vector<std::uint64_t>> by_type;
    std::map<std::uint64_t, std::uint64_t> by_key;
    journal::FrameWalk walk(segment, footer.header.end);
    for (;;) {
        const auto frame = value(walk.step());
        if (frame.fault != journal::Fault::none) break;
        by_type[frame.header.type].push_back(frame.offset);
        ++by_key[frame.header.key];
    }
    CHECK(walk.offset() == footer.header.end);
    CHECK(footer.header.first_sequence == segment.header().first_sequence);
    CHECK(footer.header.last_sequence + 1 == walk.next_sequence());
    CHECK(footer.header.received_min ==
          static_cast<std::int64_t>(1000 + footer.header.first_sequence));
    CHECK(footer.header.received_max ==
          static_cast<std::int64_t>(1000 + footer.header.last_sequence));
    REQUIRE(footer.types.size() == by_type.size());
    const auto content = disk.content("00000003.segment");
    for (const auto& type : footer.types) {
        std::vector<std::uint64_t> offsets;
        for (std::uint64_t i = type.begin; i < type.begin + type.count; ++i) {
            std::uint32_t eighth = 0;
            std::memcpy(&eighth, content.data() + footer.by_type_offset + 4 * i, 4);
            offsets.push_back(std::uint64_t{eighth} * 8);
        }
        CHECK(offsets == by_type[type.name]);
    }
    for (const auto& key : footer.keys) CHECK(key.count == by_key[key.name]);
    CHECK(footer.sparse.front().offset == 8192);
}

TEST_CASE("a journal on a real disk is written, sealed, and read by map", "[journal][posix]") {
    const auto folder = std::filesystem::temp_directory_path() /
                        ("daybook-journal-test-" + journal::to_text(value(journal::random_uuid())));
    std::uint64_t events = 0;
    {
        auto options = small_options();
        succeeds(journal::create(folder, options));
        CHECK(journal::create(folder, options).error().code == Errc::conflict);
        auto writer = value(journal::Writer::open(folder, options));
        events = fill(writer, 300);
        const auto second = journal::Writer::open(folder, options);
        CHECK(second.error().code == Errc::conflict);
        std::string pid;
        std::ifstream(folder / "journal" / "LOCK") >> pid;
        CHECK(second.error().detail.find("process " + pid) != std::string::npos);
    }
    auto reader = value(journal::Reader::open(folder));
    CHECK(read_all(reader) == events);
    CHECK(value(reader.bytes()) > 16384);
    CHECK(as_text(value(reader.at({1})).payload) == payload_of(1));
    using std::filesystem::perms;
    const auto mode = status(folder / "journal" / "00000001.segment").permissions();
    CHECK((mode & (perms::owner_write | perms::group_write | perms::others_write)) == perms::none);
    std::filesystem::remove_all(folder);
}
