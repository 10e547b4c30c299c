// The verb ingest: a file or standard input, into the journal.
#include <cstdio>

#include "schemas/json.hpp"
#include "src/clock.hpp"
#include "src/config.hpp"
#include "src/ingest_run.hpp"
#include "src/verbs.hpp"
#include "tools/terminal/screen.hpp"

namespace daybook {
namespace {

ingest::Settings settings_of(const Call& call, const Config& config) {
    ingest::Settings settings{config.accounts, call.as == "fills"};
    if (!call.own.empty()) settings.accounts.push_back({"main", call.own});
    return settings;
}

Source source_of(const std::string& venue) {
    if (venue == "polymarket") return Source::polymarket;
    return venue == "kalshi" ? Source::kalshi : Source::contract;
}

void print(const Tally& tally, const Call& call) {
    if (call.json) {
        JsonWriter out;
        out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("ingest");
        out.key("lines").number(tally.lines).key("accepted").number(tally.accepted);
        out.key("duplicate").number(tally.duplicate).key("conflicting").number(tally.conflicting);
        out.key("unparsed")
            .number(tally.unparsed)
            .key("seq")
            .number(tally.durable.raw)
            .end_object();
        print_out(std::move(out).str() + '\n');
        return;
    }
    print_out("accepted " + std::to_string(tally.accepted) + ", duplicate " +
              std::to_string(tally.duplicate) + ", conflicting " +
              std::to_string(tally.conflicting) + ", unparsed " + std::to_string(tally.unparsed) +
              "; recorded up to " + std::to_string(tally.durable.raw) + '\n');
    if (call.quiet) return;
    if (tally.lines == 0) std::fputs("note: the input was empty\n", stderr);
    if (tally.unparsed > 0) {
        std::fputs(
            "note: what could not be read is kept; see: daybook query events --type unparsed\n",
            stderr);
    }
}

Exit exit_of(const Tally& tally) {
    if (interrupted()) return Exit::interrupted;
    return tally.unparsed > 0 ? Exit::incomplete : Exit::done;
}

Result<std::unique_ptr<Intake>> way_in(const Call& call) {
    auto opened = open_intake(call.data, wall_clock);
    if (!opened && opened.error().code == Errc::not_found) return no_journal(call.data);
    if (!opened) return opened.error();
    if (const std::string note = opened.value()->recovered(); !note.empty())
        std::fprintf(stderr, "note: %s\n", note.c_str());
    return opened;
}

Result<Exit> follow(const Call& call, const Config& config) {
    if (call.file == "-")
        return Error{Errc::usage, "standard input cannot be followed", "name a file"};
    TRY(const auto intake, way_in(call));
    TRY(auto checkpoint, FollowCheckpoint::open(call.data, call.file));
    const auto tell = [](const std::string& text) {
        std::fprintf(stderr, "note: %s\n", text.c_str());
    };
    TRY(auto file, FollowedFile::open(call.file, checkpoint.place(), tell));
    catch_interrupts();
    const IngestHooks hooks{interrupted, [](std::uint64_t) {}};
    TRY(const Tally tally, follow_file(*intake, file, checkpoint, source_of(call.venue),
                                       settings_of(call, config), hooks));
    TRYV(intake->close());
    print(tally, call);
    return exit_of(tally);
}

}  // namespace

Result<Exit> run_ingest(const Call& call) {
    TRY(const Config config, read_config(call.data));
    if (call.follow) return follow(call, config);
    TRY(auto input, InputFile::open(call.file));
    TRY(const auto intake, way_in(call));
    catch_interrupts();
    ProgressLine line{"recording", "bytes", call.quiet};
    const IngestHooks hooks{interrupted,
                            [&](std::uint64_t bytes) { line.show(bytes, input.size()); }};
    TRY(const Tally tally,
        record_input(*intake, input, source_of(call.venue), settings_of(call, config), hooks));
    TRYV(intake->close());
    print(tally, call);
    return exit_of(tally);
}

}  // namespace daybook
