#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

#include "journal/posix_read.hpp"

namespace daybook::journal {

/// Part of a file in memory, read ahead in large steps; going forward it keeps the last 64 KiB,
/// for those who look back a little. Begins and reads at multiples of 4 KiB, as reading past the
/// cache wants it.
class Window {
  public:
    Window() = default;
    Window(std::unique_ptr<ReadFile> file, Cache cache) : file_(std::move(file)), cache_(cache) {}

    /// `length` bytes from `offset` on and all that is held behind them up to `limit`; fewer than
    /// `length` where the file ends. The caller's until the next call. What has to be read is read
    /// to `read_to`, if that is further; past the cache whole blocks are. Fails with disk.
    [[nodiscard]] Result<std::span<const std::byte>> ahead(std::uint64_t offset, std::size_t length,
                                                           std::uint64_t limit,
                                                           std::uint64_t read_to);
    [[nodiscard]] const ReadFile& file() const { return *file_; }

  private:
    struct Free {
        void operator()(std::byte* bytes) const;
    };
    [[nodiscard]] Result<void> fill(std::uint64_t offset, std::uint64_t end);
    [[nodiscard]] std::size_t keep_behind(std::uint64_t offset);
    void reserve(std::size_t size, std::size_t kept);
    [[nodiscard]] std::uint64_t end() const { return begin_ + size_; }

    std::unique_ptr<ReadFile> file_;
    Cache cache_{};
    std::unique_ptr<std::byte, Free> bytes_;
    std::size_t capacity_{};
    std::uint64_t begin_{};
    std::size_t size_{};
};

}  // namespace daybook::journal
