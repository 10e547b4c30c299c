#include "projections/catch_up.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "projections/fold_group.hpp"
#include "projections/read_ahead.hpp"

namespace daybook {
namespace {

constexpr std::size_t kRowsPerTransaction = 100'000;  // that changed: what waits in RAM
constexpr std::uint64_t kEventsPerTransaction = 500'000;
constexpr std::uint64_t kEventsPerLook = 10'000;
constexpr int kGrowthsMost = 10;  // four times the room each

using Groups = std::vector<std::unique_ptr<FoldGroup>>;

Result<Groups> group_up(std::span<const Generation> generations) {
    Groups groups;
    for (const Generation& each : generations) {
        auto target = std::make_unique<Target>(*each.projection, *each.into);
        TRYV(target->begin());
        const Sequence reached = target->reached();
        auto at =
            std::ranges::find(groups, reached, [](const auto& group) { return group->reached; });
        if (at == groups.end()) {
            groups.push_back(std::make_unique<FoldGroup>());
            at = groups.end() - 1;
            (*at)->reached = reached;
        }
        (*at)->targets.push_back(std::move(target));
    }
    for (const auto& group : groups) group->assemble();
    return groups;
}

TypeSet types_of(const Groups& groups) {
    TypeSet types{};
    for (const auto& group : groups) {
        for (const auto& target : group->targets) types.add(target->projection().types);
    }
    return types;
}

bool full(const Groups& groups, std::uint64_t folded) {
    std::size_t changed = 0;
    for (const auto& group : groups) changed += group->assembly.changed();
    return changed >= kRowsPerTransaction || folded % kEventsPerTransaction == 0;
}

Result<void> renew_transactions(Groups& groups, const Step& step) {
    for (const auto& group : groups) {
        if (group->reached >= step.seq) continue;
        TRYV(group->commit(step.seq, step.hash));
        TRYV(group->begin());
    }
    return ok();
}

/// All at once: a disk that is asked for one sync after the other mostly waits.
Result<void> sync_all(std::span<const Generation> generations) {
    std::vector<std::future<Result<void>>> asked;
    asked.reserve(generations.size());
    for (const Generation& each : generations)
        asked.push_back(std::async(std::launch::async, [&each] { return each.into->sync(); }));
    Result<void> all = ok();
    for (auto& each : asked) {
        const auto done = each.get();
        if (!done) all = done;
    }
    return all;
}

/// Folds `generations` up to `last`. An event that a fold cannot take ends it: nothing of the
/// transactions that are open is kept, and `stopped` says where.
Result<void> run(EventReader& reader, std::span<const Generation> generations, Sequence last,
                 Check check, const OnProgress& progress, std::optional<store::Stall>& stopped) {
    TRY(auto groups, group_up(generations));
    Sequence first = last;
    for (const auto& group : groups) first = std::min(first, group->reached);
    if (first == last) return ok();
    TRY(const auto end, reader.journal().at(last));
    TRY(const auto events,
        ReadAhead::begin(reader, {first.raw + 1}, last, types_of(groups), check));
    for (std::uint64_t folded = 1;; ++folded) {
        TRY(const auto step, events->next());
        if (step == nullptr) break;
        for (const auto& group : groups) {
            if (group->reached >= step->seq) continue;
            if (auto why = refusal(group->assembly, step->event)) {
                stopped = store::Stall{step->seq, *std::move(why)};
                return ok();
            }
        }
        if (folded % kEventsPerLook != 0) continue;
        if (full(groups, folded)) {
            TRYV(renew_transactions(groups, *step));
        }
        if (progress) progress(step->seq.raw, last.raw);
    }
    for (const auto& group : groups) {
        if (group->reached >= last) continue;
        TRYV(group->commit(last, end.hash));
    }
    return ok();
}

/// The same; a transaction that outgrew its map is begun anew with more room.
Result<void> run_in_room(EventReader& reader, std::span<const Generation> generations,
                         Sequence last, Check check, const OnProgress& progress,
                         std::optional<store::Stall>& stopped) {
    for (int more = 0;; ++more) {
        auto done = run(reader, generations, last, check, progress, stopped);
        const auto outgrown = [](const Generation& each) { return each.into->outgrown(); };
        if (done || more == kGrowthsMost || std::ranges::none_of(generations, outgrown))
            return done;
    }
}

/// One that stops at an event goes as far as the one before it, and says where it stands.
Result<void> run_alone(EventReader& reader, const Generation& generation, Sequence last,
                       const OnProgress& progress) {
    std::optional<store::Stall> stands;
    for (Sequence until = last;;) {
        std::optional<store::Stall> stopped;
        TRYV(run_in_room(reader, {&generation, 1}, until, Check::what_is_read, progress, stopped));
        if (!stopped) break;
        until.raw = stopped->seq.raw - 1;
        stands = std::move(stopped);
    }
    return stands ? generation.into->stall(*stands) : Result<void>{ok()};
}

/// Whoever follows the store brings it to `last`, or as far as it comes in a moment.
Result<void> wait_for(store::ProjectionStore& store, Sequence last) {
    constexpr auto kPatience = std::chrono::seconds{1};
    constexpr auto kGlance = std::chrono::milliseconds{5};
    const auto until = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        TRY(const auto rows, store.environment().read());
        TRY(const auto meta, rows->meta());
        TRY(const auto stall, rows->stalled());
        if (stall || meta.seq >= last || std::chrono::steady_clock::now() > until) return ok();
        std::this_thread::sleep_for(kGlance);
    }
}

Error cannot_take(const store::Stall& stopped) {
    return {Errc::incomplete, "event " + std::to_string(stopped.seq.raw) + ": " + stopped.why,
            "nothing was replaced; daybook why " + std::to_string(stopped.seq.raw) +
                " shows the event"};
}

}  // namespace

