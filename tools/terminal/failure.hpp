#pragma once

#include <string>

#include "schemas/result.hpp"

namespace daybook {

/// Exit codes of both programs (contract §2).
enum class Exit : int {
    done = 0,
    failed = 1,
    usage = 2,
    findings = 3,    ///< verification failed, differences
    no_match = 4,    ///< nothing matched
    conflict = 5,    ///< lock held, stale plan
    incomplete = 6,  ///< unparsed input, gap, quarantined tail
    denied = 7,
    interrupted = 130,
};

[[nodiscard]] Exit exit_of(Errc code);

/// There is no journal in the data directory `data`: with what to do.
[[nodiscard]] Error no_journal(const std::string& data);

/// Tells what went wrong on stderr (what, cause, remedy); with `json` also as one object on stdout.
/// Gives the exit code that goes with it.
[[nodiscard]] Exit report(const Error& error, bool json);

/// Writes `text` to stdout, buffered. Ends the program with exit 1 when stdout refuses (a full
/// disk); a reader that went away ends it quietly, as it does others.
void print_out(const std::string& text);
/// While it lives, print_out() adds to `text` and nothing reaches stdout.
class Captured {
  public:
    Captured();
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;
    ~Captured();
    std::string text;
};
/// Puts out what print_out() still holds.
void flush_out();

}  // namespace daybook
