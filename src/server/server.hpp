#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "schemas/result.hpp"
#include "src/config.hpp"
#include "src/server/page.hpp"

namespace daybook::server {

struct Service;

struct ServeSettings {
    std::string data_dir;
    Config config;
    std::uint16_t port{7077};  ///< 0: one that is free
    std::string version;
    bool verbose{};  ///< a line a request
    bool json_log{};
    Page page{};
    std::function<void(Service&)> attach{};  ///< more that records, on the thread of the network
};

/// Where it is reached.
struct Addresses {
    std::uint16_t port{};
    std::string socket;  ///< path of the Unix socket
};

/// Records, folds and answers until SIGINT or SIGTERM; then everything taken is durable, answered
/// and folded. `ready` is called when it takes connections.
/// Fails with conflict when another process records or the port is taken, with not_found when there
/// is no journal, else as Recorder::open.
[[nodiscard]] Result<void> serve(const ServeSettings& settings,
                                 const std::function<void(const Addresses&)>& ready);

}  // namespace daybook::server
