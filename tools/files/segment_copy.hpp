#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "journal/layout.hpp"
#include "tools/files/posix_files.hpp"

namespace daybook::files {

/// One segment of a journal, as it is to be copied: checked, every frame and its root.
struct CheckedSegment {
    journal::OpenSegment segment;
    std::uint64_t end{};   ///< offset behind its last durable frame
    std::uint64_t size{};  ///< of the copy: the whole file, or what its header announces
    bool sealed{};         ///< its footer is copied too; the copy never changes again
    journal::Digest chain{};
};

/// Opens segment `number` under `head` and reads all of it. `previous`: the chain before it.
/// Fails with corrupt (file, offset, sequence) when it is not what was written: what is damaged
/// is not copied over what may be whole.
[[nodiscard]] Result<CheckedSegment> check_segment(const journal::ReadDirectory& source,
                                                   const journal::Head& head, std::uint64_t number,
                                                   const journal::Digest& previous);

/// Asked now and then; true: give up.
using Stop = std::function<bool()>;
/// Told of bytes that were copied since the last time.
using Told = std::function<void(std::uint64_t bytes)>;

/// The copy, synced, not yet under its name; nothing when `stop` said so. What lies behind the
/// durable end of a segment that is not sealed reads as zeros.
[[nodiscard]] Result<std::optional<NewFile>> copy_segment(CheckedSegment& checked, const Path& to,
                                                          const Stop& stop, const Told& told);

}  // namespace daybook::files
