#include "journal/segment.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "journal/hash.hpp"
#include "journal/hex.hpp"

namespace daybook::journal {
namespace {

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
                                      const Uuid* journal, Cache cache) {
    SegmentFile segment;
    TRY(auto file, cache == Cache::used ? directory.open(segment_name(number))
                                        : directory.open_past_cache(segment_name(number)));
    TRY(segment.info_, file->info());
    segment.window_ = {std::move(file), cache};
    TRY(auto blocks, segment.window_.ahead(0, kFramesBegin, kFramesBegin, kFramesBegin));
    std::vector<std::byte> bytes_read(blocks.begin(), blocks.end());
    bytes_read.resize(kFramesBegin);  // of a file that was cut short
    const std::span<const std::byte> bytes{bytes_read};
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
    TRY(mapped_, window_.file().map(info_.size));
    return ok();
}

Result<std::span<const std::byte>> SegmentFile::ahead(std::uint64_t offset, std::size_t length,
                                                      std::uint64_t limit, std::uint64_t read_to) {
    const std::uint64_t end = std::max(limit, offset + length);
    if (mapped_.data && offset + length <= mapped_.size) {
        return mapped_.bytes().first(std::min(mapped_.size, end)).subspan(offset);
    }
    TRY(auto bytes, window_.ahead(offset, length, limit, read_to));
    if (bytes.size() >= length) return bytes;
    return corrupt_at({header_.number, offset, 0},
                      "expected " + std::to_string(length) + " more bytes, found " +
                          std::to_string(bytes.size()) + " to the end of the file");
}

}  // namespace daybook::journal
