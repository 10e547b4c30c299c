#pragma once

#include <string>

#include "schemas/event.hpp"

namespace daybook {

/// Records one event that the operator says, durably, and gives its sequence. Fails as
/// Recorder::open and record.
[[nodiscard]] Result<Sequence> say(const std::string& data_dir, Body body, Time now);

}  // namespace daybook
