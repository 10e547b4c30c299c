// The verbs by which the operator says something.
#include "schemas/json.hpp"
#include "src/clock.hpp"
#include "src/say.hpp"
#include "src/verbs.hpp"

namespace daybook {
namespace {

/// What the operator says, and its place in the record.
Result<Exit> run_say(const Call& call, std::string_view kind, Body body) {
    const auto said = say(call.data, std::move(body), wall_clock);
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

}  // namespace

Result<Exit> run_epoch(const Call& call) {
    if (call.text.empty() || call.text == "all") {
        return Error{Errc::usage, "'" + call.text + "' cannot be the name of an epoch",
                     "all means all time; choose a name for what begins now"};
    }
    return run_say(call, "epoch", Epoch{call.text});
}

Result<Exit> run_halt(const Call& call) {
    return run_say(call, "halt", Halt{call.scope, call.text, call.by});
}

Result<Exit> run_resume(const Call& call) {
    return run_say(call, "resume", Resume{call.scope, call.text, call.by});
}

Result<Exit> run_note(const Call& call) { return run_say(call, "note", Note{call.text}); }

}  // namespace daybook
