#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "campaigns/campaign.hpp"
#include "journal/reader.hpp"
#include "journal/writer.hpp"

namespace daybook::campaigns {

/// The payload of event `sequence` as life `life` of the writer appended it: what a life lost and
/// the next one replaced is told apart.
[[nodiscard]] std::string payload_of(std::uint64_t life, std::uint64_t sequence);

/// What a load appended, and how much of it was acknowledged: what a journal is held against.
class Book {
  public:
    [[nodiscard]] std::uint64_t appended() const { return events_.size(); }
    [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
    void acknowledge(std::uint64_t sequence) {
        if (sequence > acknowledged_) acknowledged_ = sequence;
    }

    /// Appends a batch of `count` new events. It is entered before the writer has it, since a
    /// refused one may be found all the same. Gives its last sequence.
    Result<std::uint64_t> append(journal::Writer& writer, std::uint64_t count);
    /// The same, acknowledged when the writer says so to those who wait.
    Result<void> append_and_wait(journal::Writer& writer, std::uint64_t count);
    Result<void> commit(journal::Writer& writer);

    /// Enters a batch of the life at hand without a writer, e.g. of another process.
    void enter(std::uint64_t count);

    /// Reads all that `reader` has: everything acknowledged, nothing that was not appended, batches
    /// whole. What it has is the book from then on, acknowledged, and another life begins.
    [[nodiscard]] Finding restart(journal::Reader& reader);
    /// The same without taking over what is found.
    [[nodiscard]] Finding compare(journal::Reader& reader) const;

  private:
    struct Told {
        std::uint32_t life;
        bool ends_batch;
    };
    [[nodiscard]] Result<void> check_next(const journal::Writer& writer) const;
    [[nodiscard]] Finding judge(const journal::Record& record, std::uint64_t place) const;
    [[nodiscard]] Finding judge_end(std::uint64_t found) const;

    std::vector<Told> events_;  ///< by sequence - 1
    std::uint64_t acknowledged_{};
    std::uint32_t life_ = 1;
    bool misled_ = false;  ///< a callback named another batch
};

}  // namespace daybook::campaigns
