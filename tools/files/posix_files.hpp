#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "schemas/result.hpp"

/// Files beside a journal: keys, receipts, proofs, copies of a journal. Never the journal of a
/// data directory.
namespace daybook::files {

using Path = std::filesystem::path;

enum class Existing : std::uint8_t { kept, replaced };

/// A file in the making. It is called `path`.PID.new until publish() gives it its name; one that
/// was not published goes away with the object; what a killed process leaves may be removed.
class NewFile {
  public:
    /// Fails with disk. `mode`: 0600 for secrets, 0644 else; the umask takes from it.
    [[nodiscard]] static Result<NewFile> create(const Path& path, unsigned mode);
    NewFile(NewFile&& other) noexcept;
    NewFile& operator=(NewFile&&) = delete;
    ~NewFile();

    [[nodiscard]] Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes);
    /// The file has `size` bytes and room for them; new ones read as zeros.
    [[nodiscard]] Result<void> extend(std::uint64_t size);
    /// Nobody may write it any more: mode 0444.
    [[nodiscard]] Result<void> make_read_only();
    /// What was written is on the disk; nothing more can be written.
    [[nodiscard]] Result<void> finish();
    /// Gives a finished file its name, atomically; durable after sync_folder(). Fails with conflict
    /// when `Existing::kept` and there is a file of that name.
    [[nodiscard]] Result<void> publish(Existing existing);

  private:
    explicit NewFile(Path path) : path_(std::move(path)) {}
    [[nodiscard]] Path making() const;
    int raw_{-1};
    bool unnamed_{};  ///< it exists under making()
    Path path_;
};

/// All of a file. Fails with not_found, with usage for a folder, with malformed when it is longer
/// than `bytes_max`, with disk.
[[nodiscard]] Result<std::string> read_file(const Path& path, std::size_t bytes_max);

/// Writes a whole file durably: it is there with all of `text`, or not at all.
/// Fails with conflict when `Existing::kept` and it is there already, with disk.
[[nodiscard]] Result<void> write_file(const Path& path, std::string_view text, unsigned mode,
                                      Existing existing);

/// Writes `text` from `offset` on into the file `path`, made with mode 0600 if need be, durably.
/// Fails with disk.
[[nodiscard]] Result<void> write_at(const Path& path, std::uint64_t offset, std::string_view text);

/// Makes `path`, and the folders above it, durably; it may be there already.
[[nodiscard]] Result<void> make_folder(const Path& path, unsigned mode);
/// Makes the names in a folder durable.
[[nodiscard]] Result<void> sync_folder(const Path& path);
[[nodiscard]] Result<void> rename(const Path& from, const Path& to);

/// Whether there is nothing at `path`, or an empty folder.
[[nodiscard]] bool nothing_at(const Path& path);
/// Whether `path` is `folder` or lies below it, however the two are written.
[[nodiscard]] bool lies_in(const Path& path, const Path& folder);

/// Held until it is destroyed, or the process ends however it ends.
class FolderLock {
  public:
    /// Fails with conflict when another process holds the lock file `path`.
    [[nodiscard]] static Result<FolderLock> take(const Path& path);
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

  private:
    explicit FolderLock(int raw) : raw_(raw) {}
    int raw_;
};

}  // namespace daybook::files
