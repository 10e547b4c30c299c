#include "journal/tail.hpp"

#include <cstddef>
#include <limits>

#include "journal/frame.hpp"
#include "journal/record.hpp"

namespace daybook::journal {
namespace {

/// Up to where the journal was durable when this frame was written; 0 when that is unknown.
std::uint64_t durable_mark(const FrameHeader& header) {
    const bool saturated = header.durable_before == std::numeric_limits<std::uint32_t>::max();
    return saturated ? 0 : header.sequence - header.durable_before;
}

/// HEAD names one frame by sequence, end and hash: the frames have to agree.
Result<void> check_head_frame(const SegmentFile& segment, const FrameRead& frame,
                              const Head& head) {
    if (frame.header.sequence != head.durable.raw) return ok();
    const bool ends_there = segment.header().number != head.segment || frame.end() == head.end;
    if (ends_there && frame.header.hash == head.hash) return ok();
    return corrupt_at({segment.header().number, frame.offset, frame.header.sequence},
                      "expected the frame HEAD names, found another");
}

Error durable_damage(const SegmentFile& segment, const FrameWalk& walk, Fault fault,
                     const std::string& witness) {
    return corrupt_at(
        {segment.header().number, walk.offset(), walk.next_sequence()},
        "expected a frame that was durable (says " + witness + "), found " + to_text(fault));
}

/// Looks behind a bad frame for a later one that was written when the bad one was durable.
Result<void> ask_later_frames(SegmentFile& segment, const FrameWalk& walk, Fault fault,
                              std::uint64_t limit) {
    std::uint64_t offset = walk.offset();
    for (;;) {
        TRY(auto later, find_frame(segment, offset, limit));
        if (later.fault != Fault::none) return ok();
        if (durable_mark(later.header) >= walk.next_sequence()) {
            return durable_damage(segment, walk, fault,
                                  "the frame at offset " + std::to_string(later.offset));
        }
        offset = later.end();
    }
}

}  // namespace

Result<Tail> examine_tail(SegmentFile& segment, const Head& head) {
    const SegmentHeader& header = segment.header();
    if (segment.info().size < header.size) {
        return corrupt_at({header.number, segment.info().size, 0},
                          "expected a file of " + std::to_string(header.size) + " bytes");
    }
    const bool follows_head = header.first_sequence == head.durable.raw + 1;
    if (follows_head && header.previous_hash != head.hash) {
        return corrupt_at({header.number, offsetof(SegmentHeader, previous_hash), 0},
                          "expected the hash of the last frame before, which HEAD names");
    }
    Tail tail{header.first_sequence - 1, kFramesBegin, header.previous_hash, 0};
    FrameWalk walk(segment, segment.info().size);
    Fault fault = Fault::none;
    while (fault == Fault::none) {
        TRY(auto frame, walk.step());
        fault = frame.fault;
        if (fault != Fault::none) break;
        TRYV(check_head_frame(segment, frame, head));
        if (!walk.inside_batch()) {
            tail.kept = frame.header.sequence;
            tail.kept_end = frame.end();
            tail.kept_hash = frame.header.hash;
        }
    }
    if (tail.kept < head.durable.raw) return durable_damage(segment, walk, fault, "HEAD");
    TRYV(ask_later_frames(segment, walk, fault, segment.info().size));
    TRY(tail.end, nonzero_end(segment, tail.kept_end, segment.info().size));
    return tail;
}

Result<void> check_frames(OpenSegment& segment, const Head& head) {
    FrameWalk walk(segment.file, segment.limit);
    std::uint64_t hash = segment.file.header().previous_hash;
    while (walk.next_sequence() <= segment.last) {
        TRY(auto frame, walk.step());
        if (frame.fault != Fault::none) {
            return durable_damage(segment.file, walk, frame.fault, "the next segment");
        }
        TRYV(check_head_frame(segment.file, frame, head));
        hash = frame.header.hash;
    }
    if (hash == segment.hash_of_last) return ok();
    return corrupt_at({segment.file.header().number, walk.offset(), segment.last},
                      "expected the last frame that the next segment names, found another");
}

}  // namespace daybook::journal
