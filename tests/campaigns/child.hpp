#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>

namespace daybook::campaigns {

/// What a child tells its parent; it stays when the child is killed.
struct Told {
    std::atomic<std::uint64_t> acknowledged{};  ///< durable up to here
    std::atomic<std::uint64_t> begun{};         ///< events of this life handed to the recorder
    std::atomic<std::uint64_t> calls{};         ///< that change files
    std::atomic<bool> refused{};                ///< the recorder said no; `why` holds its words
    std::atomic<bool> went_on{};                ///< and took more afterwards
    std::array<char, 400> why{};
    void set_why(const std::string& words);
};

/// How a child ended.
struct Ended {
    int signal{};  ///< 0: by itself
    int code{};
};

/// Runs `act` in a process of its own and waits for its end. It is killed after `life`, and
/// answers SIGALRM when it takes longer than half a minute by itself.
[[nodiscard]] Ended run_child(const std::function<int()>& act,
                              std::chrono::microseconds life = std::chrono::seconds(60));

/// Memory that both processes see. One at a time; all zero at first.
[[nodiscard]] Told& shared_page();

/// A folder in memory, where there is one, that goes away with it.
class Scratch {
  public:
    Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch();
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace daybook::campaigns
