#include "tools/files/keys.hpp"

#include <random>

namespace daybook::files {
namespace {

constexpr std::size_t kKeyBytesMax = 65536;

Path secret_file(const Path& data_dir) { return data_dir / "keys" / "receipt.key"; }

Result<journal::SigningKey> read_secret(const Path& data_dir) {
    TRY(const auto pem, read_file(secret_file(data_dir), kKeyBytesMax));
    auto key = journal::SigningKey::parse(pem);
    if (key) return key;
    return Error{Errc::malformed, secret_file(data_dir).string() + ": " + key.error().detail,
                 "bring the file back from where you keep a copy"};
}

Error secret_is_elsewhere(const Path& data_dir) {
    return {Errc::not_found,
            secret_file(data_dir).string() + " is missing, but its public key is there",
            "bring the secret key back from the host it was made on; to sign with another one from "
            "now on, move keys/receipt.pub aside: the next receipt makes a new pair"};
}

/// The secret of whoever was first to make one.
Result<journal::SigningKey> make_secret(const Path& data_dir) {
    TRYV(make_folder(data_dir / "keys", 0700));
    TRY(const auto key, journal::SigningKey::generate());
    const auto written = write_file(secret_file(data_dir), key.to_pem(), 0600, Existing::kept);
    if (!written && written.error().code != Errc::conflict) return written.error();
    return read_secret(data_dir);
}

std::string random_hex() {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::random_device random;  // of the system
    std::string text;
    for (int i = 0; i < 64; ++i) text.push_back(kHex[random() % 16]);
    return text;
}

}  // namespace

Path public_key_file(const Path& data_dir) { return data_dir / "keys" / "receipt.pub"; }

Result<journal::SigningKey> signing_key(const Path& data_dir) {
    std::error_code ignored;  // what cannot be asked is not there; reading it will say why
    const bool has_public = std::filesystem::exists(public_key_file(data_dir), ignored);
    auto key = read_secret(data_dir);
    if (!key && key.error().code != Errc::not_found) return key;
    if (!key && has_public) return secret_is_elsewhere(data_dir);
    if (!key) {
        TRY(key, make_secret(data_dir));
    }
    if (!has_public) {
        TRYV(write_file(public_key_file(data_dir), to_pem(key.value().public_key()), 0644,
                        Existing::replaced));
    }
    return key;
}

Result<std::string> token(const Path& data_dir, const std::string& role) {
    constexpr std::size_t kDigits = 64;
    const Path path = data_dir / "keys" / (role + ".token");
    std::error_code ignored;  // what cannot be asked is not there; reading it will say why
    if (!std::filesystem::exists(path, ignored)) {
        TRYV(make_folder(data_dir / "keys", 0700));
        const auto written = write_file(path, random_hex() + '\n', 0600, Existing::kept);
        if (!written && written.error().code != Errc::conflict) return written.error();
    }
    using std::filesystem::perms;
    const perms others = std::filesystem::status(path, ignored).permissions() &
                         (perms::group_all | perms::others_all);
    if (others != perms::none)
        return Error{Errc::malformed, path.string() + " can be read by others",
                     "chmod 600 it, and remove it to have a new one made if somebody did"};
    TRY(std::string text, read_file(path, 4096));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (text.size() == kDigits && text.find_first_not_of("0123456789abcdef") == std::string::npos)
        return text;
    return Error{Errc::malformed, path.string() + " holds no token of 64 hex digits",
                 "remove it; the next start makes a new one"};
}

Result<journal::PublicKey> read_public_key(const Path& path) {
    TRY(const auto pem, read_file(path, kKeyBytesMax));
    auto key = journal::parse_public_key(pem);
    if (key) return key;
    return Error{Errc::usage, path.string() + " holds " + key.error().detail,
                 "--pubkey names the file receipt.pub that was copied from the host"};
}

}  // namespace daybook::files
