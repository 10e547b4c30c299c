#include <malloc.h>

#include <future>
#include <map>
#include <random>
#include <sstream>
#include <string>

#include "bench/rebuild.hpp"
#include "bench/sqlite_fold.hpp"
#include "projections/catch_up.hpp"
#include "projections/fold/assembly.hpp"
#include "projections/fold/catalogue.hpp"
#include "projections/fold/history.hpp"

namespace daybook::bench {
namespace {

const Names kLedgers{"positions", "pnl", "cash", "hedge"};

Names all_names() {
    Names names;
    for (const Projection& projection : catalogue()) names.push_back(projection.name);
    return names;
}

/// The same folds, their rows nowhere but in RAM and never packed, unless a fold looks for them.
double fold_without_store(const MarketDays& days, const Names& names) {
    std::map<std::string_view, MemoryRows> rows;
    const auto begin = Clock::now();
    auto reader = need(EventReader::open(days.journal()));
    Assembly assembly;
    TypeSet types{};
    for (const std::string_view name : names) {
        assembly.add(*find_projection(name), rows[name]);
        types.add(find_projection(name)->types);
    }
    need(reader.for_each({1}, {}, types, [&](const Event& event) {
        assembly.apply(event);
        return true;
    }));
    return seconds_since(begin);
}

template <class Work>
double timed(Work work) {
    const auto begin = Clock::now();
    work();
    return seconds_since(begin);
}

/// Everything as shares of the same number of events.
void add(Row& row, const MarketDays& days, double limit, double ours) {
    const auto events = static_cast<double>(days.events());
    row.add({events / limit, {}}, {events / ours, {}});
}

}  // namespace

namespace {

constexpr std::size_t kReads = 300;

class Rebuilds {
  public:
    Rebuilds(const Bench& bench, const MarketDays& days) : bench_{bench}, days_{days} {}

    /// The resets that are measured beside the raw fold.
    void round() {
        RawLedger limit;
        const double one = timed([&] { limit = raw_fold(days_); });
        const double two = timed([&] { (void)raw_fold_by_two(days_); });
        const double verified = rebuild(bench_, days_, kLedgers, Check::every_event, &limit);
        add(verifying_, days_, one, verified);
        add(by_two_, days_, two, verified);
        const double fills = timed([&] { (void)raw_fold_at(days_, days_.fills()); });
        const double own = timed([&] { (void)raw_fold_at(days_, days_.fills_and_statuses()); });
        const double through =
            rebuild(bench_, days_, {"positions", "pnl", "hedge"}, Check::what_is_read, &limit);
        add(indexed_, days_, fills, through);
        add(with_names_, days_, own, through);
    }
    void everything() {
        const double folds = fold_without_store(days_, all_names());
        ::malloc_trim(0);
        add(everything_, days_, folds,
            rebuild(bench_, days_, all_names(), Check::every_event, nullptr));
    }
    /// `name`, or several with commas between them.
    void alone(const std::string& name) {
        Row& row = each_.try_emplace(name, Row{.name = "  " + name}).first->second;
        Names only;
        std::istringstream names{name};
        for (std::string one; std::getline(names, one, ',');)
            only.push_back(find_projection(one)->name);
        const double bare = fold_without_store(days_, only);
        ::malloc_trim(0);
        add(row, days_, bare, rebuild(bench_, days_, only, Check::what_is_read, nullptr));
    }
    /// Positions as of random past events, each beside the raw ledger there; then of one market.
    void past() {
        constexpr std::size_t kLooks = 300;
        const RawPast raw{days_};
        std::mt19937_64 engine{7};
        std::vector<Sequence> moments(kLooks);
        for (Sequence& each : moments)
            each.raw = MarketDays::kMarkets + engine() % (days_.events() - MarketDays::kMarkets);
        std::vector<RawLedger> limits(kLooks), ours(kLooks);
        const Slice limit =
            run_slice(kLooks, 1, true, [&](std::size_t i) { limits[i] = raw.at(moments[i].raw); });
        (void)rebuild(bench_, days_, {"history"}, Check::what_is_read, nullptr);
        const auto projections =
            need(store::Directory::open(bench_.folder / "projections" / "projections", false));
        auto served =
            need(store::ProjectionStore::open_to_read(projections, *find_projection("history")));
        past_.add(limit, run_slice(kLooks, 1, true, [&](std::size_t i) {
                      const auto rows = need(served.environment().read());
                      ours[i] = figures_of(PastLedger{*rows, moments[i]});
                  }));
        for (std::size_t i = 0; i < kLooks; ++i) {
            if (ours[i] != by_market(limits[i])) stop("the past differs from the raw fold");
        }
        const auto rows = need(served.environment().read());
        std::vector<Holder> holders;
        PastLedger{*rows, {days_.events()}}.for_each(
            [&](const Holder& holder, const Position&) { holders.push_back(holder); });
        const auto one = [&](std::size_t i) {
            const auto now = need(served.environment().read());
            (void)PastLedger{*now, moments[i]}.position(holders[i % holders.size()]);
        };
        past_one_.add(limit, run_slice(kLooks, 1, true, one));
    }

