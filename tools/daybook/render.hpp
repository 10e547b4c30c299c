#pragma once

#include "projections/answers/listing.hpp"
#include "schemas/event.hpp"
#include "tools/daybook/call.hpp"

namespace daybook {

/// The columns for people as a table; money in cents, losses red where colour is on, times by the
/// clock of `zone`.
[[nodiscard]] std::string render(const Listing& listing, const Terminal& terminal,
                                 const Zone& zone = {});
/// The same for a listing of one row: a line each, name and value.
[[nodiscard]] std::string render_pairs(const Listing& listing, const Terminal& terminal);

/// An event as one line, its clock that of `zone`.
[[nodiscard]] std::string line_of(const Event& event, const Zone& zone);

}  // namespace daybook
