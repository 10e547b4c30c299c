#include <algorithm>

#include "projections/fold/catalogue.hpp"
#include "tools/daybook/render.hpp"
#include "tools/daybook/session.hpp"

namespace daybook {
namespace {

/// How a projection stands: missing (nobody has asked for it yet), current, rebuilding (a process
/// is at it), stale (behind, or of another version or journal: the next query brings it up),
/// stalled (an event its fold cannot take), damaged.
struct Standing {
    std::string state;
    std::uint64_t generation{};
    store::Meta meta{};
    std::uint64_t rows{}, bytes{};
    std::string reason{}, why{};           ///< of anything but current, as a word and in words
    std::optional<Sequence> stalled_at{};  ///< the event
    std::string builder{};                 ///< the process that builds it now; empty: nobody
    std::optional<store::ProjectionStore::Begun> begun{};  ///< what that one builds beside
};

Standing damaged(const Error& error) {
    Standing standing{"damaged"};
    standing.reason = "damaged";
    standing.why = error.detail;
    return standing;
}

/// What the stored rows say of themselves.
Result<void> look_inside(store::ProjectionStore& store, Standing& standing) {
    TRY(const auto rows, store.environment().read());
    TRY(standing.meta, rows->meta());
    TRY(const auto tables, rows->tables());
    TRY(const auto stall, rows->stalled());
    TRY(standing.bytes, store.bytes());
    standing.generation = store.generation();
    for (const store::TableSize& table : tables) standing.rows += table.rows;
    if (!stall) return ok();
    standing.stalled_at = stall->seq;
    standing.reason = "stalled";
    standing.why = "event " + std::to_string(stall->seq.raw) + ": " + stall->why;
    return ok();
}

/// What somebody builds to replace it, and how far that has come.
void look_beside(const store::ProjectionStore& store, Standing& standing, Sequence head) {
    if (standing.builder.empty()) return;
    const auto begun = store.begun();
    if (!begun) return;  // it is served by now, or not made yet
    standing.begun = begun.value();
    if (!standing.begun) return;
    standing.reason = "rebuilding";
    standing.why = "process " + standing.builder + " builds generation " +
                   std::to_string(standing.begun->generation) + ": event " +
                   std::to_string(standing.begun->seq.raw) + " of " + std::to_string(head.raw);
}

std::string state_of(const Standing& standing, const store::Fitness& fitness, Sequence head) {
    if (fitness.unfit == store::Unfit::damaged) return "damaged";
    const bool behind = fitness.unfit != store::Unfit::no || standing.meta.seq < head;
    if (!standing.builder.empty() && (behind || standing.begun)) return "rebuilding";
    if (fitness.unfit == store::Unfit::no && standing.stalled_at) return "stalled";
    return behind ? "stale" : "current";
}

/// Looked at without building or mending anything.
Standing standing_of(const store::Directory* projections, const Projection& projection,
                     const store::Source& source, Sequence head) {
    if (projections == nullptr) return {"missing"};
    auto opened = store::ProjectionStore::open_to_read(*projections, projection);
    const auto builder = store::ProjectionStore::builder(*projections, projection);
    if (!opened && opened.error().code == Errc::not_found) return {"missing"};
    if (!opened) return damaged(opened.error());
    Standing standing;
    standing.builder = builder ? builder.value() : std::string{};
    if (const auto seen = look_inside(opened.value(), standing); !seen)
        return damaged(seen.error());
    look_beside(opened.value(), standing, head);
    const store::Fitness fitness = opened.value().fitness(source);
    standing.state = state_of(standing, fitness, head);
    if (fitness.unfit != store::Unfit::no) {
        standing.reason = word_of(fitness.unfit);
        standing.why = fitness.why;
    }
    return standing;
}

ListValue text_or_none(const std::string& text) {
    return text.empty() ? ListValue{} : value_of(text);
}

std::vector<ListValue> row_of(const Projection& projection, const Standing& s, Sequence head) {
    const bool there = s.generation > 0;
    const std::uint64_t lag = head.raw - std::min(head.raw, s.meta.seq.raw);
    return {value_of(projection.name),
            value_of(projection.question),
            value_of(std::uint64_t{projection.version}),
            value_of(s.generation),
            value_of(s.state),
            value_of(s.meta.seq.raw),
            value_of(lag),
            value_of(s.rows),
            value_of(s.bytes),
            there ? value_of(s.meta.digest.hex()) : ListValue{},
            there ? value_of(Time{s.meta.built}) : ListValue{},
            text_or_none(s.reason),
            text_or_none(s.why),
            s.stalled_at ? value_of(s.stalled_at->raw) : ListValue{},
            text_or_none(s.builder),
            s.begun ? value_of(s.begun->generation) : ListValue{},
            s.begun ? value_of(s.begun->seq.raw) : ListValue{},
            value_of(s.why.empty() ? std::string{projection.question} : s.why)};
}

struct Listed {
    Listing listing{{{"name", "name", Form::text},
                     {"question", "", Form::text},
                     {"version", "version", Form::number},
                     {"generation", "generation", Form::number},
                     {"state", "state", Form::text},
                     {"seq", "seq", Form::number},
                     {"lag", "lag", Form::number},
                     {"rows", "rows", Form::number},
                     {"bytes", "bytes", Form::number},
                     {"digest", "digest", Form::text},
                     {"built", "", Form::text},
                     {"reason", "", Form::text},
                     {"why", "", Form::text},
                     {"stalled_at", "", Form::number},
                     {"builder", "", Form::text},
                     {"building", "", Form::number},
                     {"building_seq", "", Form::number},
                     {"", "answers", Form::text}},
                    {}};
    bool stalled{};
};

Listed list(const Call& call, const store::Source& source, Sequence head) {
    Listed listed;
    const auto projections = store::Directory::open(call.data + "/projections", false);
    for (const Projection& projection : catalogue()) {
        const Standing standing =
            standing_of(projections ? &projections.value() : nullptr, projection, source, head);
        listed.stalled = listed.stalled || standing.state == "stalled";
        listed.listing.rows.push_back(row_of(projection, standing, head));
    }
    return listed;
}

void write_head(JsonWriter& out, Sequence seq, const std::string& chain) {
    out.key("head").begin_object().key("seq").number(seq.raw).key("chain").text(chain).end_object();
}

}  // namespace

Result<Exit> run_projections_list(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRY(const auto chain, session->reader().journal().chain());
    const store::Source source = source_of(session->reader(), now());
    const Listed listed = list(call, source, session->seq());
    if (call.json) {
        JsonWriter out = begin_answer("projections");
        write_head(out, session->seq(), chain.to_hex());
        write(out.key("projections"), listed.listing);
        print_answer(std::move(out));
    } else {
        print_out(render(listed.listing, stdout_terminal(call.no_color)));
    }
    return listed.stalled ? Exit::incomplete : Exit::done;
}

}  // namespace daybook
