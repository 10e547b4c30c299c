#include "journal/ed25519.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "journal/hash.hpp"
#include "schemas/invariant.hpp"

namespace daybook::journal {
namespace {

using KeyHandle = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using BioHandle = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using ContextHandle = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

KeyHandle owned(EVP_PKEY* key) { return {key, &EVP_PKEY_free}; }
BioHandle memory() { return {BIO_new(BIO_s_mem()), &BIO_free_all}; }
BioHandle reading(std::string_view text) {
    return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free_all};
}
ContextHandle context() { return {EVP_MD_CTX_new(), &EVP_MD_CTX_free}; }

std::string content_of(const BioHandle& bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

/// A key file that wants a passphrase is refused, not asked about on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

const unsigned char* raw(std::span<const std::byte> bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

bool is_ed25519(const KeyHandle& key) { return key && EVP_PKEY_id(key.get()) == EVP_PKEY_ED25519; }

PublicKey public_half(const EVP_PKEY* key) {
    PublicKey half;
    std::size_t size = half.bytes.size();
    const int given = EVP_PKEY_get_raw_public_key(key, half.bytes.data(), &size);
    INVARIANT(given == 1 && size == half.bytes.size(), "an Ed25519 key has a public half");
    return half;
}

KeyHandle handle_of(const PublicKey& key) {
    return owned(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()));
}

}  // namespace

Digest fingerprint(const PublicKey& key) { return sha256(bytes_of(key)); }

std::string to_pem(const PublicKey& key) {
    const BioHandle bio = memory();
    const int written = PEM_write_bio_PUBKEY(bio.get(), handle_of(key).get());
    INVARIANT(written == 1, "32 bytes are a public key");
    return content_of(bio);
}

Result<PublicKey> parse_public_key(std::string_view pem) {
    const BioHandle bio = reading(pem);
    const KeyHandle key = owned(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr));
    if (is_ed25519(key)) return public_half(key.get());
    return Error{Errc::malformed, "no public Ed25519 key in PEM form"};
}

bool verifies(const PublicKey& key, std::span<const std::byte> message,
              const Signature& signature) {
    const KeyHandle handle = handle_of(key);
    const ContextHandle checking = context();
    if (!handle || !checking) return false;
    if (EVP_DigestVerifyInit(checking.get(), nullptr, nullptr, nullptr, handle.get()) != 1) {
        return false;
    }
    return EVP_DigestVerify(checking.get(), signature.data(), signature.size(), raw(message),
                            message.size()) == 1;
}

struct SigningKey::Key {
    KeyHandle handle;
};

SigningKey::SigningKey(std::shared_ptr<const Key> key) : key_(std::move(key)) {}

Result<SigningKey> SigningKey::generate() {
    KeyHandle key = owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    if (!key) return Error{Errc::disk, "the system gave no random numbers for a key"};
    return SigningKey(std::make_shared<const Key>(Key{std::move(key)}));
}

Result<SigningKey> SigningKey::parse(std::string_view pem) {
    const BioHandle bio = reading(pem);
    KeyHandle key = owned(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
    if (is_ed25519(key)) return SigningKey(std::make_shared<const Key>(Key{std::move(key)}));
    return Error{Errc::malformed, "no private Ed25519 key in PEM form"};
}

std::string SigningKey::to_pem() const {
    const BioHandle bio = memory();
    const int written = PEM_write_bio_PKCS8PrivateKey(bio.get(), key_->handle.get(), nullptr,
                                                      nullptr, 0, nullptr, nullptr);
    INVARIANT(written == 1, "a key can be written");
    return content_of(bio);
}

PublicKey SigningKey::public_key() const { return public_half(key_->handle.get()); }

Signature SigningKey::sign(std::span<const std::byte> message) const {
    Signature signature{};
    std::size_t size = signature.size();
    const ContextHandle signing = context();
    const int begun =
        EVP_DigestSignInit(signing.get(), nullptr, nullptr, nullptr, key_->handle.get());
    INVARIANT(begun == 1, "OpenSSL has Ed25519");
    const int ended =
        EVP_DigestSign(signing.get(), signature.data(), &size, raw(message), message.size());
    INVARIANT(ended == 1 && size == signature.size(), "Ed25519 signs any bytes");
    return signature;
}

}  // namespace daybook::journal
