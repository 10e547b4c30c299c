#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "src/feeds/address.hpp"
#include "src/feeds/protocol.hpp"
#include "src/feeds/roster.hpp"
#include "src/feeds/signing_key.hpp"

namespace daybook::server {
struct Service;
}

namespace daybook::feeds {

/// Of the owner's API key. The id and signatures go to the venue, the key nowhere.
struct KalshiKey {
    std::string id;
    std::shared_ptr<const SigningKey> key;
};

struct KalshiSettings {
    Wish wish;
    Address web_socket, rest;
    KalshiKey key;
    std::optional<milliseconds> silence;  ///< absent: the default
    std::string ca;  ///< PEM file of the authority to be trusted alone; "": those of the system
};

/// What attaches the feeds of Kalshi to a service that records, as polymarket() does.
/// Fails with usage when `ca` is no file of certificates.
[[nodiscard]] Result<std::function<void(server::Service&)>> kalshi(KalshiSettings settings);

}  // namespace daybook::feeds
