#include "journal/writer.hpp"

#include <array>

#include "journal/journals.hpp"
#include "journal/record.hpp"

using namespace daybook;
using namespace daybook::test;

TEST_CASE("what is committed is read back in order, over segments", "[journal][writer]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    const std::uint64_t events = fill(writer, 900);
    auto reader = open_reader(disk);
    CHECK(reader.segments() > 3);
    CHECK(reader.head().durable.raw == events);
    CHECK(read_all(reader) == events);
}

TEST_CASE("an event is not readable before its commit", "[journal][writer]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    CHECK(value(append(writer, 2)).raw == 1);
    CHECK(writer.next().raw == 3);
    auto reader = open_reader(disk);
    CHECK_FALSE(value(reader.next()));
    CHECK(value(writer.commit()).raw == 2);
    CHECK_FALSE(value(reader.next()));
    value(reader.refresh());
    CHECK(value(reader.next())->sequence.raw == 1);
    CHECK(reader.at({3}).error().code == Errc::not_found);
}

TEST_CASE("a record is what was appended, with the batch's ends marked", "[journal][writer]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    const std::array<journal::Entry, 2> batch{
        journal::Entry{.received = -5, .key = 7, .type = 9, .flags = 6, .payload = as_bytes("one")},
        journal::Entry{
            .received = 6, .key = 8, .type = 10, .flags = 0, .payload = as_bytes("two")}};
    value(writer.append(batch));
    value(writer.commit());
    auto reader = open_reader(disk);
    const auto first = value(reader.at({1}));
    CHECK(first.received == -5);
    CHECK(first.key == 7);
    CHECK(first.type == 9);
    CHECK(first.flags == (6 | journal::kFirstOfBatch));
    CHECK(as_text(first.payload) == "one");
    CHECK(value(reader.at({2})).flags == journal::kLastOfBatch);
}

TEST_CASE("a batch that may not be appended leaves no trace", "[journal][writer]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    const std::string longest(journal::kPayloadMax, 'x');
    const std::string too_long(journal::kPayloadMax + 1, 'x');
    const journal::Entry good{.payload = as_bytes("good")};
    const journal::Entry empty{};
    const journal::Entry big{.payload = as_bytes(longest)};
    const journal::Entry huge{.payload = as_bytes(too_long)};
    for (const auto& batch :
         std::vector<std::vector<journal::Entry>>{{}, {good, empty}, {good, huge}, {big, big}}) {
        CHECK(writer.append(batch).error().code == Errc::malformed);
    }
    CHECK(writer.next().raw == 1);
    CHECK(value(writer.append(std::array{big})).raw == 1);
    CHECK(value(writer.commit()).raw == 1);
    auto reader = open_reader(disk);
    CHECK(as_text(value(reader.at({1})).payload) == longest);
}

TEST_CASE("who waits is told once, in order, when the batch is durable", "[journal][writer]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    const journal::Entry entry{.payload = as_bytes("x")};
    std::vector<std::uint64_t> told;
    const auto done = [&](const Result<Sequence>& first) {
        told.push_back(value(first).raw);
        CHECK(open_reader(disk).head().durable >= value(first));
    };
    value(writer.append(std::array{entry, entry}, done));
    value(writer.append(std::array{entry}, [&](const Result<Sequence>& first) {
        done(first);
        value(writer.append(std::array{entry}, done));
    }));
    CHECK(told.empty());
    value(writer.commit());
    CHECK(told == std::vector<std::uint64_t>{1, 3});
    succeeds(writer.close());
    CHECK(told == std::vector<std::uint64_t>{1, 3, 4});
}

TEST_CASE("who waits is told why nothing became durable", "[journal][writer]") {
    FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    std::vector<Errc> told;
    value(
        writer.append(std::array{journal::Entry{.payload = as_bytes("x")}},
                      [&](const Result<Sequence>& first) { told.push_back(first.error().code); }));
    disk.refuse(2, false);  // the sync
    CHECK(writer.commit().error().code == Errc::disk);
    CHECK(writer.commit().error().code == Errc::disk);
    CHECK(told == std::vector{Errc::disk});
}

TEST_CASE("what waits is written when it is much, but shown only when durable",
          "[journal][writer]") {
    auto options = small_options();
    options.first_segment = std::uint64_t{2} << 20U;
    const FaultyDisk disk = empty_journal(options);
    auto writer = open_writer(disk, options);
    const std::uint64_t calls = disk.calls();
    while (disk.calls() == calls) value(append(writer, 8));
    CHECK(writer.next().raw > 8);
    CHECK(open_reader(disk).head().durable.raw == 0);
    const std::uint64_t events = value(writer.commit()).raw;
    auto reader = open_reader(disk);
    CHECK(read_all(reader) == events);
}

TEST_CASE("a clean stop leaves HEAD clean and the next writer goes on", "[journal][writer]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 10);
    value(append(writer, 1));
    succeeds(writer.close());
    CHECK(writer.append({}).error().code == Errc::disk);
    CHECK(open_reader(disk).head().clean);
    auto again = open_writer(disk);
    CHECK_FALSE(open_reader(disk).head().clean);
    CHECK_FALSE(again.recovered());
    const std::uint64_t events = fill(again, 40);
    auto reader = open_reader(disk);
    CHECK(read_all(reader) == events);
}

TEST_CASE("a second writer is refused and told who holds the lock", "[journal][writer]") {
    const FaultyDisk disk = empty_journal();
    const auto writer = open_writer(disk);
    const auto second = journal::Writer::open(disk.directory(), small_options());
    CHECK(second.error().code == Errc::conflict);
    CHECK(second.error().detail.find("process 1") != std::string::npos);
}

TEST_CASE("a journal is not created over another", "[journal][writer]") {
    const FaultyDisk disk = empty_journal();
    const auto directory = disk.directory();
    CHECK(journal::create(*directory, small_options()).error().code == Errc::conflict);
}

TEST_CASE("without HEAD, events are not taken for an unfinished journal", "[journal][writer]") {
    FaultyDisk disk = empty_journal();
    {
        auto writer = open_writer(disk);
        fill(writer, 3);
    }
    disk.erase("HEAD");
    const auto before = disk.content("00000001.segment");
    const auto directory = disk.directory();
    CHECK(journal::create(*directory, small_options()).error().code == Errc::corrupt);
    CHECK(disk.content("00000001.segment") == before);
}

TEST_CASE("no journal is not found, by reader and writer", "[journal][writer]") {
    const FaultyDisk disk;
    CHECK(journal::Reader::open(disk.for_reading()).error().code == Errc::not_found);
    CHECK(journal::Writer::open(disk.directory(), {}).error().code == Errc::not_found);
    CHECK(journal::Reader::open("/nowhere/at/all").error().code == Errc::not_found);
}

TEST_CASE("a new schema is kept, and named by a segment of its own", "[journal][writer]") {
    auto options = small_options();
    options.schema = {std::byte{1}, std::byte{2}};
    const FaultyDisk disk = empty_journal(options);
    {
        auto writer = open_writer(disk, options);
        fill(writer, 3);
    }
    options.schema = {std::byte{3}};
    auto writer = open_writer(disk, options);
    const std::uint64_t events = fill(writer, 6);
    auto reader = open_reader(disk);
    CHECK(reader.segments() == 2);
    CHECK(read_all(reader) == events);
    CHECK(value(disk.directory()->list("schema")).size() == 2);
}
