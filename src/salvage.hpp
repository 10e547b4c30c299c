#pragma once

#include <functional>
#include <string>
#include <vector>

#include "journal/survivors.hpp"
#include "journal/verify.hpp"
#include "schemas/time.hpp"

namespace daybook {

struct LostRange {  ///< events first … last, and what stood in their place
    journal::Range events;
    journal::Hole hole;
};

struct Salvaged {
    journal::Uuid from;           ///< the journal that was read
    journal::Uuid to;             ///< the new one
    std::uint64_t kept{};         ///< events copied
    std::uint64_t lost{};         ///< placeholders in place of those that were not
    std::vector<LostRange> gaps;  ///< ascending; at most kGapsMax are listed
    std::string chain;            ///< of the new journal, in hex
    bool stopped{};               ///< by the hook; nothing was made
};
inline constexpr std::size_t kGapsMax = 1000;

struct SalvageHooks {
    std::function<bool()> stop;
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

/// Makes a data directory `out` with a new journal that has every undamaged event of the journal in
/// `data_dir`, each under its own sequence, and a `lost` event in place of each one that is
/// missing. The journal in `data_dir` is only read; it may be in any state. The new journal is
/// verified before it gets its name: it is there whole, or not at all.
///
/// Fails with not_found when there is no segment, with usage when the two lie in one another, with
/// conflict when `out` is not empty (what an interrupted salvage left does not count), with
/// corrupt when nothing tells the journal's UUID, with newer, disk.
[[nodiscard]] Result<Salvaged> salvage(const std::string& data_dir, const std::string& out,
                                       const SalvageHooks& hooks);

}  // namespace daybook
