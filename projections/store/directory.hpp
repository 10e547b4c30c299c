#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/result.hpp"

namespace daybook::store {

/// A descriptor, closed with its owner.
class Descriptor {
  public:
    explicit Descriptor(int fd = -1) : fd_{fd} {}
    Descriptor(Descriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();
    [[nodiscard]] int get() const { return fd_; }

  private:
    int fd_;
};

/// One folder below `projections/`, reached through its descriptor alone: names go down from it and
/// never up, so nothing that holds a Directory can touch the journal beside it.
class Directory {
  public:
    /// Opens the folder `projections` of a data directory; makes it when `create`.
    /// Fails with not_found when it is absent, with disk when it cannot be made.
    [[nodiscard]] static Result<Directory> open(const std::string& path, bool create);

    /// `name` is one path component of letters, digits, '_', '-', '.'; anything else is refused.
    [[nodiscard]] Result<Directory> child(std::string_view name, bool create) const;
    [[nodiscard]] Result<std::vector<std::string>> names() const;  ///< sorted, without "." and ".."
    /// The whole file; nothing when it is absent.
    [[nodiscard]] Result<std::optional<std::string>> read(std::string_view name) const;
    /// Replaces the file: written beside, synced, renamed over it, folder synced.
    [[nodiscard]] Result<void> replace(std::string_view name, std::string_view content) const;
    /// Appends one line, synced. Half a line that a kill left before it stays a line of its own.
    [[nodiscard]] Result<void> append_line(std::string_view name, std::string_view line) const;
    /// Removes a folder of files (a generation). Its name is gone at once, so nobody ever sees half
    /// of it; what a kill leaves is taken by remove_remains(). Nothing happens when it is absent.
    [[nodiscard]] Result<void> remove_folder(std::string_view name) const;
    [[nodiscard]] Result<void> remove_remains() const;
    [[nodiscard]] Result<void> remove_file(std::string_view name) const;
    /// Bytes on disk of the files directly in this folder.
    [[nodiscard]] Result<std::uint64_t> bytes() const;
    /// Takes the advisory lock `name`, whose file then holds this process's number.
    /// Fails with conflict when another process has it; the detail names that process.
    [[nodiscard]] Result<Descriptor> lock(std::string_view name) const;
    /// Whether somebody has that lock, this process included.
    [[nodiscard]] bool locked(std::string_view name) const;
    /// The process that has that lock now, by the system's own list; empty: nobody that can be
    /// seen.
    [[nodiscard]] Result<std::string> holder(std::string_view name) const;
    /// The file has room for `bytes`, where the file system can promise that: whoever writes to it
    /// through memory is not killed by a full disk then. Not for a file this process has open.
    [[nodiscard]] Result<void> reserve(std::string_view name, std::uint64_t bytes) const;
    /// False on a read-only file system or without the right to write here.
    [[nodiscard]] bool writable() const;
    /// A path through the descriptor, for a library that wants one.
    [[nodiscard]] std::string path() const;

  private:
    explicit Directory(Descriptor fd) : fd_{std::move(fd)} {}
    [[nodiscard]] Result<void> empty_and_remove(const std::string& name) const;

    Descriptor fd_;
};

/// A file that is mapped has at least `bytes`: reading behind its end would end the process.
/// Never cuts what somebody else writes meanwhile. True when it was shorter.
[[nodiscard]] Result<bool> extend(int file, std::uint64_t bytes);

}  // namespace daybook::store
