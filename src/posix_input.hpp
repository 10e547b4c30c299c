#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "schemas/result.hpp"

namespace daybook {

/// A file or standard input, read front to back.
class InputFile {
  public:
    /// `path` "-" is standard input. Fails with not_found, with usage for a directory, with disk.
    [[nodiscard]] static Result<InputFile> open(const std::string& path);
    InputFile(InputFile&& other) noexcept;
    InputFile& operator=(InputFile&&) = delete;
    ~InputFile();

    /// Bytes read into `buffer`; 0 at the end. An interrupt gives 0 too: ask interrupted().
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer);
    /// True when the next read would not wait.
    [[nodiscard]] bool ready() const;
    /// Bytes in all; 0 when nobody can tell (a pipe).
    [[nodiscard]] std::uint64_t size() const { return size_; }

  private:
    InputFile(int fd, std::string name, std::uint64_t size)
        : fd_{fd}, name_{std::move(name)}, size_{size} {}
    int fd_;
    std::string name_;
    std::uint64_t size_;
};

}  // namespace daybook
