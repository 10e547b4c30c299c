#pragma once

#include <optional>
#include <string>

#include "schemas/event.hpp"

namespace daybook {

/// Why `event` cannot be what it says, in words for people; nothing when it can.
/// Ranges and required fields of the contract (§1): prices in [0, 1], no negative sizes or costs,
/// two outcomes, names where a name is needed. It does not ask whether the story makes sense: an
/// overfill or a fill without an order is possible, and recorded.
[[nodiscard]] std::optional<std::string> why_invalid(const Event& event);

}  // namespace daybook
