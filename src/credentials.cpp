#include "src/credentials.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

namespace daybook {
namespace {

namespace fs = std::filesystem;

using Names = std::vector<const char*>;
using Values = std::map<std::string, std::string>;

std::string list_of(const Names& names) {
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) list += i + 1 == names.size() ? " and " : ", ";
        list += names[i];
    }
    return list;
}

/// The content of a file that nobody but its owner may read.
Result<std::string> secret_file(const std::string& file, const std::string& remedy) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (error || !fs::is_regular_file(status))
        return Error{Errc::not_found, "there is no file " + file, remedy};
    const auto others = fs::perms::group_all | fs::perms::others_all;
    if ((status.permissions() & others) != fs::perms::none)
        return Error{Errc::usage, "others may read or write " + file, "chmod 600 " + file};
    std::ifstream input{file};
    std::stringstream text;
    text << input.rdbuf();
    if (!input) return Error{Errc::disk, "cannot read " + file};
    return std::move(text).str();
}

Values of_environment(const Names& names) {
    Values found;
    for (const char* const name : names) {
        const char* const value = std::getenv(name);
        if (value != nullptr && *value != '\0') found[name] = value;
    }
    return found;
}

Result<Values> of_file(const std::string& file, const Names& names) {
    TRY(const std::string text, secret_file(file, "write " + list_of(names) + " into it"));
    Values found;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        if (line.ends_with('\r')) line.pop_back();
        const std::size_t equals = line.find('=');
        if (equals == std::string::npos || equals + 1 == line.size()) continue;
        const std::string name = line.substr(0, equals);
        if (std::ranges::find(names, name) != names.end()) found[name] = line.substr(equals + 1);
    }
    return found;
}

/// All of `names`, or none.
Result<Values> values_of(const std::string& file, const Names& names) {
    Values found = of_environment(names);
    if (!file.empty()) {
        TRY(found, of_file(file, names));
    }
    if (found.size() == names.size() || (found.empty() && file.empty())) return found;
    return Error{Errc::usage, "the credentials are not complete", "name " + list_of(names)};
}

}  // namespace

Result<std::optional<feeds::Credentials>> polymarket_credentials(const std::string& file) {
    TRY(Values found, values_of(file, {"POLY_API_KEY", "POLY_API_SECRET", "POLY_PASSPHRASE"}));
    if (found.empty()) return std::optional<feeds::Credentials>{};
    return std::optional{feeds::Credentials{found["POLY_API_KEY"], found["POLY_API_SECRET"],
                                            found["POLY_PASSPHRASE"]}};
}

Result<feeds::KalshiKey> kalshi_key(const std::string& file) {
    const Names names{"KALSHI_API_KEY_ID", "KALSHI_PRIVATE_KEY_PATH"};
    TRY(Values found, values_of(file, names));
    const std::string remedy = "name " + list_of(names) + " in the environment or in a file";
    if (found.empty()) return Error{Errc::usage, "Kalshi wants every request signed", remedy};
    TRY(const std::string pem, secret_file(found["KALSHI_PRIVATE_KEY_PATH"], remedy));
    TRY(auto key, feeds::SigningKey::parse(pem));
    return feeds::KalshiKey{found["KALSHI_API_KEY_ID"], std::move(key)};
}

}  // namespace daybook
