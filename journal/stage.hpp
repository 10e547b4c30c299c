#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "journal/format.hpp"
#include "journal/posix_write.hpp"

namespace daybook::journal {

/// Frames on their way into the open segment: put one behind the other, written in one call.
///
/// A write ends with zeros up to the next multiple of 4 KiB (they stand there already): so no page
/// of a fresh segment is ever written in part, and the system never reads one before it writes.
class Stage {
  public:
    Stage();
    /// The next frame stands at `offset` of a segment whose frames have that seed.
    void begin(std::uint64_t offset, std::uint64_t seed);
    /// Behind the last frame that was put.
    [[nodiscard]] std::uint64_t end() const { return offset_ + size_; }
    /// Whether so much waits that the next frames should find it written.
    [[nodiscard]] bool full() const { return size_ >= kWriteStep; }
    [[nodiscard]] bool empty() const { return size_ == 0; }

    /// Frame of `header` (its hash is filled in) and `payload`; gives the hash. Has room for a
    /// batch of kBatchMax bytes as long as it is not full().
    std::uint64_t put(FrameHeader header, std::span<const std::byte> payload);
    /// Writes what waits, in one call. Not synced. Fails with disk.
    [[nodiscard]] Result<void> write_to(WriteFile& file);

  private:
    static constexpr std::uint64_t kWriteStep = std::uint64_t{256} << 10U;

    std::unique_ptr<std::byte[]> bytes_;
    std::uint64_t size_{};
    std::uint64_t offset_{};
    std::uint64_t seed_{};
};

}  // namespace daybook::journal
