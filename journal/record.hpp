#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "schemas/ids.hpp"

namespace daybook::journal {

/// Bits of a frame's flags. The writer sets the two batch bits itself.
using Flags = std::uint16_t;
inline constexpr Flags kModeMask = 3;      ///< 0 none, 1 live, 2 dry run
inline constexpr Flags kImported = 4;      ///< told by an import, not seen as it happened
inline constexpr Flags kFirstOfBatch = 8;  ///< a batch is kept whole or not at all
inline constexpr Flags kLastOfBatch = 16;  ///< a batch of one carries both

/// One durable event as a reader gets it: what was handed to the writer, and its place.
struct Record {
    Sequence sequence;
    std::int64_t received{};  ///< nanoseconds since 1970, the recorder's clock
    std::uint64_t key{};
    std::uint16_t type{};
    std::uint16_t flags{};
    std::uint64_t hash{};                ///< XXH3-64 of the frame
    std::span<const std::byte> payload;  ///< 8-aligned; the reader's, until its next call
};

}  // namespace daybook::journal
