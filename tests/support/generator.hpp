#pragma once

#include <cstdint>
#include <vector>

#include "schemas/event.hpp"

namespace daybook::test {

/// What a made-up trading story holds. Chances are in percent.
struct StoryOptions {
    int markets{3};
    int orders{12};
    int repeat{10};  ///< a fill, settlement or status is said again (same trade, same order)
    int fail{15};    ///< a fill fails to settle
    int correct{10};
    int shift{25};  ///< an event is recorded up to 12 places later than it happened
    bool books{true};
    bool wallet{true};           ///< merges, splits, redemptions, opening cash
    bool contradictions{false};  ///< a final settlement is followed by another one
};

/// Markets, intents, statuses, fills, settlements, corrections, merges, splits, redemptions and
/// resolutions on venue "polymarket", mode live, account "main", numbered 1, 2, 3 …; the same seed
/// gives the same story everywhere. Order k is "ck" to the bot and "vk" to the venue; one of its
/// statuses says both. A market is named by its slug "marketN" or its condition "0xN", also before
/// it is defined. At most one correction and (without contradictions) one final settlement a fill.
[[nodiscard]] std::vector<Event> story(std::uint64_t seed, const StoryOptions& options = {});

/// `events` in a random order, numbered anew: 1, 2, 3 …
[[nodiscard]] std::vector<Event> shuffled(std::vector<Event> events, std::uint64_t seed);

}  // namespace daybook::test
