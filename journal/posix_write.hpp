#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "journal/posix_read.hpp"
#include "journal/uuid.hpp"
#include "schemas/result.hpp"

namespace daybook::journal {

/// A file open for writing. Every failure is Errc::disk, and what it left behind is unknown.
class WriteFile {
  public:
    virtual ~WriteFile() = default;
    /// All of `bytes` at `offset`, in one call when the system takes them so. Durable after sync().
    [[nodiscard]] virtual Result<void> write(std::uint64_t offset,
                                             std::span<const std::byte> bytes) = 0;
    /// fdatasync: data and size.
    [[nodiscard]] virtual Result<void> sync() = 0;
    /// The file has at least `size` bytes, and room for them; new ones read as zeros.
    [[nodiscard]] virtual Result<void> allocate(std::uint64_t size) = 0;
    /// The file ends at `size`. For the zeros behind a footer only.
    [[nodiscard]] virtual Result<void> cut(std::uint64_t size) = 0;
    /// Mode 0444: nobody opens it for writing again.
    [[nodiscard]] virtual Result<void> make_read_only() = 0;
};

/// Held until it is destroyed, or the process ends however it ends.
class Lock {
  public:
    virtual ~Lock() = default;
};

/// The folder `journal/`, writable. May be used by two threads at once.
class WriteDirectory : public ReadDirectory {
  public:
    /// A file that must not be there yet. Durable after its sync() and the folder's.
    [[nodiscard]] virtual Result<std::unique_ptr<WriteFile>> create(const std::string& name,
                                                                    Cache cache) = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<WriteFile>> open_for_writing(
        const std::string& name) = 0;
    /// Atomic; replaces `to`. Durable after the folder's sync.
    [[nodiscard]] virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    /// Removes a file that never held an event: its name ends in .next or .new. No other.
    [[nodiscard]] virtual Result<void> remove(const std::string& name) = 0;
    [[nodiscard]] virtual Result<void> make_folder(const std::string& name) = 0;
    /// Makes the names in `folder` durable ("" is the journal itself).
    [[nodiscard]] virtual Result<void> sync_folder(const std::string& folder) = 0;
    /// Takes the lock file and writes our pid into it.
    /// Fails with conflict, naming the pid of the one who has it.
    [[nodiscard]] virtual Result<std::unique_ptr<Lock>> lock(const std::string& name) = 0;
};

/// Whether `name` is one that never holds an event: a segment or HEAD still in the making.
[[nodiscard]] bool may_remove(const std::string& name);

/// Fails with not_found when `path` is no directory.
[[nodiscard]] Result<std::unique_ptr<WriteDirectory>> open_for_writing(
    const std::filesystem::path& path);
/// Makes `data_dir` and the folder journal/ in it, durably. Neither has to be new.
[[nodiscard]] Result<void> make_journal_folder(const std::filesystem::path& data_dir);

[[nodiscard]] Result<Uuid> random_uuid();

}  // namespace daybook::journal
