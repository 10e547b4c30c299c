#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/ingest/input.hpp"

namespace daybook::feeds {

using Items = std::set<std::string>;  ///< what is subscribed: tokens, symbols
using std::chrono::milliseconds;

/// How a channel of Polymarket is spoken to (venue page §2, §3, §4, §11).
struct Protocol {
    std::string channel;  ///< of its `feed` events
    ingest::Channel frames{};
    std::function<std::string(const Items&)> first, more, fewer;
    milliseconds ping{10'000};              ///< a text PING this often
    std::optional<milliseconds> silence{};  ///< no data for so long: the connection is stale
    bool books{};                           ///< a book is expected for every item
};

inline constexpr std::size_t kItemsOfConnection = 500;  ///< more, and no books are sent (§2)
/// Books of so many tokens fit into one frame that can be recorded (1 MiB).
inline constexpr std::size_t kItemsOfMessage = 40;

[[nodiscard]] Protocol market_protocol(milliseconds silence);
/// Items are symbols of Chainlink's streams: "btc/usd".
[[nodiscard]] Protocol price_protocol(milliseconds silence);

/// Of the owner's API key. They go to the venue and nowhere else.
struct Credentials {
    std::string key, secret, passphrase;
};
/// All orders and trades of the key, whatever their market; silence is no sign of anything.
[[nodiscard]] Protocol user_protocol(const Credentials& credentials);

/// `items` in parts of kItemsOfMessage.
[[nodiscard]] std::vector<Items> parts_of(const Items& items);

}  // namespace daybook::feeds
