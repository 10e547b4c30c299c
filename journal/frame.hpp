#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "journal/format.hpp"
#include "journal/segment.hpp"
#include "schemas/ids.hpp"

namespace daybook::journal {

/// What is wrong with the bytes where a frame should begin.
enum class Fault : std::uint8_t {
    none,
    empty,     ///< zeros, or no room for a header: no frame was written here
    magic,     ///< not the first bytes of a frame of this version
    length,    ///< payload length outside 1 byte … 1 MiB, or over the limit
    hash,      ///< any other byte of it, or bytes that belong to another place
    padding,   ///< bytes between payload and next frame are not zero
    sequence,  ///< a whole frame, but not the next one
    batch,     ///< first and last of batch do not alternate
};
[[nodiscard]] std::string to_text(Fault fault);

struct FrameRead {
    Fault fault{};
    FrameHeader header;                  ///< as found, even when there is a fault
    std::span<const std::byte> payload;  ///< the segment's window; empty when there is a fault
    std::uint64_t offset{};
    [[nodiscard]] std::uint64_t end() const { return offset + frame_bytes(header.length); }
};

/// The frame at the front of `bytes`, which stand at `offset` of a segment with that seed; it has
/// to end where they end, or before. All of it verified by itself.
[[nodiscard]] FrameRead parse_frame(std::span<const std::byte> bytes, std::uint64_t offset,
                                    std::uint64_t seed);

/// The frame at `offset`, all of it verified by itself. It has to end at `limit` or before.
/// Bytes that have to be fetched are fetched up to `read_to`, if that is before the limit.
/// Fails with disk only: bad bytes are a fault, not an error.
[[nodiscard]] Result<FrameRead> read_frame(SegmentFile& segment, std::uint64_t offset,
                                           std::uint64_t limit, std::uint64_t read_to);
[[nodiscard]] inline Result<FrameRead> read_frame(SegmentFile& segment, std::uint64_t offset,
                                                  std::uint64_t limit) {
    return read_frame(segment, offset, limit, limit);
}

/// Frames of one segment in their order: sequences without gaps, batches one behind the other.
class FrameWalk {
  public:
    FrameWalk(SegmentFile& segment, std::uint64_t limit)
        : segment_(&segment), limit_(limit), next_(segment.header().first_sequence) {}
    /// The next frame; after a fault the same place again.
    [[nodiscard]] Result<FrameRead> step();
    [[nodiscard]] std::uint64_t offset() const { return offset_; }
    [[nodiscard]] std::uint64_t next_sequence() const { return next_; }
    [[nodiscard]] bool inside_batch() const { return inside_batch_; }
    /// Goes on at a frame found by other means.
    void resume_at(const FrameRead& frame);

  private:
    SegmentFile* segment_;
    std::uint64_t limit_;
    std::uint64_t offset_ = kFramesBegin;
    std::uint64_t next_;
    bool inside_batch_ = false;
};

/// The first whole frame at or behind `offset`, wherever it begins; its fault is `empty` when
/// there is none up to `limit`.
[[nodiscard]] Result<FrameRead> find_frame(SegmentFile& segment, std::uint64_t offset,
                                           std::uint64_t limit);

/// Offset of the first byte in [from, to) that is not zero; `to` when there is none.
[[nodiscard]] Result<std::uint64_t> first_nonzero(SegmentFile& segment, std::uint64_t from,
                                                  std::uint64_t to);
/// Offset behind the last byte in [from, to) that is not zero; `from` when there is none.
[[nodiscard]] Result<std::uint64_t> nonzero_end(SegmentFile& segment, std::uint64_t from,
                                                std::uint64_t to);

}  // namespace daybook::journal
