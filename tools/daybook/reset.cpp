#include "projections/reset.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "projections/answers/money.hpp"
#include "projections/fold/catalogue.hpp"
#include "schemas/print.hpp"
#include "tools/daybook/render.hpp"
#include "tools/daybook/session.hpp"

namespace daybook {
namespace {

std::uint64_t rows_of(const store::Drop& drop) {
    std::uint64_t rows = 0;
    for (const store::TableSize& table : drop.tables) rows += table.rows;
    return rows;
}

void write_counts(JsonWriter& out, const std::map<std::string, std::uint64_t>& counts) {
    out.begin_object();
    for (const auto& [type, count] : counts) out.key(type).number(count);
    out.end_object();
}

void write_drop(JsonWriter& out, const store::Drop& drop) {
    out.begin_object().key("projection").text(drop.projection).key("tables").begin_array();
    for (const store::TableSize& table : drop.tables) {
        out.begin_object().key("name").text(table.name).key("rows").number(table.rows).end_object();
    }
    out.end_array().key("rows").number(rows_of(drop)).key("bytes").number(drop.bytes);
    out.key("digest").text(drop.digest.hex()).end_object();
}

void print_plan_json(const store::ResetPlan& plan, std::optional<std::int64_t> nanos) {
    JsonWriter out = begin_answer("reset_plan");
    out.key("plan").text(plan.id());
    out.key("head").begin_object().key("seq").number(plan.head.raw);
    out.key("chain").text(plan.chain).end_object();
    out.key("drop").begin_array();
    for (const store::Drop& drop : plan.drops) write_drop(out, drop);
    out.end_array().key("keep");
    write_counts(out, plan.keep_by_type);
    out.key("replay").begin_object().key("events").number(plan.head.raw).key("by_type");
    write_counts(out, plan.replay_by_type);
    out.key("expected_seconds");
    nanos ? out.text(format_decimal(*nanos / 1'000'000, 3)) : out.null();
    out.end_object();
    out.key("source_events_deleted")
        .number(std::uint64_t{0})
        .key("source_bytes_deleted")
        .number(std::uint64_t{0});
    print_answer(std::move(out));
}

std::string counts_text(const std::map<std::string, std::uint64_t>& counts) {
    std::string text;
    for (const auto& [type, count] : counts) {
        text += (text.empty() ? "" : ", ") + type + ' ' + std::to_string(count);
    }
    return text.empty() ? "none" : text;
}

std::string drops_text(const store::ResetPlan& plan, const Call& call) {
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
    return drops.str(stdout_terminal(call.no_color));
}

void print_plan(const store::ResetPlan& plan, std::optional<std::int64_t> nanos, const Call& call) {
    std::string text = drops_text(plan, call);
    text += "\nstays, every one of " + std::to_string(plan.head.raw) +
            " recorded events: " + counts_text(plan.keep_by_type);
    text += "\nof them folded again: " + counts_text(plan.replay_by_type);
    text += "\ntime: ";
    text += nanos ? "about " + format_rounded(*nanos / 1'000, 1) + " s, as the last reset took"
                  : "not known yet, no reset was timed";
    text += "\nsource events deleted: 0\n\nnothing has happened yet; to go on:\n  daybook --data " +
            call.data + " projections apply " + plan.id() + '\n';
    print_out(text);
}

/// Realised by market name, over both modes and all accounts; the two modes stand apart.
using Realized = std::map<std::string, Money>;
Realized realized_of(Rows& ledger) {
    Realized sums;
    MemoryRows no_orders;
    for (const Mode mode : {Mode::live, Mode::dry_run}) {
        for (const PositionView& view : positions_of(ledger, no_orders, {.mode = mode})) {
            sums[std::string{to_text(mode)} + ' ' + view.market.name] += view.position.realized;
        }
    }
    return sums;
}

std::string signed_cents(Money money) {
    return (money.micros > 0 ? "+" : "") + format_rounded(money.micros, 2);
}

/// "realised +13.00 → −4.61 in 9 markets"; empty when no market's figure changed.
std::string money_change(Rows& before, Rows& after) {
    const Realized was = realized_of(before);
    const Realized is = realized_of(after);
    Money sum_was, sum_is;
    std::size_t changed = 0;
    for (const auto& [market, money] : was) {
        sum_was += money;
        const auto now = is.find(market);
        changed += now == is.end() || now->second != money ? 1U : 0U;
    }
    for (const auto& [market, money] : is) {
        sum_is += money;
        changed += was.contains(market) ? 0U : 1U;
    }
    if (changed == 0) return {};
    return "realized " + signed_cents(sum_was) + " → " + signed_cents(sum_is) + " in " +
           std::to_string(changed) + (changed == 1 ? " market" : " markets");
}

bool has_ledger(const Projection& projection) {
    return projection.name == "pnl" || projection.name == "positions" || projection.name == "cash";
}

Listing list_outcomes(const std::vector<ResetOutcome>& outcomes,
                      const std::map<std::string, std::string>& changes) {
    Listing listing{{{"projection", "projection", Form::text},
                     {"generation", "generation", Form::number},
                     {"rows_before", "rows before", Form::number},
                     {"rows_after", "rows after", Form::number},
                     {"digest_before", "", Form::text},
                     {"digest_after", "digest", Form::text},
                     {"changed", "changed", Form::boolean},
                     {"change", "what changed", Form::text}},
                    {}};
    for (const ResetOutcome& each : outcomes) {
        const auto change = changes.find(each.projection);
        listing.rows.push_back(
            {value_of(each.projection), value_of(each.generation), value_of(each.rows_before),
             value_of(each.rows_after), value_of(each.digest_before.hex()),
             value_of(each.digest_after.hex()), value_of(each.digest_before != each.digest_after),
             change == changes.end() ? ListValue{} : value_of(change->second)});
    }
    return listing;
}

void print_outcomes(const Listing& listing, const Call& call) {
    if (call.json) {
        JsonWriter out = begin_answer("reset");
        out.key("plan").text(call.plan);
        write(out.key("projections"), listing);
        out.key("source_events_deleted").number(std::uint64_t{0});
        print_answer(std::move(out));
        return;
    }
    print_out(render(listing, stdout_terminal(call.no_color)) +
              "\nsource events deleted: 0\nthe old generations stay: daybook projections revert "
              "NAME goes back, prune NAME removes them\n");
}

/// `--all` means every one of them, each asked for by name.
Result<std::vector<std::string>> names_of(const Call& call) {
    std::vector<std::string> names = call.names;
    if (!call.all) {
        if (names.empty()) return Error{Errc::usage, "which projections?", "name them, or --all"};
        std::ranges::sort(names);
        names.erase(std::unique(names.begin(), names.end()), names.end());
        return names;
    }
    if (::isatty(STDIN_FILENO) == 0)
        return Error{Errc::usage, "--all asks for each name, and nobody is there to answer",
                     "name the projections instead"};
    for (const Projection& projection : catalogue()) {
        std::fprintf(stderr,
                     "reset %s? type its name, or nothing to leave it: ", projection.name.data());
        std::string answer;
        std::getline(std::cin, answer);
        if (answer == projection.name) names.push_back(answer);
    }
    if (names.empty()) return Error{Errc::usage, "no name was typed; nothing is planned"};
    std::ranges::sort(names);
    return names;
}

Result<store::Directory> projections_of(const Call& call) {
    return store::Directory::open(call.data + "/projections", true);
}

}  // namespace

Result<Exit> run_projections_reset(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRY(const auto projections, projections_of(call));
    TRY(const auto names, names_of(call));
    ProgressLine line{"folding", "events", call.quiet};
    TRY(const auto plan, plan_reset(session->reader(), projections, names, now(),
                                    [&](auto done, auto last) { line.show(done, last); }));
    TRY(const auto nanos, expected_nanos(projections, names, plan.head));
    call.json ? print_plan_json(plan, nanos) : print_plan(plan, nanos, call);
    return Exit::done;
}

Result<Exit> run_projections_apply(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRY(const auto projections, projections_of(call));
    std::map<std::string, std::string> changes;
    const auto compare = [&](const Projection& projection, Rows& before, Rows& after) {
        std::string change = has_ledger(projection) ? money_change(before, after) : std::string{};
        if (!change.empty()) changes[std::string{projection.name}] = std::move(change);
    };
    ProgressLine line{"building", "events", call.quiet};
    TRY(const auto outcomes, apply_reset(
                                 session->reader(), projections, call.plan, now, compare,
                                 [&](auto done, auto last) { line.show(done, last); },
                                 call.grown ? Growth::accepted : Growth::refused));
    print_outcomes(list_outcomes(outcomes, changes), call);
    return Exit::done;
}

Result<Exit> run_projections_revert(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRY(const auto projections, projections_of(call));
    TRY(const auto number,
        revert_projection(session->reader(), projections, call.names.front(), now()));
    if (call.json) {
        JsonWriter out = begin_answer("revert");
        out.key("projection").text(call.names.front()).key("generation").number(number);
        out.key("source_events_deleted").number(std::uint64_t{0});
        print_answer(std::move(out));
    } else {
        print_out(call.names.front() + ": generation " + std::to_string(number) +
                  " is served again; revert once more to go back\nsource events deleted: 0\n");
    }
    return Exit::done;
}

Result<Exit> run_projections_prune(const Call& call) {
    TRY(const auto session, Session::open(call));
    TRY(const auto projections, projections_of(call));
    TRY(const auto gone,
        prune_projection(session->reader(), projections, call.names.front(), now()));
    Listing listing{
        {{"generation", "generation removed", Form::number}, {"bytes", "bytes", Form::number}}, {}};
    for (const store::OldGeneration& old : gone) {
        listing.rows.push_back({value_of(old.number), value_of(old.bytes)});
    }
    if (call.json) {
        JsonWriter out = begin_answer("prune");
        out.key("projection").text(call.names.front());
        write(out.key("removed"), listing);
        out.key("source_events_deleted").number(std::uint64_t{0});
        print_answer(std::move(out));
    } else {
        print_out((gone.empty() ? "nothing to remove\n"
                                : render(listing, stdout_terminal(call.no_color))) +
                  "source events deleted: 0\n");
    }
    return Exit::done;
}

}  // namespace daybook
