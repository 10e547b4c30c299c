// The verb salvage: what is undamaged, into a new journal.
#include <cstdio>
#include <filesystem>

#include "schemas/json.hpp"
#include "src/salvage.hpp"
#include "src/verbs.hpp"
#include "tools/terminal/screen.hpp"

namespace daybook {
namespace {

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

}  // namespace

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

}  // namespace daybook
