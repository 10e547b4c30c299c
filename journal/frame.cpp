#include "journal/frame.hpp"

#include <algorithm>
#include <cstring>

#include "journal/hash.hpp"
#include "journal/record.hpp"
#include "schemas/planted.hpp"

namespace daybook::journal {
namespace {

constexpr std::uint64_t kStride = std::uint64_t{64} << 10U;

bool is_set(std::byte byte) { return byte != std::byte{0}; }

bool all_zero(std::span<const std::byte> bytes) {
    if (bytes.empty()) return true;
    return bytes[0] == std::byte{0} &&
           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

Fault judge_header(const FrameHeader& header, std::uint64_t room) {
    if (header.magic != kFrameMagic) {
        return all_zero(bytes_of(header)) ? Fault::empty : Fault::magic;
    }
    if (PLANTED(length_unchecked)) return Fault::none;
    if (header.length == 0 || header.length > kPayloadMax) return Fault::length;
    return frame_bytes(header.length) > room ? Fault::length : Fault::none;
}

/// Whether the bytes of the last word that are not payload are zero.
bool padded_with_zeros(std::span<const std::byte> frame, std::uint64_t length) {
    std::uint64_t last = 0;
    std::memcpy(&last, frame.data() + frame.size() - sizeof last, sizeof last);
    const std::uint64_t used = length % 8;
    return used == 0 || last >> (8 * used) == 0;
}

Fault judge_place(const FrameHeader& header, std::uint64_t expected, bool inside_batch) {
    if (header.sequence != expected) return Fault::sequence;
    const bool first = (header.flags & kFirstOfBatch) != 0;
    return first == inside_batch ? Fault::batch : Fault::none;
}

/// The first multiple of 8 in `bytes` where a frame's magic stands; its size if nowhere.
std::size_t magic_in(std::span<const std::byte> bytes) {
    if (all_zero(bytes)) return bytes.size();
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
        std::uint32_t magic = 0;
        std::memcpy(&magic, bytes.data() + at, sizeof magic);
        if (magic == kFrameMagic) return at;
    }
    return bytes.size();
}

/// The next place in [offset, limit) where a frame may begin; `limit` when nowhere.
Result<std::uint64_t> find_magic(SegmentFile& segment, std::uint64_t offset, std::uint64_t limit) {
    constexpr std::uint64_t kInFrame = offsetof(FrameHeader, magic);
    std::uint64_t at = offset + kInFrame;
    while (at < limit) {
        const auto length = static_cast<std::size_t>(std::min(kStride, limit - at));
        TRY(auto bytes, segment.view(at, length, limit));
        const std::size_t found = magic_in(bytes);
        at += found;
        if (found != length) return at - kInFrame;
    }
    return limit;
}

}  // namespace

std::string to_text(Fault fault) {
    switch (fault) {
        case Fault::none:
            return "a whole frame";
        case Fault::empty:
            return "zeros";
        case Fault::magic:
            return "bytes that begin no frame of this version";
        case Fault::length:
            return "a payload length that cannot be";
        case Fault::hash:
            return "bytes with another hash";
        case Fault::padding:
            return "bytes that are not zero behind the payload";
        case Fault::sequence:
            return "a frame with another sequence";
        case Fault::batch:
            return "a frame from the wrong place of a batch";
    }
    return {};
}

FrameRead parse_frame(std::span<const std::byte> bytes, std::uint64_t offset, std::uint64_t seed) {
    FrameRead frame{.fault = Fault::empty, .header = {}, .payload = {}, .offset = offset};
    if (bytes.size() < sizeof(FrameHeader)) return frame;
    std::memcpy(&frame.header, bytes.data(), sizeof frame.header);
    frame.fault = judge_header(frame.header, bytes.size());
    if (frame.fault != Fault::none) return frame;
    const auto whole = bytes.first(frame_bytes(frame.header.length));
    if (frame_hash(seed, offset, whole) != frame.header.hash) {
        frame.fault = Fault::hash;
        return frame;
    }
    if (!padded_with_zeros(whole, frame.header.length)) {
        frame.fault = Fault::padding;
        return frame;
    }
    frame.payload = whole.subspan(sizeof(FrameHeader), frame.header.length);
    return frame;
}

Result<FrameRead> read_frame(SegmentFile& segment, std::uint64_t offset, std::uint64_t limit,
                             std::uint64_t read_to) {
    const std::uint64_t seed = segment.seed();
    const auto mapped = segment.mapped();
    if (limit <= mapped.size() && offset <= limit) {
        return parse_frame(mapped.subspan(offset, limit - offset), offset, seed);
    }
    if (offset + sizeof(FrameHeader) > limit) return parse_frame({}, offset, seed);
    TRY(auto bytes, segment.ahead(offset, sizeof(FrameHeader), limit, read_to));
    FrameHeader header;
    std::memcpy(&header, bytes.data(), sizeof header);
    const bool readable = judge_header(header, limit - offset) == Fault::none;
    const std::uint64_t length = readable ? frame_bytes(header.length) : sizeof header;
    if (bytes.size() < length) {
        TRY(bytes, segment.ahead(offset, length, limit, read_to));
    }
    // Behind HEAD a writer may be at work: what is judged is what was read last.
    return parse_frame(bytes.first(length), offset, seed);
}

Result<FrameRead> FrameWalk::step() {
    TRY(auto frame, read_frame(*segment_, offset_, limit_));
    if (frame.fault == Fault::none) {
        frame.fault = judge_place(frame.header, next_, inside_batch_);
    }
    if (frame.fault == Fault::none) resume_at(frame);
    return frame;
}

void FrameWalk::resume_at(const FrameRead& frame) {
    offset_ = frame.end();
    next_ = frame.header.sequence + 1;
    inside_batch_ = (frame.header.flags & kLastOfBatch) == 0;
}

Result<FrameRead> find_frame(SegmentFile& segment, std::uint64_t offset, std::uint64_t limit) {
    for (offset = round_up(offset, 8);; offset += 8) {
        TRY(offset, find_magic(segment, offset, limit));
        TRY(auto frame, read_frame(segment, offset, limit));
        if (frame.fault == Fault::none || offset >= limit) return frame;
    }
}

Result<std::uint64_t> first_nonzero(SegmentFile& segment, std::uint64_t from, std::uint64_t to) {
    while (from < to) {
        const auto length = static_cast<std::size_t>(std::min(kStride, to - from));
        TRY(auto bytes, segment.view(from, length, to));
        const auto found = std::find_if(bytes.begin(), bytes.end(), is_set);
        from += static_cast<std::uint64_t>(found - bytes.begin());
        if (found != bytes.end()) return from;
    }
    return to;
}

Result<std::uint64_t> nonzero_end(SegmentFile& segment, std::uint64_t from, std::uint64_t to) {
    std::uint64_t end = from;
    while (from < to) {
        const auto length = static_cast<std::size_t>(std::min(kStride, to - from));
        TRY(auto bytes, segment.view(from, length, to));
        from += length;
        if (all_zero(bytes)) continue;
        const auto last = std::find_if(bytes.rbegin(), bytes.rend(), is_set);
        end = from - static_cast<std::uint64_t>(last - bytes.rbegin());
    }
    return end;
}

}  // namespace daybook::journal
