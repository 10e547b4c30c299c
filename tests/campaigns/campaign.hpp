#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "campaigns/dice.hpp"

/// Fault campaigns: seeded programs that break something on purpose, thousands of times, and look
/// whether a promise still holds. A case of a campaign is told by (seed, number) alone.
namespace daybook::campaigns {

/// The promise that was broken, in words; nothing when all is well.
using Finding = std::optional<std::string>;

struct Campaign {
    std::string_view id;    ///< "C2a"
    std::string_view name;  ///< "crash-states"
    std::string_view what;
    std::uint64_t ci_rounds;
    std::uint64_t full_rounds;  ///< on demand; 0: every case
    Finding (*run)(std::uint64_t number, Dice dice);
    /// How many cases there are; null when there is no end of them.
    std::uint64_t (*cases)() = nullptr;
    /// Why it cannot run on this machine; empty when it can.
    std::string (*missing)() = nullptr;
};

[[nodiscard]] std::span<const Campaign> all_campaigns();

struct Rounds {
    std::uint64_t count{};  ///< 0: every case, or full_rounds
    std::uint64_t seed = 1;
    std::optional<std::uint64_t> only{};  ///< just this case
    std::uint64_t findings_max = 10;      ///< ends there
    std::atomic<std::uint64_t>* begun{};  ///< counts rounds, for whoever looks on
};

struct Tally {
    std::uint64_t rounds{};
    std::uint64_t violations{};
    std::string first;  ///< the first finding
};

/// Runs `campaign`; tells each finding on standard output with the words that repeat it.
[[nodiscard]] Tally run(const Campaign& campaign, const Rounds& rounds);

}  // namespace daybook::campaigns
