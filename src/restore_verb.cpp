// The verb restore: a data directory out of a backup.
#include <cstdio>
#include <filesystem>

#include "schemas/json.hpp"
#include "src/restore.hpp"
#include "src/verbs.hpp"
#include "tools/terminal/screen.hpp"

namespace daybook {
namespace {

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

}  // namespace

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

}  // namespace daybook
