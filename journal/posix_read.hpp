#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "schemas/result.hpp"

namespace daybook::journal {

struct FileInfo {
    std::uint64_t size{};
    bool read_only{};  ///< nobody may write it: how a sealed segment is left
};

/// The bytes of a file in memory, without a copy. They stay while somebody holds `data`.
struct Mapped {
    std::shared_ptr<const std::byte> data;
    std::size_t size{};
    [[nodiscard]] std::span<const std::byte> bytes() const { return {data.get(), size}; }
};

/// A file that can only be read. Tests put a faulty disk in its place.
class ReadFile {
  public:
    virtual ~ReadFile() = default;
    /// Fills `into` from `offset` on; fewer bytes only at the end of the file. Fails with disk.
    [[nodiscard]] virtual Result<std::size_t> read(std::uint64_t offset,
                                                   std::span<std::byte> into) const = 0;
    [[nodiscard]] virtual Result<FileInfo> info() const = 0;
    /// The first `size` bytes; the caller has checked that the file has and keeps them.
    [[nodiscard]] virtual Result<Mapped> map(std::size_t size) const = 0;
};

enum class Cache : std::uint8_t {
    used,
    passed_by,  ///< O_DIRECT where the file system has it: offsets, lengths, memory in 4 KiB
};

/// The folder `journal/`; names are relative to it ("HEAD", "schema/….bfbs").
class ReadDirectory {
  public:
    virtual ~ReadDirectory() = default;
    /// Fails with not_found when there is no such file, with disk otherwise.
    [[nodiscard]] virtual Result<std::unique_ptr<ReadFile>> open(const std::string& name) const = 0;
    /// The same for bytes that are read once: from the disk itself, and nothing else is pushed out
    /// of memory for them. Offsets, lengths and memory are multiples of 4 KiB.
    [[nodiscard]] virtual Result<std::unique_ptr<ReadFile>> open_past_cache(
        const std::string& name) const {
        return open(name);
    }
    /// Names in `folder` ("" is the journal itself), sorted. A folder that is not there is empty.
    [[nodiscard]] virtual Result<std::vector<std::string>> list(
        const std::string& folder) const = 0;
};

/// Fails with not_found when `path` is no directory.
[[nodiscard]] Result<std::unique_ptr<ReadDirectory>> open_directory(
    const std::filesystem::path& path);

}  // namespace daybook::journal
