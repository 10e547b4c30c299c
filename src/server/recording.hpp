#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "src/recorder.hpp"
#include "src/server/metrics.hpp"

namespace daybook::server {

/// What a batch came to: its events in order, durable; or why none of it was taken.
using Outcome = Result<std::vector<Recorded>>;

struct RecordingHooks {
    std::function<Time()> now;
    std::function<void(Sequence)> durable;  ///< after each commit
    std::function<void(const std::string&)> log;
};

/// The one thread that records. Batches of all clients wait in one queue; those that wait together
/// are made durable by one sync. Every batch is one input of its own (contract §1), so a batch that
/// is sent again adds nothing.
///
/// A disk that refuses, or has less room than a rotation needs, makes it refuse batches with a
/// `disk` error; it tries again every second and goes on when there is room.
class Recording {
  public:
    Recording(std::string data_dir, Metrics& metrics, RecordingHooks hooks);
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;
    ~Recording();

    /// Opens the journal (fails as Recorder::open), records `recorder_started` and starts.
    [[nodiscard]] Result<void> start(const std::string& version);
    /// Hands over a batch of `bytes` bytes; `done` is called once, from the recording thread, when
    /// it is durable or refused. False when too much waits already: `done` is not called then, and
    /// `batch` is still the caller's.
    [[nodiscard]] bool offer(std::vector<Event>&& batch, std::size_t bytes,
                             std::function<void(const Outcome&)> done);
    /// Why batches are refused now; nothing when they are not.
    [[nodiscard]] std::optional<Error> refusing() const;
    /// Records what waits, then `recorder_stopped`, and leaves a clean journal.
    [[nodiscard]] Result<void> stop(const std::string& reason);

  private:
    struct Waiting {
        std::vector<Event> batch;
        std::size_t bytes{};
        std::function<void(const Outcome&)> done;
    };
    struct Answer {
        std::function<void(const Outcome&)> done;
        Outcome outcome;
    };

    void run();
    [[nodiscard]] std::deque<Waiting> take();
    void record(std::deque<Waiting> waiting);
    void commit(std::vector<Answer>& answers);
    void count(const Outcome& outcome);
    [[nodiscard]] Result<void> look_at_disk();
    void shut(const Error& error);
    void try_again();
    [[nodiscard]] Result<void> say(Body body);

    std::string data_dir_;
    Metrics& metrics_;
    RecordingHooks hooks_;
    std::optional<Recorder> recorder_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Waiting> queue_;
    std::size_t queued_bytes_{};
    std::optional<Error> refusing_;
    bool stopping_{};
    std::thread thread_;
};

}  // namespace daybook::server
