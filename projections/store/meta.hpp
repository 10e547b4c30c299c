#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "projections/store/digest.hpp"
#include "schemas/ids.hpp"
#include "schemas/result.hpp"

namespace daybook::store {

/// How far a generation has come, committed with its rows in one transaction.
struct Meta {
    std::array<std::uint8_t, 16> journal{};  ///< UUID of the journal it reads
    std::uint32_t version{};                 ///< of the projection
    Sequence seq{};                          ///< the last event folded; 0: none
    std::uint64_t frame_hash{};              ///< of that event's frame
    Digest digest{};
    std::string boot;      ///< the boot under which it was last written
    bool clean{};          ///< synced since the last write
    std::int64_t built{};  ///< when this generation was begun, ns since the epoch
};

/// Where a projection stands still: its fold cannot take that event. Kept beside the meta row,
/// neither counted nor hashed; a commit at or behind that event takes it away.
struct Stall {
    Sequence seq{};
    std::string why{};
};

/// As they lie in a generation.
[[nodiscard]] std::string bytes_of(const Meta& meta);
[[nodiscard]] std::string bytes_of(const Stall& stall);
/// Fail with corrupt when the bytes, which are the disk's, are no such row.
[[nodiscard]] Result<Meta> meta_of(std::string_view bytes);
[[nodiscard]] Result<Stall> stall_of(std::string_view bytes);

/// What is wrong with a store, and that it can be built again.
[[nodiscard]] Error damaged(std::string_view what);

}  // namespace daybook::store
