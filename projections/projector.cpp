#include "projections/projector.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "projections/fold_group.hpp"

namespace daybook {
namespace {

constexpr std::uint64_t kEventsAtOnce = 10'000;
constexpr auto kPatience = std::chrono::seconds{5};
constexpr auto kGlance = std::chrono::milliseconds{20};

struct Followed {
    store::ProjectionStore store;
    Sequence seq{};         ///< of its rows when it joined, or stopped
    std::string stopped{};  ///< why it is not in the group; empty: it is
};

/// The journal that is followed, for what a lane reads on its own.
struct Ground {
    EventReader reader;
    Time now;

    [[nodiscard]] Result<EventReader> again() {
        TRY(auto second, reader.journal().again());
        TRYV(second.refresh());
        return EventReader{std::move(second)};
    }
};

/// An event by its place.
struct Place {
    Sequence seq;
    std::uint64_t hash{};
};

/// Projections that are committed together.
class Lane {
  public:
    void add(store::ProjectionStore store) {
        wanted_.add(store.projection().types);
        all_.push_back({std::move(store)});
    }
    [[nodiscard]] Sequence reached() const { return group_->reached; }
    /// What any of them wants to see, those that stand still included.
    [[nodiscard]] const TypeSet& wanted() const { return wanted_; }
    /// Whether events are folded that are not committed, and how many rows they changed.
    [[nodiscard]] bool open() const { return open_; }
    [[nodiscard]] std::size_t changed() const { return group_->assembly.changed(); }

    /// Brings every store to the durable end and folds on from there.
    Result<void> start(Ground& ground, const OnProgress& progress);
    Result<void> take(const Step& step, Ground& ground);
    Result<void> commit(Place at, Ground& ground);
    Result<void> sync();
    void tell(std::vector<Projector::Standing>& standings) const;

  private:
    Result<void> begin(Ground& ground);
    Result<bool> replaced() const;
    Result<void> reopen_replaced(EventReader& reader, Time now);
    Result<void> regroup(Sequence last);
    Result<void> join(Followed& each, Sequence last, std::uint64_t& hash);

    std::vector<Followed> all_;
    TypeSet wanted_{};
    TypeSet types_{};  ///< of those that are folded
    std::unique_ptr<FoldGroup> group_;
    bool open_{};
};

Result<bool> Lane::replaced() const {
    for (const Followed& each : all_) {
        TRY(const bool gone, each.store.replaced());
        if (gone) return true;
    }
    return false;
}

/// A generation that is served anew is tried, whatever stopped the one before.
Result<void> Lane::reopen_replaced(EventReader& reader, Time now) {
    for (Followed& each : all_) {
        TRY(const bool gone, each.store.replaced());
        if (!gone) continue;
        const auto opened = each.store.reopen(source_of(reader, now));
        each.stopped = opened ? "" : opened.error().detail;
    }
    return ok();
}

Result<void> Lane::join(Followed& each, Sequence last, std::uint64_t& hash) {
    TRY(const auto rows, each.store.environment().read());
    TRY(const auto meta, rows->meta());
    TRY(const auto stall, rows->stalled());
    each.seq = meta.seq;
    if (stall) each.stopped = "event " + std::to_string(stall->seq.raw) + ": " + stall->why;
    if (stall) return ok();
    if (meta.seq != last) each.stopped = "its rows do not end where the journal does";
    if (meta.seq != last) return ok();
    hash = meta.frame_hash;
    types_.add(each.store.projection().types);
    group_->targets.push_back(
        std::make_unique<Target>(each.store.projection(), each.store.environment()));
    return ok();
}

/// Those that stand at `last` are folded on together.
Result<void> Lane::regroup(Sequence last) {
    group_ = std::make_unique<FoldGroup>();
    group_->reached = last;
    types_ = TypeSet{};
    std::uint64_t hash = 0;
    for (Followed& each : all_) {
        if (!each.stopped.empty()) continue;
        TRYV(join(each, last, hash));
    }
    TRYV(group_->begin());
    group_->assemble();
    return group_->commit(last, hash);
}

Result<void> Lane::start(Ground& ground, const OnProgress& progress) {
    group_.reset();
    open_ = false;
    TRY(EventReader reader, ground.again());
    TRYV(reopen_replaced(reader, ground.now));
    std::vector<store::ProjectionStore*> stores;
    for (Followed& each : all_) {
        if (each.stopped.empty()) stores.push_back(&each.store);
    }
    const Sequence last = reader.journal().head().durable;
    TRYV(catch_up(reader, stores, last, progress));
    return regroup(last);
}

/// Somebody who swaps a generation, or folds one without knowing of us, makes us start anew.
Result<void> Lane::begin(Ground& ground) {
    TRY(const bool gone, replaced());
    if (gone) return start(ground, {});
    auto begun = group_->begin();
    open_ = begun.has_value();
    if (!begun && begun.error().code == Errc::conflict) return start(ground, {});
    return begun;
}

Result<void> Lane::take(const Step& step, Ground& ground) {
    if (step.seq <= group_->reached || !types_.has(type_number(step.event))) return ok();
    if (!open_) {
        TRYV(begin(ground));
    }
    if (step.seq <= group_->reached) return ok();
    return refusal(group_->assembly, step.event) ? start(ground, {}) : ok();
}

Result<void> Lane::commit(Place at, Ground& ground) {
    if (!open_ && at.seq <= group_->reached) return ok();
    if (!open_) {
        TRYV(begin(ground));
    }
    if (!open_) return ok();  // started anew, up to here or further
    open_ = false;
    auto done = group_->commit(at.seq, at.hash);
    const auto outgrown = [](Followed& each) {
        return each.stopped.empty() && each.store.environment().outgrown();
    };
    if (!done && std::ranges::any_of(all_, outgrown)) return start(ground, {});
    return done;
}

Result<void> Lane::sync() {
    group_.reset();
    for (Followed& each : all_) {
        if (!each.stopped.empty()) continue;
        TRYV(each.store.environment().sync());
    }
    return ok();
}

void Lane::tell(std::vector<Projector::Standing>& standings) const {
    for (const Followed& each : all_) {
        const Sequence seq = each.stopped.empty() ? group_->reached : each.seq;
        standings.push_back({each.store.projection().name, seq, each.stopped});
    }
}

Result<store::ProjectionStore> open_patiently(const store::Directory& projections,
                                              const Projection& projection,
                                              const store::Source& source) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        auto opened = store::ProjectionStore::open_to_build(projections, projection, source);
        const bool held = !opened && opened.error().code == Errc::conflict;
        if (!held || std::chrono::steady_clock::now() > until) return opened;
        std::this_thread::sleep_for(kGlance);
    }
}

}  // namespace