    /// Every position read from what is served: quiet, and while a reset builds beside it.
    void reading() {
        (void)rebuild(bench_, days_, {"positions"}, Check::what_is_read, nullptr);
        const auto projections =
            need(store::Directory::open(bench_.folder / "projections" / "projections", false));
        auto served =
            need(store::ProjectionStore::open_to_read(projections, *find_projection("positions")));
        const auto look = [&](std::size_t) {
            (void)figures_of(Ledger{*need(served.environment().read())});
        };
        const Slice quiet = run_slice(kReads, 1, true, look);
        auto reader = need(EventReader::open(days_.journal()));
        const auto beside = need(store::Directory::open(fresh(bench_, "beside"), true));
        auto store = need(store::ProjectionStore::open_to_build(
            beside, *find_projection("positions"), source_of(reader, Time{})));
        std::uint64_t number = 0;
        const auto built = need(store.begin_generation(source_of(reader, Time{}), number));
        const Generation generation{find_projection("positions"), built.get()};
        auto building = std::async(std::launch::async, [&] {
            need(build(reader, {&generation, 1}, reader.journal().head().durable,
                       Check::every_event, {}));
        });
        Slice busy;
        while (building.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
            const Slice one = run_slice(1, 1, true, look);
            busy.nanos.push_back(one.nanos.front());
        }
        busy.rate = static_cast<double>(busy.nanos.size());
        reading_.add(quiet, busy);
    }

    void tell(std::vector<Row>& rows) && {
        for (Row* row : {&verifying_, &by_two_, &indexed_, &with_names_, &everything_, &past_,
                         &past_one_, &reading_}) {
            if (!row->rate.empty()) rows.push_back(std::move(*row));
        }
        for (auto& [name, row] : each_) rows.push_back(std::move(row));
    }

  private:
    const Bench& bench_;
    const MarketDays& days_;
    Row verifying_{.name = "reset of positions pnl cash hedge, every event verified",
                   .must = "0.60"};
    Row by_two_{.name = "the same, of a raw fold by two threads"};
    Row indexed_{.name = "reset of positions pnl hedge through the fill index", .must = "0.40"};
    Row with_names_{.name = "the same, of an index that reads order statuses too"};
    Row everything_{.name = "reset of everything, of the same folds without the store",
                    .must = "0.50"};
    Row past_{.name = "positions as of a past event, of copies in RAM and the fills behind them",
              .must = "p50 1,000 µs"};
    Row past_one_{.name = "the same of one market", .must = "p50 25 µs"};
    Row reading_{.name = "every position read while a reset runs; its p99 beside the quiet one",
                 .must = "p99 2.0"};
    std::map<std::string, Row> each_;
};

}  // namespace

namespace {

/// What a rebuild holds in memory, by the size of the journal.
void tell_memory(const Bench& bench) {
    for (const std::uint64_t part : {10U, 3U, 1U}) {
        const MarketDays days{fresh(bench, "days"), fresh(bench, "raw"), bench.fold_events / part};
        std::printf("reset of positions pnl cash hedge: %llu events, %zu fills: %ld MiB\n",
                    static_cast<unsigned long long>(days.events()), days.fills().size(),
                    rebuild_peak_kib(bench, days, kLedgers) / 1024);
    }
}

/// The same resets in SQLite, of a fifth of the events.
void bench_sqlite(const Bench& bench, std::vector<Row>& rows) {
    const MarketDays days{fresh(bench, "days"), fresh(bench, "raw"), bench.fold_events / 5};
    SqliteDays sqlite{fresh(bench, "sqlite"), days};
    const RawLedger right = raw_fold(days);
    Row all{.name = "SQLite: every payload read (no sums), positions replaced"};
    Row index{.name = "SQLite: fills by index, positions replaced"};
    for (int round = 0; round < bench.rounds; ++round) {
        RawLedger got;
        const double limit = timed([&] { (void)raw_fold(days); });
        add(all, days, limit, timed([&] { got = sqlite.reset_reading_all(); }));
        if (got != right) stop("SQLite differs from the raw fold");
        const double fills = timed([&] { (void)raw_fold_at(days, days.fills()); });
        add(index, days, fills, timed([&] { got = sqlite.reset_by_index(); }));
        if (got != right) stop("SQLite differs from the raw fold");
    }
    rows.push_back(std::move(all));
    rows.push_back(std::move(index));
}

}  // namespace

void bench_projections(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>&) {
    tell_memory(bench);
    const MarketDays days{fresh(bench, "days"), fresh(bench, "raw"), bench.fold_events};
    Rebuilds rebuilds{bench, days};
    for (int round = 0; round < bench.rounds; ++round) {
        rebuilds.round();
        rebuilds.past();
        rebuilds.reading();
    }
    std::move(rebuilds).tell(rows);
    bench_sqlite(bench, rows);
}

void bench_folds(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>&) {
    const MarketDays days{fresh(bench, "days"), fresh(bench, "raw"), bench.fold_events};
    Rebuilds rebuilds{bench, days};
    std::vector<std::string> alone = bench.folds;
    if (alone.empty()) {
        for (const std::string_view name : all_names()) alone.emplace_back(name);
    }
    for (int round = 0; round < bench.rounds; ++round) {
        if (bench.folds.empty()) rebuilds.everything();
        for (const std::string& name : alone) rebuilds.alone(name);
    }
    std::move(rebuilds).tell(rows);
}

}  // namespace daybook::bench
