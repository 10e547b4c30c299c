#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "projections/projector.hpp"

namespace daybook::server {

/// A thread that folds what is durable into some projections. It never holds up recording: when it
/// fails it says so, starts anew, and what is not folded waits in the journal.
class FoldingThread {
  public:
    struct Hooks {
        std::function<Time()> now;
        std::function<void(const std::string&)> log;
    };
    /// How long rows may wait for the next ones, to be committed with them; and the thread gives
    /// way to others then. Nothing: they are visible as soon as may be.
    using Together = std::optional<std::chrono::milliseconds>;

    FoldingThread(std::string data_dir, std::vector<Projection> projections, Together together,
                  Hooks hooks);
    FoldingThread(const FoldingThread&) = delete;
    FoldingThread& operator=(const FoldingThread&) = delete;
    ~FoldingThread() { stop(); }

    void start();
    /// Something became durable. Never waits.
    void notify();
    /// Folds what is durable, syncs and ends.
    void stop();
    /// Why its rows are not up to date: it has not started yet, or failed. Nothing when they are.
    [[nodiscard]] std::optional<std::string> waiting_for() const;
    /// The last event it has folded.
    [[nodiscard]] std::uint64_t seen() const { return seen_; }

  private:
    void run();
    [[nodiscard]] Result<void> follow(Projector& projector);
    [[nodiscard]] Result<void> fold(Projector& projector);
    [[nodiscard]] bool wait(bool pending);
    void tell(std::optional<std::string> why);

    std::string data_dir_;
    std::vector<Projection> projections_;
    Together together_;
    Hooks hooks_;
    std::atomic<std::uint64_t> seen_{};
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool news_{true}, stopping_{};
    std::optional<std::string> why_{"projections are being brought up to date"};
    std::thread thread_;
};

/// Folds live. `positions` and `orders`, which a bot asks before it trades, have a thread each and
/// are committed with the events that change them; the others every 50 ms.
class Folding {
  public:
    Folding(const std::string& data_dir, const FoldingThread::Hooks& hooks);

    void start();
    /// Something became durable. Never waits.
    void notify();
    /// Folds what is durable, syncs and ends.
    void stop();
    /// Why answers are not up to date: it has not started yet, or failed. Nothing when they are.
    [[nodiscard]] std::optional<std::string> waiting_for() const;
    /// The last event that every projection has seen.
    [[nodiscard]] std::uint64_t seen() const;

  private:
    std::vector<std::unique_ptr<FoldingThread>> threads_;
};

}  // namespace daybook::server
