#include "journal/posix_read.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "journal/descriptor.hpp"

namespace daybook::journal {
namespace {

constexpr std::size_t kAligned = 4096;

Error refused(const std::string& call, const std::string& name) {
    const int reason = errno;
    return {reason == ENOENT || reason == ENOTDIR ? Errc::not_found : Errc::disk,
            call + " journal/" + name + ": " + std::generic_category().message(reason)};
}

class PosixReadFile final : public ReadFile {
  public:
    PosixReadFile(int raw, std::string name, bool past_cache = false)
        : file_(raw), name_(std::move(name)), past_cache_(past_cache) {}

    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
        std::size_t filled = 0;
        while (filled < into.size()) {
            const ssize_t got = ::pread(file_.raw(), into.data() + filled, into.size() - filled,
                                        static_cast<off_t>(offset + filled));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return refused("pread", name_);
            filled += static_cast<std::size_t>(got);
            const bool odd = filled % kAligned != 0;  // where a file ends; no read begins there
            if (got == 0 || (past_cache_ && odd)) break;
        }
        return filled;
    }

    Result<FileInfo> info() const override {
        struct stat status {};
        if (::fstat(file_.raw(), &status) != 0) return refused("fstat", name_);
        return FileInfo{static_cast<std::uint64_t>(status.st_size), (status.st_mode & 0222U) == 0};
    }

    Result<Mapped> map(std::size_t size) const override {
        void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file_.raw(), 0);
        if (data == MAP_FAILED) return refused("mmap", name_);
        const auto unmap = [size](const std::byte* bytes) {
            ::munmap(const_cast<std::byte*>(bytes), size);
        };
        return Mapped{std::shared_ptr<const std::byte>(static_cast<std::byte*>(data), unmap), size};
    }

  private:
    Descriptor file_;
    std::string name_;
    bool past_cache_;
};

class PosixReadDirectory final : public ReadDirectory {
  public:
    explicit PosixReadDirectory(int raw) : folder_(raw) {}

    Result<std::unique_ptr<ReadFile>> open(const std::string& name) const override {
        const int raw = ::openat(folder_.raw(), name.c_str(), O_RDONLY | O_CLOEXEC);
        if (raw < 0) return refused("open", name);
        return std::unique_ptr<ReadFile>(std::make_unique<PosixReadFile>(raw, name));
    }

    Result<std::unique_ptr<ReadFile>> open_past_cache(const std::string& name) const override {
        const int raw = ::openat(folder_.raw(), name.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECT);
        if (raw < 0) return open(name);  // not every file system has it
        return std::unique_ptr<ReadFile>(std::make_unique<PosixReadFile>(raw, name, true));
    }

    Result<std::vector<std::string>> list(const std::string& folder) const override {
        const char* path = folder.empty() ? "." : folder.c_str();
        const int raw = ::openat(folder_.raw(), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (raw < 0 && errno == ENOENT) return std::vector<std::string>{};
        if (raw < 0) return refused("open", folder);
        DIR* stream = ::fdopendir(raw);
        if (stream == nullptr) {
            const Error error = refused("fdopendir", folder);
            ::close(raw);
            return error;
        }
        std::vector<std::string> names;
        errno = 0;
        while (const dirent* entry = ::readdir(stream)) names.emplace_back(entry->d_name);
        const int reason = errno;
        ::closedir(stream);
        errno = reason;
        if (reason != 0) return refused("readdir", folder);
        std::erase_if(names, [](const std::string& name) { return name.front() == '.'; });
        std::sort(names.begin(), names.end());
        return names;
    }

  private:
    Descriptor folder_;
};

}  // namespace

Result<std::unique_ptr<ReadDirectory>> open_directory(const std::filesystem::path& path) {
    const int raw = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (raw < 0) {
        const int reason = errno;
        return Error{reason == ENOENT || reason == ENOTDIR ? Errc::not_found : Errc::disk,
                     "open " + path.string() + ": " + std::generic_category().message(reason)};
    }
    return std::unique_ptr<ReadDirectory>(std::make_unique<PosixReadDirectory>(raw));
}

}  // namespace daybook::journal
