#include "tools/terminal/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace daybook {
namespace {

volatile std::sig_atomic_t g_interrupted = 0;

std::int64_t steady_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Terminal stdout_terminal(bool no_color) {
    Terminal terminal;
    if (::isatty(STDOUT_FILENO) == 0) return terminal;
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) terminal.width = size.ws_col;
    const char* const wish = std::getenv("NO_COLOR");
    terminal.color = !no_color && (wish == nullptr || *wish == '\0');
    return terminal;
}

ProgressLine::ProgressLine(std::string task, std::string unit, bool quiet)
    : task_{std::move(task)},
      unit_{std::move(unit)},
      enabled_{!quiet && ::isatty(STDERR_FILENO) != 0},
      started_ms_{steady_ms()} {}

ProgressLine::~ProgressLine() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
}

void ProgressLine::show(std::uint64_t done, std::uint64_t total) {
    const std::int64_t now = steady_ms();
    const std::int64_t elapsed = now - started_ms_;
    if (!enabled_ || elapsed < 1000 || now - last_ms_ < 200) return;
    last_ms_ = now;
    shown_ = true;
    const std::uint64_t rate = done * 1000 / static_cast<std::uint64_t>(elapsed);
    std::string line = "\r\x1b[K" + task_ + "  " + std::to_string(done);
    if (total > 0) line += " of " + std::to_string(total);
    line += " " + unit_ + "  " + std::to_string(rate) + "/s";
    if (rate > 0 && total > done) line += "  " + std::to_string((total - done) / rate) + " s left";
    std::fputs(line.c_str(), stderr);
}

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = [](int) { g_interrupted = 1; };
    ::sigaction(SIGINT, &action, nullptr);  // without SA_RESTART: a waiting read comes back
    ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return g_interrupted != 0; }

}  // namespace daybook
