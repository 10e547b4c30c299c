#include "projections/reset.hpp"

#include <algorithm>
#include <sstream>

#include "projections/fold/catalogue.hpp"
#include "projections/store/history.hpp"
#include "schemas/whole_number.hpp"

namespace daybook {
namespace {

using store::ProjectionStore;

/// Writes down a generation that is served by an act which a kill cut off behind its last step.
Result<void> catch_up_history(const store::Directory& projections, const ProjectionStore& store,
                              Time now) {
    const std::string_view name = store.projection().name;
    TRY(const std::uint64_t last, store::last_in_history(projections, name));
    if (store.generation() == std::max<std::uint64_t>(last, 1)) return ok();
    return store::keep_history(projections,
                               store::begin_history("found", name, store.generation(), now));
}

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
        TRYV(catch_up_history(projections, store, source.now));
        stores.push_back(std::move(store));
    }
    return stores;
}

/// Events up to the head by type: all of them stay, some are folded again.
Result<void> count_events(EventReader& reader, const std::vector<ProjectionStore>& stores,
                          store::ResetPlan& plan) {
    TRY(const auto counts, reader.journal().count_by_type());
    for (const auto& [type, count] : counts) {
        const std::string name{type_name(type)};
        plan.keep_by_type[name] = count;
        const auto folds = [type = type](const ProjectionStore& store) {
            return store.projection().types.has(type);
        };
        if (std::ranges::any_of(stores, folds)) plan.replay_by_type[name] = count;
    }
    return ok();
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
        if (!store.followed()) {
            TRYV(store.environment().sync());
        }
        TRY(auto drop, drop_of(store));
        plan.drops.push_back(std::move(drop));
    }
    TRY(const auto chain, reader.journal().chain());
    plan.chain = chain.to_hex();
    TRYV(count_events(reader, stores, plan));
    return plan;
}

std::vector<std::string> names_of(const store::KeptPlan& plan) {
    std::vector<std::string> names;
    for (const auto& target : plan.targets) names.push_back(target.projection);
    return names;
}

/// Whether all that moved since the plan is that events were recorded: its last event stands where
/// it stood, and the same generations are served with its rows, or were folded on from them.
Result<bool> only_events_came(EventReader& reader, std::vector<ProjectionStore>& stores,
                              const store::KeptPlan& plan) {
    if (plan.head.raw > 0) {
        const auto last = reader.journal().at(plan.head);
        if (!last && last.error().code == Errc::not_found) return false;
        if (!last) return last.error();
        if (last.value().hash != plan.head_hash) return false;
    }
    for (std::size_t i = 0; i < stores.size(); ++i) {
        TRY(const auto meta, stores[i].meta());
        const auto& target = plan.targets[i];
        const bool folded_on = meta.seq > plan.head;
        const bool same = meta.seq == plan.head && meta.digest.hex() == target.digest;
        if (stores[i].generation() != target.generation || !(folded_on || same)) return false;
    }
    return true;
}

Error stale(const std::string& id, bool only_grown) {
    const std::string what = only_grown
                                 ? "events were recorded since it was made"
                                 : "the journal or the projections changed since it was made";
    return {Errc::conflict, "plan " + id + " is stale: " + what,
            only_grown ? "make a new plan, or beside a recorder: daybook projections apply " + id +
                             " --grown"
                       : "make a new plan and look at it: daybook projections reset NAME"};
}

std::uint64_t rows_of(const store::Drop& drop) {
    std::uint64_t rows = 0;
    for (const store::TableSize& table : drop.tables) rows += table.rows;
    return rows;
}

/// A generation under construction beside the one that is served.
struct Beside {
    std::uint64_t number{};
    std::unique_ptr<store::Environment> environment;
};

Result<std::vector<Beside>> build_all(EventReader& reader, std::vector<ProjectionStore>& stores,
                                      const store::Source& source, Sequence head,
                                      const OnProgress& progress) {
    std::vector<Beside> all(stores.size());
    std::vector<Generation> generations;
    for (std::size_t i = 0; i < stores.size(); ++i) {
        TRY(all[i].environment, stores[i].begin_generation(source, all[i].number));
        generations.push_back({&stores[i].projection(), all[i].environment.get()});
    }
    TRYV(build(reader, generations, head, Check::every_event, progress));
    return all;
}

Result<ResetOutcome> swap(ProjectionStore& store, Beside built, const store::Drop& before,
                          const OnRebuilt& rebuilt) {
    if (rebuilt) {
        TRY(const auto served, store.environment().read());
        TRY(const auto to_serve, built.environment->read());
        rebuilt(store.projection(), *served, *to_serve);
    }
    TRYV(store.publish(std::move(built.environment), built.number));
    TRY(const auto after, drop_of(store));
    return ResetOutcome{before.projection, built.number,  rows_of(before),
                        rows_of(after),    before.digest, after.digest};
}

