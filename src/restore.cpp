#include "src/restore.hpp"

#include "src/new_directory.hpp"
#include "tools/files/backup.hpp"

namespace daybook {
namespace {

/// Reads every byte of the copy.
Result<journal::Verdict> check_copy(const files::Path& folder) {
    TRY(const auto directory, journal::open_directory(folder));
    TRY(auto verdict, journal::verify(*directory));
    if (verdict.ok) return verdict;
    return Error{Errc::corrupt,
                 "the copy in " + folder.string() +
                     " is not what the backup has: " + verdict.first_bad->file + " at offset " +
                     std::to_string(verdict.first_bad->offset) + ", " + verdict.first_bad->reason,
                 "look at this disk (dmesg), then restore to another one"};
}

}  // namespace

Result<Restored> restore(const files::Path& backup, const files::Path& data_dir,
                         const files::CopyHooks& hooks) {
    TRY(const auto source, journal::open_directory(backup / "journal"));
    TRY(const auto head, read_head(*source));
    const NewDirectory made{data_dir, "journal.restoring"};
    TRYV(made.begin(backup));
    TRY(const auto copied, copy_journal(*source, head, made.unfinished(), true, hooks));
    if (copied.stopped) return Restored{{}, head.journal, true};
    TRY(auto verdict, check_copy(made.unfinished()));
    TRYV(files::copy_settings(backup, data_dir));
    TRYV(made.finish());
    return Restored{std::move(verdict), head.journal, false};
}

}  // namespace daybook
