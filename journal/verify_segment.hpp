#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "journal/footer.hpp"
#include "journal/frame.hpp"
#include "journal/head.hpp"
#include "journal/tree.hpp"
#include "journal/verify.hpp"

namespace daybook::journal {

/// Gathers what verify finds.
class Findings {
  public:
    void bad(const Bad& bad, std::uint16_t type = 0);
    void bad_file(const std::string& file, std::uint64_t offset, const std::string& reason);
    void intact(std::uint64_t sequence);
    /// Takes over what was found in the next segment.
    void add(const Findings& next);
    Verdict verdict;

  private:
    void add(Damage damage);
    void add(const Range& range);
};

/// What one segment has to agree with, as far as it is known.
struct Expectation {
    std::optional<std::uint64_t> last;  ///< the next header tells, or HEAD
    std::optional<std::uint64_t> last_hash;
    bool open{};  ///< the last one: its frames end where HEAD says
};

/// What the bytes of one segment say by themselves; how it joins its neighbours is judged by
/// whoever has them all.
struct SegmentReport {
    std::optional<SegmentHeader> header;  ///< nothing: it cannot be read
    bool whole{};                         ///< every frame; else `tree` and `footer` say nothing
    std::optional<std::uint64_t> last;    ///< as read, or as expected where frames are damaged
    std::optional<std::uint64_t> last_hash;
    std::uint64_t end{};  ///< offset behind the last frame: bytes under `tree`
    Digest tree{};
    struct Claim {
        Digest previous_chain;
        Digest chain;
        std::uint64_t offset;
    };
    std::optional<Claim> footer;  ///< of a footer that agrees with the frames
    Findings findings;
};

/// Verifies all bytes of `segment` up to its durable end and, when it has a successor, to the end
/// of its file. What lies behind HEAD in the open segment is left to examine_tail().
/// Fails with disk.
[[nodiscard]] Result<SegmentReport> verify_segment(SegmentFile& segment, const Head& head,
                                                   const Expectation& expected);

}  // namespace daybook::journal
