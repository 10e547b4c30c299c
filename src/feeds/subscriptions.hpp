#pragma once

#include <vector>

#include "src/feeds/protocol.hpp"

namespace daybook::feeds {

/// What each connection subscribes, when `wanted` is to be subscribed and the connections have
/// `before`: nothing moves from one to another, none has more than `most`, and there are no more
/// connections than that takes. A connection may be left with nothing.
[[nodiscard]] std::vector<Items> distribute(std::vector<Items> before, const Items& wanted,
                                            std::size_t most);

}  // namespace daybook::feeds
