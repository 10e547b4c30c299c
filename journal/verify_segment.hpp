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
    Verdict verdict;

  private:
    void add(Damage damage);
};

/// What one segment has to agree with, as far as it is known.
struct Expectation {
    std::optional<std::uint64_t> first;          ///< sequence behind the last one before
    std::optional<std::uint64_t> previous_hash;  ///< of the last frame before
    std::optional<std::uint64_t> last;           ///< the next header tells, or HEAD
    std::optional<std::uint64_t> last_hash;
    std::optional<Digest> previous_chain;
    bool open{};  ///< the last one: its frames end where HEAD says
};

/// What the next segment has to agree with; nothing where this one is damaged.
struct Outcome {
    std::optional<std::uint64_t> last;
    std::optional<std::uint64_t> last_hash;
    std::optional<Digest> chain;
};

/// Verifies all bytes of `segment` up to its durable end and, when it has a successor, to the end
/// of its file. What lies behind HEAD in the open segment is left to examine_tail().
/// Fails with disk.
[[nodiscard]] Result<Outcome> verify_segment(SegmentFile& segment, const Head& head,
                                             const Expectation& expected, Findings& findings);

}  // namespace daybook::journal
