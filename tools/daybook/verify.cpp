#include "journal/verify.hpp"

#include "schemas/event.hpp"
#include "tools/daybook/call.hpp"
#include "tools/daybook/witness.hpp"
#include "tools/terminal/display_text.hpp"

namespace daybook {
namespace {

constexpr std::size_t kRangesShown = 12;

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

/// What to do about damage.
std::string remedy(const Call& call) {
    const std::string self = "daybook --data " + call.data + ' ';
    return "copy journal/ as it is to another disk first; nothing here changes a recorded event. "
           "With a backup: daybook --data NEW restore BACKUP. Without one: " +
           self + "salvage NEW copies what is intact into a new journal and lists the rest";
}

void print_json(const Call& call, const journal::Verdict& verdict,
                const std::optional<ReceiptVerdict>& receipt) {
    JsonWriter out = begin_answer("verify");
    out.key("ok")
        .boolean(verdict.ok && !(receipt && receipt->why_not))
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
    if (!verdict.ok) out.key("try").text(remedy(call));
    if (receipt) write_receipt(out.key("receipt"), *receipt);
    print_answer(std::move(out));
}

std::string text_of(const journal::Range& range) {
    const std::string first = std::to_string(range.first.raw);
    return range.first == range.last ? first : first + " to " + std::to_string(range.last.raw);
}

/// Up to where all is well before the damage, and what is well behind it.
std::string intact_text(const journal::Verdict& verdict) {
    if (verdict.intact.empty()) return "  intact: no event\n";
    std::string text;
    std::size_t next = 0;
    if (verdict.intact.front().first.raw == 1) {
        text += "  intact before the first gap: " + text_of(verdict.intact.front()) + '\n';
        next = 1;
    }
    text += "  intact behind it:";
    if (next == verdict.intact.size()) text += " nothing";
    for (std::size_t shown = 0; next < verdict.intact.size(); ++next, ++shown) {
        if (shown == kRangesShown) {
            text += " … (--json lists more)";
            break;
        }
        text += (shown == 0 ? " " : ", ") + text_of(verdict.intact[next]);
    }
    return text + '\n';
}

std::string damage_text(const Call& call, const journal::Verdict& verdict) {
    const journal::Damage& bad = *verdict.first_bad;
    std::string text = "first of " + std::to_string(verdict.damages) +
                       (verdict.damages == 1 ? " damaged place" : " damaged places") +
                       ": journal/" + bad.file + " at byte " + std::to_string(bad.offset);
    if (bad.sequence.raw != 0) text += ", event " + std::to_string(bad.sequence.raw);
    if (bad.type != 0) text += " (" + std::string{type_name(bad.type)} + ')';
    return text + "\n  " + printable(bad.reason) + '\n' + intact_text(verdict) +
           "  try: " + printable(remedy(call)) + '\n';
}

void print_text(const Call& call, const journal::Verdict& verdict,
                const std::optional<ReceiptVerdict>& receipt) {
    std::string text = verdict.ok ? "ok: " : "DAMAGED: ";
    text += std::to_string(verdict.events) + " events and " + std::to_string(verdict.bytes) +
            " bytes read in " + std::to_string(verdict.segments) +
            (verdict.segments == 1 ? " segment\n" : " segments\n");
    if (verdict.ok) text += "chain " + verdict.chain.to_hex() + '\n';
    if (verdict.first_bad) text += damage_text(call, verdict);
    if (verdict.tail_bytes > 0) {
        text += std::to_string(verdict.tail_bytes) +
                " bytes behind the last durable event: a commit under way, or a torn one that the "
                "next start sets aside\n";
    }
    if (receipt) text += text_of(*receipt);
    print_out(text);
}

}  // namespace

Result<Exit> run_verify(const Call& call) {
    if (!call.proof.empty()) return run_verify_proof(call);
    TRY(auto receipt, read_receipt(call));
    ProgressLine line{"verifying", "bytes", call.quiet};
    const auto verified =
        journal::verify(call.data, [&](auto done, auto total) { line.show(done, total); });
    if (!verified && verified.error().code == Errc::not_found) return no_journal(call.data);
    TRY(const journal::Verdict verdict, verified);
    if (receipt) {
        TRYV(hold_against_journal(*receipt, call, verdict.ok));
    }
    call.json ? print_json(call, verdict, receipt) : print_text(call, verdict, receipt);
    if (!verdict.ok || (receipt && receipt->why_not)) return Exit::findings;
    return verdict.tail_bytes > 0 ? Exit::incomplete : Exit::done;
}

}  // namespace daybook
