#pragma once

#include <string>

#include "journal/ed25519.hpp"
#include "tools/files/posix_files.hpp"

/// `keys/` of a data directory: `receipt.key`, the secret that signs (PEM, mode 0600), and
/// `receipt.pub`, which may go anywhere. The folder has mode 0700.
namespace daybook::files {

[[nodiscard]] Path public_key_file(const Path& data_dir);

/// Makes a pair of keys where there is none, durably; a public key that went missing is made from
/// the secret one. Fails with not_found when only the public one is there (a backup keeps no
/// secret), with malformed, disk.
[[nodiscard]] Result<journal::SigningKey> signing_key(const Path& data_dir);

/// The token of `role` (`append`, `admin`) from `keys/ROLE.token`, mode 0600: 64 hex digits from
/// the system's random source, made durably where there is none. Fails with malformed when the file
/// holds something else, or others may read it; with disk.
[[nodiscard]] Result<std::string> token(const Path& data_dir, const std::string& role);

/// Fails with not_found, with usage when the file is no public key, with disk.
[[nodiscard]] Result<journal::PublicKey> read_public_key(const Path& path);

}  // namespace daybook::files
