#include "journal/survivors.hpp"

#include <map>

#include "journal/journals.hpp"
#include "journal/segment.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

/// What is left of a journal: sequences in order, their payloads as they were appended, and the
/// last one known.
struct Left {
    std::vector<std::uint64_t> sequences;
    std::map<std::uint64_t, journal::Hole> holes;  ///< in front of a sequence
    std::uint64_t last_known{};
};

Left left_of(const FaultyDisk& disk) {
    auto survivors = value(journal::Survivors::open(disk.for_reading()));
    Left left;
    while (const auto record = value(survivors.next())) {
        const std::uint64_t sequence = record->sequence.raw;
        if (as_text(record->payload) != payload_of(sequence)) FAIL("event " << sequence);
        const std::uint64_t before = left.sequences.empty() ? 0 : left.sequences.back();
        REQUIRE(sequence > before);
        if (sequence != before + 1) {
            REQUIRE(survivors.hole());
            left.holes[sequence] = *survivors.hole();
        }
        left.sequences.push_back(sequence);
    }
    left.last_known = survivors.last_known().raw;
    return left;
}

std::vector<std::uint64_t> without(std::uint64_t last, std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> all;
    for (std::uint64_t sequence = 1; sequence <= last; ++sequence) {
        if (sequence < from || sequence > to) all.push_back(sequence);
    }
    return all;
}

/// Three segments, the first two sealed.
FaultyDisk three_segments(std::uint64_t& last) {
    FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    last = fill(writer, 300);
    REQUIRE(writer.head().segment == 3);
    succeeds(writer.close());
    return disk;
}

/// Sequences of segment `number`: first, last.
std::pair<std::uint64_t, std::uint64_t> events_in(const FaultyDisk& disk, std::uint64_t number) {
    const auto directory = disk.for_reading();
    const auto first = value(journal::SegmentFile::open(*directory, number)).header();
    const auto next = value(journal::SegmentFile::open(*directory, number + 1)).header();
    return {first.first_sequence, next.first_sequence - 1};
}

/// A disk with a sector that cannot be read.
class BadSector final : public journal::ReadDirectory {
  public:
    BadSector(std::unique_ptr<journal::ReadDirectory> below, std::string name, std::uint64_t at)
        : below_(std::move(below)), name_(std::move(name)), at_(at) {}

    Result<std::unique_ptr<journal::ReadFile>> open(const std::string& name) const override {
        TRY(auto file, below_->open(name));
        if (name != name_) return file;
        return std::unique_ptr<journal::ReadFile>(std::make_unique<File>(std::move(file), at_));
    }
    Result<std::vector<std::string>> list(const std::string& folder) const override {
        return below_->list(folder);
    }

  private:
    class File final : public journal::ReadFile {
      public:
        File(std::unique_ptr<journal::ReadFile> below, std::uint64_t at)
            : below_(std::move(below)), at_(at) {}
        Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
            const bool hit = offset < at_ + 512 && offset + into.size() > at_;
            if (hit) return Error{Errc::disk, "pread: Input/output error"};
            return below_->read(offset, into);
        }
        Result<journal::FileInfo> info() const override { return below_->info(); }
        Result<journal::Mapped> map(std::size_t size) const override { return below_->map(size); }

      private:
        std::unique_ptr<journal::ReadFile> below_;
        std::uint64_t at_;
    };

    std::unique_ptr<journal::ReadDirectory> below_;
    std::string name_;
    std::uint64_t at_;
};

}  // namespace

TEST_CASE("a sector that cannot be read costs what lies in its block", "[journal][survivors]") {
    std::uint64_t last = 0;
    const FaultyDisk disk = three_segments(last);
    for (const std::uint64_t sector : {0U, 4096U, 8192U, 13000U, 20480U}) {
        CAPTURE(sector);
        auto survivors = value(journal::Survivors::open(
            std::make_unique<BadSector>(disk.for_reading(), journal::segment_name(2), sector)));
        std::uint64_t read = 0;
        while (const auto record = value(survivors.next())) {
            ++read;
            CHECK(as_text(record->payload) == payload_of(record->sequence.raw));
        }
        CHECK(survivors.last_known().raw == last);
        CHECK(read + 45 > last);
        CHECK((read == last) == (sector < 8192));
    }
}

TEST_CASE("of a whole journal everything is left", "[journal][survivors]") {
    std::uint64_t last = 0;
    const FaultyDisk disk = three_segments(last);
    const Left left = left_of(disk);
    CHECK(left.sequences == without(last, 0, 0));
    CHECK(left.last_known == last);
}

TEST_CASE("a flipped byte costs the event it lies in, and no other", "[journal][survivors]") {
    std::uint64_t last = 0;
    const FaultyDisk disk = three_segments(last);
    const std::string name = journal::segment_name(2);
    const auto size = disk.content(name).size();
    for (std::uint64_t offset = 0; offset < size; offset += 97) {
        CAPTURE(offset);
        FaultyDisk damaged = disk.after_kill();
        damaged.flip(name, offset);
        const Left left = left_of(damaged);
        CHECK(left.last_known == last);
        if (left.sequences.size() == last) continue;  // a header, a footer: no event
        REQUIRE(left.sequences.size() == last - 1);
        REQUIRE(left.holes.size() == 1);
        const journal::Hole& hole = left.holes.begin()->second;
        CHECK(hole.file == name);
        CHECK(hole.offset.value() <= offset);
        CHECK(hole.offset.value() + 400 > offset);
    }
}

