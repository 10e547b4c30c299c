#pragma once

#include <memory>

#include "src/feeds/protocol.hpp"

namespace daybook::feeds {

// The connections of Polymarket (venue page §2, §3, §4, §11).

inline constexpr std::size_t kItemsOfConnection = 500;  ///< more, and no books are sent (§2)

/// Books and trades; items are tokens.
[[nodiscard]] std::unique_ptr<Protocol> market_protocol(milliseconds silence);
/// Reference prices; items are symbols of Chainlink's streams: "btc/usd".
[[nodiscard]] std::unique_ptr<Protocol> price_protocol(milliseconds silence);

/// Of the owner's API key. They go to the venue and nowhere else.
struct Credentials {
    std::string key, secret, passphrase;
};
/// All orders and trades of the key, whatever their market; silence is no sign of anything.
[[nodiscard]] std::unique_ptr<Protocol> user_protocol(Credentials credentials);

}  // namespace daybook::feeds
