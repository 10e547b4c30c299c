#pragma once

#include <span>

#include "projections/answers/listing.hpp"

namespace daybook {

/// One figure that is not what it was.
struct Difference {
    std::string answer;  ///< which listing: positions, orders, …
    std::string row;     ///< which row of it: its key values, joined by a blank
    std::string field;
    ListValue before, after;  ///< nothing: the row was not there, or the value is null
};

/// What differs between two listings of the same columns, row by row. Rows are matched by the
/// columns `keys`; columns of JSON are left out, their figures stand in others.
[[nodiscard]] std::vector<Difference> differences(std::string_view answer, const Listing& before,
                                                  const Listing& after,
                                                  std::span<const std::string_view> keys);
[[nodiscard]] Listing list_differences(const std::vector<Difference>& differences);

}  // namespace daybook
