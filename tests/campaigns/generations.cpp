#include "campaigns/generations.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "campaigns/restart.hpp"
#include "projections/fold/catalogue.hpp"
#include "projections/reset.hpp"
#include "schemas/invariant.hpp"
#include "schemas/json.hpp"
#include "src/recorder.hpp"
#include "support/generator.hpp"

namespace daybook::campaigns {
namespace {

using store::ProjectionStore;

Result<void> record_story(const std::string& folder) {
    journal::Options options = small_options(64, 256);
    const auto schema = schema_bytes();
    options.schema.assign(schema.begin(), schema.end());
    TRYV(journal::create(folder, options));
    TRY(auto recorder, Recorder::open(folder, kMoment));
    for (Event& event : test::story(17, {.markets = 12, .orders = 500})) {
        event.seq = {};
        TRYV(recorder.record({std::move(event)}, kMoment));
    }
    return recorder.close();
}

Result<store::Digest> folded(EventReader& reader, const Projection& projection) {
    MemoryRows rows;
    TRYV(fold_into(reader, projection, rows, reader.journal().head().durable, {}));
    store::Digest sum;
    for (const auto& [key, value] : rows.all())
        sum.add(store::digest_of_row(key.first, key.second, value));
    return sum;
}

Result<store::Directory> projections_of(const std::string& folder) {
    return store::Directory::open(folder + "/projections", true);
}

/// One after the other: LMDB opens an environment once in a process.
Result<void> bring_up(EventReader& reader, const store::Directory& projections,
                      const Projection& projection) {
    TRY(auto store,
        ProjectionStore::open_to_build(projections, projection, source_of(reader, kMoment)));
    ProjectionStore* const only[] = {&store};
    TRYV(catch_up(reader, only, reader.journal().head().durable, {}));
    return store.environment().sync();
}

Result<void> give_a_past(EventReader& reader, const store::Directory& projections,
                         const std::string& name) {
    TRY(const auto plan, plan_reset(reader, projections, {name}, kMoment, {}));
    TRYV(apply_reset(reader, projections, plan.id(), [] { return kMoment; }, {}, {}));
    return ok();
}

Result<void> make(Original& original) {
    const std::string& folder = original.scratch.path();
    TRYV(record_story(folder));
    TRY(auto reader, EventReader::open(folder));
    TRY(const auto projections, projections_of(folder));
    original.head = reader.journal().head().durable;
    TRY(const auto chain, reader.journal().chain());
    original.chain = chain.to_hex();
    bool past = false;
    for (const Projection& projection : catalogue()) {
        const std::string name{projection.name};
        TRY(original.digests[name], folded(reader, projection));
        TRYV(bring_up(reader, projections, projection));
        past = !past;
        if (past) {
            TRYV(give_a_past(reader, projections, name));
        }
    }
    return ok();
}

/// Rows, digest and sequence of one generation are what a fold from nothing makes.
Finding check_rows(const Original& original, store::Environment& environment,
                   const std::string& name, bool at_head) {
    const auto rows = environment.read();
    if (!rows) return rows.error().detail;
    const auto meta = rows.value()->meta();
    if (!meta) return meta.error().detail;
    const auto scanned = rows.value()->scanned_digest();
    if (!scanned) return scanned.error().detail;
    if (!(scanned.value() == meta.value().digest)) return "its digest is not that of its rows";
    if (meta.value().seq != original.head)
        return at_head ? Finding{"it is not at the head"} : std::nullopt;
    if (!(scanned.value() == original.digests.find(name)->second))
        return "its rows are not those of a fold from nothing";
    return std::nullopt;
}

/// Generations of `name` that the history says were served.
Result<std::set<std::string>> once_served(const store::Directory& projections,
                                          const std::string& name) {
    std::set<std::string> served{"g1"};
    TRY(const auto history, projections.read("history.jsonl"));
    std::istringstream lines{history.value_or("")};
    for (std::string text; std::getline(lines, text);) {
        const auto line = parse_json(text);
        if (!line && text.rfind(R"({"time")") != 0)  // one that was cut off stands alone
            return Error{Errc::corrupt, "a line of the history cannot be read: " + text};
        if (line && line.value().text_of("projection") == name)
            served.insert('g' + std::string{line.value().text_of("generation")});
    }
    return served;
}

bool is_generation(const std::string& file) { return file.starts_with('g') && file.size() < 6; }

Finding check_others(const Original& original, const store::Directory& projections,
                     const Projection& projection, const std::string& serving) {
    const std::string name{projection.name};
    const auto served = once_served(projections, name);
    if (!served) return served.error().detail;
    const auto folder = projections.child(name, false);
    const auto files = folder ? folder.value().names() : folder.error();
    if (!files) return files.error().detail;
    for (const std::string& file : files.value()) {
        if (!is_generation(file) || file == serving || !served.value().contains(file)) continue;
        auto opened = ProjectionStore::open_generation(projections, projection, file);
        if (!opened) return file + " is there in parts: " + opened.error().detail;
        if (auto finding = check_rows(original, *opened.value(), name, false))
            return file + ": " + *finding;
    }
    return std::nullopt;
}

Finding check_served(const Original& original, const store::Directory& projections,
                     const Projection& projection, std::string& serving) {
    auto opened = ProjectionStore::open_to_read(projections, projection);
    if (!opened) return "does not open: " + opened.error().detail;
    serving = 'g' + std::to_string(opened.value().generation());
    return check_rows(original, opened.value().environment(), std::string{projection.name}, true);
}

Finding check_journal(const Original& original, const std::string& folder) {
    auto reader = EventReader::open(folder);
    if (!reader) return "the journal does not open: " + reader.error().detail;
    const auto chain = reader.value().journal().chain();
    if (!chain || chain.value().to_hex() != original.chain) return "the journal was changed";
    return std::nullopt;
}

Result<Finding> built_on(const Original& original, const std::string& folder) {
    TRY(auto reader, EventReader::open(folder));
    TRY(const auto projections, projections_of(folder));
    for (const Projection& projection : catalogue()) {
        const std::string name{projection.name};
        TRY(auto store,
            ProjectionStore::open_to_build(projections, projection, source_of(reader, kMoment)));
        if (!store.renewed().why.empty())
            return Finding{name + " is built anew: " + store.renewed().why};
        ProjectionStore* const only[] = {&store};
        TRYV(catch_up(reader, only, original.head, {}));
        if (auto finding = check_rows(original, store.environment(), name, true))
            return Finding{name + ": " + *finding};
    }
    return Finding{};
}

}  // namespace

const Original& original_for_resets() {
    static Original original;
    static const Result<void> made = make(original);
    INVARIANT(made.has_value(), "an undisturbed data directory can be made");
    return original;
}

std::string copy_of(const Original& original, const Scratch& scratch) {
    const std::string folder = scratch.path() + "/data";
    std::filesystem::copy(original.scratch.path(), folder,
                          std::filesystem::copy_options::recursive);
    return folder;
}

Finding check_as_left(const Original& original, const std::string& folder) {
    if (auto finding = check_journal(original, folder)) return finding;
    const auto projections = projections_of(folder);
    if (!projections) return projections.error().detail;
    for (const Projection& projection : catalogue()) {
        std::string serving;
        auto finding = check_served(original, projections.value(), projection, serving);
        if (!finding) finding = check_others(original, projections.value(), projection, serving);
        if (finding) return std::string{projection.name} + ": " + *finding;
    }
    return std::nullopt;
}

Finding check_goes_on(const Original& original, const std::string& folder) {
    const auto built = built_on(original, folder);
    return built ? built.value() : Finding{built.error().detail};
}

Finding check_pruned(const std::string& folder) {
    const auto projections = projections_of(folder);
    if (!projections) return projections.error().detail;
    for (const Projection& projection : catalogue()) {
        const auto place = projections.value().child(projection.name, false);
        const auto files = place ? place.value().names() : place.error();
        if (!files) return files.error().detail;
        for (const std::string& file : files.value()) {
            const bool serving =
                file.starts_with('g') &&
                place.value().read("CURRENT").value().value_or("").starts_with(file + '\n');
            if (serving || file == "CURRENT" || file == "LOCK") continue;
            return std::string{projection.name} + ": a prune leaves " + file;
        }
    }
    return std::nullopt;
}

}  // namespace daybook::campaigns
