#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "journal/frame.hpp"
#include "journal/head.hpp"
#include "journal/record.hpp"

namespace daybook::journal {

/// Where a journal stops making sense: the first thing found wrong behind the last good frame.
struct Hole {
    std::string file;  ///< "00000002.segment"
    std::optional<std::uint64_t> offset;
    std::string why;
};

/// Reads what is left of a journal in whatever state: frames that verify by themselves, in the
/// order of their sequences. Missing files, broken headers, HEAD gone, sectors that cannot be read:
/// what lies behind them is read all the same. Changes nothing; needs memory for one window.
///
/// Behind HEAD it takes what a start would keep: whole batches, one behind the other. Without a
/// HEAD, or with one of an earlier segment, nobody knows what was acknowledged, and every frame
/// that verifies is taken.
class Survivors {
  public:
    /// Fails with not_found when there is no segment, with corrupt when neither HEAD nor any
    /// segment tells the journal's UUID, which every frame's hash covers.
    [[nodiscard]] static Result<Survivors> open(std::unique_ptr<ReadDirectory> directory);
    Survivors(Survivors&&) noexcept;
    Survivors& operator=(Survivors&&) noexcept;
    ~Survivors();

    [[nodiscard]] Uuid journal() const;
    /// The next frame, the caller's until the next call; nothing at the end. Its sequence is
    /// greater than the one before: when not by one, hole() says what lies between.
    [[nodiscard]] Result<std::optional<Record>> next();
    /// What was found wrong behind the frame before the last next().
    [[nodiscard]] const std::optional<Hole>& hole() const;
    /// At the end: the last sequence that is known to have been there, by frame, HEAD or header.
    [[nodiscard]] Sequence last_known() const;
    /// Bytes looked at so far, and in all.
    [[nodiscard]] std::uint64_t bytes_read() const;
    [[nodiscard]] std::uint64_t bytes() const;

  private:
    struct State;
    explicit Survivors(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace daybook::journal
