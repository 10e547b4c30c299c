#pragma once

#include <cstdint>
#include <vector>

#include "journal/head.hpp"
#include "tools/files/segment_copy.hpp"

namespace daybook::files {

/// What a copy brought along.
struct Copied {
    std::uint64_t segments{};  ///< written
    std::uint64_t kept{};      ///< segments that were there already
    std::uint64_t bytes{};     ///< written, of segments
    journal::Digest chain{};   ///< at the head that was copied
    bool stopped{};            ///< by Stop: the copy is as it was before
};

struct CopyHooks {
    Stop stop;
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

/// Brings the journal in folder `target` to `head` of `source`: sealed segments that are not there
/// yet, those still open up to what is durable, schemas, quarantine, HEAD last. Every byte that is
/// copied is checked and synced before it gets its name, and until HEAD has it, the copy reads as
/// it did before. `source` may have a writer. `clean`: nobody writes to the copy, so HEAD may say
/// so.
///
/// Fails with conflict when `target` is another journal, is ahead of `source` or has another
/// history; with corrupt when `source` is damaged: the copy stays as it was; with disk.
[[nodiscard]] Result<Copied> copy_journal(const journal::ReadDirectory& source,
                                          const journal::Head& head, const Path& target, bool clean,
                                          const CopyHooks& hooks);

}  // namespace daybook::files
