#pragma once

#include <compare>
#include <cstdint>

namespace daybook {

/// A name that cannot be passed where another kind of name is meant.
template <class Tag, class Raw>
struct Id {
    Raw raw{};
    friend auto operator<=>(const Id&, const Id&) = default;
};

using Sequence =
    Id<struct SequenceTag, std::uint64_t>;  ///< place in the journal: 1, 2, 3 …, no gaps
/// Number of a market's name: the sequence of the first event that names it; 0 names none.
using MarketKey = Id<struct MarketKeyTag, std::uint64_t>;

}  // namespace daybook
