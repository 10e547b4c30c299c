#pragma once

#include <string>

#include "schemas/event.hpp"
#include "schemas/result.hpp"

namespace daybook {

/// Records one event that the operator says, durably, and gives its sequence. Fails as open_intake
/// and what it opens.
[[nodiscard]] Result<Sequence> say(const std::string& data_dir, Body body, Time (*now)());

}  // namespace daybook