store::Source source_of(EventReader& reader, Time now) {
    store::Source source;
    source.journal = reader.journal().journal().bytes;
    source.now = now;
    source.frame_hash = [&reader](Sequence seq) -> Result<std::optional<std::uint64_t>> {
        journal::Reader& journal = reader.journal();
        if (seq > journal.head().durable) {  // who folds beside us has seen more of it than we have
            TRYV(journal.refresh());
        }
        if (seq > journal.head().durable) return std::optional<std::uint64_t>{};
        TRY(const auto record, journal.at(seq));
        return std::optional{record.hash};
    };
    return source;
}

Result<void> catch_up(EventReader& reader, std::span<store::ProjectionStore* const> stores,
                      Sequence last, const OnProgress& progress) {
    std::vector<Generation> together;
    std::vector<Generation> alone;  // where one stands still, the others do not wait
    for (store::ProjectionStore* each : stores) {
        if (each->followed()) {
            TRYV(wait_for(*each, last));
            continue;
        }
        TRY(const auto rows, each->environment().read());
        TRY(const auto meta, rows->meta());
        TRY(const auto stall, rows->stalled());
        if (meta.seq < last)
            (stall ? alone : together).push_back({&each->projection(), &each->environment()});
    }
    std::optional<store::Stall> stopped;
    if (!together.empty()) {
        TRYV(run_in_room(reader, together, last, Check::what_is_read, progress, stopped));
    }
    if (stopped) alone.insert(alone.end(), together.begin(), together.end());
    for (const Generation& each : alone) {
        TRYV(run_alone(reader, each, last, progress));
    }
    return ok();
}

Result<void> build(EventReader& reader, std::span<const Generation> generations, Sequence last,
                   Check check, const OnProgress& progress) {
    std::optional<store::Stall> stopped;
    TRYV(run_in_room(reader, generations, last, check, progress, stopped));
    return stopped ? Result<void>{cannot_take(*stopped)} : sync_all(generations);
}

Result<void> fold_into(EventReader& reader, std::span<const InRam> projections, Sequence last,
                       const OnProgress& progress) {
    Assembly assembly;
    TypeSet types{};
    for (const InRam& each : projections) {
        assembly.add(*each.projection, *each.rows);
        types.add(each.projection->types);
    }
    std::uint64_t done = 0;
    std::optional<store::Stall> stopped;
    TRYV(reader.for_each({1}, last, types, [&](const Event& event) {
        if (auto why = refusal(assembly, event)) stopped = {event.seq, *std::move(why)};
        if (progress && ++done % kEventsPerLook == 0) progress(event.seq.raw, last.raw);
        return !stopped;
    }));
    if (stopped) return cannot_take(*stopped);
    assembly.flush();
    return ok();
}

Result<void> fold_into(EventReader& reader, const Projection& projection, Rows& rows, Sequence last,
                       const OnProgress& progress) {
    const InRam only[] = {{&projection, &rows}};
    return fold_into(reader, only, last, progress);
}

}  // namespace daybook
