#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "journal/format.hpp"
#include "journal/segment.hpp"

namespace daybook::journal {

/// Frames grouped by a name of theirs, type or key. Takes time that grows with the frames only.
class Grouping {
  public:
    void add(std::uint64_t name);  ///< of the next frame
    struct Lists {
        std::vector<FooterCount> counts;     ///< ascending by name
        std::vector<std::uint32_t> offsets;  ///< by name, then by sequence
    };
    /// `offsets`: of the frames, in their order.
    [[nodiscard]] Lists lists(std::span<const std::uint32_t> offsets) const;

  private:
    std::unordered_map<std::uint64_t, std::uint32_t> places_;  ///< of a name in counts_
    std::vector<FooterCount> counts_;                          ///< as they first came; no begin yet
    std::vector<std::uint32_t> frames_;                        ///< place of each frame's name
};

/// Collects what a footer says, frame by frame. Needs memory for one segment's frames, no more.
class FooterBuilder {
  public:
    void add(const FrameHeader& header, std::uint64_t offset);

    struct Roots {
        Digest previous_chain{};
        Digest tree{};
        Digest chain{};
    };
    /// Footer and trailer of `segment`, whose frames end at `end`: the bytes from
    /// footer_offset(end) to the end of the file. The same frames always give the same bytes.
    [[nodiscard]] std::vector<std::byte> finish(const SegmentHeader& segment, std::uint64_t end,
                                                const Roots& roots) const;
    [[nodiscard]] std::uint64_t frames() const { return offsets_.size(); }

  private:
    std::vector<std::uint32_t> offsets_;  ///< divided by 8, by sequence
    Grouping types_;
    Grouping keys_;
    std::vector<SparseEntry> sparse_;
    std::int64_t received_min_ = 0;
    std::int64_t received_max_ = 0;
};

[[nodiscard]] constexpr std::uint64_t footer_offset(std::uint64_t frames_end) {
    return round_up(frames_end, kBlock);
}

/// The footer of a sealed segment, read.
struct Footer {
    FooterHeader header;
    std::vector<FooterCount> types;
    std::vector<FooterCount> keys;
    std::vector<SparseEntry> sparse;
    std::uint64_t by_sequence_offset{};  ///< where in the file the offset lists lie
    std::uint64_t by_type_offset{};
    std::uint64_t by_key_offset{};
};

/// Whether somebody asks for events of that type.
using Wants = std::function<bool(std::uint16_t type)>;
/// Offsets of the frames of those types, ascending; nothing when there is no footer that verifies.
/// Fails with disk.
[[nodiscard]] Result<std::optional<std::vector<std::uint64_t>>> offsets_of_types(
    SegmentFile& segment, const Wants& wants);

/// The footer of `segment`; nothing when its file does not end in a footer and trailer that
/// verify. Fails with disk.
[[nodiscard]] Result<std::optional<Footer>> read_footer(SegmentFile& segment);

}  // namespace daybook::journal
