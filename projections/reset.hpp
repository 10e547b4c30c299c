#pragma once

#include "projections/catch_up.hpp"
#include "projections/store/reset_plan.hpp"

namespace daybook {

/// What changed between the generation that was served and the one that replaced it.
struct ResetOutcome {
    std::string projection;
    std::uint64_t generation{};  ///< served from now on
    std::uint64_t rows_before{}, rows_after{};
    store::Digest digest_before{}, digest_after{};
};
/// Told of each projection once it is built anew, before it is served: rows served, rows to serve.
using OnRebuilt = std::function<void(const Projection& projection, Rows& before, Rows& after)>;
/// A clock of the caller.
using TellTime = std::function<Time()>;

/// The plan to reset the projections `names` (each exists, no repeats), which are first brought up
/// to the head. Writes nothing but that and the plan's note.
[[nodiscard]] Result<store::ResetPlan> plan_reset(EventReader& reader,
                                                  const store::Directory& projections,
                                                  const std::vector<std::string>& names, Time now,
                                                  const OnProgress& progress);

/// Whether a plan is still good when events were recorded since, and nothing else has moved. Beside
/// a recorder no plan sees the last event; who says `accepted` knows that the rows that go are
/// those of the plan and what these events made of them.
enum class Growth : std::uint8_t { refused, accepted };

/// Carries out plan `id`: builds each projection anew beside the one served, then serves the new
/// one; the old generation stays on disk. Logged in `history.jsonl`. Fails with conflict when the
/// journal or the projections are not what the plan saw (it is stale: nothing happens), or another
/// process builds one of them.
[[nodiscard]] Result<std::vector<ResetOutcome>> apply_reset(
    EventReader& reader, const store::Directory& projections, const std::string& id,
    const TellTime& now, const OnRebuilt& rebuilt, const OnProgress& progress,
    Growth growth = Growth::refused);

/// Serves the generation of projection `name` that was served before, as it was left. Logged.
/// Fails with conflict as ProjectionStore::revert. Gives the number of the generation served.
[[nodiscard]] Result<std::uint64_t> revert_projection(EventReader& reader,
                                                      const store::Directory& projections,
                                                      const std::string& name, Time now);
/// Removes the generations of projection `name` that are not served. Logged.
[[nodiscard]] Result<std::vector<store::OldGeneration>> prune_projection(
    EventReader& reader, const store::Directory& projections, const std::string& name, Time now);

/// How long the projections would take to be built again from `events` events, as long as their
/// last resets took; nothing when one was never reset.
[[nodiscard]] Result<std::optional<std::int64_t>> expected_nanos(
    const store::Directory& projections, const std::vector<std::string>& names, Sequence events);

}  // namespace daybook
