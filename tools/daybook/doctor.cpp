#include "tools/daybook/doctor.hpp"

#include <sys/statvfs.h>

#include <filesystem>

#include "projections/fold/catalogue.hpp"
#include "projections/store/projection_store.hpp"
#include "tools/daybook/render.hpp"
#include "tools/daybook/session.hpp"

namespace daybook {
namespace {

using Grade = Symptom::Grade;

constexpr std::uint64_t kFreeBytesLow = std::uint64_t{1} << 30U;

Symptom check_space(const Call& call) {
    struct statvfs status {};
    if (::statvfs(call.data.c_str(), &status) != 0)
        return {"space", Grade::bad, "cannot ask how much space is left"};
    const std::uint64_t free = std::uint64_t{status.f_bavail} * status.f_frsize;
    const std::string text = std::to_string(free >> 20U) + " MiB free";
    return {"space", free < kFreeBytesLow ? Grade::note : Grade::good, text};
}

Symptom check_head(EventReader& reader) {
    const journal::Head head = reader.journal().head();
    const std::string text =
        std::to_string(head.durable.raw) + " events durable, " +
        std::to_string(reader.journal().segments()) + " segment(s), " +
        (head.clean ? "stopped cleanly" : "a recorder is at work, or stopped without closing");
    return {"journal", Grade::good, text};
}

Symptom check_quarantine(const Call& call) {
    std::error_code error;
    std::uint64_t files = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator{call.data + "/journal/quarantine", error}) {
        if (entry.is_regular_file(error)) ++files;
    }
    if (files == 0) return {"quarantine", Grade::good, "empty"};
    return {"quarantine", Grade::note,
            std::to_string(files) + " torn tails set aside: bytes that were never acknowledged"};
}

/// What was recorded, but could not be understood or was lost later.
std::vector<Symptom> check_events(EventReader& reader, Sequence head) {
    std::uint64_t unparsed = 0;
    std::uint64_t lost = 0;
    const auto read =
        reader.for_each({1}, head, TypeSet{"unparsed", "lost"}, [&](const Event& event) {
            ++(std::holds_alternative<Lost>(event.body) ? lost : unparsed);
            return true;
        });
    if (!read) return {{"events", Grade::bad, read.error().detail}};
    return {{"events", unparsed == 0 ? Grade::good : Grade::note,
             unparsed == 0 ? "every event was understood"
                           : std::to_string(unparsed) +
                                 " could not be understood: daybook query events --type unparsed"},
            {"gaps", lost == 0 ? Grade::good : Grade::note,
             lost == 0 ? "no event is lost"
                       : std::to_string(lost) +
                             " are lost, figures lack what they said: daybook query events --type "
                             "lost"}};
}

/// The digest as it is kept against the digest of the rows as they are.
Symptom check_projection(const store::Directory& projections, const Projection& projection,
                         Sequence head) {
    const std::string what = "projection " + std::string{projection.name};
    auto opened = store::ProjectionStore::open_to_read(projections, projection);
    if (!opened && opened.error().code == Errc::not_found)
        return {what, Grade::good, "not built yet; the first query builds it"};
    if (!opened) return {what, Grade::bad, opened.error().detail};
    const auto rows = opened.value().environment().read();
    const auto meta = rows ? rows.value()->meta() : Result<store::Meta>{rows.error()};
    const auto scanned =
        rows ? rows.value()->scanned_digest() : Result<store::Digest>{rows.error()};
    if (!meta || !scanned)
        return {what, Grade::bad, (meta ? scanned.error() : meta.error()).detail};
    if (scanned.value() != meta.value().digest)
        return {what, Grade::bad,
                "its rows are not what was folded; reset it: daybook projections reset " +
                    std::string{projection.name}};
    const std::uint64_t lag = head.raw - std::min(head.raw, meta.value().seq.raw);
    return {what, Grade::good, "digest agrees, " + std::to_string(lag) + " events behind"};
}

std::vector<Symptom> examine(Session& session, const Call& call) {
    std::vector<Symptom> findings{check_head(session.reader()), check_space(call),
                                  check_quarantine(call)};
    for (Symptom& finding : check_events(session.reader(), session.seq()))
        findings.push_back(std::move(finding));
    for (Symptom& finding : examine_host(session, call)) findings.push_back(std::move(finding));
    const auto projections = store::Directory::open(call.data + "/projections", false);
    for (const Projection& projection : catalogue()) {
        if (projections)
            findings.push_back(check_projection(projections.value(), projection, session.seq()));
    }
    return findings;
}

std::string_view name_of(Grade grade) {
    switch (grade) {
        case Grade::good:
            return "good";
        case Grade::note:
            return "note";
        case Grade::bad:
            return "bad";
    }
    return "bad";
}

}  // namespace

Result<Exit> run_doctor(const Call& call) {
    TRY(const auto session, Session::open(call));
    const auto findings = examine(*session, call);
    Listing listing{{{"what", "what", Form::text},
                     {"grade", "grade", Form::text},
                     {"text", "finding", Form::text},
                     {"try", "try", Form::text}},
                    {}};
    bool bad = false;
    for (const Symptom& finding : findings) {
        listing.rows.push_back({value_of(finding.what), value_of(name_of(finding.grade)),
                                value_of(finding.text),
                                finding.remedy.empty() ? ListValue{} : value_of(finding.remedy)});
        bad = bad || finding.grade == Grade::bad;
    }
    if (call.json) {
        JsonWriter out = begin_answer("doctor");
        out.key("ok").boolean(!bad);
        write(out.key("findings"), listing);
        print_answer(std::move(out));
    } else {
        print_out(render(listing, stdout_terminal(call.no_color)) +
                  "\nto read every recorded byte: daybook verify\n");
    }
    return bad ? Exit::findings : Exit::done;
}

}  // namespace daybook
