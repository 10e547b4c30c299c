#include "src/recorder.hpp"

#include <unordered_map>

#include "journal/writer.hpp"
#include "projections/catch_up.hpp"
#include "schemas/codec.hpp"
#include "schemas/invariant.hpp"

namespace daybook {
namespace {

std::uint16_t flags_of(const Event& event) {
    const auto mode = static_cast<unsigned>(event.mode);
    return static_cast<std::uint16_t>(
        mode | (event.origin == Origin::import_ ? unsigned{journal::kImported} : 0U));
}

/// The events of one batch that are new, as frames to be.
struct Staged {
    std::vector<Event> events;
    std::vector<Identity> identities;
    std::vector<std::vector<std::byte>> payloads;
    std::vector<std::uint64_t> keys;

    [[nodiscard]] std::vector<journal::Entry> entries() const {
        std::vector<journal::Entry> out;
        for (std::size_t i = 0; i < events.size(); ++i) {
            out.push_back({events[i].received->nanos, keys[i], type_number(events[i]),
                           flags_of(events[i]), payloads[i]});
        }
        return out;
    }
};

/// Identities and names that the batch at hand adds; they count only once it is taken.
class Overlay {
  public:
    explicit Overlay(const Rows& below) : below_{below} {}

    [[nodiscard]] Known find(const Identity& identity) const {
        const Known here = find_known(added_, identity);
        return here.kind == Known::Kind::unheard ? find_known(below_, identity) : here;
    }
    [[nodiscard]] std::optional<MarketKey> market(const Event& event) const {
        const auto here = find_market_key(added_, event.venue, event.market);
        return here ? here : find_market_key(below_, event.venue, event.market);
    }
    void add(const Event& event, const Identity& identity) { remember(added_, event, identity); }

  private:
    const Rows& below_;
    MemoryRows added_;
};

}  // namespace

struct Recorder::State {
    journal::Writer writer;
    store::ProjectionStore ids;
    std::unique_ptr<store::LmdbRows> rows{};  ///< the transaction that the next commit() closes
    struct Low {                              ///< a hash needs no hashing
        std::size_t operator()(const Hash128& hash) const { return hash[0]; }
    };
    std::unordered_map<Hash128, std::uint32_t, Low> seen{};  ///< content -> how often in this input
    std::vector<Hash128> counted{};                          ///< by the batch at hand
    Encoder encoder{};
    std::optional<Error> shut{};  ///< why nothing is taken any more

