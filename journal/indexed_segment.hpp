#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "journal/frame.hpp"
#include "journal/layout.hpp"

namespace daybook::journal {

/// A segment whose frames are found by their number: where its footer lists their offsets, and by
/// walking frames, each one once, where there is no footer yet.
class IndexedSegment {
  public:
    [[nodiscard]] static Result<IndexedSegment> open(const ReadDirectory& directory,
                                                     const Head& head, std::uint64_t number);
    [[nodiscard]] std::uint64_t number() const { return segment_.file.header().number; }
    [[nodiscard]] bool holds(std::uint64_t sequence) const {
        return sequence >= segment_.first && sequence <= segment_.last;
    }
    /// More of it is durable under `head`, whose segment it is.
    void extend(const Head& head);

    /// Where `sequence`, which it holds, begins. Fails with corrupt when a frame on the way to it
    /// is bad.
    [[nodiscard]] Result<std::uint64_t> offset_of(std::uint64_t sequence);
    /// That frame, verified. Fails with corrupt.
    [[nodiscard]] Result<FrameRead> frame(std::uint64_t sequence);

  private:
    explicit IndexedSegment(OpenSegment segment) : segment_(std::move(segment)) {}
    [[nodiscard]] Result<void> use_footer();
    [[nodiscard]] Result<FrameRead> frame_at(std::uint64_t offset, std::uint64_t sequence,
                                             std::uint64_t read_to);

    OpenSegment segment_;
    std::span<const std::uint32_t> listed_;  ///< offsets / 8, in the mapped footer
    std::vector<std::uint32_t> walked_;      ///< the same, of the frames walked so far
    std::uint64_t walked_end_ = kFramesBegin;
};

/// The segments a reader looks into: at most kOpenMax at a time, the least used one goes.
class SegmentShelf {
  public:
    /// The segment that holds `sequence`, which is durable under `head`; the caller's until the
    /// next call. Fails with corrupt, disk.
    [[nodiscard]] Result<IndexedSegment*> holding(const ReadDirectory& directory, const Head& head,
                                                  std::uint64_t sequence);

  private:
    static constexpr std::size_t kOpenMax = 32;
    struct Slot {
        std::unique_ptr<IndexedSegment> segment;
        std::uint64_t used{};
    };
    [[nodiscard]] Result<std::uint64_t> number_of(const ReadDirectory& directory, const Head& head,
                                                  std::uint64_t sequence);
    [[nodiscard]] Result<std::uint64_t> first_of(const ReadDirectory& directory, const Head& head,
                                                 std::uint64_t number);
    [[nodiscard]] Slot& free_slot();

    std::vector<Slot> slots_;
    Slot* latest_{};
    std::uint64_t uses_{};
    std::vector<std::uint64_t> firsts_;  ///< first sequence by segment number - 1; 0: not yet read
};

}  // namespace daybook::journal
