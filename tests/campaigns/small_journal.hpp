#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "campaigns/book.hpp"
#include "journal/receipt.hpp"
#include "support/faulty_disk.hpp"

namespace daybook::campaigns {

/// A part of a file that damage is told by: a copy of a header, a frame, zeros, a footer.
struct Extent {
    std::uint64_t begin{};
    std::uint64_t end{};
    std::uint64_t sequence{};  ///< of a frame; 0 otherwise
};

/// A journal of some 64 KiB with a schema: sealed segments, an open one, stopped cleanly; and its
/// files as they stood half-way, for stale copies.
struct SmallJournal {
    test::FaultyDisk disk;
    Book book;
    std::vector<std::string> names;  ///< all files but LOCK
    std::map<std::string, std::vector<std::byte>> files;
    std::map<std::string, std::vector<std::byte>> earlier;
    std::map<std::string, std::vector<Extent>> extents;
    std::vector<journal::Statement> receipts;  ///< of some of its commits, and of its end
    std::uint64_t bytes{};
    std::string last_segment;

    /// The extent of `file` that holds `offset`; the whole rest of it behind the last one.
    [[nodiscard]] Extent at(const std::string& file, std::uint64_t offset) const;
};

/// What it was made with.
[[nodiscard]] journal::Options small_journal_options();

/// Made once. Whoever changes its disk puts it back.
[[nodiscard]] SmallJournal& small_journal();

/// A copy of its disk, to be changed at will.
[[nodiscard]] test::FaultyDisk copy_of_small_journal();

}  // namespace daybook::campaigns