    Result<void> begin() {
        if (rows) return ok();
        TRY(rows, ids.environment().write());
        return ok();
    }
    Result<void> stage(Event event, Time now, Overlay& overlay, Staged& staged,
                       std::vector<Recorded>& answers);
    Result<std::vector<Recorded>> take(std::vector<Event> batch, Time now);
    Result<Sequence> commit();
};

namespace {

/// What catches up the index reads the journal on its own; the writer goes on after it.
Result<void> catch_up_ids(EventReader& reader, store::ProjectionStore& ids) {
    store::ProjectionStore* const only[] = {&ids};
    const Sequence head = reader.journal().head().durable;
    TRYV(catch_up(reader, only, head, {}));
    TRY(const auto meta, ids.meta());
    if (meta.seq == head) return ok();
    return Error{Errc::incomplete, "the index of what is recorded stops before event " +
                                       std::to_string(meta.seq.raw + 1) +
                                       "; without it, what comes again would be taken for new"};
}

}  // namespace

Recorder::Recorder(std::unique_ptr<State> state) : state_{std::move(state)} {}
Recorder::Recorder(Recorder&&) noexcept = default;
Recorder& Recorder::operator=(Recorder&&) noexcept = default;
Recorder::~Recorder() = default;

Result<Recorder> Recorder::open(const std::string& data_dir, Time now) {
    journal::Options options;
    const auto schema = schema_bytes();
    options.schema.assign(schema.begin(), schema.end());
    TRY(auto writer, journal::Writer::open(data_dir, std::move(options)));
    TRY(auto reader, EventReader::open(data_dir));
    TRY(const auto projections, store::Directory::open(data_dir + "/projections", true));
    TRY(auto ids, store::ProjectionStore::open_to_build(projections, identity_projection(),
                                                        source_of(reader, now)));
    TRYV(catch_up_ids(reader, ids));
    return Recorder{std::unique_ptr<State>{new State{std::move(writer), std::move(ids)}}};
}

void Recorder::begin_input() { state_->seen.clear(); }

Sequence Recorder::next() const { return state_->writer.next(); }

Result<void> Recorder::State::stage(Event event, Time now, Overlay& overlay, Staged& staged,
                                    std::vector<Recorded>& answers) {
    const Sequence own{writer.next().raw + staged.events.size()};
    if (event.cause && *event.cause >= own.raw) {
        return Error{Errc::malformed,
                     "'cause' is " + std::to_string(*event.cause) + ", which is not recorded"};
    }
    if (!event.received) event.received = now;
    event.conflicts_with = {};
    Identity identity = identity_of(event);
    if (identity.natural) event.occurrence = 0;
    if (!identity.natural) {
        if (event.occurrence == 0) {
            event.occurrence = seen[identity.content]++;
            counted.push_back(identity.content);
        }
        identity.key = key_of_content(identity.content, event.occurrence);
    }
    const bool unparsed = std::holds_alternative<Unparsed>(event.body);
    const Known known = overlay.find(identity);
    if (known.kind == Known::Kind::duplicate) {
        answers.push_back({known.seq, true, false, unparsed});
        return ok();
    }
    const bool conflicting = known.kind == Known::Kind::conflicting;
    if (conflicting) event.conflicts_with = known.seq;
    event.seq = own;
    const auto market =
        event.market.empty() ? MarketKey{0} : overlay.market(event).value_or(MarketKey{own.raw});
    const auto payload = encoder.encode(event, market.raw == 0 || market.raw == own.raw);
    staged.payloads.emplace_back(payload.begin(), payload.end());
    staged.keys.push_back(market.raw);
    overlay.add(event, identity);
    staged.identities.push_back(identity);
    staged.events.push_back(std::move(event));
    answers.push_back({own, false, conflicting, unparsed});
    return ok();
}

Result<std::vector<Recorded>> Recorder::State::take(std::vector<Event> batch, Time now) {
    TRYV(begin());
    Overlay overlay{*rows};
    Staged staged;
    std::vector<Recorded> answers;
    for (Event& event : batch) {
        TRYV(stage(std::move(event), now, overlay, staged, answers));
    }
    if (staged.events.empty()) return answers;
    TRY(const Sequence first, writer.append(staged.entries()));
    INVARIANT(first == staged.events.front().seq, "the journal numbers as announced");
    for (std::size_t i = 0; i < staged.events.size(); ++i)
        remember(*rows, staged.events[i], staged.identities[i]);
    return answers;
}

Result<std::vector<Recorded>> Recorder::record(std::vector<Event> batch, Time now) {
    if (state_->shut) return *state_->shut;
    state_->counted.clear();
    auto taken = state_->take(std::move(batch), now);
    if (!taken) {
        for (const Hash128& content : state_->counted) --state_->seen[content];
    }
    return taken;
}

Result<Sequence> Recorder::State::commit() {
    TRY(const Sequence durable, writer.commit());
    if (!rows) return durable;
    const auto taken = std::move(rows);
    TRYV(taken->commit(durable, writer.head().hash));
    return durable;
}

Result<Sequence> Recorder::commit() {
    if (state_->shut) return *state_->shut;
    auto durable = state_->commit();
    if (!durable) state_->shut = durable.error();
    return durable;
}

Result<void> Recorder::close() {
    const auto state = std::move(state_);
    if (state->shut) return *state->shut;
    TRYV(state->commit());
    TRYV(state->ids.environment().sync());
    return state->writer.close();
}

std::string Recorder::recovered() const {
    const auto what = state_->writer.recovered();
    if (!what) return {};
    std::string text =
        "the last recorder stopped in the middle; recorded up to " + std::to_string(what->kept.raw);
    if (what->bytes == 0) return text;
    return text + ", " + std::to_string(what->bytes) +
           " bytes that were never acknowledged set aside in journal/" + what->quarantine;
}

}  // namespace daybook
