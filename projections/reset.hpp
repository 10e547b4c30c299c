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

/// The plan to reset the projections `names` (each exists, no repeats), which are first brought up
/// to the head. Writes nothing but that and the plan's note.
[[nodiscard]] Result<store::ResetPlan> plan_reset(EventReader& reader,
                                                  const store::Directory& projections,
                                                  const std::vector<std::string>& names, Time now,
                                                  const OnProgress& progress);

/// Carries out plan `id`: builds each projection anew beside the one served, then serves the new
/// one; the old generation stays on disk. Logged in `history.jsonl`. Fails with conflict when the
/// journal or the projections are not what the plan saw (it is stale: nothing happens), or another
/// process builds one of them.
[[nodiscard]] Result<std::vector<ResetOutcome>> apply_reset(EventReader& reader,
                                                            const store::Directory& projections,
                                                            const std::string& id, Time now,
                                                            const OnProgress& progress);

}  // namespace daybook
