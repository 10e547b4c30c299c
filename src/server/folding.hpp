#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "projections/projector.hpp"
#include "src/server/metrics.hpp"

namespace daybook::server {

/// The one thread that folds what is durable. It never holds up recording: when it fails it says
/// so, starts anew, and what is not folded waits in the journal.
class Folding {
  public:
    struct Hooks {
        std::function<Time()> now;
        std::function<void(const std::string&)> log;
    };
    Folding(std::string data_dir, Metrics& metrics, Hooks hooks);
    Folding(const Folding&) = delete;
    Folding& operator=(const Folding&) = delete;
    ~Folding();

    void start();
    /// Something became durable. Never waits.
    void notify();
    /// Folds what is durable, syncs and ends.
    void stop();
    /// Why answers are not up to date: it has not started yet, or failed. Nothing when they are.
    [[nodiscard]] std::optional<std::string> waiting_for() const;

  private:
    void run();
    [[nodiscard]] Result<void> follow(Projector& projector);
    [[nodiscard]] bool wait(bool pending);
    void tell(std::optional<std::string> why);

    std::string data_dir_;
    Metrics& metrics_;
    Hooks hooks_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool news_{true}, stopping_{};
    std::optional<std::string> why_{"projections are being brought up to date"};
    std::thread thread_;
};

}  // namespace daybook::server
