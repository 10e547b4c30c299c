#pragma once

#include <netinet/in.h>
#include <sys/types.h>

#include <optional>

namespace daybook::server {

/// The user whose process holds the other end of a TCP connection within this machine, as the
/// kernel tells it (sock_diag(7)). Nothing when that end is closed by now, or the kernel is not
/// asked (a sandbox without AF_NETLINK).
[[nodiscard]] std::optional<uid_t> user_of_peer(const sockaddr_in& ours, const sockaddr_in& theirs);

}  // namespace daybook::server
