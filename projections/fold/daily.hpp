#pragma once

#include <functional>

#include "projections/fold/moves.hpp"

namespace daybook {

/// What one holder's figures moved by in one hour.
struct HourRow {
    Holder holder;
    std::int64_t hour{};  ///< since 1970-01-01T00:00Z: of the time at which the events happened
    Figures change;
    auto fields() { return std::tie(holder, hour, change); }
};

/// By account, mode and market, in each by hour. The hours of a holder add up to its position:
/// P&L belongs to the event that caused it (contract §2), a void to its own.
void for_each_hour(const Rows& rows, const std::function<void(const HourRow&)>& visit);

/// What was made, lost, paid and traded on which day?
[[nodiscard]] const Projection& daily_projection();

}  // namespace daybook
