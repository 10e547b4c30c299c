#pragma once

#include "schemas/time.hpp"

namespace daybook {

/// The wall clock, read in one place.
[[nodiscard]] Time wall_clock();

}  // namespace daybook
