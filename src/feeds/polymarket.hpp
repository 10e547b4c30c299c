#pragma once

#include <functional>
#include <optional>

#include "src/feeds/address.hpp"
#include "src/feeds/polymarket_protocol.hpp"
#include "src/feeds/roster.hpp"

namespace daybook::server {
struct Service;
}

namespace daybook::feeds {

struct PolymarketSettings {
    Wish wish;
    Address market, user, gamma, clob, data;
    std::optional<Address> prices;  ///< reference prices of the assets of `wish`
    std::optional<Credentials> credentials;
    std::optional<milliseconds> silence;  ///< absent: by channel
    std::string ca;  ///< PEM file of the authority to be trusted alone; "": those of the system
};

/// What attaches the feeds of Polymarket to a service that records: it is called once, when the
/// service takes connections, on the thread of its network.
/// Fails with usage when `ca` is no file of certificates.
[[nodiscard]] Result<std::function<void(server::Service&)>> polymarket(PolymarketSettings settings);

}  // namespace daybook::feeds
