#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "schemas/result.hpp"

namespace daybook {

/// How far a growing file is read.
struct Place {
    std::uint64_t device{}, inode{}, offset{};
    std::uint64_t before{};  ///< fingerprint of the bytes just before `offset`
    friend bool operator==(const Place&, const Place&) = default;
};

/// A file that another program writes, read as it grows and across rotations: renamed (the rest of
/// the old one first, then each newer one whose name begins with its name, in the order of their
/// last writing), or copied and truncated (the rest out of the copy). An old one is left when it
/// has been quiet for a second beside its successor; what is written to it after that is not seen.
class FollowedFile {
  public:
    using Note = std::function<void(const std::string&)>;

    /// Goes on at `place`, or begins at the start. `note` is told what may be missing.
    /// Fails with not_found when there is no such file.
    [[nodiscard]] static Result<FollowedFile> open(const std::string& path,
                                                   const std::optional<Place>& place, Note note);
    FollowedFile(FollowedFile&& other) noexcept;
    FollowedFile& operator=(FollowedFile&&) = delete;
    ~FollowedFile();

    /// Whole lines that are new; empty when there are none now.
    [[nodiscard]] Result<std::string> read();
    /// Behind what read() gave.
    [[nodiscard]] const Place& place() const { return place_; }

  private:
    FollowedFile(std::string path, Note note) : path_{std::move(path)}, note_{std::move(note)} {}
    [[nodiscard]] Result<void> begin(const std::string& name, std::uint64_t offset);
    [[nodiscard]] Result<std::string> take_lines();
    [[nodiscard]] Result<void> go_to_copy();
    [[nodiscard]] Result<std::string> take_end();
    [[nodiscard]] std::optional<std::string> successor() const;
    [[nodiscard]] bool stands() const;

    std::string path_;
    Note note_;
    int raw_{-1};
    Place place_;
    std::uint64_t quiet_size_{};
    std::int64_t quiet_since_{-1};
};

}  // namespace daybook
