#include "projections/store/directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#include "schemas/planted.hpp"

namespace daybook::store {
namespace {

Error disk(std::string_view what, std::string_view name) {
    const std::string reason = std::strerror(errno);
    return {Errc::disk, std::string{what} + " projections/" + std::string{name} + ": " + reason,
            "check space and rights; projections can always be rebuilt from the journal"};
}

Result<void> check_name(std::string_view name) {
    const bool good = !name.empty() && name.front() != '.' && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '.';
    });
    if (!good)
        return Error{Errc::usage,
                     "not a file name below projections/: '" + std::string{name} + "'"};
    return ok();
}

Result<void> write_all(int fd, std::string_view content, std::string_view name) {
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return disk("cannot write", name);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(fd) != 0) return disk("cannot sync", name);
    return ok();
}

Result<std::string> read_all(int fd, std::string_view name) {
    std::string content;
    char buffer[4096];
    for (;;) {
        const ssize_t count = ::read(fd, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return disk("cannot read", name);
        if (count == 0) return content;
        content.append(buffer, static_cast<std::size_t>(count));
    }
}

/// What a kill in the middle of a write leaves.
bool ends_in_half_a_line(int fd) {
    char last = '\n';
    const off_t size = ::lseek(fd, 0, SEEK_END);
    return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

constexpr std::string_view kGone = ".gone";  // a folder on its way out, under no name of its own

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
constexpr int kPlain = O_CLOEXEC | O_NOFOLLOW;

}  // namespace

Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

Result<Directory> Directory::open(const std::string& path, bool create) {
    if (create && ::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return disk("cannot make", "");
    Descriptor fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (fd.get() >= 0) return Directory{std::move(fd)};
    if (errno == ENOENT) return Error{Errc::not_found, "there is no folder projections/"};
    return disk("cannot open", "");
}

Result<Directory> Directory::child(std::string_view name, bool create) const {
    TRYV(check_name(name));
    const std::string text{name};
    if (create && ::mkdirat(fd_.get(), text.c_str(), 0700) != 0 && errno != EEXIST)
        return disk("cannot make", name);
    Descriptor fd{::openat(fd_.get(), text.c_str(), kFolder)};
    if (fd.get() >= 0) return Directory{std::move(fd)};
    if (errno == ENOENT) return Error{Errc::not_found, "there is no folder projections/" + text};
    return disk("cannot open", name);
}

Result<std::vector<std::string>> Directory::names() const {
    const int again = ::openat(fd_.get(), ".", kFolder);  // a listing of its own position
    const std::unique_ptr<DIR, int (*)(DIR*)> listing{again < 0 ? nullptr : ::fdopendir(again),
                                                      ::closedir};
    if (!listing) return disk("cannot list", "");
    std::vector<std::string> found;
    while (const dirent* entry = ::readdir(listing.get())) {
        const std::string_view name{entry->d_name};
        if (name != "." && name != "..") found.emplace_back(name);
    }
    std::ranges::sort(found);
    return found;
}

Result<std::optional<std::string>> Directory::read(std::string_view name) const {
    TRYV(check_name(name));
    const Descriptor fd{::openat(fd_.get(), std::string{name}.c_str(), kPlain | O_RDONLY)};
    if (fd.get() < 0 && errno == ENOENT) return std::optional<std::string>{};
    if (fd.get() < 0) return disk("cannot open", name);
    TRY(auto content, read_all(fd.get(), name));
    return std::optional<std::string>{std::move(content)};
}

Result<void> Directory::replace(std::string_view name, std::string_view content) const {
    TRYV(check_name(name));
    const std::string target{name};
    const std::string beside = PLANTED(current_in_place) ? target : target + ".new";
    {
        const Descriptor fd{
            ::openat(fd_.get(), beside.c_str(), kPlain | O_WRONLY | O_CREAT | O_TRUNC, 0600)};
        if (fd.get() < 0) return disk("cannot write", beside);
        TRYV(write_all(fd.get(), content, beside));
    }
    if (::renameat(fd_.get(), beside.c_str(), fd_.get(), target.c_str()) != 0)
        return disk("cannot rename", beside);
    if (::fsync(fd_.get()) != 0) return disk("cannot sync the folder of", name);
    return ok();
}

Result<void> Directory::append_line(std::string_view name, std::string_view line) const {
    TRYV(check_name(name));
    const Descriptor fd{
        ::openat(fd_.get(), std::string{name}.c_str(), kPlain | O_RDWR | O_CREAT | O_APPEND, 0600)};
    if (fd.get() < 0) return disk("cannot write", name);
    const std::string before = ends_in_half_a_line(fd.get()) ? "\n" : "";
    return write_all(fd.get(), before + std::string{line} + '\n', name);
}

Result<void> Directory::remove_file(std::string_view name) const {
    TRYV(check_name(name));
    if (::unlinkat(fd_.get(), std::string{name}.c_str(), 0) != 0 && errno != ENOENT)
        return disk("cannot remove", name);
    return ok();
}

Result<void> Directory::remove_folder(std::string_view name) const {
    TRYV(check_name(name));
    if (PLANTED(removed_in_place)) return empty_and_remove(std::string{name});
    const std::string from{name};
    const std::string gone = from + std::string{kGone};
    TRYV(empty_and_remove(gone));  // what a kill left of an earlier one
    if (::renameat(fd_.get(), from.c_str(), fd_.get(), gone.c_str()) != 0)
        return errno == ENOENT ? ok() : Result<void>{disk("cannot rename", name)};
    return empty_and_remove(gone);
}

Result<void> Directory::remove_remains() const {
    TRY(const auto all, names());
    for (const std::string& name : all) {
        if (!name.ends_with(kGone)) continue;
        TRYV(empty_and_remove(name));
    }
    return ok();
}

Result<void> Directory::empty_and_remove(const std::string& name) const {
    const auto folder = child(name, false);
    if (!folder)
        return folder.error().code == Errc::not_found ? ok() : Result<void>{folder.error()};
    TRY(const auto files, folder.value().names());
    for (const std::string& file : files) {
        TRYV(folder.value().remove_file(file));
    }
    if (::unlinkat(fd_.get(), name.c_str(), AT_REMOVEDIR) != 0) return disk("cannot remove", name);
    return ok();
}

Result<std::uint64_t> Directory::bytes() const {
    TRY(const auto files, names());
    std::uint64_t sum = 0;
    for (const std::string& file : files) {
        struct stat status {};
        if (::fstatat(fd_.get(), file.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
            continue;  // gone meanwhile
        if (S_ISREG(status.st_mode)) sum += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
    return sum;
}

Result<Descriptor> Directory::lock(std::string_view name) const {
    TRYV(check_name(name));
    Descriptor fd{::openat(fd_.get(), std::string{name}.c_str(), kPlain | O_RDWR | O_CREAT, 0600)};
    if (fd.get() < 0) return disk("cannot open", name);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        TRY(const auto holder, read_all(fd.get(), name));
        return Error{Errc::conflict,
                     "projections/" + std::string{name} + " is held by process " + holder,
                     "wait for it, or end that process"};
    }
    if (::ftruncate(fd.get(), 0) != 0) return disk("cannot write", name);
    TRYV(write_all(fd.get(), std::to_string(::getpid()), name));
    return fd;
}

bool Directory::locked(std::string_view name) const {
    if (!check_name(name)) return false;
    const Descriptor fd{::openat(fd_.get(), std::string{name}.c_str(), kPlain | O_RDONLY)};
    return fd.get() >= 0 && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0;
}

Result<std::string> Directory::holder(std::string_view name) const {
    TRYV(check_name(name));
    struct stat status {};
    if (::fstatat(fd_.get(), std::string{name}.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
        return std::string{};
    std::ifstream locks{"/proc/locks"};  // "7: FLOCK  ADVISORY  WRITE 4711 08:01:1234567 0 EOF"
    for (std::string line; std::getline(locks, line);) {
        std::istringstream words{line};
        std::string number, kind, advice, access, process, file;
        words >> number >> kind >> advice >> access >> process >> file;
        const bool ours = file.ends_with(':' + std::to_string(status.st_ino));
        if (kind == "FLOCK" && access == "WRITE" && ours) return process;
    }
    return std::string{};
}

Result<void> Directory::reserve(std::string_view name, std::uint64_t bytes) const {
    TRYV(check_name(name));
    const std::string file{name};
    struct stat status {};
    const bool there = ::fstatat(fd_.get(), file.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (there && static_cast<std::uint64_t>(status.st_blocks) * 512 >= bytes) return ok();
    const Descriptor fd{::openat(fd_.get(), file.c_str(), kPlain | O_RDWR | O_CREAT, 0600)};
    if (fd.get() < 0) return disk("cannot open", name);
    const int refused = ::fallocate(fd.get(), 0, 0, static_cast<off_t>(bytes));
    if (refused != 0 && errno != EOPNOTSUPP) return disk("no room for", name);
    return ok();
}

bool Directory::writable() const { return ::faccessat(fd_.get(), ".", W_OK, AT_EACCESS) == 0; }

std::string Directory::path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

Result<bool> extend(int file, std::uint64_t bytes) {
    struct stat status {};
    if (::fstat(file, &status) != 0) return disk("cannot look at a file of", "");
    if (static_cast<std::uint64_t>(status.st_size) >= bytes) return false;
    const int refused = ::fallocate(file, 0, static_cast<off_t>(bytes) - 1, 1);
    if (refused != 0 && errno != EOPNOTSUPP) return disk("no room in", "");
    return true;
}

}  // namespace daybook::store
