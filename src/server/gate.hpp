#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/server/reply.hpp"

namespace daybook::server {

/// What a caller may do; each role may what the ones before may.
enum class Role : std::uint8_t { read, append, admin };

/// Who gets in. A page of another origin in a browser of this machine reaches the port, but cannot
/// choose its Host (which defeats DNS rebinding), cannot hide its Origin and cannot send JSON
/// without asking first, which nobody answers. The Unix socket lets in whoever the file system
/// does: its owner, as admin.
struct Gate {
    std::vector<std::string> hosts;  ///< exactly as a client has to say it: "127.0.0.1:7077"
    std::string append_token, admin_token;
    bool owner_only{};  ///< other users of this machine may not read either, without a token

    /// Nothing when `request` may pass in that role, else what it is told: 421 for a Host, 403 for
    /// an Origin, 415 for a body that is not JSON, 401 without a token, 403 with one that is not
    /// enough.
    [[nodiscard]] std::optional<Reply> refuses(const Request& request, Role needed) const;
};

/// Whether `given` is `wanted`; takes as long wherever they differ.
[[nodiscard]] bool same_secret(std::string_view given, std::string_view wanted);

}  // namespace daybook::server
