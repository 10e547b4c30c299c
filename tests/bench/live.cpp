#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "bench/rows.hpp"
#include "projections/fold/catalogue.hpp"
#include "projections/store/projection_store.hpp"
#include "src/init.hpp"
#include "src/recorder.hpp"
#include "src/server/folding.hpp"

// How long after a fill is durable another process reads it in `positions`, while events come in
// at a steady pace: recorder and folding thread as `daybook serve` has them.

namespace daybook::bench {
namespace {

constexpr std::uint64_t kEventsASecond = 50'000;
constexpr auto kLong = std::chrono::seconds{5};  // of one round
constexpr auto kWarm = std::chrono::seconds{1};  // of it, not counted
constexpr std::uint64_t kBatchMost = 2000;       // where the machine was held up
constexpr std::size_t kFillsMost = 16'384;
constexpr std::size_t kCommitsMost = 1'000'000;

std::int64_t now_nanos() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
        .count();
}

/// What both processes see. The reader's clock is the recorder's: CLOCK_MONOTONIC.
struct Shared {
    struct Fill {
        std::uint64_t seq{};
        std::int64_t durable{}, seen{};
    };
    std::atomic<std::size_t> fills{};  ///< told by the recorder
    std::atomic<bool> done{};
    std::array<Fill, kFillsMost> fill{};
};

class Memory {
  public:
    Memory()
        : at_{::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                     -1, 0)} {
        if (at_ == MAP_FAILED) stop("no memory to share");
        shared_ = new (at_) Shared;
    }
    ~Memory() { ::munmap(at_, sizeof(Shared)); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    [[nodiscard]] Shared& shared() const { return *shared_; }

  private:
    void* at_;
    Shared* shared_{};
};

store::ProjectionStore served(const std::string& data_dir) {
    for (;;) {
        const auto projections = store::Directory::open(data_dir + "/projections", false);
        if (projections) {
            auto opened = store::ProjectionStore::open_to_read(projections.value(),
                                                               *find_projection("positions"));
            if (opened) return std::move(opened.value());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
}

/// The other process: reads `positions` over and over, and notes when each fill is in it.
void read_on(const std::string& data_dir, Shared& shared) {
    ::prctl(PR_SET_TIMERSLACK, 1);
    auto store = served(data_dir);
    for (std::size_t seen = 0; !shared.done || seen < shared.fills;) {
        const Sequence there = need(store.meta()).seq;
        const std::int64_t now = now_nanos();
        for (; seen < shared.fills && shared.fill.at(seen).seq <= there.raw; ++seen)
            shared.fill.at(seen).seen = now;
        std::this_thread::sleep_for(std::chrono::microseconds{20});
    }
}

/// Events of the corpus as one bot's own, so that every one of them is new and is folded.
std::vector<Event> take(const Corpus& corpus, std::uint64_t first, std::uint64_t count) {
    std::vector<Event> events;
    for (std::uint64_t i = first; i < first + count; ++i) {
        Event event = corpus.event(i);
        event.mode = Mode::live;
        if (auto* const fill = std::get_if<Fill>(&event.body))
            fill->trade += '-' + std::to_string(i);
        events.push_back(std::move(event));
    }
    return events;
}

/// Calls `send(first, count)` with the events that are due, again and again, for a while.
template <class Send>
void paced(Send send) {
    const auto begin = Clock::now();
    for (std::uint64_t sent = 0; Clock::now() - begin < kLong;) {
        const auto due =
            static_cast<std::uint64_t>(seconds_since(begin) * static_cast<double>(kEventsASecond));
        const std::uint64_t count = due > sent ? std::min(due - sent, kBatchMost) : 0;
        if (count > 0) send(sent, count);
        sent += count;
    }
}

void record_and_fold(const Bench& bench, const std::string& data_dir, Shared& shared) {
    const Time now{1'765'584'000'000'000'000};
    auto recorder = need(Recorder::open(data_dir, now));
    server::Folding folding{data_dir,
                            {[now] { return now; }, [](const std::string& why) { stop(why); }}};
    folding.start();
    while (folding.waiting_for()) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    paced([&](std::uint64_t first, std::uint64_t count) {
        const auto events = take(bench.corpus, first, count);
        const auto recorded = need(recorder.record(events, now));
        need(recorder.commit());
        const std::int64_t durable = now_nanos();
        for (std::size_t i = 0; i < events.size(); ++i) {
            if (!std::holds_alternative<Fill>(events[i].body)) continue;
            shared.fill.at(shared.fills) = {recorded[i].seq.raw, durable, 0};
            ++shared.fills;
        }
        folding.notify();
    });
    folding.stop();
    need(recorder.close());
}

Slice slice_of(std::vector<std::uint32_t> nanos) {
    Slice slice{.nanos = std::move(nanos)};
    slice.rate = 1e6 / quantile_us(slice.nanos, 0.5);
    return slice;
}

/// One sync of the same bytes at the same pace.
Slice syncs(const Bench& bench) {
    RawLog log(fresh(bench, "raw") / "log", std::uint64_t{256} << 20U);
    std::vector<std::uint32_t> nanos;
    nanos.reserve(kCommitsMost);
    paced([&](std::uint64_t first, std::uint64_t count) {
        for (std::uint64_t i = first; i < first + count; ++i) log.add(bench.frames.frame(i));
        const auto begin = now_nanos();
        log.write();
        log.sync();
        nanos.push_back(static_cast<std::uint32_t>(now_nanos() - begin));
    });
    return slice_of(std::move(nanos));
}

Slice latencies(const Bench& bench) {
    const std::string data_dir = fresh(bench, "live").string();
    need(init(data_dir));
    const Memory memory;
    Shared& shared = memory.shared();
    const pid_t reader = ::fork();
    if (reader < 0) stop("cannot fork");
    if (reader == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        read_on(data_dir, shared);
        ::_exit(0);
    }
    record_and_fold(bench, data_dir, shared);
    shared.done = true;
    ::waitpid(reader, nullptr, 0);
    std::vector<std::uint32_t> nanos;
    const std::int64_t warm = shared.fill.at(0).durable + std::chrono::nanoseconds{kWarm}.count();
    for (std::size_t i = 0; i < shared.fills; ++i) {
        const Shared::Fill& fill = shared.fill.at(i);
        if (fill.durable > warm)
            nanos.push_back(
                static_cast<std::uint32_t>(std::max<std::int64_t>(fill.seen - fill.durable, 0)));
    }
    return slice_of(std::move(nanos));
}

}  // namespace

void bench_live(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>&) {
    Row row{.name =
                "a fill durable → readable in positions by another process, of one sync, "
                "50,000 events/s",
            .must = "0.67 (p50 ≤ 1.5 syncs)"};
    for (int round = 0; round < bench.rounds; ++round) {
        const Slice limit = syncs(bench);
        row.add(limit, latencies(bench));
    }
    rows.push_back(std::move(row));
}

}  // namespace daybook::bench
