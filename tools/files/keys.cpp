#include "tools/files/keys.hpp"

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

Result<journal::PublicKey> read_public_key(const Path& path) {
    TRY(const auto pem, read_file(path, kKeyBytesMax));
    auto key = journal::parse_public_key(pem);
    if (key) return key;
    return Error{Errc::usage, path.string() + " holds " + key.error().detail,
                 "--pubkey names the file receipt.pub that was copied from the host"};
}

}  // namespace daybook::files
