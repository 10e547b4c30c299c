#pragma once

#include "projections/answers/postmortem.hpp"

namespace daybook {

/// What the record of the report's markets cannot tell, one clause each. The cash of the
/// report must be there already.
[[nodiscard]] std::vector<std::string> unknown_in(const PostMortem& report,
                                                  const PostMortemRows& rows);

}  // namespace daybook
