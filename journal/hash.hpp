#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "journal/format.hpp"

namespace daybook::journal {

/// The bytes of a struct of format.hpp, as they lie on disk.
template <class T>
[[nodiscard]] std::span<const std::byte> bytes_of(const T& value) {
    static_assert(std::has_unique_object_representations_v<T>);
    return std::as_bytes(std::span{&value, 1});
}

/// XXH3-64. Finds accidents; anybody can make bytes that fit.
[[nodiscard]] std::uint64_t xxh3(std::span<const std::byte> bytes);

/// Binds frames to their journal and segment: XXH3-64 of UUID and number.
[[nodiscard]] std::uint64_t frame_seed(const Uuid& journal, std::uint64_t segment);
/// The hash of a whole frame, padding included, that stands at `offset`: XXH3-64 of all its bytes
/// behind the hash, with the seed `seed` + offset. The same bytes elsewhere have another one.
[[nodiscard]] std::uint64_t frame_hash(std::uint64_t seed, std::uint64_t offset,
                                       std::span<const std::byte> frame);
[[nodiscard]] std::uint64_t header_hash(const SegmentHeader& header);
[[nodiscard]] std::uint64_t slot_hash(const HeadSlot& slot);
[[nodiscard]] std::uint64_t trailer_hash(const Uuid& journal, const Trailer& trailer);

/// SHA-256, over and over with one context. Finds edits, once the result has left the host.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void update(std::span<const std::byte> bytes);
    void update_number(std::uint64_t number);  ///< 8 bytes, little-endian
    /// The digest of everything since the last finish().
    [[nodiscard]] Digest finish();

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

[[nodiscard]] Digest sha256(std::span<const std::byte> bytes);

}  // namespace daybook::journal
