// The writing program. People call `daybook`, which runs this one for what writes.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "schemas/json.hpp"
#include "src/clock.hpp"
#include "src/config.hpp"
#include "src/ingest_run.hpp"
#include "src/init.hpp"
#include "src/recorder.hpp"
#include "src/restore.hpp"
#include "src/salvage.hpp"
#include "src/say.hpp"
#include "src/server/server.hpp"
#include "tools/terminal/failure.hpp"
#include "tools/terminal/screen.hpp"
#include "version.hpp"

namespace daybook {
namespace {

struct Call {
    std::string data;
    bool json{}, quiet{}, verbose{}, no_color{};
    std::string tz;
    std::string version;  ///< of the `daybook` that runs us
    std::string file{"-"}, venue, as;
    std::vector<std::string> own;
    std::uint16_t port{7077};
    std::string log_format{"text"};
    std::string text;    ///< what the operator says
    std::string folder;  ///< to restore from, to salvage to
};

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

Result<Exit> run_ingest(const Call& call) {
    TRY(const Config config, read_config(call.data));
    TRY(auto input, InputFile::open(call.file));
    auto opened = Recorder::open(call.data, wall_clock());
    if (!opened && opened.error().code == Errc::not_found) return no_journal(call.data);
    TRY(Recorder recorder, std::move(opened));
    if (const std::string note = recorder.recovered(); !note.empty())
        std::fprintf(stderr, "note: %s\n", note.c_str());
    catch_interrupts();
    ProgressLine line{"recording", "bytes", call.quiet};
    const IngestHooks hooks{wall_clock, interrupted,
                            [&](std::uint64_t bytes) { line.show(bytes, input.size()); }};
    TRY(const Tally tally,
        record_input(recorder, input, source_of(call.venue), settings_of(call, config), hooks));
    TRYV(recorder.close());
    print(tally, call);
    return exit_of(tally);
}

Error no_backup(const std::string& folder) {
    return {Errc::not_found, "there is no journal in " + folder,
            "name the folder that daybook backup has written"};
}

void print(const Restored& restored, const Call& call) {
    const journal::Verdict& verdict = restored.verdict;
    if (call.json) {
        JsonWriter out;
        out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("restore");
        out.key("from").text(call.folder).key("to").text(call.data);
        out.key("journal").text(journal::to_text(restored.journal));
        out.key("seq").number(verdict.chain.sequence.raw).key("bytes").number(verdict.bytes);
        out.key("chain").text(verdict.chain.to_hex()).end_object();
        print_out(std::move(out).str() + '\n');
        return;
    }
    print_out("restored and verified: events up to " + std::to_string(verdict.chain.sequence.raw) +
              " of journal " + journal::to_text(restored.journal) + " in " + call.data +
              "\nchain " + verdict.chain.to_hex() + "\nnext: daybook --data " + call.data + '\n');
}

/// What the operator says, and its place in the record.
Result<Exit> run_say(const Call& call, std::string_view kind, Body body) {
    const auto said = say(call.data, std::move(body), wall_clock());
    if (!said && said.error().code == Errc::not_found) return no_journal(call.data);
    TRY(const Sequence seq, said);
    if (call.json) {
        JsonWriter out;
        out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text(kind);
        out.key("seq").number(seq.raw).end_object();
        print_out(std::move(out).str() + '\n');
    } else {
        print_out("recorded as event " + std::to_string(seq.raw) + '\n');
    }
    return Exit::done;
}

Result<Exit> run_epoch(const Call& call) {
    if (call.text.empty() || call.text == "all") {
        return Error{Errc::usage, "'" + call.text + "' cannot be the name of an epoch",
                     "all means all time; choose a name for what begins now"};
    }
    return run_say(call, "epoch", Epoch{call.text});
}

Result<Exit> run_note(const Call& call) { return run_say(call, "note", Note{call.text}); }

Result<Exit> run_init(const Call& call) {
    TRYV(init(call.data));
    if (call.json) {
        JsonWriter out;
        out.begin_object()
            .key("v")
            .number(std::uint64_t{1})
            .key("kind")
            .text("init")
            .key("data")
            .text(call.data)
            .end_object();
        print_out(std::move(out).str() + '\n');
    } else {
        print_out("a new journal is in " + call.data + "\nnext: daybook --data " + call.data +
                  " ingest FILE\n");
    }
    return Exit::done;
}

Result<Exit> run_restore(const Call& call) {
    catch_interrupts();
    ProgressLine line{"copying", "bytes", call.quiet};
    const files::CopyHooks hooks{interrupted,
                                 [&](auto done, auto total) { line.show(done, total); }};
    const auto done = restore(call.folder, call.data, hooks);
    std::error_code ignored;  // then the error at hand is what to tell
    const bool no_source = !std::filesystem::exists(call.folder + "/journal/HEAD", ignored);
    if (!done && done.error().code == Errc::not_found && no_source) return no_backup(call.folder);
    TRY(const Restored restored, done);
    if (restored.stopped) {
        if (!call.quiet) std::fputs("note: interrupted; nothing was restored\n", stderr);
        return Exit::interrupted;
    }
    print(restored, call);
    return Exit::done;
}

void print_json(const Salvaged& salvaged, const Call& call) {
    JsonWriter out;
    out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("salvage");
    out.key("from").text(call.data).key("to").text(call.folder);
    out.key("salvaged_journal").text(journal::to_text(salvaged.from));
    out.key("journal").text(journal::to_text(salvaged.to));
    out.key("kept").number(salvaged.kept).key("lost").number(salvaged.lost);
    out.key("gaps").begin_array();
    for (const LostRange& gap : salvaged.gaps) {
        out.begin_object().key("first").number(gap.events.first.raw);
        out.key("last").number(gap.events.last.raw).key("file").text(gap.hole.file).key("offset");
        gap.hole.offset ? out.number(*gap.hole.offset) : out.null();
        out.key("why").text(gap.hole.why).end_object();
    }
    out.end_array().key("chain").text(salvaged.chain).end_object();
    print_out(std::move(out).str() + '\n');
}

void print(const Salvaged& salvaged, const Call& call) {
    if (call.json) return print_json(salvaged, call);
    std::string text = std::to_string(salvaged.kept) + " events copied, " +
                       std::to_string(salvaged.lost) + " lost; the new journal is " +
                       journal::to_text(salvaged.to) + " in " + call.folder + '\n';
    for (const LostRange& gap : salvaged.gaps) {
        text += "lost: " + std::to_string(gap.events.first.raw);
        if (gap.events.first != gap.events.last)
            text += " to " + std::to_string(gap.events.last.raw);
        text += ", journal/" + gap.hole.file;
        if (gap.hole.offset) text += " from byte " + std::to_string(*gap.hole.offset);
        text += ": " + gap.hole.why + '\n';
    }
    if (salvaged.gaps.size() == kGapsMax) text += "lost: more, not listed\n";
    print_out(text + "nothing was changed in " + call.data + "; next: daybook --data " +
              call.folder + '\n');
}

Result<Exit> run_salvage(const Call& call) {
    catch_interrupts();
    ProgressLine line{"reading", "bytes", call.quiet};
    const SalvageHooks hooks{interrupted, [&](auto done, auto total) { line.show(done, total); }};
    const auto done = salvage(call.data, call.folder, hooks);
    std::error_code ignored;  // then the error at hand is what to tell
    const bool no_source = !std::filesystem::exists(call.data + "/journal", ignored);
    if (!done && done.error().code == Errc::not_found && no_source) return no_journal(call.data);
    TRY(const Salvaged salvaged, done);
    if (salvaged.stopped) {
        if (!call.quiet) std::fputs("note: interrupted; nothing was made\n", stderr);
        return Exit::interrupted;
    }
    print(salvaged, call);
    return salvaged.lost > 0 ? Exit::incomplete : Exit::done;
}

Result<Exit> run_serve(const Call& call) {
    TRY(Config config, read_config(call.data));
    const server::ServeSettings settings{call.data, std::move(config), call.port,
                                         kVersion,  call.verbose,      call.log_format == "json"};
    const auto ready = [&](const server::Addresses& at) {
        print_out("serving http://127.0.0.1:" + std::to_string(at.port) + " and unix:" + at.socket +
                  '\n');
        flush_out();
    };
    const auto done = server::serve(settings, ready);
    if (!done && done.error().code == Errc::not_found) return no_journal(call.data);
    if (!done) return done.error();
    return Exit::done;
}

std::string default_data() {
    const char* const from_environment = std::getenv("DAYBOOK_DATA");
    return from_environment != nullptr && *from_environment != '\0' ? from_environment
                                                                    : "./daybook-data";
}

using Run = Result<Exit> (*)(const Call&);

int run(int argc, char** argv) {
    CLI::App app{"daybookd: the only writer of a Daybook journal. Call it through `daybook`."};
    Call call;
    call.data = default_data();
    app.set_version_flag("--version", kVersion);
    app.add_option("--run-by", call.version)->group("");
    app.add_option("--data", call.data, "data directory");
    app.add_flag("--json", call.json, "answer as JSON");
    app.add_flag("-q,--quiet", call.quiet, "no notes, no progress");
    app.add_flag("-v,--verbose", call.verbose)->group("");
    app.add_option("--tz", call.tz)->group("");  // a wish about what readers are shown
    app.add_flag("--no-color", call.no_color)->group("");
    app.require_subcommand(1);
    app.fallthrough();
    CLI::App* const init_verb =
        app.add_subcommand("init", "make a data directory with an empty journal");
    CLI::App* const epoch_verb =
        app.add_subcommand("epoch", "count P&L and cash from zero from now on");
    epoch_verb->add_option("name", call.text, "its name")->required();
    CLI::App* const note_verb = app.add_subcommand("note", "record a remark");
    note_verb->add_option("text", call.text, "the remark")->required();
    CLI::App* const ingest_verb =
        app.add_subcommand("ingest", "record a file or standard input, one event or frame a line");
    ingest_verb->add_option("file", call.file, "file, or - for standard input");
    ingest_verb->add_option("--venue", call.venue, "read frames and answers of this venue")
        ->check(CLI::IsMember({"polymarket", "kalshi"}));
    ingest_verb->add_option("--own", call.own, "wallet address or API key id whose orders are ours")
        ->allow_extra_args(false);  // else it takes the file behind it for another address
    ingest_verb->add_option("--as", call.as, "fills: book activity rows as fills")
        ->check(CLI::IsMember({"fills"}));
    CLI::App* const serve_verb =
        app.add_subcommand("serve", "record what bots send and answer, until interrupted");
    serve_verb->add_option("--port", call.port, "on 127.0.0.1; 0: one that is free");
    serve_verb->add_option("--log-format", call.log_format, "text or json")
        ->check(CLI::IsMember({"text", "json"}));
    CLI::App* const restore_verb =
        app.add_subcommand("restore", "make the data directory from a backup, verified");
    restore_verb->add_option("folder", call.folder, "what daybook backup has written")->required();
    CLI::App* const salvage_verb = app.add_subcommand(
        "salvage", "copy every undamaged event into a new journal, and list the others");
    salvage_verb->add_option("folder", call.folder, "a new data directory")->required();
    const std::map<CLI::App*, Run> runs{{salvage_verb, run_salvage}, {epoch_verb, run_epoch},
                                        {serve_verb, run_serve},     {init_verb, run_init},
                                        {note_verb, run_note},       {ingest_verb, run_ingest},
                                        {restore_verb, run_restore}};
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        return static_cast<int>(report({Errc::usage, error.what(), "daybook help"}, call.json));
    }
    if (!call.version.empty() && call.version != kVersion) {
        return static_cast<int>(report(
            {Errc::usage, "daybook is version " + call.version + ", daybookd beside it " + kVersion,
             "install both from one build"},
            call.json));
    }
    const auto run = std::find_if(runs.begin(), runs.end(),
                                  [](const auto& each) { return each.first->parsed(); });
    const auto done = run->second(call);
    const Exit exit = done ? done.value() : report(done.error(), call.json);
    flush_out();
    return static_cast<int>(exit);
}

}  // namespace
}  // namespace daybook

int main(int argc, char** argv) { return daybook::run(argc, argv); }
