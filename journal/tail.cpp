#include "journal/tail.hpp"

#include <cstddef>
#include <limits>

#include "journal/record.hpp"
#include "schemas/planted.hpp"

namespace daybook::journal {
namespace {

/// Up to where the journal was durable when this frame was written; 0 when that is unknown.
std::uint64_t durable_mark(const FrameHeader& header) {
    const bool saturated = header.durable_before == std::numeric_limits<std::uint32_t>::max();
    return saturated ? 0 : header.sequence - header.durable_before;
}

Bad durable_damage(const FrameWalk& walk, std::uint64_t segment, Fault fault,
                   const std::string& witness) {
    return {{segment, walk.offset(), walk.next_sequence()},
            "expected a frame that was durable (says " + witness + "), found " + to_text(fault)};
}

/// Whether a segment that begins behind HEAD's frame names that frame.
std::optional<Bad> against_head(const SegmentHeader& header, const Head& head) {
    const bool follows = header.first_sequence == head.durable.raw + 1;
    if (!follows || header.previous_hash == head.hash) return std::nullopt;
    return Bad{{header.number, offsetof(SegmentHeader, previous_hash), 0},
               "expected the hash of the frame before, which HEAD names, found another"};
}

/// Looks behind a bad frame for a later one that was written when the bad one was durable.
Result<std::optional<Bad>> ask_later_frames(SegmentFile& segment, const FrameWalk& walk,
                                            Fault fault) {
    std::uint64_t offset = walk.offset();
    for (;;) {
        TRY(auto later, find_frame(segment, offset, segment.info().size));
        if (later.fault != Fault::none) return std::nullopt;
        if (durable_mark(later.header) >= walk.next_sequence()) {
            return durable_damage(walk, segment.header().number, fault,
                                  "the frame at offset " + std::to_string(later.offset));
        }
        offset = later.end();
    }
}

void keep(Tail& tail, const FrameRead& frame) {
    tail.kept = frame.header.sequence;
    tail.kept_end = frame.end();
    tail.kept_hash = frame.header.hash;
}

/// Walks to the first fault, keeping whole batches.
Result<Fault> walk_to_fault(FrameWalk& walk, const SegmentHeader& header, const Head& head,
                            Tail& tail) {
    for (;;) {
        TRY(auto frame, walk.step());
        if (frame.fault != Fault::none) return frame.fault;
        tail.damage = against_head(header, frame, head);
        if (tail.damage) return Fault::none;
        if (!walk.inside_batch()) keep(tail, frame);
    }
}

}  // namespace

std::optional<Bad> against_head(const SegmentHeader& segment, const FrameRead& frame,
                                const Head& head) {
    if (frame.header.sequence != head.durable.raw) return std::nullopt;
    const bool ends_there = segment.number != head.segment || frame.end() == head.end;
    if (ends_there && frame.header.hash == head.hash) return std::nullopt;
    return Bad{{segment.number, frame.offset, frame.header.sequence},
               "expected the frame HEAD names, found another"};
}

Result<Tail> examine_tail(SegmentFile& segment, const Head& head) {
    const SegmentHeader& header = segment.header();
    const std::uint64_t size = segment.info().size;
    Tail tail{header.first_sequence - 1, kFramesBegin, header.previous_hash, kFramesBegin,
              against_head(header, head)};
    if (size < header.size) {
        tail.damage = Bad{{header.number, size, 0},
                          "expected a file of " + std::to_string(header.size) + " bytes"};
    }
    if (tail.damage) return tail;
    FrameWalk walk(segment, size);
    TRY(auto fault, walk_to_fault(walk, header, head, tail));
    if (tail.damage) return tail;
    if (tail.kept < head.durable.raw && !PLANTED(silent_stop)) {
        tail.damage = durable_damage(walk, header.number, fault, "HEAD");
        return tail;
    }
    if (!PLANTED(silent_stop)) {
        TRY(tail.damage, ask_later_frames(segment, walk, fault));
    }
    TRY(tail.end, nonzero_end(segment, tail.kept_end, size));
    return tail;
}

Result<void> check_frames(OpenSegment& segment, const Head& head) {
    const SegmentHeader& header = segment.file.header();
    FrameWalk walk(segment.file, segment.limit);
    std::uint64_t hash = header.previous_hash;
    while (walk.next_sequence() <= segment.last) {
        TRY(auto frame, walk.step());
        if (frame.fault != Fault::none) {
            return corrupt_at(durable_damage(walk, header.number, frame.fault, "the next segment"));
        }
        if (const auto bad = against_head(header, frame, head)) return corrupt_at(*bad);
        hash = frame.header.hash;
    }
    if (hash == segment.hash_of_last) return ok();
    return corrupt_at({header.number, walk.offset(), segment.last},
                      "expected the last frame that the next segment names, found another");
}

}  // namespace daybook::journal
