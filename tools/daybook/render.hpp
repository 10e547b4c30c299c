#pragma once

#include "projections/answers/listing.hpp"
#include "tools/daybook/call.hpp"

namespace daybook {

/// The columns for people as a table; money in cents, losses red where colour is on.
[[nodiscard]] std::string render(const Listing& listing, const Terminal& terminal);
/// The same for a listing of one row: a line each, name and value.
[[nodiscard]] std::string render_pairs(const Listing& listing, const Terminal& terminal);

}  // namespace daybook
