#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "projections/fold/projection.hpp"
#include "schemas/event.hpp"

namespace daybook {

using Hash128 = std::array<std::uint64_t, 2>;

/// What makes two events the same one, and what makes them equal (contract §1, Identity).
struct Identity {
    Hash128 key{};      ///< of its own id, of its natural key, or of its content and occurrence
    Hash128 content{};  ///< of everything but seq, received, mono, origin, cause, id and raw
    bool natural{};     ///< the key does not depend on the content
};

/// Pure. `event.occurrence` counts only where the type has no natural key.
[[nodiscard]] Identity identity_of(const Event& event);

/// What is recorded under a key.
struct Known {
    Sequence seq;
    Hash128 content{};
    auto fields() { return std::tie(seq, content[0], content[1]); }
};

/// The identity index: which event stands for a key, and which number for a market's name. It is a
/// projection like any other, so it can be thrown away and rebuilt.
[[nodiscard]] const Projection& identity_projection();
[[nodiscard]] std::optional<Known> find_known(const Rows& rows, const Hash128& key);
/// The number of a market's name: the sequence of the first event that names it.
[[nodiscard]] std::optional<MarketKey> find_market_key(const Rows& rows, std::string_view venue,
                                                       std::string_view market);

}  // namespace daybook