struct Projector::State {
    Ground ground;
    Lane lane{};
    Place seen{};
};

Projector::Projector(std::unique_ptr<State> state) : state_{std::move(state)} {}
Projector::Projector(Projector&&) noexcept = default;
Projector& Projector::operator=(Projector&&) noexcept = default;
Projector::~Projector() = default;

Result<Projector> Projector::open(const std::string& data_dir,
                                  std::span<const Projection> projections, Time now,
                                  const OnProgress& progress) {
    TRY(auto reader, EventReader::open(data_dir));
    TRY(const auto folder, store::Directory::open(data_dir + "/projections", true));
    Projector self{std::unique_ptr<State>{new State{{std::move(reader), now}}}};
    State& state = *self.state_;
    const store::Source source = source_of(state.ground.reader, now);
    for (const Projection& projection : projections) {
        TRY(auto store, open_patiently(folder, projection, source));
        TRYV(store.follow());
        state.lane.add(std::move(store));
    }
    TRYV(state.lane.start(state.ground, progress));
    TRYV(state.ground.reader.journal().refresh());
    state.seen.seq = state.lane.reached();
    TRYV(state.ground.reader.seek({state.seen.seq.raw + 1}, state.lane.wanted()));
    return self;
}

Result<bool> Projector::fold() {
    constexpr std::size_t kRowsAtMost = 100'000;  // that wait in RAM
    State& state = *state_;
    TRY(const journal::Head head, state.ground.reader.journal().refresh());
    bool ended = false;
    for (std::uint64_t count = 0; count < kEventsAtOnce && !ended; ++count) {
        TRY(const auto step, state.ground.reader.next());
        ended = step == nullptr;
        if (ended) break;
        state.seen = {step->seq, step->hash};
        TRYV(state.lane.take(*step, state.ground));
    }
    // Behind the last event that is folded there may be others, up to the durable end.
    if (ended && head.durable > state.seen.seq) state.seen = {head.durable, head.hash};
    if (state.lane.changed() > kRowsAtMost) {
        TRYV(commit());
    }
    return ended;
}

Result<void> Projector::commit() { return state_->lane.commit(state_->seen, state_->ground); }

bool Projector::pending() const {
    return state_->lane.open() || state_->lane.reached() < state_->seen.seq;
}

bool Projector::changed() const { return state_->lane.open(); }

Sequence Projector::seen() const { return state_->seen.seq; }

std::vector<Projector::Standing> Projector::standings() const {
    std::vector<Standing> standings;
    state_->lane.tell(standings);
    return standings;
}

Result<void> Projector::close() {
    TRYV(commit());
    const auto state = std::move(state_);
    return state->lane.sync();
}

}  // namespace daybook
