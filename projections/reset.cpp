#include "projections/reset.hpp"

#include <algorithm>

#include "projections/fold/catalogue.hpp"
#include "schemas/json.hpp"

namespace daybook {
namespace {

using store::ProjectionStore;

constexpr std::string_view kHistory = "history.jsonl";

Result<std::vector<ProjectionStore>> open_all(const store::Directory& projections,
                                              const std::vector<std::string>& names,
                                              const store::Source& source) {
    std::vector<ProjectionStore> stores;
    for (const std::string& name : names) {
        const Projection* projection = find_projection(name);
        if (projection == nullptr)
            return Error{Errc::usage, "there is no projection '" + name + "'",
                         "daybook projections list"};
        TRY(auto store, ProjectionStore::open_to_build(projections, *projection, source));
        stores.push_back(std::move(store));
    }
    return stores;
}

/// Events up to the head by type, of the types that any of the projections folds.
Result<std::map<std::string, std::uint64_t>> count_by_type(
    EventReader& reader, const std::vector<ProjectionStore>& stores, Sequence head) {
    std::vector<std::uint64_t> counts(kEventTypes + 1);
    TRYV(reader.journal().seek({1}));
    for (Sequence done{}; done < head;) {
        TRY(const auto step, reader.next(TypeSet{}));
        if (!step) break;
        ++counts.at(step->type);
        done = step->seq;
    }
    std::map<std::string, std::uint64_t> by_type;
    for (std::uint16_t type = 1; type <= kEventTypes; ++type) {
        const bool folded = std::ranges::any_of(stores, [type](const ProjectionStore& store) {
            return store.projection().types.has(type);
        });
        if (folded && counts[type] > 0) by_type[std::string{type_name(type)}] = counts[type];
    }
    return by_type;
}

Result<store::ResetPlan> make_plan(EventReader& reader, std::vector<ProjectionStore>& stores,
                                   const OnProgress& progress) {
    store::ResetPlan plan;
    const journal::Head head = reader.journal().head();
    plan.head = head.durable;
    plan.head_hash = head.hash;
    std::vector<ProjectionStore*> targets;
    targets.reserve(stores.size());
    for (ProjectionStore& store : stores) targets.push_back(&store);
    TRYV(catch_up(reader, targets, plan.head, progress));
    for (ProjectionStore& store : stores) {
        TRYV(store.environment().sync());
        TRY(auto drop, drop_of(store));
        plan.drops.push_back(std::move(drop));
    }
    TRY(const auto chain, reader.journal().chain());
    plan.chain = chain.to_hex();
    TRY(plan.replay_by_type, count_by_type(reader, stores, plan.head));
    return plan;
}

std::uint64_t rows_of(const store::Drop& drop) {
    std::uint64_t rows = 0;
    for (const store::TableSize& table : drop.tables) rows += table.rows;
    return rows;
}

Result<ResetOutcome> rebuild(EventReader& reader, ProjectionStore& store, const store::Drop& before,
                             const store::Source& source, Sequence head,
                             const OnProgress& progress) {
    std::uint64_t number = 0;
    TRY(auto environment, store.begin_generation(source, number));
    TRYV(build(reader, store.projection(), *environment, head, progress));
    TRYV(store.publish(std::move(environment), number));
    TRY(const auto after, drop_of(store));
    return ResetOutcome{before.projection, number,        rows_of(before),
                        rows_of(after),    before.digest, after.digest};
}

std::string history_line(const std::string& id, const ResetOutcome& outcome, Time now) {
    JsonWriter out;
    out.begin_object().key("time").text(format_time(now)).key("plan").text(id);
    out.key("projection").text(outcome.projection).key("generation").number(outcome.generation);
    out.key("rows_before").number(outcome.rows_before).key("rows_after").number(outcome.rows_after);
    out.key("digest_before")
        .text(outcome.digest_before.hex())
        .key("digest_after")
        .text(outcome.digest_after.hex());
    out.key("source_events_deleted").number(std::uint64_t{0}).end_object();
    return std::move(out).str();
}

}  // namespace

Result<store::ResetPlan> plan_reset(EventReader& reader, const store::Directory& projections,
                                    const std::vector<std::string>& names, Time now,
                                    const OnProgress& progress) {
    TRY(auto stores, open_all(projections, names, source_of(reader, now)));
    TRY(auto plan, make_plan(reader, stores, progress));
    TRYV(keep_plan(projections, plan));
    return plan;
}

Result<std::vector<ResetOutcome>> apply_reset(EventReader& reader,
                                              const store::Directory& projections,
                                              const std::string& id, Time now,
                                              const OnProgress& progress) {
    TRY(const auto names, kept_plan(projections, id));
    const store::Source source = source_of(reader, now);
    TRY(auto stores, open_all(projections, names, source));
    TRY(const auto seen, make_plan(reader, stores, progress));
    if (seen.id() != id) {
        return Error{
            Errc::conflict,
            "plan " + id + " is stale: the journal or the projections changed since it was made",
            "make a new plan and look at it: daybook projections reset NAME"};
    }
    std::vector<ResetOutcome> outcomes;
    for (std::size_t i = 0; i < stores.size(); ++i) {
        TRY(const auto outcome,
            rebuild(reader, stores[i], seen.drops[i], source, seen.head, progress));
        TRYV(projections.append_line(kHistory, history_line(id, outcome, now)));
        outcomes.push_back(outcome);
    }
    TRYV(forget_plan(projections, id));
    return outcomes;
}

}  // namespace daybook
