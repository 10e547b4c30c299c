#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "schemas/result.hpp"

namespace daybook::feeds {

/// An RSA private key. It signs, and cannot be had back from here.
class SigningKey {
  public:
    /// Of a PEM text (PKCS #8 or #1, without a passphrase). Fails with usage when that holds no RSA
    /// key; the message has nothing of it.
    [[nodiscard]] static Result<std::shared_ptr<const SigningKey>> parse(std::string_view pem);
    struct Handle;
    explicit SigningKey(std::unique_ptr<Handle> handle);
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    ~SigningKey();

    /// RSA-PSS with SHA-256, MGF1-SHA-256 and a salt as long as the digest (venue page §12), in
    /// base64. Two signatures of one text differ.
    [[nodiscard]] std::string sign(std::string_view text) const;

  private:
    std::unique_ptr<Handle> handle_;
};

}  // namespace daybook::feeds
