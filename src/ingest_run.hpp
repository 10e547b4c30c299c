#pragma once

#include <functional>

#include "src/follow_checkpoint.hpp"
#include "src/ingest/input.hpp"
#include "src/intake.hpp"
#include "src/posix_input.hpp"

namespace daybook {

enum class Source : std::uint8_t { contract, polymarket, kalshi };

/// What an input came to.
struct Tally {
    std::uint64_t lines{};
    std::uint64_t accepted{};     ///< events recorded and understood
    std::uint64_t duplicate{};    ///< recorded before
    std::uint64_t conflicting{};  ///< recorded, but their identity was taken by other content
    std::uint64_t unparsed{};     ///< lines, and parts of frames, kept as they came
    Sequence durable{};
};

struct IngestHooks {
    std::function<bool()> stop;  ///< asked between lines: end here, all that was read is recorded
    std::function<void(std::uint64_t bytes)> progress;
};

/// Records every line of `input`. A frame is one batch; what waits is made durable whenever the
/// input has nothing more at hand, so a bot's line is safe before its next one. Lines that cannot
/// be read are recorded as `unparsed` and counted; only the disk stops it, or a recorder that goes
/// away: then the error says how far everything was acknowledged.
[[nodiscard]] Result<Tally> record_input(Intake& intake, InputFile& input, Source source,
                                         const ingest::Settings& settings,
                                         const IngestHooks& hooks);

/// Records every line of a growing file until hooks.stop(), and keeps the place whenever it is
/// durable. What it began with lies in `checkpoint`.
[[nodiscard]] Result<Tally> follow_file(Intake& intake, FollowedFile& file,
                                        FollowCheckpoint& checkpoint, Source source,
                                        const ingest::Settings& settings, const IngestHooks& hooks);

}  // namespace daybook
