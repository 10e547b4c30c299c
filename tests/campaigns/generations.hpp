#pragma once

#include <map>
#include <string>

#include "campaigns/campaign.hpp"
#include "campaigns/child.hpp"
#include "projections/store/projection_store.hpp"
#include "schemas/result.hpp"

namespace daybook::campaigns {

inline const Time kMoment{1'765'700'000'000'000'000};

/// A data directory as a fold from nothing leaves it, and what every one of its copies has to show.
struct Original {
    Scratch scratch;
    std::string chain;  ///< of the journal
    Sequence head;
    std::map<std::string, store::Digest, std::less<>> digests;  ///< folded in memory
};

/// Some thousand events with every projection at the head; made once a process. Half of the
/// projections have a generation before the one that is served.
[[nodiscard]] const Original& original_for_resets();
/// Its folder anew, below `scratch`.
[[nodiscard]] std::string copy_of(const Original& original, const Scratch& scratch);

/// What a kill left, looked at without mending anything: one generation served, whole and right;
/// every other one that was ever served whole or gone; a history that can be read; the journal as
/// it was.
[[nodiscard]] Finding check_as_left(const Original& original, const std::string& folder);
/// Every projection opens to be built, none of them anew, and has the right rows at the head.
[[nodiscard]] Finding check_goes_on(const Original& original, const std::string& folder);
/// Nothing lies beside what is served.
[[nodiscard]] Finding check_pruned(const std::string& folder);

}  // namespace daybook::campaigns
