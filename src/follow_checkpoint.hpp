#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "projections/fold/identity.hpp"
#include "src/followed_file.hpp"
#include "tools/files/posix_files.hpp"

namespace daybook {

/// What a followed file has come to, in DIR/follow/: the place, and the contents without a key that
/// were counted on the way, 16 bytes each. One process a followed file.
class FollowCheckpoint {
  public:
    /// Fails with conflict when another process follows the file, with malformed for a checkpoint
    /// that makes no sense.
    [[nodiscard]] static Result<FollowCheckpoint> open(const std::string& data_dir,
                                                       const std::string& file);

    [[nodiscard]] const std::optional<Place>& place() const { return place_; }
    /// How many equal events stood before `event` in all that was followed; counts it.
    void count(Event& event);
    /// All that was counted is durable, up to `place`. Fails with disk.
    [[nodiscard]] Result<void> keep(const Place& place);

  private:
    FollowCheckpoint(std::string name, std::string file, files::FolderLock lock)
        : name_{std::move(name)}, file_{std::move(file)}, lock_{std::move(lock)} {}
    [[nodiscard]] Result<void> load();

    struct Low {  ///< a hash needs no hashing
        std::size_t operator()(const Hash128& hash) const { return hash[0]; }
    };
    std::string name_, file_;
    files::FolderLock lock_;
    std::optional<Place> place_;
    std::unordered_map<Hash128, std::uint32_t, Low> seen_;
    std::string counted_;  ///< since the last keep(), as bytes
    std::uint64_t kept_{};
};

}  // namespace daybook
