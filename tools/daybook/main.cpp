// The reading program. It contains no code that writes a journal: for what writes it becomes
// `daybookd`, from the folder it lies in itself.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

#include "projections/fold/catalogue.hpp"
#include "schemas/json.hpp"
#include "tools/daybook/call.hpp"
#include "tools/daybook/writer.hpp"
#include "tools/terminal/complete.hpp"
#include "version.hpp"

namespace daybook {
namespace {

constexpr std::array kWriters{"epoch",  "halt",    "ingest", "init",    "note",
                              "record", "restore", "resume", "salvage", "serve"};
constexpr std::array kQueries{"positions", "pnl",    "cash",     "orders",  "fills", "execution",
                              "hedge",     "daily",  "claims",   "markets", "book",  "liquidity",
                              "health",    "events", "findings", "groups"};

constexpr std::string_view kFooter = R"(No command deletes or changes a recorded event.

Exit codes: 0 done, 1 failed, 2 usage, 3 findings or damage, 4 nothing matched, 5 conflict (lock held,
stale plan), 6 data incomplete (unparsed input, lost events), 130 interrupted.)";

std::string default_data() {
    const char* const wish = std::getenv("DAYBOOK_DATA");
    return wish != nullptr && *wish != '\0' ? wish : "./daybook-data";
}

/// The verb among the words: the first that is no option and no value of a global one.
std::string verb_of(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "--data" || word == "--limit" || word == "--tz") {
            ++i;
            if (i < words.size() && words[i] == "=") ++i;  // as a shell splits it to complete it
        } else if (!word.starts_with('-')) {
            return word;
        }
    }
    return {};
}
bool is_writer(const std::string& verb) {
    return std::ranges::find(kWriters, verb) != kWriters.end();
}

/// Becomes the writer that lies beside this program: never one from PATH, never another version.
Error become_writer(int argc, char** argv) {
    const auto found = writer_path();
    if (!found) return found.error();
    const std::string path = found.value();
    std::string name{"daybookd"};
    std::string by{"--run-by=" + std::string{kVersion}};
    std::vector<char*> words{name.data(), by.data()};
    for (int i = 1; i < argc; ++i) words.push_back(argv[i]);
    words.push_back(nullptr);
    ::execv(path.c_str(), words.data());
    return {Errc::disk,
            "cannot run daybookd beside this program: " + std::string{std::strerror(errno)},
            "install daybook and daybookd into one folder"};
}

void add_filters(CLI::App* verb, Call& call) {
    verb->add_option("--market", call.market, "only this market, by any of its names");
    verb->add_option("--mode", call.mode, "live or dry_run; two modes are never summed")
        ->check(CLI::IsMember({"live", "dry_run"}));
}
void add_range(CLI::App* verb, Call& call) {
    verb->add_option("--from", call.from, "first event: a sequence or a time");
    verb->add_option("--to", call.to, "last event: a sequence or a time");
    verb->add_option("--type", call.type, "only events of this type");
}

using Run = Result<Exit> (*)(const Call&);

Result<Exit> run_answer(const Call& call);

/// Every verb with what it runs; the writing ones stand here for `help` only.
class Verbs {
  public:
    Verbs(CLI::App& app, Call& call) : app_{app}, call_{call} {
        add_globals();
        app.add_subcommand("init", "make a data directory with an empty journal");
        app.add_subcommand(
            "ingest", "record a file or standard input: ingest [--venue polymarket|kalshi] FILE|-");
        app_.add_subcommand(
            "serve",
            "record what bots send, fold it live and answer, on 127.0.0.1: serve [--port N]");
        app_.add_subcommand("record",
                            "serve, and record a venue's feeds: record polymarket --assets "
                            "BTC,ETH --window 15m, record kalshi --market TICKER");
        app_.add_subcommand("epoch",
                            "count P&L and cash from zero from now on: epoch NAME; moves and "
                            "deletes nothing");
        app_.add_subcommand("note", "record a remark: note TEXT");
        app_.add_subcommand("halt", "record that trading is to stop: halt [REASON] [--scope S]");
        app_.add_subcommand("resume", "record that it may go on: resume [REASON] [--scope S]");
        add_query();
        add_why();
        add_postmortem();
        add_reconcile();
        add_diff();
        add_streams();
        add_projections();
        add_witness();
        add_copies();
        runs_[app.add_subcommand("doctor", "look over the data directory")] = run_doctor;
        runs_[app.add_subcommand("answer")->group("")] = run_answer;  // how `serve` asks
        add_completion();
        help_ = app.add_subcommand("help", "this page");
        version_ = app.add_subcommand("version", "print the version");
    }
    [[nodiscard]] Result<Exit> run() {
        if (help_->parsed()) {
            app_.clear();  // else it is the page of this verb
            print_out(app_.help());
            return Exit::done;
        }
        if (version_->parsed()) {
            print_out("daybook " + std::string{kVersion} + '\n');
            return Exit::done;
        }
        TRY(call_.zone, choose_zone(call_.tz, call_.data));
        for (const auto& [verb, function] : runs_) {
            if (verb->parsed()) return function(call_);
        }
        return run_status(call_);
    }

