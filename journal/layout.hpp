#pragma once

#include <cstdint>

#include "journal/head.hpp"
#include "journal/segment.hpp"
#include "journal/tree.hpp"

namespace daybook::journal {

/// One segment, and how far its frames are durable under one head.
struct OpenSegment {
    SegmentFile file;
    std::uint64_t first{};         ///< sequence of its first frame, present or to come
    std::uint64_t last{};          ///< of its last durable frame; first - 1: it has none
    std::uint64_t limit{};         ///< durable frames end here or before
    std::uint64_t hash_of_last{};  ///< what its last frame's hash has to be
};

/// Opens segment `number`; its end is told by the next one's header, or by `head`.
/// Sealed ones are mapped.
[[nodiscard]] Result<OpenSegment> open_segment(const ReadDirectory& directory, const Head& head,
                                               std::uint64_t number);

/// The tree root over a segment's bytes up to `end`.
[[nodiscard]] Result<Digest> tree_root(SegmentFile& segment, std::uint64_t end);

/// The chain up to and with segment `number` (0: the zeros in front of the first). Takes it from
/// the footer of the last sealed segment up to there and computes the rest.
[[nodiscard]] Result<Digest> chain_after(const ReadDirectory& directory, const Head& head,
                                         std::uint64_t number);

}  // namespace daybook::journal
