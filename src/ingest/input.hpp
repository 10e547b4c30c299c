#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/event.hpp"
#include "schemas/json.hpp"

namespace daybook::ingest {

enum class Channel : std::uint8_t { any, market, user, rest, rtds };  ///< any: told by its content

/// One received frame or REST answer, with what the receiver knew of it.
struct Input {
    std::string_view payload;
    Channel channel{Channel::any};
    std::optional<Time> received;
    std::optional<std::int64_t> mono;
    std::string order;   ///< the order a REST answer answers
    std::string market;  ///< the market a REST answer answers
};

struct Account {
    std::string name;
    std::vector<std::string> addresses;  ///< wallets and API key ids; case does not matter
};

struct Settings {
    std::vector<Account>
        accounts;  ///< whose orders are own; empty: a user frame's own side is ours
    bool activity_as_fills{false};  ///< book activity rows as fills (`--as fills`)
};

/// The events of one frame, in order: they are recorded as one batch. The first carries `raw`.
using Batch = std::vector<Event>;

/// What could not be understood, kept: `raw` without credentials, and why.
[[nodiscard]] Event unparsed(std::string_view raw, std::string why);

/// `text` without credentials: the values of API keys, secrets, passphrases, signatures, private
/// keys, tokens and POLY_*/KALSHI-ACCESS-* headers, and every `auth` object, become "(removed)".
/// Everything else stays byte for byte. Works on text that is not JSON too.
[[nodiscard]] std::string without_credentials(std::string_view text);

}  // namespace daybook::ingest
