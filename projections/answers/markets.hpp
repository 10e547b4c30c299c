#pragma once

#include "projections/answers/positions.hpp"

namespace daybook {

/// The markets of a scope in the order in which they were first named; `markets` holds the rows of
/// the projection `markets`. Markets serve all modes.
[[nodiscard]] Listing list_markets(Rows& markets, const Scope& scope);
/// The books of a scope, one row an outcome: top of book, levels (JSON), and whether to trust them.
[[nodiscard]] Listing list_books(Rows& books, const Scope& scope);
/// Every level of the books of a scope, for people: best first.
[[nodiscard]] Listing list_levels(Rows& books, const Scope& scope);

}  // namespace daybook
