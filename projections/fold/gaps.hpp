#pragma once

#include <cstdint>
#include <vector>

#include "projections/fold/projection.hpp"

namespace daybook {

/// Events first … last are lost: the journal was salvaged and they were damaged or missing.
struct Gap {
    Sequence first, last;
    auto fields() { return std::tie(first, last); }
    friend bool operator==(const Gap&, const Gap&) = default;
};

/// The gaps in rows of the projection, ascending.
[[nodiscard]] std::vector<Gap> gaps_of(const Rows& rows);
/// How many events are lost. While it is not 0, every figure may lack something.
[[nodiscard]] std::uint64_t lost_events(const Rows& rows);

/// "gaps": what is known to be missing from the record.
[[nodiscard]] const Projection& gaps_projection();

}  // namespace daybook
