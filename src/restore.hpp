#pragma once

#include "journal/verify.hpp"
#include "tools/files/journal_copy.hpp"

namespace daybook {

struct Restored {
    journal::Verdict verdict;  ///< of what was restored; ok unless `stopped`
    journal::Uuid journal;
    bool stopped{};  ///< by the hook; nothing was restored
};

/// Makes `data_dir` from `backup`: a folder of `daybook backup`, or any data directory. Every frame
/// and root is checked while it is copied, and every byte is read again before the journal gets its
/// name; so a journal is there whole, or not at all.
/// Fails with not_found when there is nothing to restore, with conflict when `data_dir` is not
/// empty (what an interrupted restore left does not count), with corrupt when the backup is
/// damaged, with disk.
[[nodiscard]] Result<Restored> restore(const files::Path& backup, const files::Path& data_dir,
                                       const files::CopyHooks& hooks);

}  // namespace daybook
