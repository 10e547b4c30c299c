#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "journal/format.hpp"
#include "journal/posix_read.hpp"
#include "schemas/ids.hpp"

namespace daybook::journal {

/// How far the journal is durable. Nobody is shown anything behind it.
struct Head {
    Sequence durable;         ///< 0: nothing yet
    std::uint64_t hash{};     ///< of that frame; 0: nothing yet
    std::uint64_t segment{};  ///< the last one
    std::uint64_t end{};      ///< offset in it behind the last durable frame
    std::uint64_t sealed{};   ///< segments 1 … sealed have their footer
    std::uint64_t counter{};  ///< writes of HEAD so far
    bool clean{};             ///< the writer stopped by itself; zeros follow `end`
    Uuid journal;
    friend bool operator==(const Head&, const Head&) = default;
};

inline constexpr const char* kHeadName = "HEAD";

/// The slot for `head`; it goes to slot_offset(head.counter).
[[nodiscard]] HeadSlot encode(const Head& head);
[[nodiscard]] constexpr std::uint64_t slot_offset(std::uint64_t counter) {
    return (counter & 1U) * kBlock;
}

/// Both slots as found. A slot that is torn or damaged is `broken`.
struct HeadFile {
    std::array<Head, 2> slots;
    std::array<bool, 2> broken{};
    bool strays{};  ///< the file has another size, or bytes outside the slots are not zero
    [[nodiscard]] const Head& newest() const;
};

/// Reads HEAD; while one slot is being written the other one answers.
/// Fails with not_found (no journal here), newer, or corrupt when neither slot verifies.
[[nodiscard]] Result<HeadFile> read_head_file(const ReadDirectory& directory);
[[nodiscard]] Result<Head> read_head(const ReadDirectory& directory);

}  // namespace daybook::journal
