#include "tools/files/backup.hpp"

#include "journal/hex.hpp"
#include "schemas/json.hpp"
#include "tools/files/keys.hpp"

namespace daybook::files {
namespace {

constexpr const char* kMarker = "backup.json";
constexpr std::size_t kSettingsMax = std::size_t{16} << 20U;

/// What a killed backup left behind.
void remove_unfinished(const Path& folder) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
        if (entry.path().extension() == ".new") std::filesystem::remove(entry.path(), error);
    }
}

std::string marker_text(const journal::Head& head, const Copied& copied, Time now) {
    JsonWriter out;
    out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("backup");
    out.key("journal").text(to_text(head.journal)).key("seq").number(head.durable.raw);
    out.key("chain").text(journal::to_hex(copied.chain)).key("time").text(format_time(now));
    out.end_object();
    return std::move(out).str() + '\n';
}

/// Whether `folder` may take a backup of `data_dir`.
Result<void> check_folder(const Path& data_dir, const Path& folder) {
    if (lies_in(folder, data_dir) || lies_in(data_dir, folder)) {
        return Error{Errc::usage, folder.string() + " and the data directory lie in one another",
                     "name a folder elsewhere, best on another disk"};
    }
    std::error_code error;
    if (nothing_at(folder) || std::filesystem::exists(folder / kMarker, error)) return ok();
    return Error{Errc::conflict,
                 folder.string() + " holds other files and is no backup (no backup.json in it)",
                 "name a new folder; nothing was changed"};
}

Result<void> copy_one(const Path& from, const Path& to) {
    auto text = read_file(from, kSettingsMax);
    if (!text && text.error().code == Errc::not_found) return ok();
    if (!text) return text.error();
    const auto there = read_file(to, kSettingsMax);
    if (there && there.value() == text.value()) return ok();
    return write_file(to, text.value(), 0644, Existing::replaced);
}

}  // namespace

Result<void> copy_config(const Path& from, const Path& to) {
    return copy_one(from / "daybook.toml", to / "daybook.toml");
}

Result<void> copy_settings(const Path& from, const Path& to) {
    TRYV(make_folder(to / "keys", 0700));
    TRYV(copy_one(public_key_file(from), public_key_file(to)));
    return copy_config(from, to);
}

Result<Backup> backup(const Path& data_dir, const Path& folder, Time now, const CopyHooks& hooks) {
    TRY(const auto source, journal::open_directory(data_dir / "journal"));
    TRY(const auto head, read_head(*source));
    TRYV(check_folder(data_dir, folder));
    TRYV(make_folder(folder, 0700));
    if (nothing_at(folder)) {  // from here on it is a backup, if an unfinished one
        TRYV(write_file(folder / kMarker, marker_text(head, {}, now), 0644, Existing::kept));
    }
    TRY(const auto lock, FolderLock::take(folder / "backup.lock"));
    remove_unfinished(folder);
    remove_unfinished(folder / "journal");
    TRY(const auto copied, copy_journal(*source, head, folder / "journal", false, hooks));
    if (copied.stopped) return Backup{head, copied};
    TRYV(copy_settings(data_dir, folder));
    TRYV(write_file(folder / kMarker, marker_text(head, copied, now), 0644, Existing::replaced));
    return Backup{head, copied};
}

}  // namespace daybook::files
