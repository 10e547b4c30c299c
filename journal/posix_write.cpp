#include "journal/posix_write.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "journal/descriptor.hpp"
#include "schemas/invariant.hpp"

namespace daybook::journal {
namespace {

constexpr mode_t kFileMode = 0644;
constexpr mode_t kFolderMode = 0755;

Error refused(const std::string& call, const std::string& name) {
    const int reason = errno;
    const std::string remedy = reason == ENOSPC || reason == EDQUOT
                                   ? "free space on this disk, then start again"
                                   : "look at the disk (dmesg), then start again";
    return {reason == ENOENT || reason == ENOTDIR ? Errc::not_found : Errc::disk,
            call + " " + name + ": " + std::generic_category().message(reason), remedy};
}

Error refused_in_journal(const std::string& call, const std::string& name) {
    return refused(call, "journal/" + name);
}

class PosixWriteFile final : public WriteFile {
  public:
    PosixWriteFile(int raw, std::string name) : file_(raw), name_(std::move(name)) {}

    Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) override {
        while (!bytes.empty()) {
            const ssize_t put =
                ::pwrite(file_.raw(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0) return refused_in_journal("pwrite", name_ + at(offset));
            offset += static_cast<std::uint64_t>(put);
            bytes = bytes.subspan(static_cast<std::size_t>(put));
        }
        return ok();
    }

    Result<void> sync() override { return checked(::fdatasync(file_.raw()), "fdatasync"); }

    Result<void> allocate(std::uint64_t size) override {
        const auto length = static_cast<off_t>(size);
        if (::fallocate(file_.raw(), 0, 0, length) == 0) return ok();
        if (errno != EOPNOTSUPP) return refused_in_journal("fallocate", name_);
        return checked(::ftruncate(file_.raw(), length), "ftruncate");
    }

    Result<void> cut(std::uint64_t size) override {
        return checked(::ftruncate(file_.raw(), static_cast<off_t>(size)), "ftruncate");
    }

    Result<void> make_read_only() override {
        return checked(::fchmod(file_.raw(), 0444), "fchmod");
    }

  private:
    static std::string at(std::uint64_t offset) { return " at offset " + std::to_string(offset); }
    [[nodiscard]] Result<void> checked(int result, const char* call) const {
        if (result != 0) return refused_in_journal(call, name_);
        return ok();
    }

    Descriptor file_;
    std::string name_;
};

class PosixLock final : public Lock {
  public:
    explicit PosixLock(int raw) : file_(raw) {}
    [[nodiscard]] int raw() const { return file_.raw(); }

  private:
    Descriptor file_;
};

Error lock_held(int raw) {
    std::array<char, 32> text{};
    const ssize_t got = ::pread(raw, text.data(), text.size() - 1, 0);
    std::string pid(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    while (!pid.empty() && pid.back() == '\n') pid.pop_back();
    return {Errc::conflict, "journal/LOCK is held by process " + (pid.empty() ? "?" : pid),
            "stop that recorder first, or send the events to it"};
}

/// What both kinds of directory read is read in one place.
class PosixWriteDirectory final : public WriteDirectory {
  public:
    PosixWriteDirectory(int raw, std::unique_ptr<ReadDirectory> reading)
        : folder_(raw), reading_(std::move(reading)) {}

    Result<std::unique_ptr<ReadFile>> open(const std::string& name) const override {
        return reading_->open(name);
    }
    Result<std::vector<std::string>> list(const std::string& folder) const override {
        return reading_->list(folder);
    }

    Result<std::unique_ptr<WriteFile>> create(const std::string& name, Cache cache) override {
        constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
        int raw = -1;
        if (cache == Cache::passed_by) {
            raw = ::openat(folder_.raw(), name.c_str(), kNew | O_DIRECT, kFileMode);
            if (raw < 0 && errno == EINVAL) {  // no O_DIRECT here; some leave the file behind
                ::unlinkat(folder_.raw(), name.c_str(), 0);
            } else {
                return opened(raw, name);
            }
        }
        raw = ::openat(folder_.raw(), name.c_str(), kNew, kFileMode);
        return opened(raw, name);
    }

    Result<std::unique_ptr<WriteFile>> open_for_writing(const std::string& name) override {
        return opened(::openat(folder_.raw(), name.c_str(), O_WRONLY | O_CLOEXEC), name);
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        if (::renameat(folder_.raw(), from.c_str(), folder_.raw(), to.c_str()) == 0) return ok();
        return refused_in_journal("rename", from);
    }

    Result<void> remove(const std::string& name) override {
        INVARIANT(may_remove(name), "only files that never held an event are removed");
        if (::unlinkat(folder_.raw(), name.c_str(), 0) == 0 || errno == ENOENT) return ok();
        return refused_in_journal("unlink", name);
    }

    Result<void> make_folder(const std::string& name) override {
        if (::mkdirat(folder_.raw(), name.c_str(), kFolderMode) == 0 || errno == EEXIST)
            return ok();
        return refused_in_journal("mkdir", name);
    }

    Result<void> sync_folder(const std::string& folder) override {
        const char* path = folder.empty() ? "." : folder.c_str();
        const Descriptor raw(::openat(folder_.raw(), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (raw.raw() < 0 || ::fsync(raw.raw()) != 0) return refused_in_journal("fsync", folder);
        return ok();
    }

    Result<std::unique_ptr<Lock>> lock(const std::string& name) override {
        const int raw =
            ::openat(folder_.raw(), name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
        if (raw < 0) return refused_in_journal("open", name);
        auto lock = std::make_unique<PosixLock>(raw);
        if (::flock(raw, LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK) return lock_held(raw);
            return refused_in_journal("flock", name);
        }
        const std::string pid = std::to_string(::getpid()) + "\n";
        if (::ftruncate(raw, 0) != 0 ||
            ::pwrite(raw, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
            return refused_in_journal("pwrite", name);
        }
        return std::unique_ptr<Lock>(std::move(lock));
    }

  private:
    static Result<std::unique_ptr<WriteFile>> opened(int raw, const std::string& name) {
        if (raw < 0) return refused_in_journal("open", name);
        return std::unique_ptr<WriteFile>(std::make_unique<PosixWriteFile>(raw, name));
    }

    Descriptor folder_;
    std::unique_ptr<ReadDirectory> reading_;
};

Result<void> make_folder_at(const std::filesystem::path& path) {
    if (::mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) {
        return refused("mkdir", path.string());
    }
    const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const Descriptor raw(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (raw.raw() < 0 || ::fsync(raw.raw()) != 0) return refused("fsync", parent.string());
    return ok();
}

}  // namespace

bool may_remove(const std::string& name) {
    return name.ends_with(".next") || name.ends_with(".new");
}

Result<std::unique_ptr<WriteDirectory>> open_for_writing(const std::filesystem::path& path) {
    TRY(auto reading, open_directory(path));
    const int raw = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (raw < 0) return refused("open", path.string());
    return std::unique_ptr<WriteDirectory>(
        std::make_unique<PosixWriteDirectory>(raw, std::move(reading)));
}

Result<void> make_journal_folder(const std::filesystem::path& data_dir) {
    TRYV(make_folder_at(data_dir));
    return make_folder_at(data_dir / "journal");
}

Result<Uuid> random_uuid() {
    Uuid random;
    const ssize_t got = ::getrandom(random.bytes.data(), random.bytes.size(), 0);
    if (got != static_cast<ssize_t>(random.bytes.size())) return refused("getrandom", "16 bytes");
    return uuid_from_random(random);
}

}  // namespace daybook::journal
