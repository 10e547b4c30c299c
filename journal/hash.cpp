#include "journal/hash.hpp"

#include <openssl/evp.h>

#define XXH_INLINE_ALL  // every frame that is written or read comes by here
#include <xxhash.h>

#include "schemas/invariant.hpp"

namespace daybook::journal {
std::uint64_t xxh3(std::span<const std::byte> bytes) {
    return XXH3_64bits(bytes.data(), bytes.size());
}

std::uint64_t frame_seed(const Uuid& journal, std::uint64_t segment) {
    struct {
        Uuid journal;
        std::uint64_t segment;
    } const place{journal, segment};
    return xxh3(std::as_bytes(std::span{&place, 1}));
}

std::uint64_t frame_hash(std::uint64_t seed, std::uint64_t offset,
                         std::span<const std::byte> frame) {
    constexpr std::size_t kBehindHash = sizeof(FrameHeader::hash);
    return XXH3_64bits_withSeed(frame.data() + kBehindHash, frame.size() - kBehindHash,
                                seed + offset);
}

std::uint64_t header_hash(const SegmentHeader& header) {
    return xxh3(bytes_of(header).first(offsetof(SegmentHeader, hash)));
}

std::uint64_t slot_hash(const HeadSlot& slot) {
    return xxh3(bytes_of(slot).first(offsetof(HeadSlot, hash)));
}

std::uint64_t trailer_hash(const Uuid& journal, const Trailer& trailer) {
    std::array<std::byte, sizeof(Uuid) + offsetof(Trailer, hash)> bytes;
    std::memcpy(bytes.data(), &journal, sizeof journal);
    std::memcpy(bytes.data() + sizeof journal, &trailer, offsetof(Trailer, hash));
    return xxh3(bytes);
}

struct Sha256::Context {
    EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    Context() { restart(); }
    ~Context() {
        EVP_MD_CTX_free(context);
        EVP_MD_free(algorithm);
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    void restart() const {
        const int started = EVP_DigestInit_ex(context, algorithm, nullptr);
        INVARIANT(started == 1, "OpenSSL has SHA-256");
    }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes) {
    const int added = EVP_DigestUpdate(context_->context, bytes.data(), bytes.size());
    INVARIANT(added == 1, "SHA-256 takes any bytes");
}

void Sha256::update_number(std::uint64_t number) { update(bytes_of(number)); }

Digest Sha256::finish() {
    Digest digest;
    const int ended = EVP_DigestFinal_ex(context_->context, digest.data(), nullptr);
    INVARIANT(ended == 1, "SHA-256 ends");
    context_->restart();
    return digest;
}

Digest sha256(std::span<const std::byte> bytes) {
    Sha256 hasher;
    hasher.update(bytes);
    return hasher.finish();
}

}  // namespace daybook::journal
