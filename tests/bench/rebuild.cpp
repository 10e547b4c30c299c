#include "bench/rebuild.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <thread>

#include "projections/catch_up.hpp"
#include "projections/fold/catalogue.hpp"

namespace daybook::bench {
namespace {

void same_or_stop(Rows& rows, const RawLedger& limit) {
    if (figures_of(Ledger{rows}) != by_market(limit)) stop("a rebuild differs from the raw fold");
}

/// What the process holds that no file stands behind.
long anonymous_kib() {
    std::FILE* const file = std::fopen("/proc/self/status", "r");
    if (file == nullptr) stop("cannot read /proc/self/status");
    long kib = -1;
    std::array<char, 256> line{};
    while (kib < 0 && std::fgets(line.data(), line.size(), file) != nullptr)
        (void)std::sscanf(line.data(), "RssAnon: %ld kB", &kib);
    std::fclose(file);
    return kib;
}

/// The most of it while `work` runs, beyond what there was: looked at 200 times a second.
template <class Work>
long peak_kib(Work work) {
    const long before = anonymous_kib();
    std::atomic<bool> done{};
    long peak = before;
    std::thread watch{[&] {
        for (; !done; std::this_thread::sleep_for(std::chrono::milliseconds{5}))
            peak = std::max(peak, anonymous_kib());
    }};
    work();
    done = true;
    watch.join();
    return peak - before;
}

}  // namespace

RawLedger by_market(RawLedger ledger) {
    ledger.hedge_sum = 0;
    for (std::size_t i = 0; i < ledger.outcomes.size(); i += 2) {
        RawOutcome& a = ledger.outcomes[i];
        RawOutcome& b = ledger.outcomes[i + 1];
        for (auto field :
             {&RawOutcome::realized, &RawOutcome::bought, &RawOutcome::sold, &RawOutcome::fees}) {
            a.*field += b.*field;
            b.*field = 0;
        }
    }
    return ledger;
}

double rebuild(const Bench& bench, const MarketDays& days, const Names& names, Check check,
               const RawLedger* limit) {
    const auto folder = fresh(bench, "projections");
    auto reader = need(EventReader::open(days.journal()));
    const auto projections = need(store::Directory::open(folder / "projections", true));
    const store::Source source = source_of(reader, Time{});
    std::vector<store::ProjectionStore> stores;
    for (const std::string_view name : names) {
        stores.push_back(need(
            store::ProjectionStore::open_to_build(projections, *find_projection(name), source)));
    }
    const auto begin = Clock::now();
    std::vector<std::unique_ptr<store::Environment>> built;
    std::vector<std::uint64_t> numbers(stores.size());
    std::vector<Generation> generations;
    for (std::size_t i = 0; i < stores.size(); ++i) {
        built.push_back(need(stores[i].begin_generation(source, numbers[i])));
        generations.push_back({&stores[i].projection(), built.back().get()});
    }
    need(build(reader, generations, reader.journal().head().durable, check, {}));
    for (std::size_t i = 0; i < stores.size(); ++i)
        need(stores[i].publish(std::move(built[i]), numbers[i]));
    const double seconds = seconds_since(begin);
    if (limit != nullptr) same_or_stop(*need(stores.front().environment().read()), *limit);
    return seconds;
}

long rebuild_peak_kib(const Bench& bench, const MarketDays& days, const Names& names) {
    int ends[2];
    if (::pipe(ends) != 0) stop("no pipe");
    const pid_t child = ::fork();
    if (child < 0) stop("cannot fork");
    if (child == 0) {
        const long peak =
            peak_kib([&] { (void)rebuild(bench, days, names, Check::every_event, nullptr); });
        ::_exit(::write(ends[1], &peak, sizeof peak) == sizeof peak ? 0 : 1);
    }
    long peak = -1;
    ::close(ends[1]);
    if (::read(ends[0], &peak, sizeof peak) != sizeof peak) stop("the rebuild said nothing");
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    return peak;
}

}  // namespace daybook::bench
