#include "campaigns/campaign.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace daybook::campaigns {
namespace {

/// A step through all `cases` that meets each of them once.
std::uint64_t stride_for(std::uint64_t cases) {
    std::uint64_t step = std::max<std::uint64_t>(1, cases * 618 / 1000);
    while (std::gcd(step, cases) != 1) ++step;
    return step;
}

/// Which case round `round` is. Fewer rounds than cases: spread over them, another part of them
/// for each seed.
std::uint64_t case_of(std::uint64_t round, std::uint64_t cases, std::uint64_t rounds,
                      std::uint64_t seed) {
    if (cases == 0 || rounds >= cases) return round;
    return (Dice(seed).below(cases) + round * (stride_for(cases) % cases)) % cases;
}

void tell(const Campaign& campaign, const Rounds& rounds, std::uint64_t number,
          const std::string& finding) {
    std::printf("VIOLATION %s: %s\n  repeat: campaigns %s --seed %llu --only %llu\n",
                std::string(campaign.name).c_str(), finding.c_str(),
                std::string(campaign.name).c_str(), static_cast<unsigned long long>(rounds.seed),
                static_cast<unsigned long long>(number));
}

}  // namespace

Tally run(const Campaign& campaign, const Rounds& rounds) {
    const std::uint64_t cases = campaign.cases != nullptr ? campaign.cases() : 0;
    const std::uint64_t wanted = rounds.count != 0 ? rounds.count : campaign.full_rounds;
    const std::uint64_t all = rounds.only                                     ? 1
                              : cases != 0 && (wanted == 0 || wanted > cases) ? cases
                                                                              : wanted;
    Tally tally;
    if (campaign.cases != nullptr && cases == 0) {
        tally = {0, 1, "the run that is to be harmed fails by itself"};
        std::printf("VIOLATION %s: %s\n", std::string(campaign.name).c_str(), tally.first.c_str());
        return tally;
    }
    while (tally.rounds < all && tally.violations < rounds.findings_max) {
        const std::uint64_t number =
            rounds.only ? *rounds.only : case_of(tally.rounds, cases, all, rounds.seed);
        ++tally.rounds;
        if (rounds.begun != nullptr) rounds.begun->store(tally.rounds);
        const Finding finding = campaign.run(number, Dice(rounds.seed, number));
        if (!finding) continue;
        if (tally.violations++ == 0) tally.first = *finding;
        tell(campaign, rounds, number, *finding);
    }
    return tally;
}

}  // namespace daybook::campaigns
