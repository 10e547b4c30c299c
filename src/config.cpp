#include "src/config.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "src/config_parts.hpp"
#include "src/nearest.hpp"

namespace daybook {
namespace config {

Error at(const toml::source_region& place, const std::string& what, std::string remedy) {
    return {Errc::malformed,
            "daybook.toml line " + std::to_string(place.begin.line) + ", column " +
                std::to_string(place.begin.column) + ": " + what,
            std::move(remedy)};
}

Result<void> know_all(const toml::table& table, const std::string& within,
                      std::span<const std::string_view> known) {
    for (const auto& [key, value] : table) {
        const std::string_view name = key.str();
        if (std::ranges::find(known, name) != known.end()) continue;
        return at(key.source(), "there is no setting '" + within + std::string{name} + "'",
                  "perhaps '" + within + std::string{nearest(name, known)} + "' is meant");
    }
    return ok();
}

}  // namespace config

namespace {

using config::at;
using config::know_all;
using config::take;

constexpr std::array<std::string_view, 4> kSections{"accounts", "record", "serve", "timezone"};
constexpr std::array<std::string_view, 1> kAccountKeys{"addresses"};
constexpr std::array<std::string_view, 4> kServeKeys{"log_format", "owner_only", "port", "verbose"};

Result<void> read_port(const toml::table& table, ServeConfig& serve) {
    constexpr std::int64_t kPortMax = 65535;
    const std::string form = "a number from 0 to 65535";
    std::optional<std::int64_t> port;
    TRYV(take(table, "serve.", "port", form, port));
    if (!port) return ok();
    if (*port < 0 || *port > kPortMax)
        return at(table.get("port")->source(), "'serve.port' is not " + form, "write " + form);
    serve.port = static_cast<std::uint16_t>(*port);
    return ok();
}

Result<void> read_serve(const toml::table& whole, ServeConfig& serve) {
    const toml::node* const node = whole.get("serve");
    if (node == nullptr) return ok();
    if (!node->is_table()) return at(node->source(), "'serve' is no table", "write [serve]");
    const toml::table& table = *node->as_table();
    TRYV(know_all(table, "serve.", kServeKeys));
    TRYV(read_port(table, serve));
    const std::string form = R"("text" or "json")";
    TRYV(take(table, "serve.", "log_format", form, serve.log_format));
    if (serve.log_format && *serve.log_format != "text" && *serve.log_format != "json")
        return at(table.get("log_format")->source(), "'serve.log_format' is not " + form,
                  "write " + form);
    TRYV(take(table, "serve.", "owner_only", "true or false", serve.owner_only));
    return take(table, "serve.", "verbose", "true or false", serve.verbose);
}

Result<void> read_account(const toml::key& name, const toml::node& node, Config& config) {
    const std::string within = "accounts." + std::string{name.str()};
    const std::string remedy = R"(write addresses = ["0x…"] below [)" + within + "]";
    const toml::table* const table = node.as_table();
    if (table != nullptr) {
        TRYV(know_all(*table, within + ".", kAccountKeys));
    }
    const toml::array* const addresses =
        table == nullptr ? nullptr : (*table)["addresses"].as_array();
    if (addresses == nullptr) return at(name.source(), within + " has no list 'addresses'", remedy);
    ingest::Account account{std::string{name.str()}, {}};
    for (const toml::node& address : *addresses) {
        const auto text = address.value_exact<std::string>();
        if (!text) return at(address.source(), "an address of " + within + " is no text", remedy);
        account.addresses.push_back(*text);
    }
    config.accounts.push_back(std::move(account));
    return ok();
}

Result<void> read_accounts(const toml::table& whole, Config& config) {
    const toml::node* const node = whole.get("accounts");
    if (node == nullptr) return ok();
    if (!node->is_table())
        return at(node->source(), "'accounts' is no table", "write [accounts.main]");
    for (const auto& [name, account] : *node->as_table()) {
        TRYV(read_account(name, account, config));
    }
    return ok();
}

}  // namespace

std::string default_config() {
    return R"(# Settings of this data directory. They say how input is read from now on; nothing here changes
# what is recorded already.

# The time zone whose clock people are shown and whose days are counted; --tz says otherwise.
# timezone = "America/New_York"

# Whose orders are ours: wallet addresses (and API key ids) as the venue writes them. A running
# recorder reads them anew on SIGHUP; connections made after that are read by them.
# [accounts.main]
# addresses = ["0x…"]

# How `daybook serve` runs; options of the command line win. Read at its start.
# [serve]
# port = 7077            # on 127.0.0.1; 0: one that is free
# log_format = "text"    # or "json"
# owner_only = false     # true: other users of this machine may not read either, without a token
# verbose = false        # true: a line a request

# What `daybook serve` records of Polymarket by itself, as `daybook record polymarket` does: up or
# down markets of assets, one by one, and single markets by condition id or slug.
# [record.polymarket]
# assets = ["BTC", "ETH"]
# window = "15m"         # or 5m, 4h
# markets = []
# slugs = []
# credentials = ""       # a file only its owner may read; "": of the environment
# silence = 120          # seconds without data; absent: 120, of reference prices 300

# The same of Kalshi, by ticker; of a series all markets, as they come and go.
# [record.kalshi]
# markets = []
# series = ["KXBTC15M"]
# credentials = ""       # KALSHI_API_KEY_ID=… and KALSHI_PRIVATE_KEY_PATH=…
# silence = 300
)";
}

Result<Config> parse_config(std::string_view text) {
    try {
        Config config;
        const toml::table table = toml::parse(text);
        TRYV(know_all(table, "", kSections));
        TRYV(read_accounts(table, config));
        TRYV(read_serve(table, config.serve));
        TRY(config.record, config::read_record(table));
        return config;
    } catch (const toml::parse_error& error) {
        return at(error.source(), std::string{error.description()}, "correct it there");
    }
}

Result<Config> read_config(const std::string& data_dir) {
    std::ifstream file{data_dir + "/daybook.toml"};
    if (!file) return Config{};
    std::stringstream text;
    text << file.rdbuf();
    return parse_config(text.str());
}

}  // namespace daybook
