#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/result.hpp"
#include "src/ingest/input.hpp"

namespace daybook {

/// `[serve]`: what is absent is at its default.
struct ServeConfig {
    std::optional<std::uint16_t> port{};
    std::optional<std::string> log_format{};  ///< text or json
    std::optional<bool> verbose{};
    friend bool operator==(const ServeConfig&, const ServeConfig&) = default;
};

/// `daybook.toml` of a data directory, read once.
struct Config {
    std::vector<ingest::Account> accounts{};  ///< whose orders are own
    ServeConfig serve{};
};

/// The file that `init` writes: every setting, commented, at its default.
[[nodiscard]] std::string default_config();

/// Fails with malformed, naming line and column; for a setting that does not exist, with the
/// nearest one that does.
[[nodiscard]] Result<Config> parse_config(std::string_view text);

/// parse_config() of the data directory's file; a missing one is the default configuration.
[[nodiscard]] Result<Config> read_config(const std::string& data_dir);

}  // namespace daybook
