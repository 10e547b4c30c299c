#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "journal/head.hpp"
#include "journal/posix_write.hpp"
#include "journal/segment_write.hpp"

namespace daybook::journal {

/// The journal's second thread: writes the zeros of the next segment ahead of time, seals the one
/// before, and syncs HEAD once a second when it has changed. The writer's thread leaves a wish and
/// goes on; it never waits for this one, except in stop().
///
/// Wishes are single values, each replacing the one before, so nothing can queue up.
class Background {
  public:
    /// `directory` has to outlive this object. Segments 1 … `sealed` are sealed already.
    Background(WriteDirectory& directory, const Uuid& journal, std::uint64_t sealed);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// Write `size` zeros for segment `number`; whatever was being made for another is dropped.
    void prepare(std::uint64_t number, std::uint64_t size);
    /// The zeros for segment `number`, when they are all written and synced.
    [[nodiscard]] std::optional<BlankSegment> take(std::uint64_t number);
    /// Seal every segment before `number`.
    void seal_before(std::uint64_t number);
    /// HEAD was written once more, after `appended` bytes. `now`: do not wait for the second.
    void head_written(std::uint64_t appended, bool now);

    /// Segments sealed so far.
    [[nodiscard]] std::uint64_t sealed() const { return sealed_.load(); }
    [[nodiscard]] bool failed() const { return failed_.load(std::memory_order_relaxed); }
    /// Why HEAD could not be synced; the writer stops then. A segment that could not be zeroed or
    /// sealed stops nobody: the next one is allocated instead, the next start seals.
    [[nodiscard]] std::optional<Error> failure();
    /// Ends the thread after the step it is in.
    void stop();

  private:
    using Clock = std::chrono::steady_clock;
    struct Wishes {  // the writer's, under mutex_
        std::uint64_t number{};
        std::uint64_t size{};
        std::uint64_t seal_before{};
        std::uint64_t appended{};
        bool head_changed{};
        bool head_now{};
    };
    struct Zeroing {  // the thread's own
        BlankSegment blank;
        std::uint64_t number{};
        std::uint64_t size{};
        std::uint64_t written{};
        Clock::time_point next_step{};
    };

    void run(const std::stop_token& stop);
    Clock::time_point turn(const Wishes& wishes);
    void sync_head(const Wishes& wishes);
    void seal_one(std::uint64_t before);
    void zero_step(const Wishes& wishes);
    Result<void> begin_zeroing(const Wishes& wishes);
    Result<void> write_zeros();
    Result<void> finish_zeroing();
    void drop_zeroing();
    void drop_late();
    void measure(std::uint64_t appended);
    void fail(const Error& error);

    WriteDirectory& directory_;
    const Uuid journal_;
    std::atomic<std::uint64_t> sealed_;

    std::mutex mutex_;  ///< held for a few instructions at a time
    std::condition_variable_any changed_;
    Wishes wishes_;
    std::optional<BlankSegment> ready_;
    std::uint64_t ready_number_{};
    std::optional<Error> failure_;
    std::atomic<bool> failed_{};

    std::unique_ptr<WriteFile> head_;
    Zeroing zeroing_;
    std::uint64_t given_up_{};  ///< the segment whose zeros could not be written
    bool seal_refused_{};
    std::optional<Digest> chain_;  ///< after segment sealed_
    Clock::time_point head_due_{};
    Clock::time_point measured_{};
    std::uint64_t measured_bytes_{};
    double bytes_per_second_{};

    std::jthread thread_;  ///< last: it uses all of the above
};

}  // namespace daybook::journal
