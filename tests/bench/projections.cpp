#include <malloc.h>

#include <future>
#include <map>
#include <random>
#include <sstream>
#include <string>

#include "bench/raw_fold.hpp"
#include "bench/rows.hpp"
#include "projections/catch_up.hpp"
#include "projections/fold/assembly.hpp"
#include "projections/fold/catalogue.hpp"
#include "projections/fold/history.hpp"

namespace daybook::bench {
namespace {

using Names = std::vector<std::string_view>;

Names all_names() {
    Names names;
    for (const Projection& projection : catalogue()) names.push_back(projection.name);
    return names;
}

/// The figures of the raw fold, out of the rows of a projection.
template <class AnyLedger>
RawLedger figures_of(const AnyLedger& ledger) {
    RawLedger found;
    ledger.for_each([&](const Holder& holder, const Position& position) {
        // A market's number is its key in the journal, as its definition is the first event of it.
        RawOutcome* const outcomes = &found.outcomes[2 * holder.market.raw];
        for (std::size_t i = 0; i < 2; ++i) {
            outcomes[i].shares = position.sides.at(i).matched.shares.micros;
            outcomes[i].cost = position.sides.at(i).matched.cost.micros;
        }
        outcomes[0].realized = position.realized.micros;
        outcomes[0].bought = position.flows.bought.micros;
        outcomes[0].sold = position.flows.sold.micros;
        outcomes[0].fees = position.flows.fees.micros;
    });
    return found;
}
[[nodiscard]] RawLedger ledger_of(Rows& rows) { return figures_of(Ledger{rows}); }

/// The same shape: what the raw fold keeps by outcome and a position keeps by market.
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

void same_or_stop(Rows& rows, const RawLedger& limit) {
    if (ledger_of(rows) != by_market(limit)) stop("a rebuild differs from the raw fold");
}

/// Builds `names` as a reset does: generations beside nothing, synced and served. Seconds.
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

long resident_mib() {
    long pages = 0, resident = 0;
    std::FILE* const file = std::fopen("/proc/self/statm", "r");
    if (file == nullptr || std::fscanf(file, "%ld %ld", &pages, &resident) != 2)
        stop("cannot read /proc/self/statm");
    std::fclose(file);
    return resident * 4 / 1024;
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
        const double verified = rebuild(bench_, days_, {"positions", "pnl", "cash", "hedge"},
                                        Check::every_event, &limit);
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
        const auto look = [&](std::size_t) { (void)ledger_of(*need(served.environment().read())); };
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

void bench_projections(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>&) {
    const MarketDays days{fresh(bench, "days"), fresh(bench, "raw"), bench.fold_events};
    Rebuilds rebuilds{bench, days};
    for (int round = 0; round < bench.rounds; ++round) {
        rebuilds.round();
        rebuilds.past();
        rebuilds.reading();
    }
    std::move(rebuilds).tell(rows);
    std::printf("resident after all: %ld MiB\n", resident_mib());
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
