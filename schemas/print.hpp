#pragma once

#include <string>

#include "schemas/event.hpp"

namespace daybook {

/// `event` as one line of text for people: sequence, clock, type, market, then name=value.
/// The same event gives the same line. Control characters are escaped; `raw` is left out.
[[nodiscard]] std::string print(const Event& event);
/// The same with `clock` in place of the UTC time.
[[nodiscard]] std::string print(const Event& event, std::string_view clock);

}  // namespace daybook
