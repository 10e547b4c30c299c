#pragma once

#include "campaigns/book.hpp"

namespace daybook::campaigns {

/// Appends `batches` batches of random sizes, commits now and then, and in the end leaves the
/// writer open or closes it. Stops at the first refusal.
[[nodiscard]] Result<void> work(journal::Writer& writer, Book& book, std::uint64_t batches,
                                Dice& dice);

}  // namespace daybook::campaigns
