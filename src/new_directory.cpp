#include "src/new_directory.hpp"

namespace daybook {
namespace {

/// What lies beside the journal and is written before it gets its name.
bool is_setting(const std::string& name) { return name == "keys" || name == "daybook.toml"; }

}  // namespace

Result<void> NewDirectory::begin(const files::Path& other) const {
    if (files::lies_in(path, other) || files::lies_in(other, path)) {
        return Error{Errc::usage, path.string() + " and " + other.string() + " lie in one another",
                     "name a new directory elsewhere"};
    }
    std::error_code error;
    const bool begun = std::filesystem::exists(unfinished(), error);
    for (const auto& entry : std::filesystem::directory_iterator{path, error}) {
        const std::string name = entry.path().filename();
        if (name == making || (begun && is_setting(name))) continue;
        return Error{Errc::conflict, path.string() + " is not empty: it has " + name,
                     "name a new directory; nothing was changed"};
    }
    std::filesystem::remove_all(unfinished(), error);
    if (error) {
        return Error{Errc::disk, "cannot remove " + unfinished().string() + ": " + error.message(),
                     "it is what an interrupted attempt left; remove it"};
    }
    TRYV(files::make_folder(path, 0700));  // nobody but its owner may look into the record
    return files::make_folder(unfinished(), 0755);
}

Result<void> NewDirectory::finish() const {
    TRYV(files::rename(unfinished(), path / "journal"));
    return files::sync_folder(path);
}

}  // namespace daybook
