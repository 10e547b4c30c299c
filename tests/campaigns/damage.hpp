#pragma once

#include "campaigns/campaign.hpp"

namespace daybook::campaigns {

/// C3, one bit: every bit of every file of a small journal, HEAD and schema included. It is
/// noticed by `verify`, and told with file, offset and sequence of what it lies in.
[[nodiscard]] std::uint64_t bits();
[[nodiscard]] Finding flip_bit(std::uint64_t number, Dice dice);

/// C3, sectors and files: zeroed, swapped, stale, repeated, inserted, cut, overwritten; a segment
/// missing, two exchanged. Noticed and located; no reader hands out a wrong event; salvage keeps
/// every undamaged one; a writer that would append behind a damaged one refuses, changes nothing.
[[nodiscard]] Finding damage(std::uint64_t number, Dice dice);

}  // namespace daybook::campaigns
