#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "bench/corpus.hpp"

/// The limit: the same bytes with nothing but system calls. A refusal ends the program.
namespace daybook::bench {

/// The corpus as the limit writes it: frames of the journal's size, each with its own XXH3.
class RawFrames {
  public:
    explicit RawFrames(const Corpus& corpus);
    [[nodiscard]] std::span<const std::byte> frame(std::size_t i) const {
        const std::size_t at = i % (begins_.size() - 1);
        return std::span{bytes_}.subspan(begins_[at], begins_[at + 1] - begins_[at]);
    }

  private:
    std::vector<std::byte> bytes_;
    std::vector<std::uint64_t> begins_;
};

/// A file that was written with zeros and synced, then is written from the front.
class RawLog {
  public:
    RawLog(const std::filesystem::path& path, std::uint64_t size);
    ~RawLog();
    RawLog(const RawLog&) = delete;
    RawLog& operator=(const RawLog&) = delete;

    void add(std::span<const std::byte> frame);  ///< into memory
    void write();                                ///< pwrite of what was added
    void sync();                                 ///< fdatasync
    [[nodiscard]] std::size_t waiting() const { return buffer_.size(); }
    [[nodiscard]] std::uint64_t end() const { return end_; }
    [[nodiscard]] int descriptor() const { return raw_; }

  private:
    int raw_;
    std::uint64_t end_{};
    std::vector<std::byte> buffer_;
};

/// A file in memory, read only.
class RawMap {
  public:
    RawMap(int descriptor, std::uint64_t size);
    ~RawMap();
    RawMap(const RawMap&) = delete;
    RawMap& operator=(const RawMap&) = delete;
    [[nodiscard]] bool whole(std::uint64_t offset) const;  ///< whether that frame's hash holds
    [[nodiscard]] std::uint64_t length(std::uint64_t offset) const;

  private:
    const std::byte* data_;
    std::uint64_t size_;
};

void forget_cached(const std::filesystem::path& path);  ///< POSIX_FADV_DONTNEED of every file in it
/// Bytes a second of plain reads, 1 MiB each, of every file in the folder.
[[nodiscard]] double read_bandwidth(const std::filesystem::path& folder);

}  // namespace daybook::bench
