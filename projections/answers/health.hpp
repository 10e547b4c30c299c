#pragma once

#include "projections/answers/listing.hpp"
#include "projections/fold/rows.hpp"

namespace daybook {

/// What came in by venue, channel and stream, with the longest silence of the venue; `health` holds
/// the rows of the projection `health`.
[[nodiscard]] Listing list_coverage(const Rows& health);
/// What is missing or in doubt, with counts; empty when nothing is. From the rows of `health`,
/// `orders` and `fills`, all as of the same event: unparsed lines, lost events, duplicates with
/// other content, doubts of a feed, jumps of a stream, fills without a known order, orders whose
/// outcome is unknown.
[[nodiscard]] Listing list_troubles(const Rows& health, Rows& orders, Rows& fills);

}  // namespace daybook
