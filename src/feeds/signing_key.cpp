#include "src/feeds/signing_key.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <vector>

#include "schemas/invariant.hpp"

namespace daybook::feeds {
namespace {

using KeyHandle = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using BioHandle = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using ContextHandle = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Bytes = std::vector<unsigned char>;

/// A key that wants a passphrase is refused, not asked about on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

std::string base64(const Bytes& bytes) {
    Bytes text(4 * ((bytes.size() + 2) / 3) + 1);  // EVP_EncodeBlock() ends it with a zero
    const int size = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
    return {text.begin(), text.begin() + size};
}

}  // namespace

struct SigningKey::Handle {
    KeyHandle key;
};

SigningKey::SigningKey(std::unique_ptr<Handle> handle) : handle_{std::move(handle)} {}
SigningKey::~SigningKey() = default;

Result<std::shared_ptr<const SigningKey>> SigningKey::parse(std::string_view pem) {
    const BioHandle bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free_all};
    KeyHandle key{PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr),
                  &EVP_PKEY_free};
    if (!key || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA)
        return Error{Errc::usage, "no RSA private key in PEM form",
                     "name the file that Kalshi gave out with the key id"};
    auto handle = std::make_unique<Handle>(Handle{std::move(key)});
    return std::make_shared<const SigningKey>(std::move(handle));
}

std::string SigningKey::sign(std::string_view text) const {
    const ContextHandle signing{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    EVP_PKEY_CTX* of_key = nullptr;  // belongs to `signing`
    const bool ready = signing &&
                       EVP_DigestSignInit(signing.get(), &of_key, EVP_sha256(), nullptr,
                                          handle_->key.get()) == 1 &&
                       EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PSS_PADDING) == 1 &&
                       EVP_PKEY_CTX_set_rsa_mgf1_md(of_key, EVP_sha256()) == 1 &&
                       EVP_PKEY_CTX_set_rsa_pss_saltlen(of_key, RSA_PSS_SALTLEN_DIGEST) == 1;
    INVARIANT(ready, "OpenSSL signs with any RSA key");
    const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    const bool sized = EVP_DigestSign(signing.get(), nullptr, &size, data, text.size()) == 1;
    Bytes signature(size);
    const bool done =
        sized && EVP_DigestSign(signing.get(), signature.data(), &size, data, text.size()) == 1;
    INVARIANT(done, "OpenSSL signs any text");
    signature.resize(size);
    return base64(signature);
}

}  // namespace daybook::feeds
