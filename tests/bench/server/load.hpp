#pragma once

#include <cstdint>
#include <string>

#include "bench/measure.hpp"

namespace daybook::bench {

/// What is sent to, and how.
struct Load {
    std::uint16_t port{};
    std::string token{};  ///< of the writer; empty: none
    std::size_t connections{1};
    std::size_t events{1};     ///< of each POST or message
    std::size_t under_way{1};  ///< messages a connection has not been answered, of a WebSocket
    double seconds{2};
};

/// Sends batches of new quotes for a while, each connection one POST after the other; events that
/// were answered a second. Each body differs from all before it in this process.
[[nodiscard]] double post(const Load& load);
/// The same as messages of WebSockets (`/v1/stream?events=false`).
[[nodiscard]] double send_messages(const Load& load);

}  // namespace daybook::bench