  private:
    void add_globals() {
        app_.set_version_flag("--version", kVersion);
        app_.add_option("--data", call_.data,
                        "data directory (default: $DAYBOOK_DATA, else ./daybook-data)")
            ->type_name("DIR");
        app_.add_flag("--json", call_.json, "answer as JSON, amounts as exact decimal text");
        app_.add_option(
            "--tz", call_.tz,
            "time zone for people and days (default: timezone in daybook.toml, else UTC)");
        app_.add_option("--limit", call_.limit, "rows or events at most");
        app_.add_flag("-q,--quiet", call_.quiet, "no notes, no progress");
        app_.add_flag("-v,--verbose", call_.verbose, "tell what is rebuilt and why");
        app_.add_flag("--no-color", call_.no_color, "no colours; NO_COLOR does the same");
    }
    void add_query() {
        CLI::App* const query = app_.add_subcommand(
            "query",
            "positions, pnl, cash, orders, fills, execution, hedge, daily, claims, markets, book, "
            "liquidity, health, findings, groups, events");
        query->add_option("name", call_.what, "what to answer")
            ->required()
            ->check(CLI::IsMember(std::vector<std::string>{kQueries.begin(), kQueries.end()}));
        add_filters(query, call_);
        query->add_option("--at", call_.at, "as of this sequence or time");
        query->add_option("--epoch", call_.epoch,
                          "count flows from where this epoch began; all: from the beginning");
        add_range(query, call_);
        runs_[query] = run_query;
    }
    void add_streams() {
        CLI::App* const tail =
            app_.add_subcommand("tail", "the last events; -f goes on as they are recorded");
        tail->add_flag("-f,--follow", call_.follow, "go on until interrupted");
        add_filters(tail, call_);
        tail->add_option("--type", call_.type, "only events of this type");
        runs_[tail] = run_tail;
        CLI::App* const dump =
            app_.add_subcommand("dump", "every event as a contract line; ingest reads it back");
        add_range(dump, call_);
        add_filters(dump, call_);
        dump->add_flag("--frames", call_.frames, "the journal's frames instead of the events");
        runs_[dump] = run_dump;
        CLI::App* const replay = app_.add_subcommand(
            "replay", "the story, one line an event with the position after it");
        add_range(replay, call_);
        add_filters(replay, call_);
        replay
            ->add_option("--speed", call_.speed, "times faster than it happened; without: at once")
            ->check(CLI::PositiveNumber);
        replay->add_flag("--until-finding", call_.until_finding,
                         "stop at the first event that brings a finding which lasts");
        runs_[replay] = run_replay;
    }
    void add_why() {
        CLI::App* const why = app_.add_subcommand(
            "why", "where a figure comes from: why MARKET, why realized, why 42");
        why->add_option("about", call_.what, "a market, a figure of pnl, or an event's sequence")
            ->required();
        why->add_option("--at", call_.at, "as of this sequence or time");
        why->add_option("--epoch", call_.epoch, "the parts of a figure since this epoch, or all");
        why->add_option("--mode", call_.mode, "live or dry_run")
            ->check(CLI::IsMember({"live", "dry_run"}));
        runs_[why] = run_why;
    }
    void add_postmortem() {
        CLI::App* const report = app_.add_subcommand(
            "postmortem", "what happened on a day, and what was wrong: postmortem 2025-12-13");
        report->add_option("day", call_.day, "a date, in the time zone");
        report->add_option("--from", call_.from, "instead of a day: its first moment or date");
        report->add_option("--to", call_.to, "its end: the first moment or date behind it");
        report->add_option("--group", call_.group,
                           "only the markets, findings and explanation of this group");
        report->add_option("--format", call_.format, "text, md, html or json")
            ->check(CLI::IsMember({"text", "md", "html", "json"}));
        report->add_flag("--all", call_.all, "in text: every market, finding and claim");
        report->add_option("-o,--output", call_.output, "write it to this new file")
            ->type_name("FILE");
        add_filters(report, call_);
        runs_[report] = run_postmortem;
    }
    void add_reconcile() {
        CLI::App* const verb = app_.add_subcommand(
            "reconcile", "what a venue exports beside what is recorded: reconcile FILE");
        verb->add_option("file", call_.what,
                         "Polymarket positions, activity, trades, closed positions; Kalshi fills, "
                         "settlements; JSON or CSV")
            ->required()
            ->type_name("FILE");
        verb->add_flag("--record", call_.record, "keep the result as events");
        verb->add_option("--account", call_.account, "only what this account did");
        verb->add_option("--own", call_.own, "wallet address or API key id whose orders are ours")
            ->allow_extra_args(false);  // else it takes the file behind it for another address
        verb->add_option("--mode", call_.mode, "live or dry_run")
            ->check(CLI::IsMember({"live", "dry_run"}));
        runs_[verb] = run_reconcile;
    }
    void add_diff() {
        CLI::App* const diff =
            app_.add_subcommand("diff", "what changed between two moments, epochs or generations");
        diff->add_option("--from", call_.from,
                         "sequence, time, epoch:NAME, or a generation as g1 with --projection");
        diff->add_option("--to", call_.to, "the same; without it, now");
        diff->add_option("--projection", call_.names, "two generations of this one")->expected(1);
        add_filters(diff, call_);
        runs_[diff] = run_diff;
    }
    void add_projections() {
        CLI::App* const projections = app_.add_subcommand(
            "projections",
            "what is folded from the journal: list, reset NAME…, apply PLAN, revert NAME, prune "
            "NAME");
        projections->require_subcommand(1);
        runs_[projections->add_subcommand("list", "name, state, sequence, rows, digest of each")] =
            run_projections_list;
        CLI::App* const reset =
            projections->add_subcommand("reset", "show what a reset would drop; changes nothing");
        std::vector<std::string> names;
        for (const Projection& projection : catalogue()) names.emplace_back(projection.name);
        reset->add_option("names", call_.names, "projections")->check(CLI::IsMember(names));
        reset->add_flag("--all", call_.all, "every projection; asks for each by name");
        runs_[reset] = run_projections_reset;
        CLI::App* const apply =
            projections->add_subcommand("apply", "carry out a plan that reset has shown");
        apply->add_option("plan", call_.plan, "the plan's id")->required();
        apply->add_flag("--grown", call_.grown,
                        "also when events were recorded since, and nothing else has moved");
        runs_[apply] = run_projections_apply;
        const auto add_one = [&](const char* verb, const char* help, Run function) {
            CLI::App* const one = projections->add_subcommand(verb, help);
            one->add_option("name", call_.names, "projection")
                ->required()
                ->expected(1)
                ->check(CLI::IsMember(names));
            runs_[one] = function;
        };
        add_one("revert", "serve the generation that was served before", run_projections_revert);
        add_one("prune", "remove the generations that are not served", run_projections_prune);
    }

