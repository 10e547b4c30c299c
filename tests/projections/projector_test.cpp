#include "projections/projector.hpp"

#include <random>

#include "projections/desk.hpp"
#include "projections/fold/assembly.hpp"
#include "projections/fold/catalogue.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

using Digests = std::map<std::string, std::string>;

Digests digests(Desk& desk) {
    Digests all;
    for (const Projection& projection : catalogue())
        all[std::string{projection.name}] = desk.digest_now(projection).hex();
    return all;
}

Projector follow(Desk& desk, std::span<const Projection> projections = catalogue()) {
    auto opened = Projector::open(desk.folder.path(), projections, kNow, {});
    INFO((opened ? "" : opened.error().detail));
    REQUIRE(opened.has_value());
    return std::move(opened).value();
}

void fold_all(Projector& projector) {
    for (bool ended = false; !ended;) {
        const auto folded = projector.fold();
        INFO((folded ? "" : folded.error().detail));
        REQUIRE(folded.has_value());
        ended = folded.value();
    }
}

std::map<std::string_view, Sequence> reached(const Projector& projector) {
    std::map<std::string_view, Sequence> all;
    for (const auto& standing : projector.standings()) all[standing.projection] = standing.seq;
    return all;
}

constexpr Sequence kPoison{40};
bool poisoned = false;

struct Frail {
    explicit Frail(Rows& of) : rows{of} {}
    void apply(const Event& event) {
        rows.put("seen", key_part(event.seq.raw), "yes");
        INVARIANT(!poisoned || event.seq != kPoison, "no event is the 40th");
    }
    Rows& rows;
};

}  // namespace

TEST_CASE("followed while the journal grows, every projection has the rows of one built at once",
          "[projections][projector][law]") {
    for (const unsigned seed : {1U, 2U, 3U, 4U}) {
        CAPTURE(seed);
        std::mt19937 random{seed};
        Desk live;
        {
            Projector projector = follow(live);
            for (int step = 0; step < 12; ++step) {
                live.record(random() % 60);
                fold_all(projector);
                if (random() % 3 == 0) REQUIRE(projector.commit().has_value());
            }
            REQUIRE(projector.close().has_value());
        }
        Desk at_once;
        at_once.record(live.recorded);
        CHECK(digests(live) == digests(at_once));
    }
}

TEST_CASE("rows are visible when their own projector commits, and stand at the durable end then",
          "[projections][projector]") {
    Desk desk;
    const Projection asked_often[] = {*find_projection("positions")};
    const Projection others[] = {*find_projection("pnl"), *find_projection("books")};
    Projector prompt = follow(desk, asked_often);
    Projector patient = follow(desk, others);
    CHECK_FALSE(prompt.pending());
    desk.record_all();
    fold_all(prompt);
    fold_all(patient);
    const Sequence head = desk.reader().journal().head().durable;
    CHECK(prompt.seen() == head);  // whatever the last events were about
    CHECK(prompt.changed());
    REQUIRE(prompt.commit().has_value());
    CHECK(reached(prompt)["positions"] == head);
    CHECK_FALSE(prompt.pending());
    CHECK(reached(patient)["pnl"] < head);
    CHECK(patient.pending());
    REQUIRE(patient.commit().has_value());
    for (const auto& [name, seq] : reached(patient)) {
        CAPTURE(name);
        CHECK(seq == head);
    }
}

TEST_CASE("an event that one fold cannot take stops that projection, and the others go on",
          "[projections][projector][poison]") {
    Desk desk;
    const Projection all[] = {
        {"frail", 1, "Is there a 40th event?", all_types(), assemble_of<Frail>},
        *find_projection("pnl"),
        *find_projection("positions")};
    poisoned = true;
    Projector projector = follow(desk, all);
    desk.record_all();
    fold_all(projector);
    REQUIRE(projector.commit().has_value());
    poisoned = false;
    for (const auto& standing : projector.standings()) {
        CAPTURE(standing.projection);
        const bool stands = standing.projection == "frail";
        CHECK(standing.seq == (stands ? Sequence{kPoison.raw - 1} : projector.seen()));
        CHECK(standing.stopped.empty() != stands);
    }
    CHECK(projector.close().has_value());
}

TEST_CASE("what somebody follows is followed by nobody else", "[projections][projector]") {
    Desk desk;
    const Projection only[] = {*find_projection("gaps")};
    Projector first = follow(desk, only);
    const auto second = Projector::open(desk.folder.path(), only, kNow, {});
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == Errc::conflict);
    REQUIRE(first.close().has_value());
    CHECK(follow(desk, only).close().has_value());
}
