#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "projections/answers/postmortem.hpp"
#include "tools/terminal/zone.hpp"

namespace daybook {

// Drawings of the page: shapes only, 1000 units wide, stretched to any width.

inline constexpr std::int64_t kUnits = 1000;

/// `text` as it may stand in the page.
[[nodiscard]] std::string safe(std::string_view text);
[[nodiscard]] std::string rect(std::int64_t x, std::int64_t y, std::int64_t width,
                               std::int64_t height, std::string_view css);
/// `says` is what a reader without eyes is told.
[[nodiscard]] std::string drawing(std::string_view shapes, std::string_view says,
                                  std::int64_t height = 20, std::string_view css = {});
/// A row of a figure: words, a drawing, a value.
[[nodiscard]] std::string figure_row(std::string_view label, std::string_view drawing,
                                     std::string_view value);

/// Where the limits of a hedge ratio stand, of kUnits, and its color beside them.
struct HedgeMarks {
    std::int64_t critical{}, least{};
    explicit HedgeMarks(const HedgeLimits& limits);
    [[nodiscard]] std::string_view color(std::int64_t ratio) const;
    [[nodiscard]] std::string says() const;  ///< "the lines stand at 60 % and 80 %"
};

/// Each market from its opening to its resolution: orders, what waited, fills, settlement.
[[nodiscard]] std::string lanes(const PostMortem& facts, const Zone& zone);
/// The hedge ratio of each market from its first fill to its close, with the lines it is held
/// against.
[[nodiscard]] std::string hedge_courses(const PostMortem& facts);

}  // namespace daybook
