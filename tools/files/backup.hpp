#pragma once

#include <string>

#include "schemas/time.hpp"
#include "tools/files/journal_copy.hpp"

namespace daybook::files {

/// A folder that backup() made, by the file `backup.json` in it. It is laid out as a data
/// directory, so what reads one reads it; what writes one must not.
struct Backup {
    journal::Head head;  ///< of the journal when it was copied
    Copied copied;
};

/// Copies the journal of `data_dir` to `folder`, or brings an earlier backup there up to it, with
/// daybook.toml and the public key. The secret key stays where it is. `now`: for backup.json.
///
/// Fails with not_found when there is no journal, with usage when `folder` lies in `data_dir`, with
/// conflict when it is neither empty nor a backup of this journal, is ahead of it, or another
/// backup is at work there; otherwise as copy_journal().
[[nodiscard]] Result<Backup> backup(const Path& data_dir, const Path& folder, Time now,
                                    const CopyHooks& hooks);

/// daybook.toml, when it is there.
[[nodiscard]] Result<void> copy_config(const Path& from, const Path& to);
/// daybook.toml and keys/receipt.pub of `from`, as far as they are there.
[[nodiscard]] Result<void> copy_settings(const Path& from, const Path& to);

}  // namespace daybook::files
