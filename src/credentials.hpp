#pragma once

#include <optional>
#include <string>

#include "schemas/result.hpp"
#include "src/feeds/kalshi.hpp"
#include "src/feeds/polymarket_protocol.hpp"

namespace daybook {

// What a venue's own channels want, of `file` when it is named, else of the environment. The file
// has lines NAME=value. Both fail with usage when something is missing, or others than the owner
// may read a file; with not_found when there is no such file. No message has a value in it.

/// POLY_API_KEY, POLY_API_SECRET, POLY_PASSPHRASE; nothing when there is none of them.
[[nodiscard]] Result<std::optional<feeds::Credentials>> polymarket_credentials(
    const std::string& file);

/// KALSHI_API_KEY_ID and KALSHI_PRIVATE_KEY_PATH, which names a PEM file. Kalshi tells nothing to
/// those who have no key.
[[nodiscard]] Result<feeds::KalshiKey> kalshi_key(const std::string& file);

}  // namespace daybook
