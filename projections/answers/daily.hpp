#pragma once

#include <map>

#include "projections/answers/positions.hpp"
#include "projections/fold/daily.hpp"

namespace daybook {

struct DayOfAsset {
    std::int64_t day{};  ///< since 1970-01-01, UTC
    std::string asset;   ///< empty: the market does not say
    friend auto operator<=>(const DayOfAsset&, const DayOfAsset&) = default;
};
using Days = std::map<DayOfAsset, Figures>;

/// What moved on each day, by asset; a day is [00:00, 24:00) UTC. `daily` holds the rows of the
/// projection `daily`. The days of a mode add up to its `pnl`.
[[nodiscard]] Days days_of(Rows& daily, const Scope& scope);
/// Takes out what was before; days without any move left go away.
void count_from(Days& now, const Days& before);
[[nodiscard]] Listing list_days(const Days& days);

}  // namespace daybook
