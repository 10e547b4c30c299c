#pragma once

#include <string>
#include <string_view>

#include "schemas/result.hpp"

namespace daybook::feeds {

/// Where a service of a venue is reached; always over TLS.
struct Address {
    std::string host, port, path;  ///< path: "" or "/…" without a slash at its end
};

/// Of "https://host[:port][/path]" or "wss://…"; fails with usage for anything else: what is not
/// encrypted could be told by anybody on the way.
[[nodiscard]] Result<Address> parse_address(std::string_view url);

/// The same service at another path below this one.
[[nodiscard]] Address below(Address address, std::string_view path);

}  // namespace daybook::feeds