Result<void> log_reset(const store::Directory& projections, const std::string& id,
                       const ResetOutcome& outcome, Sequence events, Time begun, Time ended) {
    JsonWriter out = store::begin_history("reset", outcome.projection, outcome.generation, ended);
    out.key("plan").text(id);
    out.key("rows_before").number(outcome.rows_before).key("rows_after").number(outcome.rows_after);
    out.key("digest_before")
        .text(outcome.digest_before.hex())
        .key("digest_after")
        .text(outcome.digest_after.hex());
    out.key("events").number(events.raw).key("nanos").number(ended.nanos - begun.nanos);
    return store::keep_history(projections, std::move(out));
}

Result<ProjectionStore> open_one(EventReader& reader, const store::Directory& projections,
                                 const std::string& name, Time now) {
    TRY(auto stores, open_all(projections, {name}, source_of(reader, now)));
    return std::move(stores.front());
}

/// Nanoseconds an event took in the last reset of each projection.
Result<std::map<std::string, double>> last_paces(const store::Directory& projections) {
    std::map<std::string, double> paces;
    TRY(const auto history, projections.read(store::kHistory));
    std::istringstream lines{history.value_or("")};
    for (std::string text; std::getline(lines, text);) {
        const auto line = parse_json(text);
        if (!line) continue;  // the last one of a full disk; nothing but an estimate hangs on it
        const std::int64_t events =
            whole_number<std::int64_t>(line.value().text_of("events")).value_or(0);
        const std::int64_t nanos =
            whole_number<std::int64_t>(line.value().text_of("nanos")).value_or(0);
        if (events <= 0 || nanos <= 0) continue;
        paces[std::string{line.value().text_of("projection")}] =
            static_cast<double>(nanos) / static_cast<double>(events);
    }
    return paces;
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
                                              const std::string& id, const TellTime& now,
                                              const OnRebuilt& rebuilt, const OnProgress& progress,
                                              Growth growth) {
    TRY(const auto plan, kept_plan(projections, id));
    const store::Source source = source_of(reader, now());
    TRY(auto stores, open_all(projections, names_of(plan), source));
    TRY(const bool only_grown, only_events_came(reader, stores, plan));
    if (growth == Growth::accepted && !only_grown) return stale(id, false);
    TRY(const auto seen, make_plan(reader, stores, progress));
    if (growth == Growth::refused && seen.id() != id) return stale(id, only_grown);
    std::vector<ResetOutcome> outcomes;
    const Time begun = now();
    TRY(auto built, build_all(reader, stores, source, seen.head, progress));
    for (std::size_t i = 0; i < stores.size(); ++i) {
        TRY(const auto outcome, swap(stores[i], std::move(built[i]), seen.drops[i], rebuilt));
        TRYV(log_reset(projections, id, outcome, seen.head, begun, now()));
        outcomes.push_back(outcome);
    }
    TRYV(forget_plan(projections, id));
    return outcomes;
}

Result<std::uint64_t> revert_projection(EventReader& reader, const store::Directory& projections,
                                        const std::string& name, Time now) {
    TRY(auto store, open_one(reader, projections, name, now));
    const std::uint64_t left = store.generation();
    TRYV(store.revert(source_of(reader, now)));
    JsonWriter out = store::begin_history("revert", name, store.generation(), now);
    TRYV(store::keep_history(projections, std::move(out.key("from").number(left))));
    return store.generation();
}

Result<std::vector<store::OldGeneration>> prune_projection(EventReader& reader,
                                                           const store::Directory& projections,
                                                           const std::string& name, Time now) {
    TRY(auto store, open_one(reader, projections, name, now));
    TRY(const auto gone, store.prune());
    JsonWriter out = store::begin_history("prune", name, store.generation(), now);
    out.key("removed").begin_array();
    for (const store::OldGeneration& old : gone) out.number(old.number);
    out.end_array();
    TRYV(store::keep_history(projections, std::move(out)));
    return gone;
}

Result<std::optional<std::int64_t>> expected_nanos(const store::Directory& projections,
                                                   const std::vector<std::string>& names,
                                                   Sequence events) {
    TRY(const auto paces, last_paces(projections));
    double nanos = 0;
    for (const std::string& name : names) {
        const auto pace = paces.find(name);
        if (pace == paces.end()) return std::nullopt;
        nanos += pace->second * static_cast<double>(events.raw);
    }
    return std::optional{static_cast<std::int64_t>(nanos)};
}

}  // namespace daybook
