#pragma once

#include "projections/answers/positions.hpp"

namespace daybook {

/// A figure and how it follows from others, with the numbers put in: "min(29.17, 17.98) ÷
/// max(29.17, 17.98) = 0.6163".
struct Derivation {
    std::string figure;
    std::string formula;  ///< in words
    std::string numbers;  ///< with the values; empty when there is nothing to compute
};

/// How the figures of a position come about (contract §3).
[[nodiscard]] std::vector<Derivation> derive(const PositionView& view);
/// Every movement of the position in sequence, and what is held and realised after it.
[[nodiscard]] Listing list_movements(const Ledger& ledger, const PositionView& view);

/// A sum over markets that can be asked for: "realized", "fees", ….
[[nodiscard]] bool is_sum(std::string_view figure);
/// What it is the sum of, in words.
[[nodiscard]] std::string formula_of(std::string_view figure);
/// What each market adds to it, largest part first, and the events that made it: a market's first
/// and last. Markets that add nothing are left out.
[[nodiscard]] Listing list_parts(const std::vector<PositionView>& views, std::string_view figure);

}  // namespace daybook
