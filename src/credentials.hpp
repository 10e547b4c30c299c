#pragma once

#include <optional>
#include <string>

#include "schemas/result.hpp"
#include "src/feeds/protocol.hpp"

namespace daybook {

/// The credentials of the user channel: of `file` when it is named, else of the environment;
/// nothing when there are none. The file has lines POLY_API_KEY=…, POLY_API_SECRET=…,
/// POLY_PASSPHRASE=…, and nobody but its owner may read it.
/// Fails with usage when one of the three is missing or others may read the file, with not_found
/// when there is no such file. No message has a value in it.
[[nodiscard]] Result<std::optional<feeds::Credentials>> read_credentials(const std::string& file);

}  // namespace daybook
