#include "tools/files/backup.hpp"

#include "journal/hex.hpp"
#include "tools/daybook/session.hpp"

namespace daybook {
namespace {

std::string segments(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " segment" : " segments");
}

std::string text_of(const Call& call, const files::Backup& backup) {
    const files::Copied& copied = backup.copied;
    std::string text = copied.segments == 0 ? "nothing new: "
                                            : segments(copied.segments) + " copied, " +
                                                  std::to_string(copied.bytes) + " bytes: ";
    text += call.output + " holds events up to " + std::to_string(backup.head.durable.raw);
    if (copied.kept > 0) text += " (" + segments(copied.kept) + " there already)";
    return text + "\nchain " + journal::to_hex(copied.chain) +
           "\nto read every copied byte:  daybook --data " + call.output +
           " verify\nto bring it back:  daybook --data NEW restore " + call.output + '\n';
}

void print_json(const Call& call, const files::Backup& backup) {
    JsonWriter out = begin_answer("backup");
    out.key("from").text(call.data).key("to").text(call.output);
    out.key("journal").text(journal::to_text(backup.head.journal));
    out.key("seq").number(backup.head.durable.raw);
    out.key("segments_copied").number(backup.copied.segments);
    out.key("segments_kept").number(backup.copied.kept);
    out.key("bytes_copied").number(backup.copied.bytes);
    out.key("chain").text(journal::to_hex(backup.copied.chain));
    print_answer(std::move(out));
}

}  // namespace

Result<Exit> run_backup(const Call& call) {
    catch_interrupts();
    ProgressLine line{"copying", "bytes", call.quiet};
    const files::CopyHooks hooks{interrupted,
                                 [&](auto done, auto total) { line.show(done, total); }};
    const auto made = files::backup(call.data, call.output, now(), hooks);
    std::error_code ignored;  // then the error at hand is what to tell
    const bool no_source = !std::filesystem::exists(call.data + "/journal/HEAD", ignored);
    if (!made && made.error().code == Errc::not_found && no_source) return no_journal(call.data);
    TRY(const files::Backup backup, made);
    if (backup.copied.stopped) {
        if (!call.quiet)
            std::fputs("note: interrupted; the backup is as it was before, run it again\n", stderr);
        return Exit::interrupted;
    }
    call.json ? print_json(call, backup) : print_out(text_of(call, backup));
    return Exit::done;
}

}  // namespace daybook
