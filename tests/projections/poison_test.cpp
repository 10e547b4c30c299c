// An event that the fold of one projection cannot take.
#include <set>

#include "projections/desk.hpp"
#include "projections/fold/assembly.hpp"
#include "projections/fold/catalogue.hpp"
#include "projections/reset.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

constexpr Sequence kPoison{40};

enum class Poison : std::uint8_t { none, broken_rule, exception };
Poison poison = Poison::none;  ///< what event 40 does to the fold below

/// Counts events, and cannot take the 40th.
struct Frail {
    explicit Frail(Rows& of) : rows{of} {}
    void apply(const Event& event) {
        rows.put("seen", key_part(event.seq.raw), "yes");
        if (event.seq != kPoison) return;
        INVARIANT(poison != Poison::broken_rule, "no event is the 40th");
        if (poison == Poison::exception) throw std::runtime_error{"the 40th"};
    }
    Rows& rows;
};

Projection frail() {
    return {"frail", 1, "Is there a 40th event?", all_types(), assemble_of<Frail>};
}

struct Standing {
    Sequence seq;
    std::optional<store::Stall> stall;
    std::uint64_t rows{};
};

Standing standing_of(store::ProjectionStore& store) {
    const auto rows = store.environment().read().value();
    Standing standing{rows->meta().value().seq, rows->stalled().value()};
    rows->scan("seen", "", [&](std::string_view, std::string_view) { return ++standing.rows > 0; });
    CHECK(rows->scanned_digest().value() == rows->meta().value().digest);
    return standing;
}

/// `frail` and two others brought up to the head together.
struct Three {
    explicit Three(Desk& of) : desk{of}, from{desk.reader()}, head{from.journal().head().durable} {}
    void bring_up() {
        store::ProjectionStore* const all[] = {&fragile, &pnl, &health};
        REQUIRE(catch_up(from, all, head, {}).has_value());
    }
    Desk& desk;
    Projection projection = frail();
    EventReader from;
    Sequence head;
    store::ProjectionStore fragile = desk.open(from, projection);
    store::ProjectionStore pnl = desk.open(from, *find_projection("pnl"));
    store::ProjectionStore health = desk.open(from, *find_projection("health"));
};

}  // namespace

TEST_CASE("an event that one fold cannot take stops that projection before it, and no other",
          "[projections][poison]") {
    for (const Poison kind : {Poison::broken_rule, Poison::exception}) {
        poison = kind;
        Desk desk;
        desk.record_all();
        Three three{desk};
        three.bring_up();
        const Standing stands = standing_of(three.fragile);
        REQUIRE(stands.stall.has_value());
        CHECK(stands.stall->seq == kPoison);
        CHECK(stands.stall->why.find("the 40th") != std::string::npos);
        CHECK(stands.seq == Sequence{kPoison.raw - 1});
        CHECK(stands.rows == kPoison.raw - 1);  // exactly those of the events before
        for (store::ProjectionStore* each : {&three.pnl, &three.health}) {
            const Standing other = standing_of(*each);
            CHECK(other.seq == three.head);
            CHECK_FALSE(other.stall.has_value());
        }
        three.bring_up();  // tried again, and stands where it stood
        CHECK(standing_of(three.fragile).seq == stands.seq);
        CHECK(standing_of(three.fragile).stall->seq == kPoison);
    }
    poison = Poison::none;
}

TEST_CASE("what comes behind a poison event reaches the others, and the stalled one once it can",
          "[projections][poison]") {
    Desk desk;
    desk.record(60);
    poison = Poison::broken_rule;
    Three{desk}.bring_up();
    desk.record_all();
    {
        Three later{desk};
        later.bring_up();
        CHECK(standing_of(later.fragile).seq == Sequence{kPoison.raw - 1});
        CHECK(standing_of(later.pnl).seq == later.head);
    }
    poison = Poison::none;  // another version of the program
    Three mended{desk};
    mended.bring_up();
    CHECK(standing_of(mended.fragile).seq == mended.head);
    CHECK(standing_of(mended.fragile).rows == mended.head.raw);
    CHECK_FALSE(standing_of(mended.fragile).stall.has_value());
}

TEST_CASE("a rebuild that meets a poison event replaces nothing, and says which event",
          "[projections][poison]") {
    Desk desk;
    desk.record_all();
    const Projection projection = frail();
    poison = Poison::none;
    const store::Digest before = desk.digest_now(projection);
    EventReader from = desk.reader();
    auto stored = desk.open(from, projection);
    std::uint64_t number = 0;
    const auto beside = stored.begin_generation(source_of(from, kNow), number).value();
    poison = Poison::exception;
    const Generation only[] = {{&projection, beside.get()}};
    const auto built = build(from, only, from.journal().head().durable, Check::every_event, {});
    REQUIRE_FALSE(built.has_value());
    CHECK(built.error().code == Errc::incomplete);
    CHECK(built.error().detail.starts_with("event 40: "));
    MemoryRows rows;
    CHECK(fold_into(from, projection, rows, {50}, {}).error().code == Errc::incomplete);
    poison = Poison::none;
    CHECK(stored.meta().value().digest == before);
}

TEST_CASE("outside of a fold a broken rule still ends the program", "[projections][poison]") {
    CHECK(RulesGuarded::depth() == 0);
}
