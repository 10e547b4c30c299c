#include "src/config.hpp"

#include <toml++/toml.h>

#include <fstream>
#include <sstream>

namespace daybook {
namespace {

Result<void> read_accounts(const toml::table& table, Config& config) {
    const toml::table* accounts = table["accounts"].as_table();
    if (accounts == nullptr) return ok();
    for (const auto& [name, settings] : *accounts) {
        ingest::Account account{std::string{name.str()}, {}};
        const toml::array* addresses =
            settings.is_table() ? (*settings.as_table())["addresses"].as_array() : nullptr;
        if (addresses == nullptr) {
            return Error{Errc::malformed,
                         "daybook.toml: accounts." + account.name + " has no list 'addresses'"};
        }
        for (const toml::node& address : *addresses) {
            account.addresses.push_back(address.value_or(std::string{}));
        }
        config.accounts.push_back(std::move(account));
    }
    return ok();
}

}  // namespace

std::string default_config() {
    return R"(# Settings of this data directory. They say how input is read from now on; nothing here changes
# what is recorded already.

# The time zone whose clock people are shown and whose days are counted; --tz says otherwise.
# timezone = "America/New_York"

# Whose orders are ours: wallet addresses (and API key ids) as the venue writes them.
# [accounts.main]
# addresses = ["0x…"]
)";
}

Result<Config> read_config(const std::string& data_dir) {
    Config config;
    std::ifstream file{data_dir + "/daybook.toml"};
    if (!file) return config;
    std::stringstream text;
    text << file.rdbuf();
    try {
        const toml::table table = toml::parse(text.str());
        TRYV(read_accounts(table, config));
        return config;
    } catch (const toml::parse_error& error) {
        return Error{Errc::malformed, "daybook.toml line " +
                                          std::to_string(error.source().begin.line) + ": " +
                                          std::string{error.description()}};
    }
}

}  // namespace daybook
