#include "campaigns/zoo.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <new>
#include <string>

#include "campaigns/campaign.hpp"
#include "schemas/invariant.hpp"
#include "schemas/planted.hpp"

namespace daybook::campaigns {

#ifdef DAYBOOK_PLANTED
namespace {

constexpr unsigned kSecondsMost = 120;
constexpr rlim_t kMemoryMost = rlim_t{1} << 30U;  // a length that is believed may ask for 4 GiB

struct Named {
    Mistake mistake;
    const char* name;
};
constexpr Named kMistakes[] = {
    {Mistake::ack_before_sync, "ack before sync"},
    {Mistake::no_folder_sync, "no directory sync"},
    {Mistake::retried_sync, "retried fsync"},
    {Mistake::silent_stop, "silent stop at mid-file damage"},
    {Mistake::append_behind_tail, "append behind a torn tail"},
    {Mistake::head_before_data, "head written before data"},
    {Mistake::length_unchecked, "length unchecked"},
    {Mistake::last_segment_unchecked, "last segment not verified"},
    {Mistake::checkpoint_apart, "checkpoint outside the transaction"},
    {Mistake::current_in_place, "CURRENT written in place"},
    {Mistake::removed_in_place, "generation removed file by file"},
};

/// Who looks, in which order, and for how many rounds at most.
struct Search {
    const char* campaign;
    std::uint64_t rounds;
};
constexpr Search kSearches[] = {{"crash-states", 300}, {"stops", 600},        {"refusals", 600},
                                {"bits", 3000},        {"damage", 500},       {"edits", 100},
                                {"kills", 60},         {"killed-calls", 400}, {"reset-calls", 400}};

struct Progress {
    std::atomic<std::uint64_t> rounds;
    std::atomic<bool> violated;
};

Progress& progress() {
    static void* const page = ::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    INVARIANT(page != MAP_FAILED, "a page can be shared");
    return *new (page) Progress{};
}

[[noreturn]] void look(Mistake mistake, const Campaign& campaign, Rounds rounds, Progress& seen) {
    ::alarm(kSecondsMost);
    const rlimit memory{kMemoryMost, kMemoryMost};
    const int nowhere = ::open("/dev/null", O_WRONLY);
    const bool ready = ::setrlimit(RLIMIT_DATA, &memory) == 0 && nowhere >= 0 &&
                       ::dup2(nowhere, STDOUT_FILENO) >= 0 && ::dup2(nowhere, STDERR_FILENO) >= 0;
    INVARIANT(ready, "the search for a mistake can be fenced in");
    planted_mistake = mistake;
    rounds.findings_max = 1;
    rounds.begun = &seen.rounds;
    seen.violated.store(run(campaign, rounds).violations != 0);
    ::_exit(0);
}

/// After how many rounds `campaign` finds it, by a finding or by dying of it; 0: not at all.
std::uint64_t rounds_to_find(Mistake mistake, const Campaign& campaign, const Rounds& rounds) {
    Progress& seen = progress();
    std::fflush(stdout);
    const pid_t child = ::fork();
    INVARIANT(child >= 0, "a process can be made");
    if (child == 0) look(mistake, campaign, rounds, seen);
    int status = 0;
    INVARIANT(::waitpid(child, &status, 0) == child, "a child that was made ends");
    return WIFSIGNALED(status) || seen.violated.load() ? seen.rounds.load() : 0;
}

const Campaign* find(const std::string& name) {
    for (const Campaign& campaign : all_campaigns()) {
        if (campaign.name == name) return &campaign;
    }
    return nullptr;
}

bool search(const Named& named, std::uint64_t seed, bool all) {
    bool found = false;
    std::printf("%-36s", named.name);
    for (const Search& search : kSearches) {
        const Campaign* const campaign = find(search.campaign);
        if (campaign == nullptr || (found && !all)) continue;
        const auto after = rounds_to_find(named.mistake, *campaign, {search.rounds, seed});
        if (after != 0) {
            std::printf(" %s after %llu;", search.campaign, static_cast<unsigned long long>(after));
        }
        found = found || after != 0;
    }
    std::printf(found ? "\n" : " NOT FOUND\n");
    return found;
}

}  // namespace

bool zoo(std::uint64_t seed, bool all) {
    bool every = true;
    for (const Named& named : kMistakes) every = search(named, seed, all) && every;
    return every;
}
#else
bool zoo(std::uint64_t, bool) {
    std::fputs("this program has no planted mistakes: campaigns_planted has\n", stderr);
    return false;
}
#endif

}  // namespace daybook::campaigns
