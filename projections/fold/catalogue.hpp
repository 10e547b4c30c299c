#pragma once

#include <span>
#include <string_view>

#include "projections/fold/projection.hpp"

namespace daybook {

/// Every projection, in the order in which they are listed to people.
[[nodiscard]] std::span<const Projection> catalogue();
/// Null when there is none of that name.
[[nodiscard]] const Projection* find_projection(std::string_view name);

}  // namespace daybook
