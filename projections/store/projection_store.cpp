#include "projections/store/projection_store.hpp"

#include <algorithm>
#include <map>

#include "projections/store/history.hpp"
#include "schemas/whole_number.hpp"

namespace daybook::store {
namespace {

constexpr std::string_view kCurrent = "CURRENT";
constexpr std::string_view kLock = "LOCK";

std::string folder_of(std::uint64_t generation) { return "g" + std::to_string(generation); }

/// The number in "g12"; 0 for any other name.
std::uint64_t generation_of(std::string_view name) {
    return name.starts_with('g') ? whole_number(name.substr(1)).value_or(0) : 0;
}

std::string_view line(std::string_view text, std::size_t index) {
    for (; index > 0; --index) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

}  // namespace

std::string_view word_of(Unfit unfit) {
    switch (unfit) {
        case Unfit::no:
            return "";
        case Unfit::damaged:
            return "damaged";
        case Unfit::other_version:
            return "other_version";
        case Unfit::not_synced:
            return "not_synced";
        case Unfit::foreign_journal:
            return "foreign_journal";
        case Unfit::restored_journal:
            return "restored_journal";
        case Unfit::forked_journal:
            return "forked_journal";
        case Unfit::unreadable_journal:
            return "unreadable_journal";
    }
    return "";
}

Result<ProjectionStore> ProjectionStore::open_to_build(const Directory& projections,
                                                       const Projection& projection,
                                                       const Source& source) {
    TRY(auto folder, projections.child(projection.name, true));
    ProjectionStore store{projection, std::move(folder)};
    TRY(store.lock_, store.folder_.lock(kLock));
    const auto opened = store.open_current();
    const bool first = !opened && opened.error().code == Errc::not_found;
    if (!opened && !first && opened.error().code == Errc::disk) return opened.error();
    const Fitness fitness =
        opened ? store.fitness(source) : Fitness{Unfit::damaged, opened.error().detail};
    if (fitness.unfit == Unfit::no) return store;
    if (fitness.unfit == Unfit::unreadable_journal)
        return Error{Errc::corrupt, fitness.why, "daybook verify tells what is damaged"};
    TRYV(store.renew(projections, source, first ? Fitness{} : fitness));
    return store;
}

Result<ProjectionStore> ProjectionStore::open_to_read(const Directory& projections,
                                                      const Projection& projection) {
    TRY(auto folder, projections.child(projection.name, false));
    ProjectionStore store{projection, std::move(folder)};
    TRYV(store.open_current());
    return store;
}

Result<void> ProjectionStore::open_current() {
    TRY(const auto current, folder_.read(kCurrent));
    if (!current)
        return Error{Errc::not_found,
                     "projection " + std::string{projection_->name} + " is not built yet"};
    generation_ = generation_of(line(*current, 0));
    before_ = generation_of(line(*current, 1));
    highest_ = std::max({generation_, before_, generation_of(line(*current, 2))});
    if (generation_ == 0)
        return Error{Errc::corrupt,
                     "CURRENT of " + std::string{projection_->name} + " names no generation"};
    TRY(environment_, open_generation(generation_));
    return ok();
}

Result<std::unique_ptr<Environment>> ProjectionStore::open_generation(std::uint64_t number) const {
    const auto folder = folder_.child(folder_of(number), false);
    if (!folder)
        return Error{Errc::corrupt, "CURRENT names " + folder_of(number) + ", which is not there"};
    return Environment::open(folder.value(), nullptr);
}

Result<void> ProjectionStore::follow() {
    TRY(follower_, folder_.lock(kFollower));
    free_lock();
    return ok();
}

Result<bool> ProjectionStore::replaced() const {
    TRY(const auto current, folder_.read(kCurrent));
    return (current ? generation_of(line(*current, 0)) : 0) != generation_;
}

Result<void> ProjectionStore::reopen(const Source& source) {
    environment_.reset();
    generation_ = 0;
    TRYV(open_current());
    const Fitness now = fitness(source);
    if (now.unfit == Unfit::no) return ok();
    return Error{Errc::corrupt, "what is served of " + std::string{projection_->name} +
                                    " now is not this program's: " + now.why};
}

Fitness ProjectionStore::fitness(const Source& source) { return fitness_of(meta(), source); }

Fitness ProjectionStore::fitness_of(const Result<Meta>& stored, const Source& source) const {
    if (!stored) return {Unfit::damaged, stored.error().detail};
    const Meta& meta = stored.value();
    const std::string seq = std::to_string(meta.seq.raw);
    if (meta.journal != source.journal)
        return {Unfit::foreign_journal, "it was built from another journal"};
    if (meta.version != projection_->version)
        return {Unfit::other_version, "it was built by version " + std::to_string(meta.version)};
    if (meta.boot != boot_id() && !meta.clean)
        return {Unfit::not_synced, "the machine stopped before it was synced"};
    if (meta.seq.raw == 0) return {};
    const auto hash = source.frame_hash(meta.seq);
    if (!hash)  // the rows may be right; the journal is what needs a look
        return {Unfit::unreadable_journal, "the journal's event " + seq + " cannot be read"};
    if (hash.value() == meta.frame_hash) return {};
    if (hash.value())
        return {Unfit::forked_journal, "the journal holds another event at sequence " + seq +
                                           ": its history is not the one this was built from"};
    return {Unfit::restored_journal,
            "the journal ends before sequence " + seq +
                ", which this had reached: it was brought back from an older copy"};
}

Result<std::string> ProjectionStore::builder(const Directory& projections,
                                             const Projection& projection) {
    TRY(const auto folder, projections.child(projection.name, false));
    return folder.holder(kLock);
}

Result<std::optional<ProjectionStore::Begun>> ProjectionStore::begun() const {
    TRY(const auto names, folder_.names());
    std::uint64_t number = 0;
    for (const std::string& name : names) number = std::max(number, generation_of(name));
    if (number <= highest_) return std::optional<Begun>{};
    TRY(const auto environment, open_generation(number));
    TRY(const auto rows, environment->read());
    TRY(const auto meta, rows->meta());
    return std::optional{Begun{number, meta.seq}};
}

Result<void> ProjectionStore::renew(const Directory& projections, const Source& source,
                                    Fitness fitness) {
    environment_.reset();
    std::uint64_t number = 0;
    TRY(auto environment, begin_generation(source, number));
    TRYV(publish(std::move(environment), number));
    renewed_ = std::move(fitness);
    if (renewed_.unfit == Unfit::no) return ok();
    JsonWriter out = begin_history("renew", projection_->name, number, source.now);
    out.key("reason").text(word_of(renewed_.unfit)).key("why").text(renewed_.why);
    return keep_history(projections, std::move(out));
}

Result<Meta> ProjectionStore::meta() {
    TRY(const auto rows, environment_->read());
    return rows->meta();
}

Result<std::uint64_t> ProjectionStore::bytes() const {
    TRY(const auto folder, folder_.child(folder_of(generation_), false));
    return folder.bytes();
}

Result<std::unique_ptr<Environment>> ProjectionStore::begin_generation(const Source& source,
                                                                       std::uint64_t& number) {
    TRY(const auto names, folder_.names());
    number = highest_;
    for (const std::string& name : names) number = std::max(number, generation_of(name));
    ++number;
    Meta fresh;
    fresh.journal = source.journal;
    fresh.version = projection_->version;
    fresh.boot = boot_id();
    fresh.built = source.now.nanos;
    TRY(const auto folder, folder_.child(folder_of(number), true));
    return Environment::open(folder, &fresh);
}

Result<void> ProjectionStore::publish(std::unique_ptr<Environment> built, std::uint64_t number) {
    TRYV(built->sync());
    TRYV(point_to(number, environment_ ? generation_ : before_));
    environment_ = std::move(built);
    return ok();
}

/// The one step by which another generation is served.
Result<void> ProjectionStore::point_to(std::uint64_t number, std::uint64_t before) {
    highest_ = std::max(highest_, number);
    TRYV(folder_.replace(kCurrent, folder_of(number) + '\n' +
                                       (before != 0 ? folder_of(before) : std::string{}) + '\n' +
                                       folder_of(highest_) + '\n'));
    generation_ = number;
    before_ = before;
    return ok();
}

Result<void> ProjectionStore::revert(const Source& source) {
    const std::string name{projection_->name};
    const Error none{Errc::conflict, "there is no generation to go back to: " + name,
                     "daybook projections reset " + name + " builds one from the journal"};
    if (before_ == 0) return none;
    auto opened = open_generation(before_);
    if (!opened) return none;
    const auto rows = opened.value()->read();
    const Fitness fitness = fitness_of(rows ? rows.value()->meta() : rows.error(), source);
    if (fitness.unfit != Unfit::no) {
        return Error{Errc::conflict,
                     folder_of(before_) + " of " + name + " cannot be served: " + fitness.why,
                     none.remedy};
    }
    TRYV(point_to(before_, generation_));
    environment_ = std::move(opened.value());
    return ok();
}

Result<std::vector<OldGeneration>> ProjectionStore::prune() {
    TRY(const auto names, folder_.names());
    TRYV(point_to(generation_, 0));  // names nothing that is about to go
    TRYV(folder_.remove_remains());
    std::vector<OldGeneration> gone;
    for (const std::string& name : names) {
        const std::uint64_t number = generation_of(name);
        if (number == 0 || number == generation_) continue;
        TRY(const auto folder, folder_.child(name, false));
        TRY(const std::uint64_t bytes, folder.bytes());
        TRYV(folder_.remove_folder(name));
        gone.push_back({number, bytes});
    }
    return gone;
}

Result<std::unique_ptr<Environment>> ProjectionStore::open_generation(const Directory& projections,
                                                                      const Projection& projection,
                                                                      std::string_view name) {
    TRY(const auto folder, projections.child(projection.name, false));
    const auto generation = folder.child(name, false);
    if (generation_of(name) == 0 || !generation) {
        return Error{
            Errc::not_found,
            "there is no generation '" + std::string{name} + "' of " + std::string{projection.name},
            "daybook projections list tells which one is served; they are named g1, g2, …"};
    }
    return Environment::open(generation.value(), nullptr);
}

Result<std::vector<TableDifference>> table_differences(const LmdbRows& before,
                                                       const LmdbRows& after) {
    std::map<std::string, TableDifference> found;
    TRY(const auto old_tables, before.tables());
    TRY(const auto new_tables, after.tables());
    for (const TableSize& table : old_tables) {
        before.scan(table.name, "", [&](std::string_view key, std::string_view value) {
            const auto now = after.get(table.name, key);
            TableDifference& counts = found[table.name];
            if (!now)
                ++counts.removed;
            else if (*now != value)
                ++counts.changed;
            return true;
        });
    }
    for (const TableSize& table : new_tables) {
        after.scan(table.name, "", [&](std::string_view key, std::string_view) {
            if (!before.get(table.name, key)) ++found[table.name].added;
            return true;
        });
    }
    std::vector<TableDifference> differing;
    for (auto& [name, counts] : found) {
        counts.name = name;
        if (counts.removed + counts.added + counts.changed > 0) differing.push_back(counts);
    }
    return differing;
}

}  // namespace daybook::store
