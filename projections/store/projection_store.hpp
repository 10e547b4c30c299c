#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "projections/fold/projection.hpp"
#include "projections/store/environment.hpp"

namespace daybook::store {

/// Which journal the rows must come from, and what its frames hash to.
struct Source {
    std::array<std::uint8_t, 16> journal{};
    /// The hash of the frame at a sequence; nothing when the journal has no such event.
    std::function<std::optional<std::uint64_t>(Sequence)> frame_hash;
    Time now;  ///< stamps a new generation
};

/// A generation that is on disk but not served.
struct OldGeneration {
    std::uint64_t number{};
    std::uint64_t bytes{};
};

/// The state of one projection on disk: `projections/<name>/` with `CURRENT` (the generation being
/// served, and in a second line the one served before), `LOCK` and one LMDB environment a
/// generation (`g1`, `g2`, …).
class ProjectionStore {
  public:
    /// Opens or makes the folder and takes `LOCK` to build. A current generation that is missing,
    /// damaged, of another version, of another journal, or possibly not on disk (another boot
    /// without a clean mark) is replaced by a new, empty one: LMDB is a cache, and when in doubt it
    /// is built again. `renewed()` tells why.
    /// Fails with conflict when another process builds this projection.
    [[nodiscard]] static Result<ProjectionStore> open_to_build(const Directory& projections,
                                                               const Projection& projection,
                                                               const Source& source);
    /// Opens what is served, without the lock, to read rows somebody else builds.
    /// Fails with not_found when nothing is served yet.
    [[nodiscard]] static Result<ProjectionStore> open_to_read(const Directory& projections,
                                                              const Projection& projection);

    /// One generation on disk, as "g3", whether it is served or not, to read it.
    /// Fails with not_found when there is none of that name.
    [[nodiscard]] static Result<std::unique_ptr<Environment>> open_generation(
        const Directory& projections, const Projection& projection, std::string_view name);

    [[nodiscard]] const Projection& projection() const { return *projection_; }
    [[nodiscard]] std::uint64_t generation() const { return generation_; }
    [[nodiscard]] const std::string& renewed() const { return renewed_; }
    [[nodiscard]] Environment& environment() { return *environment_; }
    [[nodiscard]] Result<Meta> meta();
    [[nodiscard]] Result<std::uint64_t> bytes() const;

    /// Begins the next generation beside the one served, empty.
    [[nodiscard]] Result<std::unique_ptr<Environment>> begin_generation(const Source& source,
                                                                        std::uint64_t& number);
    /// Serves generation `number` from now on: synced, then `CURRENT` moves. The old one stays.
    [[nodiscard]] Result<void> publish(std::unique_ptr<Environment> built, std::uint64_t number);
    /// Serves the generation that was served before this one, as it was left; again: back.
    /// Fails with conflict when there is none, or it no longer fits journal or program.
    [[nodiscard]] Result<void> revert(const Source& source);
    /// Removes every generation that is not served. One that was begun and never served goes too.
    [[nodiscard]] Result<std::vector<OldGeneration>> prune();

  private:
    ProjectionStore(const Projection& projection, Directory folder)
        : projection_{&projection}, folder_{std::move(folder)} {}
    [[nodiscard]] Result<void> open_current();
    [[nodiscard]] Result<std::unique_ptr<Environment>> open_generation(std::uint64_t number) const;
    [[nodiscard]] Result<void> point_to(std::uint64_t number, std::uint64_t before);
    [[nodiscard]] Result<void> renew(const Source& source, std::string why);
    [[nodiscard]] std::string why_unfit(const Result<Meta>& stored, const Source& source) const;

    const Projection* projection_;
    Directory folder_;
    Descriptor lock_;
    std::unique_ptr<Environment> environment_;
    std::uint64_t generation_{};
    std::uint64_t before_{};  ///< the generation served before; 0: none
    std::string renewed_;
};

/// How the rows of a table differ between two generations.
struct TableDifference {
    std::string name;
    std::uint64_t removed{}, added{}, changed{};
};
/// The tables that differ.
[[nodiscard]] Result<std::vector<TableDifference>> table_differences(const LmdbRows& before,
                                                                     const LmdbRows& after);

}  // namespace daybook::store
