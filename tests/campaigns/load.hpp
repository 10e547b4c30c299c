#pragma once

#include "campaigns/book.hpp"

namespace daybook::campaigns {

/// Appends `batches` batches of random sizes and commits now and then. Ends at the first refusal.
[[nodiscard]] Result<void> work(journal::Writer& writer, Book& book, std::uint64_t batches,
                                Dice& dice);
/// Closes the writer, which commits the rest.
[[nodiscard]] Result<void> stop(journal::Writer& writer, Book& book);

}  // namespace daybook::campaigns