    void add_copies() {
        CLI::App* const backup = app_.add_subcommand(
            "backup", "copy the journal, beside a recorder too; the next time only what is new");
        backup->add_option("folder", call_.output, "a new folder, or an earlier backup")
            ->required()
            ->type_name("DIR");
        runs_[backup] = run_backup;
        app_.add_subcommand("restore", "make a new data directory from a backup: restore FOLDER");
        app_.add_subcommand("salvage",
                            "copy what is undamaged into a new data directory: salvage FOLDER");
    }
    void add_completion() {
        CLI::App* const verb = app_.add_subcommand(
            "completion", "what a shell needs to complete verbs and options: bash, zsh, fish");
        verb->add_option("shell", call_.what, "which one; source <(daybook completion bash)")
            ->required()
            ->check(CLI::IsMember({"bash", "zsh", "fish"}));
        runs_[verb] = run_completion;
    }
    void add_witness() {
        CLI::App* const verify = app_.add_subcommand(
            "verify", "read every recorded byte and say whether it is what was written");
        CLI::Option* const receipt =
            verify
                ->add_option("--receipt", call_.receipt,
                             "and whether history is what this receipt was given for")
                ->type_name("FILE");
        verify
            ->add_option("--proof", call_.proof, "check this proof of one event; needs no journal")
            ->type_name("FILE")
            ->excludes(receipt);
        verify
            ->add_option("--pubkey", call_.pubkey,
                         "the public key (receipt.pub) as you got it from the host back then")
            ->type_name("FILE");
        runs_[verify] = run_verify;
        CLI::App* const signs = app_.add_subcommand(
            "receipt",
            "sign what is recorded so far; keep the answer where this host cannot reach");
        CLI::App* const prove = app_.add_subcommand(
            "prove", "show that one event is recorded, to somebody who has the public key only");
        prove->add_option("seq", call_.sequence, "the event's sequence")->required();
        for (CLI::App* const verb : {signs, prove}) {
            verb->add_option("-o,--output", call_.output, "write it to this new file")
                ->type_name("FILE");
        }
        runs_[signs] = run_receipt;
        runs_[prove] = run_prove;
    }

