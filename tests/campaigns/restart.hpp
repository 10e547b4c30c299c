#pragma once

#include <functional>
#include <memory>

#include "campaigns/book.hpp"
#include "support/faulty_disk.hpp"

namespace daybook::campaigns {

/// Segments of a few pages, on one thread, so that a run is the same each time.
[[nodiscard]] journal::Options small_options(std::uint64_t first_pages = 3,
                                             std::uint64_t largest_pages = 8);

enum class TornHead : std::uint8_t {
    no,
    may_be,  ///< one slot, as a power cut may leave it until the next start
};
/// What `verify` finds wrong; nothing when all is whole.
[[nodiscard]] Finding verify_disk(const journal::ReadDirectory& directory, TornHead torn_head);

/// Opens the folder that holds the journal, each time anew.
using OpenFolder = std::function<std::unique_ptr<journal::WriteDirectory>()>;

/// Starts a writer on what a crash left and holds everything against `book`: all acknowledged
/// events, nothing else, goes on, stops cleanly, verifies. `while_open` looks in between.
[[nodiscard]] Finding check_restart(const OpenFolder& open, Book& book,
                                    const std::function<Finding()>& while_open = {});
/// The same, and one more power cut right behind the restart is survived.
[[nodiscard]] Finding check_restart(const test::FaultyDisk& disk, Book& book, Dice& dice);

}  // namespace daybook::campaigns
