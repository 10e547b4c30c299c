#pragma once

#include <string>

#include "tools/files/posix_files.hpp"

namespace daybook {

/// A data directory that is made from another folder. Its journal is built under another name and
/// gets the right one last, so that it is there whole, or not at all.
struct NewDirectory {
    files::Path path;
    std::string making;  ///< what the journal is called until then: "journal.restoring"

    [[nodiscard]] files::Path unfinished() const { return path / making; }
    /// Makes room for it; what an earlier attempt left behind is removed. Fails with usage when
    /// `path` and `other` lie in one another, with conflict when there is anything else in `path`.
    [[nodiscard]] Result<void> begin(const files::Path& other) const;
    /// Gives the finished journal its name, durably.
    [[nodiscard]] Result<void> finish() const;
};

}  // namespace daybook
