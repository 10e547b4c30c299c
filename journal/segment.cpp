#include "journal/segment.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "journal/hash.hpp"
#include "journal/hex.hpp"

namespace daybook::journal {
namespace {

constexpr std::size_t kWindow = std::size_t{256} << 10U;
constexpr std::uint64_t kBehind = std::uint64_t{64} << 10U;
constexpr std::string_view kSuffix = ".segment";

std::string numbered(std::uint64_t number, std::string_view suffix) {
    std::string digits = std::to_string(number);
    if (digits.size() < 8) digits.insert(0, 8 - digits.size(), '0');
    return digits.append(suffix);
}

bool is_zero(std::byte byte) { return byte == std::byte{0}; }

struct Copy {
    SegmentHeader header;
    bool good{};
    bool newer{};
};

Copy read_copy(std::span<const std::byte> block, std::uint64_t number, const Uuid* journal) {
    Copy copy;
    std::memcpy(&copy.header, block.data(), sizeof copy.header);
    if (copy.header.magic != kSegmentMagic) return copy;
    copy.newer = copy.header.version > kFormatVersion;
    const auto rest = block.subspan(sizeof copy.header);
    copy.good = !copy.newer && copy.header.hash == header_hash(copy.header) &&
                copy.header.number == number &&
                (journal == nullptr || copy.header.journal == *journal) &&
                std::all_of(rest.begin(), rest.end(), is_zero);
    return copy;
}

Error no_header(std::uint64_t number, bool newer) {
    const std::string file = "journal/" + segment_name(number);
    if (newer) {
        return {Errc::newer, file + ": its format is newer than version 1",
                "use the newer program that wrote it"};
    }
    return corrupt_at({number, 0, 0},
                      "expected the header of this segment of this journal at offset 0 or 4096, "
                      "found neither");
}

}  // namespace

std::string segment_name(std::uint64_t number) { return numbered(number, kSuffix); }
std::string next_name(std::uint64_t number) { return numbered(number, ".next"); }
std::string schema_name(const Digest& digest) { return "schema/" + to_hex(digest) + ".bfbs"; }

std::optional<std::uint64_t> segment_number(const std::string& name) {
    std::uint64_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number == 0 || name != segment_name(number)) return std::nullopt;
    return number;
}

Result<std::vector<std::uint64_t>> segment_numbers(const ReadDirectory& directory) {
    TRY(auto names, directory.list(""));
    std::vector<std::uint64_t> numbers;
    for (const std::string& name : names) {
        if (const auto number = segment_number(name)) numbers.push_back(*number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

Error corrupt_at(const Place& place, const std::string& what) {
    std::string detail =
        "journal/" + segment_name(place.segment) + " at offset " + std::to_string(place.offset);
    if (place.sequence != 0) detail += ", sequence " + std::to_string(place.sequence);
    return {Errc::corrupt, detail + ": " + what,
            "nothing was changed; daybook verify lists what is intact, daybook salvage copies it, "
            "a backup has the rest"};
}

std::vector<std::byte> header_block(SegmentHeader header) {
    header.hash = header_hash(header);
    std::vector<std::byte> block(kBlock);
    std::memcpy(block.data(), &header, sizeof header);
    return block;
}

Result<SegmentFile> SegmentFile::open(const ReadDirectory& directory, std::uint64_t number,
                                      const Uuid* journal) {
    SegmentFile segment;
    TRY(segment.file_, directory.open(segment_name(number)));
    TRY(segment.info_, segment.file_->info());
    std::vector<std::byte> blocks(kFramesBegin);
    TRYV(segment.file_->read(0, blocks));
    const std::span<const std::byte> bytes{blocks};
    const Copy first = read_copy(bytes.first(kBlock), number, journal);
    const Copy second = read_copy(bytes.subspan(kBlock), number, journal);
    if (!first.good && !second.good) return no_header(number, first.newer || second.newer);
    segment.header_ = first.good ? first.header : second.header;
    segment.seed_ = frame_seed(segment.header_.journal, segment.header_.number);
    if (!first.good) segment.broken_copy_ = 0;
    if (!second.good) segment.broken_copy_ = kBlock;
    return segment;
}

Result<void> SegmentFile::map() {
    if (info_.size < kFramesBegin) return ok();
    TRY(mapped_, file_->map(info_.size));
    return ok();
}

Result<std::span<const std::byte>> SegmentFile::ahead(std::uint64_t offset, std::size_t length,
                                                      std::uint64_t limit, std::uint64_t read_to) {
    const std::uint64_t end = std::max(limit, offset + length);
    if (mapped_.data && offset + length <= mapped_.size) {
        return mapped_.bytes().first(std::min(mapped_.size, end)).subspan(offset);
    }
    if (offset < window_offset_ || offset + length > window_offset_ + window_size_) {
        const std::uint64_t stop = std::min(limit, read_to);
        const std::uint64_t further = stop > offset ? stop - offset : 0;
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kWindow, further));
        TRYV(fill(offset, std::max(length, wanted)));
        const std::uint64_t found = window_offset_ + window_size_ - offset;
        if (found < length) {
            return corrupt_at({header_.number, offset, 0},
                              "expected " + std::to_string(length) + " more bytes, found " +
                                  std::to_string(found) + " to the end of the file");
        }
    }
    const auto held = std::span<const std::byte>{window_}.first(window_size_);
    const std::uint64_t last = std::min(end, window_offset_ + window_size_);
    return held.subspan(offset - window_offset_, last - offset);
}

/// Moves what lies shortly before `offset` to the front of the window; gives how much that is.
std::size_t SegmentFile::keep_behind(std::uint64_t offset) {
    const std::uint64_t end = window_offset_ + window_size_;
    if (offset <= window_offset_ || offset > end) return 0;
    const auto kept = static_cast<std::size_t>(std::min(kBehind, offset - window_offset_));
    std::memmove(window_.data(), window_.data() + (offset - kept - window_offset_), kept);
    return kept;
}

Result<void> SegmentFile::fill(std::uint64_t offset, std::size_t length) {
    const std::size_t kept = keep_behind(offset);
    if (window_.size() < kept + length) window_.resize(kept + length);
    window_size_ = 0;
    TRY(const std::size_t got, file_->read(offset, std::span{window_}.subspan(kept, length)));
    window_offset_ = offset - kept;
    window_size_ = kept + got;
    return ok();
}

}  // namespace daybook::journal
