#pragma once

#include <functional>
#include <map>

#include "projections/answers/positions.hpp"
#include "projections/fold/claims.hpp"
#include "projections/fold/daily.hpp"

namespace daybook {

struct DayOfAsset {
    std::int64_t day{};  ///< since 1970-01-01
    std::string asset;   ///< empty: the market does not say
    friend auto operator<=>(const DayOfAsset&, const DayOfAsset&) = default;
};
using Days = std::map<DayOfAsset, Figures>;

/// The date of a moment by some calendar, in days since 1970-01-01.
using DayOf = std::function<std::int64_t(Time)>;
[[nodiscard]] std::int64_t utc_day(Time time);

/// Whether no hour of the scope is of two days: where an offset is no whole hour, midnight falls
/// into one, and hours cannot tell the days.
[[nodiscard]] bool hours_tell_days(Rows& daily, const Scope& scope, const DayOf& day_of);
/// What moved on each day, by asset. `daily` holds the rows of the projection `daily`. The days of
/// a mode add up to its `pnl`.
[[nodiscard]] Days days_of(Rows& daily, const Scope& scope, const DayOf& day_of = utc_day);
/// The same from each single move, for any zone; `claims` holds the rows of that projection.
[[nodiscard]] Days days_of_moves(Rows& claims, const Scope& scope, const DayOf& day_of);
/// Takes out what was before; days without any move left go away.
void count_from(Days& now, const Days& before);

/// When a day begins; a day of a change of clocks has 23 or 25 hours.
using BeginOf = std::function<Time(std::int64_t day)>;
[[nodiscard]] Listing list_days(const Days& days, const BeginOf& begin_of);

}  // namespace daybook
