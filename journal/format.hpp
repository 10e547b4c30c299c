#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "journal/uuid.hpp"

/// The bytes on disk, drawn once. All integers are little-endian; README.md tells it in prose.
///
///   segment   0       header            4096    the same header again
///             8192    frames, one behind the other, each padded with zeros to 8 bytes
///             …       zeros; in a sealed segment the footer from the next multiple of 4096 on,
///                     and the trailer as the last 48 bytes of the file
namespace daybook::journal {

static_assert(std::endian::native == std::endian::little, "structs are the bytes on disk");

using Digest = std::array<std::uint8_t, 32>;  ///< SHA-256

inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::uint64_t kBlock = 4096;        ///< leaf of the tree; distance of copies
inline constexpr std::uint64_t kFramesBegin = 8192;  ///< offset of a segment's first frame
inline constexpr std::uint64_t kPayloadMax = std::uint64_t{1} << 20U;
inline constexpr std::uint64_t kBatchMax = std::uint64_t{2} << 20U;  ///< bytes of its frames
inline constexpr std::uint64_t kSparseStep = 65536;  ///< bytes between entries of the sparse index

inline constexpr std::array<char, 8> kSegmentMagic{'D', 'A', 'Y', 'B', 'K', 'S', 'E', 'G'};
inline constexpr std::array<char, 8> kHeadMagic{'D', 'A', 'Y', 'B', 'K', 'H', 'E', 'D'};
inline constexpr std::array<char, 8> kFooterMagic{'D', 'A', 'Y', 'B', 'K', 'F', 'T', 'R'};
inline constexpr std::array<char, 8> kTrailerMagic{'D', 'A', 'Y', 'B', 'K', 'E', 'N', 'D'};
inline constexpr std::uint32_t kFrameMagic = 0x01464244;  ///< 'D' 'B' 'F' and version 1

struct FrameHeader {
    std::uint64_t hash{};  //  0  frame_hash(): bytes 8 … end of the frame, and its place
    std::uint32_t magic{kFrameMagic};  //  8
    std::uint32_t length{};            // 12  payload bytes without padding, 1 … 1 MiB
    std::uint64_t sequence{};          // 16
    std::int64_t received{};           // 24  nanoseconds since 1970
    std::uint64_t key{};               // 32
    std::uint16_t type{};              // 40
    std::uint16_t flags{};             // 42
    std::uint32_t durable_before{};    // 44  sequence - durable mark when written; saturates
};                                     // 48  payload, then zeros to a multiple of 8

struct SegmentHeader {
    std::array<char, 8> magic{kSegmentMagic};  //   0
    std::uint32_t version{kFormatVersion};     //   8
    std::uint32_t reserved{};                  //  12  zero
    Uuid journal{};                            //  16
    std::uint64_t number{};                    //  32  1, 2, 3, …
    std::uint64_t size{};                      //  40  bytes of the file until it is sealed
    std::uint64_t first_sequence{};            //  48  of the first frame, present or to come
    std::uint64_t previous_hash{};  //  56  of the last frame before; 0 in front of the first
    Digest schema{};                //  64  SHA-256 of schema/<digest>.bfbs; zeros: none
    std::uint64_t hash{};           //  96  XXH3-64 of bytes 0…95
};                                  // 104  zeros to 4096

struct HeadSlot {                           // at 0 and 4096 of HEAD; counter & 1 says which
    std::array<char, 8> magic{kHeadMagic};  //   0
    std::uint32_t version{kFormatVersion};  //   8
    std::uint32_t clean{};                  //  12  1: stopped cleanly, nothing lies behind `end`
    Uuid journal{};                         //  16
    std::uint64_t counter{};                //  32  grows by one a write
    std::uint64_t segment{};                //  40
    std::uint64_t end{};                    //  48  offset behind the last durable frame
    std::uint64_t durable{};                //  56  its sequence; 0: none yet
    std::uint64_t last_hash{};              //  64  its hash; 0: none yet
    std::uint64_t sealed{};                 //  72  segments 1 … sealed have footer and trailer
    std::array<std::uint8_t, 424> zero{};   //  80
    std::uint64_t hash{};                   // 504  XXH3-64 of bytes 0…503
};                                          // 512
inline constexpr std::uint64_t kHeadBytes = 8192;

struct FooterHeader {
    std::array<char, 8> magic{kFooterMagic};  //   0
    std::uint32_t version{kFormatVersion};    //   8
    std::uint32_t reserved{};                 //  12
    std::uint64_t number{};                   //  16
    std::uint64_t first_sequence{};           //  24
    std::uint64_t last_sequence{};            //  32  first - 1 when there is no frame
    std::uint64_t end{};                      //  40  offset behind the last frame
    std::int64_t received_min{};              //  48  both 0 when there is no frame
    std::int64_t received_max{};              //  56
    std::uint64_t types{};                    //  64  entries of each list, in the order they lie
    std::uint64_t keys{};                     //  72
    std::uint64_t sparse{};                   //  80
    std::uint64_t frames{};                   //  88  length of each of the three offset lists
    Digest previous_chain{};                  //  96
    Digest tree_root{};                       // 128
    Digest chain{};                           // 160
};  // 192  then types[], keys[], sparse[], offsets by sequence, by type, by key (u32: offset / 8)

/// A type or key: how many frames, and where their offsets begin in its offset list (which is
/// ordered by type, or key, then by sequence).
struct FooterCount {
    std::uint64_t name{};   //  0  type or key
    std::uint64_t begin{};  //  8  index into the offset list
    std::uint64_t count{};  // 16
};

/// First frame that begins at or behind each multiple of 64 KiB from 8192 on.
struct SparseEntry {
    std::uint64_t sequence{};      //  0
    std::uint64_t offset{};        //  8
    std::int64_t latest_before{};  // 16  greatest `received` of the segment's frames before it;
};                                 //     the least int64 when there is none

struct Trailer {                               // last bytes of a sealed file
    std::array<char, 8> magic{kTrailerMagic};  //  0
    std::uint64_t number{};                    //  8
    std::uint64_t footer_offset{};             // 16  a multiple of 4096
    std::uint64_t footer_bytes{};              // 24  up to this trailer, zeros to 8 included
    std::uint64_t footer_hash{};               // 32  XXH3-64 of those bytes
    std::uint64_t hash{};                      // 40  XXH3-64 of the journal's UUID, bytes 0…39
};                                             // 48

template <class T, std::size_t size>
inline constexpr bool kDrawn =
    sizeof(
        T) == size&& std::is_trivially_copyable_v<T>&& std::has_unique_object_representations_v<T>;
static_assert(kDrawn<FrameHeader, 48> && offsetof(FrameHeader, magic) == 8);
static_assert(kDrawn<SegmentHeader, 104> && offsetof(SegmentHeader, hash) == 96);
static_assert(kDrawn<HeadSlot, 512> && offsetof(HeadSlot, hash) == 504);
static_assert(kDrawn<FooterHeader, 192> && kDrawn<FooterCount, 24> && kDrawn<SparseEntry, 24>);
static_assert(kDrawn<Trailer, 48> && offsetof(Trailer, hash) == 40);

[[nodiscard]] constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t step) {
    return (value + step - 1) / step * step;
}
/// Bytes a frame with `length` payload bytes takes, padding included.
[[nodiscard]] constexpr std::uint64_t frame_bytes(std::uint64_t length) {
    return sizeof(FrameHeader) + round_up(length, 8);
}

}  // namespace daybook::journal
