#pragma once

#include <string>

#include "schemas/result.hpp"
#include "src/ingest/input.hpp"

namespace daybook {

/// `daybook.toml` of a data directory, read once.
struct Config {
    std::vector<ingest::Account> accounts{};  ///< whose orders are own
};

/// The file that `init` writes: every setting, commented, at its default.
[[nodiscard]] std::string default_config();

/// Fails with malformed, naming line and column; a missing file is the default configuration.
[[nodiscard]] Result<Config> read_config(const std::string& data_dir);

}  // namespace daybook