    CLI::App& app_;
    Call& call_;
    std::map<CLI::App*, Run> runs_;
    CLI::App* help_{};
    CLI::App* version_{};
};

void set_up(CLI::App& app) {
    app.footer(std::string{kFooter});
    app.require_subcommand(0, 1);
    app.fallthrough();
}

/// One call by its words, the program's name not among them.
Exit run_call(const std::string& data, std::vector<std::string> words) {
    Call call;
    call.data = data;
    CLI::App app{"Daybook: a flight recorder for trading bots."};
    set_up(app);
    Verbs verbs{app, call};
    const bool json = std::ranges::find(words, "--json") != words.end();
    try {
        std::ranges::reverse(words);  // as CLI11 takes them
        app.parse(words);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return static_cast<Exit>(app.exit(error));
        return report({Errc::usage, error.what(), "daybook help"}, json);
    }
    const auto done = verbs.run();
    return done ? done.value() : report(done.error(), call.json);
}

/// Answers calls until its input ends: each a line, the words as a JSON array; before each answer
/// stands a line with the exit code and the answer's bytes.
Result<Exit> run_answer(const Call& call) {
    for (std::string line; std::getline(std::cin, line);) {
        const auto asked = parse_json(line);
        std::vector<std::string> words{"-q"};
        if (asked) {
            for (const Json& word : asked.value().items) words.push_back(word.text);
        }
        Captured said;
        const Exit exit = run_call(call.data, std::move(words));
        const std::string head =
            std::to_string(static_cast<int>(exit)) + ' ' + std::to_string(said.text.size()) + '\n';
        std::fwrite(head.data(), 1, head.size(), stdout);
        std::fwrite(said.text.data(), 1, said.text.size(), stdout);
        if (std::fflush(stdout) != 0) return Exit::failed;
    }
    return Exit::done;
}

/// Tells a shell how a line of this program's own verbs may go on.
Exit run_complete(const std::vector<std::string>& words) {
    Call call;
    CLI::App app;
    set_up(app);
    const Verbs verbs{app, call};
    print_out(completions(app, words));
    return Exit::done;
}

int run(int argc, char** argv) {
    const auto unfinished = words_to_complete(argc, argv);
    std::vector<std::string> words =
        unfinished.value_or(std::vector<std::string>{argv + 1, argv + argc});
    if (unfinished && !words.empty()) words.pop_back();  // no verb yet, whatever it looks like
    if (is_writer(verb_of(words)))
        return static_cast<int>(report(become_writer(argc, argv), false));
    const Exit exit =
        unfinished ? run_complete(*unfinished) : run_call(default_data(), std::move(words));
    flush_out();
    return static_cast<int>(exit);
}

}  // namespace
}  // namespace daybook

int main(int argc, char** argv) { return daybook::run(argc, argv); }
