#include "projections/catch_up.hpp"

#include <memory>
#include <vector>

#include "schemas/invariant.hpp"

namespace daybook {
namespace {

constexpr std::uint64_t kEventsPerTransaction = 100'000;
constexpr std::uint64_t kEventsPerProgress = 10'000;

void hand_in(const Projection& projection, Rows& rows, const Event& event) {
    const bool conflicting = event.conflicts_with.raw != 0;
    if (projection.types.has(type_number(event)) && (!conflicting || projection.sees_conflicts)) {
        projection.apply(rows, event);
    }
}

/// One store on its way to the head, with the transaction it is in.
struct Target {
    const Projection& projection;
    store::Environment& environment;
    Sequence reached{};
    std::uint64_t hash{};
    std::unique_ptr<store::LmdbRows> rows{};

    Result<void> begin() {
        TRY(rows, environment.write());
        TRY(const auto meta, rows->meta());
        INVARIANT(reached.raw == 0 || meta.seq == reached,
                  "a transaction starts from the sequence it expects");
        reached = meta.seq;
        hash = meta.frame_hash;
        return ok();
    }
    Result<void> commit() {
        TRYV(rows->commit(reached, hash));
        rows.reset();
        return ok();
    }
};

TypeSet types_of(const std::vector<Target>& targets) {
    TypeSet types{};
    for (std::uint16_t type = 1; type <= kEventTypes; ++type) {
        for (const Target& target : targets) {
            if (target.projection.types.has(type)) types.add(type);
        }
    }
    return types;
}

void fold_step(std::vector<Target>& targets, const Step& step) {
    for (Target& target : targets) {
        if (target.reached >= step.seq) continue;
        hand_in(target.projection, *target.rows, step.event);
        target.reached = step.seq;
        target.hash = step.hash;
    }
}

Result<void> renew_transactions(std::vector<Target>& targets) {
    for (Target& target : targets) {
        TRYV(target.commit());
        TRYV(target.begin());
    }
    return ok();
}

Result<void> run(EventReader& reader, std::vector<Target>& targets, Sequence last,
                 const OnProgress& progress) {
    Sequence first = last;
    for (Target& target : targets) {
        TRYV(target.begin());
        first = std::min(first, target.reached);
    }
    if (first == last) return ok();
    TRYV(reader.seek({first.raw + 1}, types_of(targets)));
    for (std::uint64_t folded = 1;; ++folded) {
        TRY(const auto step, reader.next());
        if (!step || step->seq > last) break;
        fold_step(targets, *step);
        if (folded % kEventsPerTransaction == 0) {
            TRYV(renew_transactions(targets));
        }
        if (progress && folded % kEventsPerProgress == 0) progress(step->seq.raw, last.raw);
    }
    TRY(const auto end, reader.journal().at(last));
    for (Target& target : targets) {
        target.reached = last;
        target.hash = end.hash;
        TRYV(target.commit());
    }
    return ok();
}

}  // namespace

store::Source source_of(EventReader& reader, Time now) {
    store::Source source;
    source.journal = reader.journal().journal().bytes;
    source.now = now;
    source.frame_hash = [&reader](Sequence seq) -> std::optional<std::uint64_t> {
        const auto record = reader.journal().at(seq);
        if (!record) return std::nullopt;
        return record.value().hash;
    };
    return source;
}

Result<void> catch_up(EventReader& reader, std::span<store::ProjectionStore* const> stores,
                      Sequence last, const OnProgress& progress) {
    std::vector<Target> targets;
    for (store::ProjectionStore* each : stores) {
        TRY(const auto meta, each->meta());
        if (meta.seq < last) targets.push_back({each->projection(), each->environment()});
    }
    if (targets.empty()) return ok();
    return run(reader, targets, last, progress);
}

Result<void> build(EventReader& reader, const Projection& projection, store::Environment& into,
                   Sequence last, const OnProgress& progress) {
    std::vector<Target> targets;
    targets.push_back({projection, into});
    return run(reader, targets, last, progress);
}

Result<void> fold_into(EventReader& reader, const Projection& projection, Rows& rows, Sequence last,
                       const OnProgress& progress) {
    std::uint64_t done = 0;
    return reader.for_each({1}, last, projection.types, [&](const Event& event) {
        hand_in(projection, rows, event);
        if (progress && ++done % kEventsPerProgress == 0) progress(event.seq.raw, last.raw);
        return true;
    });
}

}  // namespace daybook
