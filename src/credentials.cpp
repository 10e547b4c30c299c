#include "src/credentials.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace daybook {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAllThree = "name POLY_API_KEY, POLY_API_SECRET and POLY_PASSPHRASE";

std::string from_environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

Result<void> may_be_read(const std::string& file) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (error || !fs::is_regular_file(status))
        return Error{Errc::not_found, "there is no file " + file, kAllThree};
    const auto others = fs::perms::group_all | fs::perms::others_all;
    if ((status.permissions() & others) != fs::perms::none)
        return Error{Errc::usage, "others may read or write " + file, "chmod 600 " + file};
    return ok();
}

Result<feeds::Credentials> in_file(const std::string& file) {
    TRYV(may_be_read(file));
    std::ifstream input{file};
    feeds::Credentials found;
    for (std::string line; std::getline(input, line);) {
        if (line.ends_with('\r')) line.pop_back();
        const std::size_t equals = std::min(line.find('='), line.size());
        const std::string name = line.substr(0, equals);
        std::string value = line.substr(std::min(equals + 1, line.size()));
        if (name == "POLY_API_KEY")
            found.key = std::move(value);
        else if (name == "POLY_API_SECRET")
            found.secret = std::move(value);
        else if (name == "POLY_PASSPHRASE")
            found.passphrase = std::move(value);
    }
    if (input.bad()) return Error{Errc::disk, "cannot read " + file};
    return found;
}

}  // namespace

Result<std::optional<feeds::Credentials>> read_credentials(const std::string& file) {
    feeds::Credentials found{from_environment("POLY_API_KEY"), from_environment("POLY_API_SECRET"),
                             from_environment("POLY_PASSPHRASE")};
    if (!file.empty()) {
        TRY(found, in_file(file));
    }
    const bool none = found.key.empty() && found.secret.empty() && found.passphrase.empty();
    if (none && file.empty()) return std::optional<feeds::Credentials>{};
    if (found.key.empty() || found.secret.empty() || found.passphrase.empty())
        return Error{Errc::usage, "the credentials of the user channel are not complete",
                     kAllThree};
    return std::optional{std::move(found)};
}

}  // namespace daybook
