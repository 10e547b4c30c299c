#include "tools/files/posix_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace daybook::files {
namespace {

constexpr unsigned kFolderMode = 0755;

Error refused(const std::string& call, const Path& path) {
    const int reason = errno;
    Error error{Errc::disk,
                call + ' ' + path.string() + ": " + std::generic_category().message(reason),
                "look at the path, your rights and the disk"};
    if (reason == ENOENT || reason == ENOTDIR) error.code = Errc::not_found;
    if (reason == ENOSPC || reason == EDQUOT) error.remedy = "free space there, then try again";
    return error;
}

Error there_already(const Path& path) {
    return {Errc::conflict, path.string() + " is there already", "name another file"};
}

Result<void> checked(int result, const char* call, const Path& path) {
    if (result != 0) return refused(call, path);
    return ok();
}

Result<void> sync_parent(const Path& path) {
    return sync_folder(path.has_parent_path() ? path.parent_path() : Path{"."});
}

Result<std::string> read_all(int raw, const Path& path, std::size_t bytes_max) {
    std::string text;
    std::array<char, 65536> part{};
    for (;;) {
        const ssize_t got = ::read(raw, part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EISDIR) {
            return Error{Errc::usage, path.string() + " is a folder", "name a file"};
        }
        if (got < 0) return refused("read", path);
        if (got == 0) return text;
        text.append(part.data(), static_cast<std::size_t>(got));
        if (text.size() <= bytes_max) continue;
        return Error{Errc::malformed,
                     path.string() + " is longer than " + std::to_string(bytes_max) + " bytes"};
    }
}

}  // namespace

Result<NewFile> NewFile::create(const Path& path, unsigned mode) {
    NewFile file{path};
    const Path making = file.making();
    ::unlink(making.c_str());  // of a process with our number that did not come to its end
    file.raw_ = ::open(making.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file.raw_ < 0) return refused("create", making);
    file.unnamed_ = true;
    return file;
}

NewFile::NewFile(NewFile&& other) noexcept
    : raw_(std::exchange(other.raw_, -1)),
      unnamed_(std::exchange(other.unnamed_, false)),
      path_(std::move(other.path_)) {}

Path NewFile::making() const { return path_.string() + '.' + std::to_string(::getpid()) + ".new"; }

NewFile::~NewFile() {
    if (raw_ >= 0) ::close(raw_);
    if (unnamed_) ::unlink(making().c_str());
}

Result<void> NewFile::write(std::uint64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::pwrite(raw_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return refused("write", making());
        offset += static_cast<std::uint64_t>(put);
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return ok();
}

Result<void> NewFile::extend(std::uint64_t size) {
    const auto length = static_cast<off_t>(size);
    if (::fallocate(raw_, 0, 0, length) == 0) return ok();
    if (errno != EOPNOTSUPP) return refused("fallocate", making());
    return checked(::ftruncate(raw_, length), "ftruncate", making());
}

Result<void> NewFile::make_read_only() { return checked(::fchmod(raw_, 0444), "fchmod", making()); }

Result<void> NewFile::finish() {
    TRYV(checked(::fsync(raw_), "fsync", making()));
    return checked(::close(std::exchange(raw_, -1)), "close", making());
}

Result<void> NewFile::publish(Existing existing) {
    const Path from = making();
    if (existing == Existing::replaced) {
        TRYV(checked(::rename(from.c_str(), path_.c_str()), "rename", from));
    } else {
        if (::link(from.c_str(), path_.c_str()) != 0) {
            return errno == EEXIST ? there_already(path_) : refused("link", path_);
        }
        TRYV(checked(::unlink(from.c_str()), "unlink", from));
    }
    unnamed_ = false;
    return ok();
}

Result<std::string> read_file(const Path& path, std::size_t bytes_max) {
    const int raw = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (raw < 0) return refused("open", path);
    auto text = read_all(raw, path, bytes_max);
    ::close(raw);
    return text;
}

Result<void> write_file(const Path& path, std::string_view text, unsigned mode, Existing existing) {
    TRY(auto file, NewFile::create(path, mode));
    TRYV(file.write(0, std::as_bytes(std::span{text})));
    TRYV(file.finish());
    TRYV(file.publish(existing));
    return sync_parent(path);
}

Result<void> write_at(const Path& path, std::uint64_t offset, std::string_view text) {
    const int raw = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (raw < 0) return refused("open", path);
    Result<void> done = ok();
    while (done && !text.empty()) {
        const ssize_t count = ::pwrite(raw, text.data(), text.size(), static_cast<off_t>(offset));
        if (count < 0 && errno != EINTR) done = refused("pwrite", path);
        if (count <= 0) continue;
        text.remove_prefix(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    if (done) done = checked(::fsync(raw), "fsync", path);
    ::close(raw);
    return done;
}

Result<void> make_folder(const Path& path, unsigned mode) {
    if (!path.has_filename() && path.has_relative_path())  // "a/" is "a"
        return make_folder(path.parent_path(), mode);
    if (::mkdir(path.c_str(), mode) == 0) return sync_parent(path);
    if (errno == EEXIST && std::filesystem::is_directory(path)) return ok();
    if (errno != ENOENT || !path.has_parent_path()) return refused("mkdir", path);
    TRYV(make_folder(path.parent_path(), kFolderMode));
    TRYV(checked(::mkdir(path.c_str(), mode), "mkdir", path));
    return sync_parent(path);
}

Result<void> sync_folder(const Path& path) {
    const int raw = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (raw < 0) return refused("open", path);
    auto synced = checked(::fsync(raw), "fsync", path);
    ::close(raw);
    return synced;
}

Result<void> rename(const Path& from, const Path& to) {
    return checked(::rename(from.c_str(), to.c_str()), "rename", from);
}

bool nothing_at(const Path& path) {
    std::error_code error;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, error))) return true;
    return std::filesystem::is_directory(path, error) && std::filesystem::is_empty(path, error) &&
           !error;
}

bool lies_in(const Path& path, const Path& folder) {
    std::error_code error;
    const Path inner = std::filesystem::weakly_canonical(std::filesystem::absolute(path), error);
    const Path outer = std::filesystem::weakly_canonical(std::filesystem::absolute(folder), error);
    const auto relative = inner.lexically_relative(outer);
    return !relative.empty() && *relative.begin() != "..";
}

Result<FolderLock> FolderLock::take(const Path& path) {
    const int raw = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (raw < 0) return refused("open", path);
    FolderLock lock{raw};
    if (::flock(raw, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK) return refused("flock", path);
    return Error{Errc::conflict, path.string() + " is held by another process",
                 "wait until that one has ended"};
}

FolderLock::FolderLock(FolderLock&& other) noexcept : raw_(std::exchange(other.raw_, -1)) {}

FolderLock::~FolderLock() {
    if (raw_ >= 0) ::close(raw_);
}

}  // namespace daybook::files
