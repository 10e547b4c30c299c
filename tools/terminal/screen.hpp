#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/terminal/table.hpp"

namespace daybook {

/// The terminal on stdout: its width and whether colours are wanted; no limit and no colour for a
/// file, a pipe, with NO_COLOR set, or when `no_color`.
[[nodiscard]] Terminal stdout_terminal(bool no_color);

/// One line on stderr that tells how far a long task is: share done, rate, time left. Shows itself
/// after a second, on a terminal only, and wipes itself away.
class ProgressLine {
  public:
    ProgressLine(std::string task, std::string unit, bool quiet);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    void show(std::uint64_t done, std::uint64_t total);

  private:
    std::string task_, unit_;
    bool enabled_;
    bool shown_{};
    std::int64_t started_ms_, last_ms_{};
};

/// Set by SIGINT and SIGTERM once catch_interrupts() was called; the loops ask it.
void catch_interrupts();
[[nodiscard]] bool interrupted();

}  // namespace daybook
