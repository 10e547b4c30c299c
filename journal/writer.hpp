#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "journal/head.hpp"
#include "journal/posix_write.hpp"
#include "journal/recovery.hpp"
#include "journal/uuid.hpp"
#include "schemas/ids.hpp"
#include "schemas/result.hpp"

namespace daybook::journal {

/// One event to be appended. The journal does not look into it.
struct Entry {
    std::int64_t received{};  ///< nanoseconds since 1970, the recorder's clock
    std::uint64_t key{};
    std::uint16_t type{};
    std::uint16_t flags{};               ///< mode and kImported; the batch bits are the writer's
    std::span<const std::byte> payload;  ///< 1 byte … 1 MiB; copied by append()
};

struct Options {
    std::uint64_t first_segment = std::uint64_t{4} << 20U;  ///< bytes, a multiple of 4096
    std::uint64_t largest_segment = std::uint64_t{64} << 20U;
    /// Zeroing, sealing and syncing HEAD on a thread of their own. Without it nothing is zeroed
    /// ahead, and the rest is done by the writer's thread at rotation and close().
    bool background = true;
    std::optional<Uuid> journal;    ///< create() takes this name; a random one when there is none
    std::vector<std::byte> schema;  ///< .bfbs kept in journal/schema/; empty: none, or no new one
};

/// Makes `data_dir`/journal with an empty first segment, durably. What a crash left of an earlier
/// create() is made anew. Fails with conflict when there is a journal already, with corrupt when
/// HEAD is missing but there are events: nothing is touched then.
[[nodiscard]] Result<void> create(const std::filesystem::path& data_dir, const Options& options);
[[nodiscard]] Result<void> create(WriteDirectory& directory, const Options& options);

/// How a batch's writer learns that it is durable.
using Done = std::function<void(const Result<Sequence>& first)>;

/// The only writer of a journal. For one thread. Destroyed without close() it leaves what a crash
/// leaves: all that commit() answered for.
class Writer {
  public:
    /// Takes the lock, recovers what the last writer left and seals its segments.
    /// Fails with conflict (the other writer's pid in the detail), not_found, newer, corrupt, disk.
    [[nodiscard]] static Result<Writer> open(const std::filesystem::path& data_dir,
                                             Options options);
    [[nodiscard]] static Result<Writer> open(std::unique_ptr<WriteDirectory> directory,
                                             Options options);
    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) noexcept;
    ~Writer();

    [[nodiscard]] Uuid journal() const;
    /// The sequence the next appended entry gets.
    [[nodiscard]] Sequence next() const;
    /// As written after the last commit(): what readers see.
    [[nodiscard]] Head head() const;
    /// What open() found behind the durable mark; nothing when the last writer left nothing.
    [[nodiscard]] std::optional<Recovered> recovered() const;

    /// Puts `batch` behind all others and gives the sequence of its first entry. It is kept whole
    /// or not at all; durable and readable after the next commit(). When 256 KiB are waiting they
    /// are written, not synced; when it does not fit into the segment, what waits is committed.
    /// Fails with malformed when the batch is empty, its frames are longer than 2 MiB, or a payload
    /// is not 1 byte … 1 MiB: nothing is taken then. Fails with disk like commit().
    Result<Sequence> append(std::span<const Entry> batch);
    /// The same, and `done` is called once, from within a later commit() or close(): with the
    /// sequence of the first entry when the batch is durable, or with the error that shut the
    /// writer. It may append. Never called when append() itself fails, or no commit follows.
    Result<Sequence> append(std::span<const Entry> batch, Done done);

    /// Makes all that was appended durable: one write, one fdatasync, then HEAD; then those who
    /// wait are told. Gives the durable sequence. Fails with disk on the first refusal and ever
    /// after: the writer stays shut, since nobody knows what a refused write left. What was not
    /// answered for may still be found durable by the next open().
    Result<Sequence> commit();

    /// Commits, ends the background thread and leaves a clean HEAD, synced. The lock is free then,
    /// and the writer shut.
    Result<void> close();

  private:
    struct State;
    explicit Writer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace daybook::journal
