#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "journal/posix_read.hpp"
#include "journal/tree.hpp"
#include "schemas/ids.hpp"
#include "schemas/result.hpp"

namespace daybook::journal {

struct Damage {
    std::string file;        ///< in journal/: "00000001.segment", "HEAD", "schema/….bfbs"
    std::uint64_t offset{};  ///< of the frame, or of the first byte that is wrong
    Sequence sequence;       ///< of the event that is damaged; 0: none is
    std::uint16_t type{};    ///< of that event as far as its bytes tell; 0: unknown
    std::string reason;      ///< expected …, found …
};

struct Range {  ///< events first … last, both intact
    Sequence first;
    Sequence last;
    friend bool operator==(const Range&, const Range&) = default;
};

struct Verdict {
    bool ok{};
    std::uint64_t events{};  ///< intact and durable
    std::uint64_t bytes{};   ///< read: all of every segment, HEAD and the schemas
    std::uint64_t segments{};
    std::uint64_t sealed{};   ///< of them have a footer that agrees with their frames
    Chain chain;              ///< recomputed; meaningful when ok
    std::uint64_t damages{};  ///< places found; the first one is told
    std::optional<Damage> first_bad;
    std::vector<Range> intact;  ///< ascending; at most kRangesMax, the last one then unfinished
    /// Bytes behind the durable end that are not zero: a commit under way, or the torn tail that
    /// the next start puts into quarantine. Never after a clean stop: then it is damage.
    std::uint64_t tail_bytes{};
};
inline constexpr std::size_t kRangesMax = 1000;

/// Called after each segment: bytes read so far, and of how many.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Reads every byte of `data_dir`/journal but LOCK and quarantine/: both copies of each header,
/// frames, the zeros between and behind them, footers (compared with what the frames say), roots,
/// schemas, both slots of HEAD. May run beside a writer. Damage is a verdict, not an error.
/// Fails with not_found, newer, disk.
[[nodiscard]] Result<Verdict> verify(const std::filesystem::path& data_dir,
                                     const Progress& progress = {});
[[nodiscard]] Result<Verdict> verify(const ReadDirectory& directory, const Progress& progress = {});

}  // namespace daybook::journal
