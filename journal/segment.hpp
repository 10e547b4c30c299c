#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "journal/format.hpp"
#include "journal/posix_read.hpp"
#include "journal/window.hpp"

namespace daybook::journal {

[[nodiscard]] std::string segment_name(std::uint64_t number);  ///< "00000001.segment"
[[nodiscard]] std::string next_name(std::uint64_t number);     ///< "00000001.next": holds no event
[[nodiscard]] std::string schema_name(const Digest& digest);   ///< "schema/<digest>.bfbs"
/// The number in a segment's name; nothing when it is the name of something else.
[[nodiscard]] std::optional<std::uint64_t> segment_number(const std::string& name);
/// Numbers of the segments there are, ascending.
[[nodiscard]] Result<std::vector<std::uint64_t>> segment_numbers(const ReadDirectory& directory);

/// "journal/00000001.segment at offset 8192, sequence 1: `what`", with what to do about it.
struct Place {
    std::uint64_t segment{};
    std::uint64_t offset{};
    std::uint64_t sequence{};
};
struct Bad {
    Place place;
    std::string reason;  ///< expected …, found …
};
[[nodiscard]] Error corrupt_at(const Place& place, const std::string& what);
[[nodiscard]] inline Error corrupt_at(const Bad& bad) { return corrupt_at(bad.place, bad.reason); }

/// A segment open for reading: its header, and its bytes through one window.
class SegmentFile {
  public:
    /// Fails with corrupt when neither copy of the header verifies or names this number (and
    /// `journal`, when given); with newer; with not_found. `cache`: passed by for one that is
    /// sealed and read once, front to back.
    [[nodiscard]] static Result<SegmentFile> open(const ReadDirectory& directory,
                                                  std::uint64_t number,
                                                  const Uuid* journal = nullptr,
                                                  Cache cache = Cache::used);
    [[nodiscard]] const SegmentHeader& header() const { return header_; }
    [[nodiscard]] const FileInfo& info() const { return info_; }  ///< as of open()
    /// Which of the two copies of the header is not what it should be; 0 when both are well.
    [[nodiscard]] std::optional<std::uint64_t> broken_copy() const { return broken_copy_; }

    [[nodiscard]] std::uint64_t seed() const { return seed_; }  ///< frame_seed() of its frames

    /// From here on bytes come from memory: for a sealed segment, which never changes again.
    [[nodiscard]] Result<void> map();
    /// The whole file after map(); empty before. The caller's as long as this object lives.
    [[nodiscard]] std::span<const std::byte> mapped() const { return mapped_.bytes(); }
    /// `length` bytes at `offset`, the caller's until the next call. When they have to be read,
    /// the window reads ahead, but never to `limit` or beyond: what lies there may still change.
    /// Fails with corrupt when the file ends before, with disk.
    [[nodiscard]] Result<std::span<const std::byte>> view(std::uint64_t offset, std::size_t length,
                                                          std::uint64_t limit) {
        TRY(auto bytes, ahead(offset, length, limit, limit));
        return bytes.first(length);
    }
    /// The same, and all that the window holds behind it up to `limit`; what has to be read is
    /// read to `read_to` at most.
    [[nodiscard]] Result<std::span<const std::byte>> ahead(std::uint64_t offset, std::size_t length,
                                                           std::uint64_t limit,
                                                           std::uint64_t read_to);

  private:
    SegmentHeader header_;
    FileInfo info_;
    std::optional<std::uint64_t> broken_copy_;
    std::uint64_t seed_{};
    Mapped mapped_;
    Window window_;
};

/// A header block as it lies on disk: the header, then zeros to 4096 bytes.
[[nodiscard]] std::vector<std::byte> header_block(SegmentHeader header);

}  // namespace daybook::journal
