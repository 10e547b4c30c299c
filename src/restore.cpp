#include "src/restore.hpp"

#include "tools/files/backup.hpp"

namespace daybook {
namespace {

constexpr const char* kMaking = "journal.restoring";

Result<void> check_empty(const files::Path& data_dir) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{data_dir, error}) {
        if (entry.path().filename() == kMaking) continue;
        return Error{
            Errc::conflict,
            data_dir.string() + " is not empty: it has " + entry.path().filename().string(),
            "name a new directory with --data; nothing was changed"};
    }
    return ok();
}

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
    if (files::lies_in(data_dir, backup) || files::lies_in(backup, data_dir)) {
        return Error{Errc::usage, "the backup and the data directory lie in one another",
                     "name a new directory with --data"};
    }
    TRY(const auto source, journal::open_directory(backup / "journal"));
    TRY(const auto head, read_head(*source));
    TRYV(check_empty(data_dir));
    const files::Path making = data_dir / kMaking;
    std::filesystem::remove_all(making);
    TRYV(files::make_folder(making, 0755));
    TRY(const auto copied, copy_journal(*source, head, making, true, hooks));
    if (copied.stopped) return Restored{{}, head.journal, true};
    TRY(auto verdict, check_copy(making));
    TRYV(files::copy_settings(backup, data_dir));
    TRYV(files::rename(making, data_dir / "journal"));
    TRYV(files::sync_folder(data_dir));
    return Restored{std::move(verdict), head.journal, false};
}

}  // namespace daybook
