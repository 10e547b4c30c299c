#pragma once

#include "campaigns/campaign.hpp"

namespace daybook::campaigns {

/// C4: an operator edits history and makes the checksums fit: of the frame; of headers, footers
/// and HEAD too; or writes the whole journal anew. What contradicts something that still stands is
/// noticed by `verify`, the rest by every receipt that was signed for the edited event, and by none
/// that was signed before it.
[[nodiscard]] Finding edit(std::uint64_t number, Dice dice);

/// C3: every bit of the text of a receipt: refused, or not vouched for by its key.
[[nodiscard]] std::uint64_t receipt_bits();
[[nodiscard]] Finding flip_receipt_bit(std::uint64_t number, Dice dice);

}  // namespace daybook::campaigns
