#include "src/server/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace daybook::server {

void notify_system(const std::string& state) {
    const char* const path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    if (path == nullptr || std::strlen(path) >= sizeof address.sun_path) return;
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return;
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path);
    if (path[0] == '@') address.sun_path[0] = '\0';  // an abstract name
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
    // A manager that does not hear it starts the program again; there is nobody else to tell.
    (void)::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL,
                   reinterpret_cast<const sockaddr*>(&address), length);
    ::close(socket);
}

std::optional<std::chrono::microseconds> watchdog_period() {
    const char* const wish = std::getenv("WATCHDOG_USEC");
    const long long micros = wish == nullptr ? 0 : std::atoll(wish);
    if (micros <= 0) return std::nullopt;
    return std::chrono::microseconds{micros / 2};
}

}  // namespace daybook::server
