#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "journal/footer.hpp"
#include "journal/head.hpp"
#include "journal/posix_read.hpp"
#include "journal/record.hpp"
#include "journal/tree.hpp"
#include "journal/uuid.hpp"
#include "schemas/result.hpp"

namespace daybook::journal {

/// Whether the hash of every event is looked at on the way, or only of those that are wanted.
enum class Check : std::uint8_t { what_is_read, every_event };

/// Reads a journal, beside its writer or without one. Shows durable events only, each one
/// verified as it is read. Uses the same memory however long the journal is. Not for two threads
/// at once; open a second one instead.
///
/// Everything fails with corrupt (file, offset, sequence, expected, found in the detail) when
/// bytes are not what was written, with disk when the system refuses to read.
class Reader {
  public:
    /// Opens `data_dir`/journal. Fails with not_found when there is none, with newer when a newer
    /// program wrote it.
    [[nodiscard]] static Result<Reader> open(const std::filesystem::path& data_dir);
    [[nodiscard]] static Result<Reader> open(std::unique_ptr<ReadDirectory> directory);
    /// A second reader of the same journal, with the same head, at the first event: for another
    /// thread.
    [[nodiscard]] Result<Reader> again() const;
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();

    [[nodiscard]] Uuid journal() const;
    /// As of open() or the last refresh(): every answer below is about this head.
    [[nodiscard]] Head head() const;
    /// Reads HEAD again. The head never moves backwards.
    Result<Head> refresh();

    /// The event with that number. Fails with not_found when it is 0 or not durable yet.
    [[nodiscard]] Result<Record> at(Sequence sequence);

    /// The next event in order, from the first one or where seek() said. Nothing at the durable
    /// end: call it again after a refresh() and it goes on.
    [[nodiscard]] Result<std::optional<Record>> next();
    /// The same; nothing also when the next one lies behind `last`.
    [[nodiscard]] Result<std::optional<Record>> next_until(Sequence last);
    /// next() returns `first` next, when it exists or as soon as it does; 0 means 1. With `wants`
    /// it returns events of the types that function says yes to, and passes by all others: in
    /// sealed segments without reading them, so only what is returned is verified unless `check`
    /// says otherwise.
    Result<void> seek(Sequence first, Wants wants = {}, Check check = Check::what_is_read);
    /// next() goes on at `first`, with the types that seek() said. Costs little where it is near.
    Result<void> skip_to(Sequence first);

    /// The chained root at the head. Reads the frames that no footer covers yet.
    [[nodiscard]] Result<Chain> chain();
    /// Events up to the head by type; footers tell most of it.
    [[nodiscard]] Result<std::map<std::uint16_t, std::uint64_t>> count_by_type();
    [[nodiscard]] Result<std::uint64_t> bytes() const;  ///< of all segment files
    [[nodiscard]] std::uint64_t segments() const;

  private:
    struct State;
    explicit Reader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace daybook::journal
