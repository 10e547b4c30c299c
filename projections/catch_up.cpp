#include "projections/catch_up.hpp"

#include <algorithm>
#include <future>
#include <memory>
#include <vector>

#include "projections/fold/assembly.hpp"
#include "schemas/invariant.hpp"

namespace daybook {
namespace {

constexpr std::size_t kRowsPerTransaction = 100'000;  // that changed: what waits in RAM
constexpr std::uint64_t kEventsPerTransaction = 500'000;
constexpr std::uint64_t kEventsPerLook = 10'000;

/// One store on its way to the head. Its rows are those of the transaction it is in.
class Target final : public Rows {
  public:
    Target(const Projection& projection, store::Environment& environment)
        : projection_{projection}, environment_{environment} {}

    [[nodiscard]] const Projection& projection() const { return projection_; }
    [[nodiscard]] Sequence reached() const { return reached_; }

    Result<void> begin() {
        TRY(rows_, environment_.write());
        TRY(const auto meta, rows_->meta());
        INVARIANT(reached_.raw == 0 || meta.seq == reached_,
                  "a transaction starts from the sequence it expects");
        reached_ = meta.seq;
        return ok();
    }
    Result<void> commit(Sequence seq, std::uint64_t hash) {
        TRYV(rows_->commit(seq, hash));
        reached_ = seq;
        rows_.reset();
        return ok();
    }

    [[nodiscard]] std::optional<std::string> get(std::string_view table,
                                                 std::string_view key) const override {
        return rows_->get(table, key);
    }
    void put(std::string_view table, std::string_view key, std::string_view value) override {
        rows_->put(table, key, value);
    }
    void erase(std::string_view table, std::string_view key) override { rows_->erase(table, key); }
    void scan(std::string_view table, std::string_view prefix, const Visit& visit) const override {
        rows_->scan(table, prefix, visit);
    }

  private:
    const Projection& projection_;
    store::Environment& environment_;
    Sequence reached_{};
    std::unique_ptr<store::LmdbRows> rows_;
};

/// Targets that stand at one sequence, folded together.
struct Group {
    std::vector<std::unique_ptr<Target>> targets;
    Assembly assembly;
    Sequence reached{};

    void assemble() {
        for (const auto& target : targets) assembly.add(target->projection(), *target);
    }
    Result<void> commit(Sequence seq, std::uint64_t hash) {
        assembly.flush();
        for (const auto& target : targets) {
            TRYV(target->commit(seq, hash));
        }
        reached = seq;
        return ok();
    }
    Result<void> begin() {
        for (const auto& target : targets) {
            TRYV(target->begin());
        }
        return ok();
    }
};
using Groups = std::vector<std::unique_ptr<Group>>;

Result<Groups> group_up(std::vector<std::unique_ptr<Target>> targets) {
    Groups groups;
    for (auto& target : targets) {
        TRYV(target->begin());
        const Sequence reached = target->reached();
        auto at =
            std::ranges::find(groups, reached, [](const auto& group) { return group->reached; });
        if (at == groups.end()) {
            groups.push_back(std::make_unique<Group>());
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

/// Every event up to `last`, for its hash.
Result<void> read_all(journal::Reader& journal, Sequence last) {
    for (Sequence seq{}; seq < last;) {
        TRY(const auto record, journal.next());
        if (!record) break;
        seq = record->sequence;
    }
    return ok();
}

Result<void> run(EventReader& reader, std::vector<std::unique_ptr<Target>> targets, Sequence last,
                 const OnProgress& progress) {
    TRY(auto groups, group_up(std::move(targets)));
    Sequence first = last;
    for (const auto& group : groups) first = std::min(first, group->reached);
    if (first == last) return ok();
    TRYV(reader.seek({first.raw + 1}, types_of(groups)));
    for (std::uint64_t folded = 1;; ++folded) {
        TRY(const auto step, reader.next());
        if (step == nullptr || step->seq > last) break;
        for (const auto& group : groups) {
            if (group->reached < step->seq) group->assembly.apply(step->event);
        }
        if (folded % kEventsPerLook != 0) continue;
        if (full(groups, folded)) {
            TRYV(renew_transactions(groups, *step));
        }
        if (progress) progress(step->seq.raw, last.raw);
    }
    TRY(const auto end, reader.journal().at(last));
    for (const auto& group : groups) {
        if (group->reached >= last) continue;
        TRYV(group->commit(last, end.hash));
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
    std::vector<std::unique_ptr<Target>> targets;
    for (store::ProjectionStore* each : stores) {
        TRY(const auto meta, each->meta());
        if (meta.seq < last)
            targets.push_back(std::make_unique<Target>(each->projection(), each->environment()));
    }
    if (targets.empty()) return ok();
    return run(reader, std::move(targets), last, progress);
}

Result<void> build(EventReader& reader, std::span<const Generation> generations, Sequence last,
                   Check check, const OnProgress& progress) {
    std::vector<std::unique_ptr<Target>> targets;
    for (const Generation& each : generations)
        targets.push_back(std::make_unique<Target>(*each.projection, *each.into));
    if (check == Check::what_is_read) return run(reader, std::move(targets), last, progress);
    TRY(auto all, reader.journal().again());
    auto checked = std::async(std::launch::async, [&all, last] { return read_all(all, last); });
    const auto built = run(reader, std::move(targets), last, progress);
    const auto whole = checked.get();
    return whole ? built : whole;
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
    TRYV(reader.for_each({1}, last, types, [&](const Event& event) {
        assembly.apply(event);
        if (progress && ++done % kEventsPerLook == 0) progress(event.seq.raw, last.raw);
        return true;
    }));
    assembly.flush();
    return ok();
}

Result<void> fold_into(EventReader& reader, const Projection& projection, Rows& rows, Sequence last,
                       const OnProgress& progress) {
    const InRam only[] = {{&projection, &rows}};
    return fold_into(reader, only, last, progress);
}

}  // namespace daybook
