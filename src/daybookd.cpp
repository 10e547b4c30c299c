// The writing program. People call `daybook`, which runs this one for what writes.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <map>

#include "src/record_verb.hpp"
#include "src/verbs.hpp"
#include "tools/terminal/complete.hpp"
#include "version.hpp"

namespace daybook {
namespace {

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
    app.add_option("--data", call.data, "data directory")->type_name("DIR");
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
    CLI::App* const halt_verb = app.add_subcommand("halt", "record that trading is to stop");
    CLI::App* const resume_verb = app.add_subcommand("resume", "record that it may go on");
    for (CLI::App* const verb : {halt_verb, resume_verb}) {
        verb->add_option("reason", call.text, "why");
        verb->add_option("--scope", call.scope, "what it is about; without it, everything");
        verb->add_option("--by", call.by, "who says so");
    }
    CLI::App* const ingest_verb =
        app.add_subcommand("ingest", "record a file or standard input, one event or frame a line");
    ingest_verb->add_option("file", call.file, "file, or - for standard input")->type_name("FILE");
    ingest_verb->add_option("--venue", call.venue, "read frames and answers of this venue")
        ->check(CLI::IsMember({"polymarket", "kalshi"}));
    ingest_verb->add_option("--own", call.own, "wallet address or API key id whose orders are ours")
        ->allow_extra_args(false);  // else it takes the file behind it for another address
    ingest_verb->add_flag("--follow", call.follow,
                          "go on as the file grows, across rotations, from where it stopped last");
    ingest_verb->add_option("--as", call.as, "fills: book activity rows as fills")
        ->check(CLI::IsMember({"fills"}));
    CLI::App* const serve_verb =
        app.add_subcommand("serve", "record what bots send and answer, until interrupted");
    CLI::App* const record_verb =
        app.add_subcommand("record", "serve, and record the feeds of a venue");
    add_record_options(*record_verb, call.wish);
    for (CLI::App* const verb : {serve_verb, record_verb}) {
        verb->add_option("--port", call.port, "on 127.0.0.1; 0: one that is free");
        verb->add_option("--log-format", call.log_format, "text or json")
            ->check(CLI::IsMember({"text", "json"}));
    }
    CLI::App* const restore_verb =
        app.add_subcommand("restore", "make the data directory from a backup, verified");
    restore_verb->add_option("folder", call.folder, "what daybook backup has written")
        ->required()
        ->type_name("DIR");
    CLI::App* const salvage_verb = app.add_subcommand(
        "salvage", "copy every undamaged event into a new journal, and list the others");
    salvage_verb->add_option("folder", call.folder, "a new data directory")
        ->required()
        ->type_name("DIR");
    const std::map<CLI::App*, Run> runs{{salvage_verb, run_salvage}, {epoch_verb, run_epoch},
                                        {serve_verb, run_serve},     {init_verb, run_init},
                                        {halt_verb, run_halt},       {resume_verb, run_resume},
                                        {note_verb, run_note},       {ingest_verb, run_ingest},
                                        {restore_verb, run_restore}, {record_verb, run_record}};
    if (const auto unfinished = words_to_complete(argc, argv)) {
        print_out(completions(app, *unfinished));
        flush_out();
        return 0;
    }
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