TEST_CASE("a missing segment costs its events only", "[journal][survivors]") {
    std::uint64_t last = 0;
    const FaultyDisk disk = three_segments(last);
    for (const std::uint64_t number : {1U, 2U}) {
        const auto [first, end] = events_in(disk, number);
        FaultyDisk damaged = disk.after_kill();
        damaged.erase(journal::segment_name(number));
        const Left left = left_of(damaged);
        CHECK(left.sequences == without(last, first, end));
        CHECK(left.holes.at(end + 1).why == "the file is missing");
    }
    const auto [first, end] = events_in(disk, 2);
    FaultyDisk damaged = disk.after_kill();  // the last one: HEAD still knows how far it went
    damaged.erase(journal::segment_name(3));
    const Left left = left_of(damaged);
    CHECK(left.sequences == without(end, 0, 0));
    CHECK(left.last_known == last);
}

TEST_CASE("frames are found behind headers that are gone, and without HEAD",
          "[journal][survivors]") {
    std::uint64_t last = 0;
    const FaultyDisk disk = three_segments(last);
    for (const std::uint64_t number : {1U, 2U, 3U}) {
        CAPTURE(number);
        FaultyDisk damaged = disk.after_kill();
        auto content = damaged.content(journal::segment_name(number));
        std::fill_n(content.begin(), 8192, std::byte{0xA5});
        damaged.overwrite(journal::segment_name(number), content);
        CHECK(left_of(damaged).sequences == without(last, 0, 0));
        damaged.erase("HEAD");
        CHECK(left_of(damaged).sequences == without(last, 0, 0));
    }
    FaultyDisk damaged = disk.after_kill();
    for (const std::uint64_t slot : {100U, 4196U}) damaged.flip("HEAD", slot);
    CHECK(left_of(damaged).sequences == without(last, 0, 0));
}

TEST_CASE("without HEAD and without any header nothing can be told from noise",
          "[journal][survivors]") {
    FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 5);
    FaultyDisk damaged = disk.after_kill();
    damaged.erase("HEAD");
    for (const std::uint64_t copy : {20U, 4116U}) damaged.flip(journal::segment_name(1), copy);
    const auto survivors = journal::Survivors::open(damaged.for_reading());
    CHECK(survivors.error().code == Errc::corrupt);
    CHECK(journal::Survivors::open(FaultyDisk{}.for_reading()).error().code == Errc::not_found);
}

TEST_CASE("sectors of zeros cost what lay in them", "[journal][survivors]") {
    std::uint64_t last = 0;
    const FaultyDisk disk = three_segments(last);
    const std::string name = journal::segment_name(2);
    for (const std::size_t offset : {8192U, 12288U, 16384U}) {
        FaultyDisk damaged = disk.after_kill();
        auto content = damaged.content(name);
        std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(offset), 4096, std::byte{0});
        damaged.overwrite(name, content);
        const Left left = left_of(damaged);
        CHECK(left.sequences.size() < last);
        CHECK(left.sequences.size() + 40 > last);
        CHECK(left.holes.size() == 1);
    }
}

TEST_CASE("a segment that was cut ends earlier, and the next one goes on", "[journal][survivors]") {
    std::uint64_t last = 0;
    const FaultyDisk disk = three_segments(last);
    const auto [first, end] = events_in(disk, 2);
    for (const std::size_t size : {std::size_t{0}, std::size_t{100}, std::size_t{8192},
                                   std::size_t{8200}, std::size_t{20000}}) {
        CAPTURE(size);
        FaultyDisk damaged = disk.after_kill();
        auto content = damaged.content(journal::segment_name(2));
        content.resize(size);
        damaged.overwrite(journal::segment_name(2), content);
        const Left left = left_of(damaged);
        REQUIRE_FALSE(left.sequences.empty());
        CHECK(left.sequences.back() == last);
        CHECK(left.holes.contains(end + 1));
        if (size <= 8192) CHECK(left.sequences == without(last, first, end));
    }
    FaultyDisk damaged = disk.after_kill();  // the open one
    auto content = damaged.content(journal::segment_name(3));
    content.resize(9000);
    damaged.overwrite(journal::segment_name(3), content);
    const Left left = left_of(damaged);
    CHECK(left.sequences.back() < last);
    CHECK(left.last_known == last);
}

TEST_CASE("a torn batch behind HEAD is not taken, a whole one is", "[journal][survivors]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    value(append(writer, 3));
    value(writer.commit());
    const auto head = disk.content("HEAD");
    value(append(writer, 2));
    value(writer.commit());
    const auto end = writer.head().end;
    FaultyDisk lagging = disk.after_kill();  // as after a power cut
    lagging.overwrite("HEAD", head);
    CHECK(left_of(lagging).sequences == without(5, 0, 0));
    lagging.flip(journal::segment_name(1), end - 10);
    CHECK(left_of(lagging).sequences == without(3, 0, 0));
}
