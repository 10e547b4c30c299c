#include "campaigns/desk.hpp"

#include <memory>

#include "campaigns/restart.hpp"
#include "journal/verify.hpp"
#include "projections/catch_up.hpp"
#include "projections/fold/catalogue.hpp"
#include "src/recorder.hpp"
#include "support/generator.hpp"

namespace daybook::campaigns {
namespace {

const Time kNow{1'765'700'000'000'000'000};

/// Every projection there is, open to be built.
Result<std::vector<store::ProjectionStore>> open_projections(const std::string& folder,
                                                             const store::Source& source) {
    TRY(const auto projections, store::Directory::open(folder + "/projections", true));
    std::vector<store::ProjectionStore> stores;
    for (const Projection& projection : catalogue()) {
        TRY(auto store, store::ProjectionStore::open_to_build(projections, projection, source));
        stores.push_back(std::move(store));
    }
    return stores;
}

Result<void> bring_up(EventReader& reader, std::vector<store::ProjectionStore>& stores) {
    std::vector<store::ProjectionStore*> all;
    all.reserve(stores.size());
    for (store::ProjectionStore& each : stores) all.push_back(&each);
    return catch_up(reader, all, reader.journal().head().durable, {});
}

Result<void> bring_all_up(const std::string& folder) {
    TRY(auto reader, EventReader::open(folder));
    TRY(auto stores, open_projections(folder, source_of(reader, kNow)));
    return bring_up(reader, stores);
}

/// The digest of a fold into memory, from the first event.
Result<store::Digest> rebuilt(EventReader& reader, const Projection& projection) {
    MemoryRows rows;
    TRYV(fold_into(reader, projection, rows, reader.journal().head().durable, {}));
    store::Digest sum;
    for (const auto& [key, value] : rows.all()) {
        sum.add(store::digest_of_row(key.first, key.second, value));
    }
    return sum;
}

Result<Finding> compare_projection(EventReader& reader, store::ProjectionStore& store) {
    TRY(const auto meta, store.meta());
    TRY(const auto rows, store.environment().read());
    TRY(const auto scanned, rows->scanned_digest());
    TRY(const auto fresh, rebuilt(reader, store.projection()));
    const std::string name{store.projection().name};
    if (!(scanned == meta.digest)) return Finding{name + ": its digest is not that of its rows"};
    if (!(fresh == meta.digest)) return Finding{name + ": its rows are not those of a rebuild"};
    return Finding{};
}

Result<Finding> compare_projections(const std::string& folder) {
    TRY(auto reader, EventReader::open(folder));
    TRY(auto stores, open_projections(folder, source_of(reader, kNow)));
    TRYV(bring_up(reader, stores));
    for (store::ProjectionStore& store : stores) {
        TRY(auto finding, compare_projection(reader, store));
        if (finding) return finding;
    }
    return Finding{};
}

/// Records `events` one batch after the other; says how far in `told`.
Result<void> record_all(Recorder& recorder, std::vector<Event> events, Told& told,
                        const std::string& folder, const std::function<Time()>& clock, Dice& dice) {
    for (std::size_t next = 0; next < events.size();) {
        std::vector<Event> batch;
        for (std::uint64_t size = dice.between(1, 4); size > 0 && next < events.size(); --size) {
            batch.push_back(std::move(events[next++]));
        }
        told.begun.store(next);
        TRYV(recorder.record(std::move(batch), clock ? clock() : kNow));
        if (dice.chance(60)) {
            TRY(const Sequence durable, recorder.commit());
            told.acknowledged.store(durable.raw);
        }
        if (dice.chance(4) && !bring_all_up(folder)) return ok();  // a reader's trouble, not ours
    }
    return ok();
}

/// A recorder that was refused once takes nothing more.
bool takes_more(Recorder& recorder) {
    Event event;
    event.body = Note{"behind a refusal"};
    return recorder.record({event}, kNow).has_value() || recorder.commit().has_value();
}

int refused(Told& told, const Error& error) {
    told.set_why(error.detail);
    told.refused.store(true);
    return 1;
}

}  // namespace

Desk::Desk(std::uint64_t seed) : path_(scratch_.path()), seed_(seed) {}

Result<void> Desk::create() const {
    journal::Options options = small_options(4, 16);
    const auto schema = schema_bytes();
    options.schema.assign(schema.begin(), schema.end());
    return journal::create(path_, options);
}

std::vector<Event> Desk::story_of(std::uint64_t life) const {
    auto events = test::story(seed_ * 1000 + life, {.markets = 3, .orders = 24});
    for (std::size_t i = 0; i < events.size(); ++i) {
        events[i].seq = {};
        events[i].id = std::to_string(life) + "-" + std::to_string(i);
        if (clock_) events[i].received.reset();
    }
    return events;
}

int Desk::live(Told& told, Dice dice) const {
    auto recorder = Recorder::open(path_, kNow);
    if (!recorder) return refused(told, recorder.error());
    auto recorded = record_all(recorder.value(), story_of(life_), told, path_, clock_, dice);
    if (recorded && dice.chance(50)) {
        recorded = recorder.value().close();
        if (recorded) return 0;
        return refused(told, recorded.error());
    }
    if (recorded) return 0;
    refused(told, recorded.error());
    told.went_on.store(takes_more(recorder.value()));
    return 1;
}

Finding Desk::check_events(const Told& told) {
    auto reader = EventReader::open(path_);
    if (!reader) return "cannot be read: " + reader.error().detail;
    const std::size_t before = recorded_.size();
    const auto story = story_of(life_);
    for (std::uint64_t i = 0; i < told.begun.load(); ++i) recorded_.push_back(story[i]);
    std::size_t found = 0;
    Finding wrong;
    const auto read = reader.value().for_each({1}, {}, all_types(), [&](const Event& event) {
        Event wanted = found < recorded_.size() ? recorded_[found] : Event{};
        wanted.seq = {++found};
        if (clock_) wanted.received = event.received;
        if (event == wanted) return true;
        wrong = "event " + std::to_string(found) + " is not what was recorded";
        return false;
    });
    if (!read) return "reading stops: " + read.error().detail;
    if (wrong) return wrong;
    const std::uint64_t acknowledged = std::max<std::uint64_t>(told.acknowledged.load(), before);
    if (found < acknowledged) {
        return "acknowledged up to " + std::to_string(acknowledged) + ", found " +
               std::to_string(found);
    }
    recorded_.resize(found);
    return std::nullopt;
}

Finding Desk::check(const Told& told) {
    const auto opened = journal::open_for_writing(path_ + "/journal");
    if (!opened) return opened.error().detail;
    if (auto finding = verify_disk(*opened.value(), TornHead::may_be)) return "verify: " + *finding;
    {
        auto recorder = Recorder::open(path_, kNow);
        if (!recorder) return "no restart: " + recorder.error().detail;
        if (auto finding = check_events(told)) return finding;
    }
    if (auto finding = check_projections()) return finding;
    ++life_;
    return std::nullopt;
}

Finding Desk::check_projections() const {
    const auto compared = compare_projections(path_);
    return compared ? compared.value() : Finding{"projections: " + compared.error().detail};
}

}  // namespace daybook::campaigns
