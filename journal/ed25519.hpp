#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "journal/format.hpp"
#include "schemas/result.hpp"

namespace daybook::journal {

using Signature = std::array<std::uint8_t, 64>;  ///< Ed25519, RFC 8032

struct PublicKey {
    std::array<std::uint8_t, 32> bytes{};
    friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

/// SHA-256 of the key's 32 bytes: short enough to compare by eye.
[[nodiscard]] Digest fingerprint(const PublicKey& key);
/// "-----BEGIN PUBLIC KEY-----…", as openssl reads and writes it.
[[nodiscard]] std::string to_pem(const PublicKey& key);
/// Fails with malformed when `pem` is no public Ed25519 key.
[[nodiscard]] Result<PublicKey> parse_public_key(std::string_view pem);
[[nodiscard]] bool verifies(const PublicKey& key, std::span<const std::byte> message,
                            const Signature& signature);

/// The secret half. Whoever has it can sign any history.
class SigningKey {
  public:
    /// Fails with disk when the system gives no random numbers.
    [[nodiscard]] static Result<SigningKey> generate();
    /// Fails with malformed when `pem` is no private Ed25519 key without a passphrase.
    [[nodiscard]] static Result<SigningKey> parse(std::string_view pem);
    [[nodiscard]] std::string to_pem() const;  ///< "-----BEGIN PRIVATE KEY-----…", not encrypted
    [[nodiscard]] PublicKey public_key() const;
    /// The same message always gets the same signature.
    [[nodiscard]] Signature sign(std::span<const std::byte> message) const;

  private:
    struct Key;
    explicit SigningKey(std::shared_ptr<const Key> key);
    std::shared_ptr<const Key> key_;
};

}  // namespace daybook::journal
