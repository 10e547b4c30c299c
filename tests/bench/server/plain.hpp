#pragma once

#include <sys/types.h>

#include <cstdint>

namespace daybook::bench {

/// The limit: Beast and nothing else, one thread as the recorder's network has. Reads each body or
/// message and answers `[]`. In a process of its own, which ends with this object.
class PlainServer {
  public:
    PlainServer();
    ~PlainServer();
    PlainServer(const PlainServer&) = delete;
    PlainServer& operator=(const PlainServer&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

  private:
    pid_t pid_{};
    std::uint16_t port_{};
};

}  // namespace daybook::bench
