#include <algorithm>

#include "projections/fold/catalogue.hpp"
#include "projections/reset.hpp"
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

std::uint64_t rows_of(const store::Drop& drop) {
    std::uint64_t rows = 0;
    for (const store::TableSize& table : drop.tables) rows += table.rows;
    return rows;
}

void print_plan_json(const store::ResetPlan& plan) {
    JsonWriter out = begin_answer("reset_plan");
    out.key("plan").text(plan.id());
    write_head(out, plan.head, plan.chain);
    out.key("drop").begin_array();
    for (const store::Drop& drop : plan.drops) {
        out.begin_object().key("projection").text(drop.projection).key("tables").begin_array();
        for (const store::TableSize& table : drop.tables) {
            out.begin_object()
                .key("name")
                .text(table.name)
                .key("rows")
                .number(table.rows)
                .end_object();
        }
        out.end_array().key("rows").number(rows_of(drop)).key("bytes").number(drop.bytes);
        out.key("digest").text(drop.digest.hex()).end_object();
    }
    out.end_array()
        .key("replay")
        .begin_object()
        .key("events")
        .number(plan.head.raw)
        .key("by_type")
        .begin_object();
    for (const auto& [type, count] : plan.replay_by_type) out.key(type).number(count);
    out.end_object().end_object();
    out.key("source_events_deleted")
        .number(std::uint64_t{0})
        .key("source_bytes_deleted")
        .number(std::uint64_t{0});
    print_answer(std::move(out));
}

void print_plan(const store::ResetPlan& plan, const Call& call) {
    TextTable drops{{text_column("projection"), text_column("table"), number_column("rows dropped"),
                     number_column("bytes")}};
    for (const store::Drop& drop : plan.drops) {
        for (const store::TableSize& table : drop.tables)
            drops.add({{drop.projection}, {table.name}, {std::to_string(table.rows)}, {}});
        drops.add({{drop.projection},
                   {"all"},
                   {std::to_string(rows_of(drop))},
                   {std::to_string(drop.bytes)}});
    }
    std::string text = drops.str(stdout_terminal(call.no_color)) +
                       "\nread again: " + std::to_string(plan.head.raw) + " events, of which";
    for (const auto& [type, count] : plan.replay_by_type)
        text += ' ' + type + ' ' + std::to_string(count);
    text += "\nsource events deleted: 0\n\nnothing has happened yet; to go on:\n  daybook --data " +
            call.data + " projections apply " + plan.id() + '\n';
    print_out(text);
}

void print_outcomes(const std::vector<ResetOutcome>& outcomes, const Call& call) {
    Listing listing{{{"projection", "projection", Form::text},
                     {"generation", "generation", Form::number},
                     {"rows_before", "rows before", Form::number},
                     {"rows_after", "rows after", Form::number},
                     {"digest_before", "", Form::text},
                     {"digest_after", "digest", Form::text},
                     {"changed", "changed", Form::boolean}},
                    {}};
    for (const ResetOutcome& each : outcomes) {
        listing.rows.push_back(
            {value_of(each.projection), value_of(each.generation), value_of(each.rows_before),
             value_of(each.rows_after), value_of(each.digest_before.hex()),
             value_of(each.digest_after.hex()), value_of(each.digest_before != each.digest_after)});
    }
    if (call.json) {
        JsonWriter out = begin_answer("reset");
        out.key("plan").text(call.plan);
        write(out.key("projections"), listing);
        out.key("source_events_deleted").number(std::uint64_t{0});
        print_answer(std::move(out));
        return;
    }
    print_out(render(listing, stdout_terminal(call.no_color)) + "\nsource events deleted: 0\n");
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

Result<Exit> run_projections_reset(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRY(const auto projections, store::Directory::open(call.data + "/projections", true));
    std::vector<std::string> names = call.names;
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    ProgressLine line{"folding", "events", call.quiet};
    TRY(const auto plan, plan_reset(session->reader(), projections, names, now(),
                                    [&](auto done, auto last) { line.show(done, last); }));
    call.json ? print_plan_json(plan) : print_plan(plan, call);
    return Exit::done;
}

Result<Exit> run_projections_apply(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRY(const auto projections, store::Directory::open(call.data + "/projections", true));
    ProgressLine line{"building", "events", call.quiet};
    TRY(const auto outcomes, apply_reset(session->reader(), projections, call.plan, now(),
                                         [&](auto done, auto last) { line.show(done, last); }));
    print_outcomes(outcomes, call);
    return Exit::done;
}

}  // namespace daybook
