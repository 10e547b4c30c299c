#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace daybook {

/// `text` fit for a terminal: what could move the cursor, change colours, start another line or
/// turn the reading direction is written out (`\n`, `\x1b`, `\u202e`); bytes that are not UTF-8
/// become U+FFFD. Text of a venue or bot passes through here before it is shown.
[[nodiscard]] std::string printable(std::string_view text);

/// Columns a terminal needs for printable `text`: 0 for a combining mark, 2 for wide East Asian
/// characters and emoji, else 1. An approximation: terminals differ.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// `text` in at most `width` columns, its end replaced by "…" when it is cut; empty for width 0.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t width);

}  // namespace daybook
