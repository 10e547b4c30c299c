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
    Hash128 content{};  ///< of everything but seq, received, mono, origin, cause, id, raw, and the
                        ///< tx of a fill
    bool natural{};     ///< the key does not depend on the content
};

/// Pure. `event.occurrence` counts only where the type has no natural key.
[[nodiscard]] Identity identity_of(const Event& event);
/// The key of the event that follows `occurrence` others of the same content.
[[nodiscard]] Hash128 key_of_content(const Hash128& content, std::uint32_t occurrence);

/// What the journal already holds of an event.
struct Known {
    enum class Kind : std::uint8_t {
        unheard,      ///< nothing under its key
        duplicate,    ///< the same key and the same content: it is `seq`
        conflicting,  ///< the same key with other content: the first one is `seq`
    };
    Kind kind{};
    Sequence seq;
};

/// The identity index: which event stands for a key, and which number for a market's name. It is a
/// projection like any other, so it can be thrown away and rebuilt.
[[nodiscard]] const Projection& identity_projection();
/// Puts `event` (its seq is set) into the index; what the projection does with every event.
void remember(Rows& rows, const Event& event, const Identity& identity);
[[nodiscard]] Known find_known(const Rows& rows, const Identity& identity);
/// The number of a market's name: the sequence of the first event that names it.
[[nodiscard]] std::optional<MarketKey> find_market_key(const Rows& rows, std::string_view venue,
                                                       std::string_view market);

}  // namespace daybook
