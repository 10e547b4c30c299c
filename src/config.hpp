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
    std::optional<bool> owner_only{};  ///< other users of this machine may not read either
    friend bool operator==(const ServeConfig&, const ServeConfig&) = default;
};

/// Which feeds of a venue are wished for, on the command line or in `[record.VENUE]`. What is empty
/// or absent is at its default; not every venue has all.
struct RecordWish {
    std::string venue{};  ///< polymarket or kalshi
    std::vector<std::string> assets{}, markets{}, slugs{}, series{};
    std::string window{};
    std::optional<std::int64_t> silence_s{};
    std::string credentials{}, ca{};  ///< files
    std::string endpoint_ws{}, endpoint_rest{}, endpoint_prices{};
    friend bool operator==(const RecordWish&, const RecordWish&) = default;
};

/// `daybook.toml` of a data directory, read once.
struct Config {
    std::vector<ingest::Account> accounts{};  ///< whose orders are own
    ServeConfig serve{};
    std::vector<RecordWish> record{};  ///< the feeds that `serve` runs, by venue
};

/// The file that `init` writes: every setting, commented, at its default.
[[nodiscard]] std::string default_config();

/// Fails with malformed, naming line and column; for a setting that does not exist, with the
/// nearest one that does.
[[nodiscard]] Result<Config> parse_config(std::string_view text);

/// parse_config() of the data directory's file; a missing one is the default configuration.
[[nodiscard]] Result<Config> read_config(const std::string& data_dir);

}  // namespace daybook
