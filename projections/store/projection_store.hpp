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
    /// The hash of the frame at a sequence; nothing when the journal, as it is by now, ends before.
    /// Fails when the frame cannot be read.
    std::function<Result<std::optional<std::uint64_t>>(Sequence)> frame_hash;
    Time now;  ///< stamps a new generation
};

/// Why rows cannot be served to this program about this journal. Whatever it is, they are a cache:
/// they are built again, and the generation that did not fit stays until it is pruned.
enum class Unfit : std::uint8_t {
    no,                ///< they fit
    damaged,           ///< LMDB or the meta row says so, or the generation is not there
    other_version,     ///< folded by another version of the projection
    not_synced,        ///< the machine stopped before they were on disk
    foreign_journal,   ///< folded from a journal with another UUID
    restored_journal,  ///< it ends before what they have folded: brought back from an older backup
    forked_journal,    ///< another event stands where they stopped: it went on without them
    unreadable_journal,  ///< the frame that would tell cannot be read: nothing is thrown away
};
[[nodiscard]] std::string_view word_of(Unfit unfit);  ///< as it stands here

struct Fitness {
    Unfit unfit{};
    std::string why{};  ///< in words; empty when they fit
};

/// A generation that is on disk but not served.
struct OldGeneration {
    std::uint64_t number{};
    std::uint64_t bytes{};
};

/// The state of one projection on disk: `projections/<name>/` with `CURRENT` (the generation being
/// served, in a second line the one served before, in a third the highest ever served), `LOCK` (who
/// builds), `FOLLOWER` (who folds beside a recorder) and one LMDB environment a generation (`g1`,
/// `g2`, …).
class ProjectionStore {
  public:
    /// Opens or makes the folder and takes `LOCK` to build. A current generation that is missing,
    /// or unfit is replaced by a new, empty one: LMDB is a cache, and when in doubt it is built
    /// again. `renewed()` tells why, and so does a line of `history.jsonl`.
    /// Fails with conflict when another process builds this projection, with corrupt when the
    /// journal's frame that would tell whether the rows fit cannot be read.
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
    /// Why opening it began an empty generation; `no`: it did not, or there was none before.
    [[nodiscard]] const Fitness& renewed() const { return renewed_; }
    /// Whether what is served fits `source`, without changing anything.
    [[nodiscard]] Fitness fitness(const Source& source);
    /// The process that builds this projection now; empty: nobody.
    [[nodiscard]] static Result<std::string> builder(const Directory& projections,
                                                     const Projection& projection);
    /// A generation that was begun and never served yet, and the last event of its rows that others
    /// can see. Nothing: there is none. While nobody builds it is what a kill left.
    struct Begun {
        std::uint64_t generation{};
        Sequence seq;
    };
    [[nodiscard]] Result<std::optional<Begun>> begun() const;
    [[nodiscard]] Environment& environment() { return *environment_; }
    [[nodiscard]] Result<Meta> meta();
    [[nodiscard]] Result<std::uint64_t> bytes() const;

    /// Lets another process build; this object reads from then on.
    void free_lock() { lock_ = Descriptor{}; }
    /// Holds `FOLLOWER` instead of the lock: this object folds what is served, whichever generation
    /// that is, while others build beside it and swap. Called under the lock.
    /// Fails with conflict when another process follows.
    [[nodiscard]] Result<void> follow();
    /// Whether somebody else follows: then nobody but that one folds what is served.
    [[nodiscard]] bool followed() const { return follower_.get() < 0 && folder_.locked(kFollower); }
    /// Whether another generation is served than the one open here.
    [[nodiscard]] Result<bool> replaced() const;
    /// Opens the one that is served now. Fails with corrupt when it is not one of this program
    /// about this journal.
    [[nodiscard]] Result<void> reopen(const Source& source);

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
    static constexpr std::string_view kFollower = "FOLLOWER";

    ProjectionStore(const Projection& projection, Directory folder)
        : projection_{&projection}, folder_{std::move(folder)} {}
    [[nodiscard]] Result<void> open_current();
    [[nodiscard]] Result<std::unique_ptr<Environment>> open_generation(std::uint64_t number) const;
    [[nodiscard]] Result<void> point_to(std::uint64_t number, std::uint64_t before);
    [[nodiscard]] Result<void> renew(const Directory& projections, const Source& source,
                                     Fitness fitness);
    [[nodiscard]] Fitness fitness_of(const Result<Meta>& stored, const Source& source) const;

    const Projection* projection_;
    Directory folder_;
    Descriptor lock_;
    Descriptor follower_;
    std::unique_ptr<Environment> environment_;
    std::uint64_t generation_{};
    std::uint64_t before_{};   ///< the generation served before; 0: none
    std::uint64_t highest_{};  ///< ever served: no number is given twice, else nobody who has the
                               ///< old one open would see that it was replaced
    Fitness renewed_;
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
