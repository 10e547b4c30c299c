#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/result.hpp"
#include "src/config.hpp"
#include "src/server/server.hpp"
#include "tools/terminal/failure.hpp"

namespace daybook {

/// What a call of the writing program says, each verb's own words among it.
struct Call {
    std::string data;
    bool json{}, quiet{}, verbose{}, no_color{};
    std::string tz;
    std::string version;  ///< of the `daybook` that runs us
    std::string file{"-"}, venue, as;
    bool follow{};
    std::vector<std::string> own;
    std::optional<std::uint16_t> port;
    std::optional<std::string> log_format;
    std::string text;       ///< what the operator says
    std::string scope, by;  ///< of a halt or resume
    std::string folder;     ///< to restore from, to salvage to
    RecordWish wish;
};

/// The verbs, each in a file of its own. They print their answer and give the exit code; what went
/// wrong is left to the caller to tell.
[[nodiscard]] Result<Exit> run_epoch(const Call& call);
[[nodiscard]] Result<Exit> run_halt(const Call& call);
[[nodiscard]] Result<Exit> run_ingest(const Call& call);
[[nodiscard]] Result<Exit> run_init(const Call& call);
[[nodiscard]] Result<Exit> run_note(const Call& call);
[[nodiscard]] Result<Exit> run_record(const Call& call);
[[nodiscard]] Result<Exit> run_resume(const Call& call);
[[nodiscard]] Result<Exit> run_restore(const Call& call);
[[nodiscard]] Result<Exit> run_salvage(const Call& call);
[[nodiscard]] Result<Exit> run_serve(const Call& call);

/// Serves until it is interrupted, with these feeds attached.
[[nodiscard]] Result<Exit> serve_with(const Call& call, Config config,
                                      const std::vector<RecordWish>& feeds);

}  // namespace daybook
