#include <algorithm>

#include "projections/fold/catalogue.hpp"
#include "tools/daybook/render.hpp"
#include "tools/daybook/session.hpp"

namespace daybook {
namespace {

struct Standing {
    std::string state;  ///< current, stale, missing, damaged, rebuilding
    std::uint64_t generation{};
    store::Meta meta{};
    std::uint64_t rows{}, bytes{};
};

/// How a projection stands, without building anything.
Standing standing_of(const store::Directory* projections, const Projection& projection,
                     Sequence head) {
    Standing standing;
    if (projections == nullptr) return {"missing"};
    auto opened = store::ProjectionStore::open_to_read(*projections, projection);
    if (!opened) return {opened.error().code == Errc::not_found ? "missing" : "damaged"};
    auto& store = opened.value();
    const auto rows = store.environment().read();
    const auto meta = rows ? rows.value()->meta() : Result<store::Meta>{rows.error()};
    const auto tables =
        rows ? rows.value()->tables() : Result<std::vector<store::TableSize>>{rows.error()};
    if (!meta || !tables) return {"damaged"};
    standing.generation = store.generation();
    standing.meta = meta.value();
    for (const store::TableSize& table : tables.value()) standing.rows += table.rows;
    standing.bytes = store.bytes() ? store.bytes().value() : 0;
    const bool outdated = standing.meta.version != projection.version;
    standing.state = outdated ? "outdated" : standing.meta.seq < head ? "stale" : "current";
    return standing;
}

Listing list(const Call& call, Sequence head) {
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
                     {"", "answers", Form::text}},
                    {}};
    const auto projections = store::Directory::open(call.data + "/projections", false);
    for (const Projection& projection : catalogue()) {
        const Standing s =
            standing_of(projections ? &projections.value() : nullptr, projection, head);
        const bool there = s.generation > 0;
        listing.rows.push_back(
            {value_of(projection.name), value_of(projection.question),
             value_of(std::uint64_t{projection.version}), value_of(s.generation), value_of(s.state),
             value_of(s.meta.seq.raw), value_of(head.raw - std::min(head.raw, s.meta.seq.raw)),
             value_of(s.rows), value_of(s.bytes),
             there ? value_of(s.meta.digest.hex()) : ListValue{},
             there ? value_of(Time{s.meta.built}) : ListValue{}, value_of(projection.question)});
    }
    return listing;
}

void write_head(JsonWriter& out, Sequence seq, const std::string& chain) {
    out.key("head").begin_object().key("seq").number(seq.raw).key("chain").text(chain).end_object();
}

}  // namespace

Result<Exit> run_projections_list(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRY(const auto chain, session->reader().journal().chain());
    const Listing listing = list(call, session->seq());
    if (call.json) {
        JsonWriter out = begin_answer("projections");
        write_head(out, session->seq(), chain.to_hex());
        write(out.key("projections"), listing);
        print_answer(std::move(out));
    } else {
        print_out(render(listing, stdout_terminal(call.no_color)));
    }
    return Exit::done;
}

}  // namespace daybook
