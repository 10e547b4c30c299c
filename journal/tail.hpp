#pragma once

#include <cstdint>
#include <optional>

#include "journal/frame.hpp"
#include "journal/head.hpp"
#include "journal/layout.hpp"
#include "journal/segment.hpp"

namespace daybook::journal {

/// What lies in the last segment behind the durable mark.
struct Tail {
    std::uint64_t kept{};      ///< sequence of the last frame of the last whole batch
    std::uint64_t kept_end{};  ///< offset behind it
    std::uint64_t kept_hash{};
    std::uint64_t end{};        ///< behind the last byte that is not zero; kept_end: no torn tail
    std::optional<Bad> damage;  ///< a durable frame that is not what was written; the rest is void
};

/// Tells a torn tail from damage in the last segment. A bad frame is damage when it was durable:
/// HEAD says so, or any later whole frame does, whose `durable_before` tells how far the journal
/// was durable when that one was written. What is torn was never acknowledged.
/// Fails with disk.
[[nodiscard]] Result<Tail> examine_tail(SegmentFile& segment, const Head& head);

/// Every frame of a segment that has a successor, and the one that HEAD names when it lies here.
/// Fails with corrupt at the first that is not what it should be.
[[nodiscard]] Result<void> check_frames(OpenSegment& segment, const Head& head);

/// What is wrong with `frame` when HEAD names its sequence, but another end or hash.
[[nodiscard]] std::optional<Bad> against_head(const SegmentHeader& segment, const FrameRead& frame,
                                              const Head& head);

}  // namespace daybook::journal
