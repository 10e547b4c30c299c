// The writing program. People call `daybook`, which runs this one for what writes.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "schemas/json.hpp"
#include "src/clock.hpp"
#include "src/config.hpp"
#include "src/ingest_run.hpp"
#include "src/init.hpp"
#include "src/recorder.hpp"
#include "tools/terminal/failure.hpp"
#include "tools/terminal/screen.hpp"
#include "version.hpp"

namespace daybook {
namespace {

struct Call {
    std::string data;
    bool json{}, quiet{}, verbose{}, no_color{};
    std::string version;  ///< of the `daybook` that runs us
    std::string file{"-"}, venue, as;
    std::vector<std::string> own;
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

std::string default_data() {
    const char* const from_environment = std::getenv("DAYBOOK_DATA");
    return from_environment != nullptr && *from_environment != '\0' ? from_environment
                                                                    : "./daybook-data";
}

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
    app.add_flag("--no-color", call.no_color)->group("");
    app.require_subcommand(1);
    app.fallthrough();
    CLI::App* const init_verb =
        app.add_subcommand("init", "make a data directory with an empty journal");
    CLI::App* const ingest_verb =
        app.add_subcommand("ingest", "record a file or standard input, one event or frame a line");
    ingest_verb->add_option("file", call.file, "file, or - for standard input");
    ingest_verb->add_option("--venue", call.venue, "read frames and answers of this venue")
        ->check(CLI::IsMember({"polymarket", "kalshi"}));
    ingest_verb->add_option("--own", call.own, "wallet address or API key id whose orders are ours")
        ->allow_extra_args(false);  // else it takes the file behind it for another address
    ingest_verb->add_option("--as", call.as, "fills: book activity rows as fills")
        ->check(CLI::IsMember({"fills"}));
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
    const auto done = init_verb->parsed() ? run_init(call) : run_ingest(call);
    const Exit exit = done ? done.value() : report(done.error(), call.json);
    flush_out();
    return static_cast<int>(exit);
}

}  // namespace
}  // namespace daybook

int main(int argc, char** argv) { return daybook::run(argc, argv); }
