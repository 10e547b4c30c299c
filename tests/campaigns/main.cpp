#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "campaigns/campaign.hpp"
#include "campaigns/power_cut.hpp"
#include "campaigns/zoo.hpp"

using namespace daybook::campaigns;

namespace {

constexpr const char* kUsage =
    "campaigns list\n"
    "campaigns NAME [--rounds N] [--seed S]   rounds 0: all of them\n"
    "campaigns NAME --seed S --only CASE      repeats one case\n"
    "campaigns ci [--seed S]                  every campaign with the rounds of .ci/run\n"
    "campaigns_planted zoo, zoo-table        which campaign finds which planted mistake\n"
    "campaigns load DIR, campaigns check DIR ACKNOWLEDGED   the two halves of a real power cut\n";

std::string text(std::string_view view) { return std::string(view); }

void list() {
    for (const Campaign& campaign : all_campaigns()) {
        std::printf(
            "%-4s %-16s ci %-7llu full %-7llu %s\n", text(campaign.id).c_str(),
            text(campaign.name).c_str(), static_cast<unsigned long long>(campaign.ci_rounds),
            static_cast<unsigned long long>(campaign.full_rounds), text(campaign.what).c_str());
    }
}

/// Runs one and prints its line: id, name, rounds, violations, seconds, seed.
bool run_one(const Campaign& campaign, const Rounds& rounds) {
    const std::string why = campaign.missing != nullptr ? campaign.missing() : "";
    if (!why.empty()) {
        std::printf("%s %s skipped: %s\n", text(campaign.id).c_str(), text(campaign.name).c_str(),
                    why.c_str());
        return true;
    }
    const auto began = std::chrono::steady_clock::now();
    const Tally tally = run(campaign, rounds);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("%s %s rounds %llu violations %llu seconds %.1f seed %llu\n",
                text(campaign.id).c_str(), text(campaign.name).c_str(),
                static_cast<unsigned long long>(tally.rounds),
                static_cast<unsigned long long>(tally.violations), took.count(),
                static_cast<unsigned long long>(rounds.seed));
    std::fflush(stdout);
    return tally.violations == 0;
}

bool run_ci(Rounds rounds) {
    bool well = true;
    for (const Campaign& campaign : all_campaigns()) {
        rounds.count = campaign.ci_rounds;
        well = run_one(campaign, rounds) && well;
    }
    return well;
}

const Campaign* find(const std::string& word) {
    for (const Campaign& campaign : all_campaigns()) {
        if (campaign.name == word || campaign.id == word) return &campaign;
    }
    return nullptr;
}

int usage() {
    std::fputs(kUsage, stderr);
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return usage();
    const std::string verb = argv[1];
    if (verb == "load" && argc == 3) return load(argv[2]);
    if (verb == "check" && argc == 4) return check(argv[2], argv[3]);
    Rounds rounds;
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        const std::uint64_t number = std::strtoull(argv[i + 1], nullptr, 10);
        if (option == "--rounds")
            rounds.count = number;
        else if (option == "--seed")
            rounds.seed = number;
        else if (option == "--only")
            rounds.only = number;
        else
            return usage();
    }
    if (argc % 2 != 0) return usage();
    if (verb == "list") return list(), 0;
    if (verb == "zoo") return zoo(rounds.seed, false) ? 0 : 1;
    if (verb == "zoo-table") return zoo(rounds.seed, true) ? 0 : 1;
    if (verb == "ci") return run_ci(rounds) ? 0 : 1;
    const Campaign* const campaign = find(verb);
    if (campaign == nullptr) return usage();
    return run_one(*campaign, rounds) ? 0 : 1;
}
