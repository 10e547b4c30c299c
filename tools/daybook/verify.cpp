#include "journal/verify.hpp"

#include "schemas/event.hpp"
#include "tools/daybook/call.hpp"
#include "tools/terminal/display_text.hpp"

namespace daybook {
namespace {

void write_damage(JsonWriter& out, const journal::Verdict& verdict) {
    out.key("first_bad");
    if (!verdict.first_bad) {
        out.null();
        return;
    }
    const journal::Damage& bad = *verdict.first_bad;
    out.begin_object()
        .key("file")
        .text(bad.file)
        .key("offset")
        .number(bad.offset)
        .key("seq")
        .number(bad.sequence.raw);
    out.key("type");
    bad.type == 0 ? out.null() : out.text(type_name(bad.type));
    out.key("reason").text(bad.reason).end_object();
}

void print_json(const journal::Verdict& verdict) {
    JsonWriter out = begin_answer("verify");
    out.key("ok")
        .boolean(verdict.ok)
        .key("events")
        .number(verdict.events)
        .key("bytes")
        .number(verdict.bytes);
    out.key("segments").number(verdict.segments).key("sealed").number(verdict.sealed);
    write_damage(out, verdict);
    out.key("damages").number(verdict.damages).key("intact").begin_array();
    for (const journal::Range& range : verdict.intact) {
        out.begin_array().number(range.first.raw).number(range.last.raw).end_array();
    }
    out.end_array().key("tail_bytes").number(verdict.tail_bytes).key("chain");
    verdict.ok ? out.text(verdict.chain.to_hex()) : out.null();
    print_answer(std::move(out));
}

void print_text(const journal::Verdict& verdict) {
    std::string text = verdict.ok ? "ok: " : "DAMAGED: ";
    text += std::to_string(verdict.events) + " events and " + std::to_string(verdict.bytes) +
            " bytes read in " + std::to_string(verdict.segments) +
            (verdict.segments == 1 ? " segment\n" : " segments\n");
    if (verdict.ok) text += "chain " + verdict.chain.to_hex() + '\n';
    if (verdict.first_bad) {
        const journal::Damage& bad = *verdict.first_bad;
        text += "first bad: journal/" + bad.file + " at byte " + std::to_string(bad.offset);
        if (bad.sequence.raw != 0) text += ", event " + std::to_string(bad.sequence.raw);
        if (bad.type != 0) text += " (" + std::string{type_name(bad.type)} + ')';
        text += "\n  " + printable(bad.reason) +
                "\nplaces damaged: " + std::to_string(verdict.damages) + "\nintact:";
        for (const journal::Range& range : verdict.intact) {
            text += ' ' + std::to_string(range.first.raw) + '-' + std::to_string(range.last.raw);
        }
        text +=
            "\nkeep a copy of journal/ as it is, then look for a backup; nothing here changes a "
            "recorded event\n";
    }
    if (verdict.tail_bytes > 0) {
        text += std::to_string(verdict.tail_bytes) +
                " bytes behind the last durable event: a commit under way, or a torn one that the "
                "next start sets aside\n";
    }
    print_out(text);
}

}  // namespace

Result<Exit> run_verify(const Call& call) {
    ProgressLine line{"verifying", "bytes", call.quiet};
    const auto verified =
        journal::verify(call.data, [&](auto done, auto total) { line.show(done, total); });
    if (!verified && verified.error().code == Errc::not_found) return no_journal(call.data);
    TRY(const journal::Verdict verdict, verified);
    call.json ? print_json(verdict) : print_text(verdict);
    if (!verdict.ok) return Exit::findings;
    return verdict.tail_bytes > 0 ? Exit::incomplete : Exit::done;
}

}  // namespace daybook
