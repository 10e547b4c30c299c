#include "projections/fold/fills.hpp"

#include "support/catch.hpp"
#include "support/orders.hpp"

using namespace daybook;
using namespace daybook::test;
using Settled = SettlementStatus;

namespace {

std::vector<FillRow> fills_after(std::initializer_list<Event> events) {
    MemoryRows rows;
    fold(fills_projection(), rows, events);
    std::vector<FillRow> all;
    Fills{rows}.for_each([&](const FillRow& row) { all.push_back(row); });
    return all;
}
FillRow fill_after(std::initializer_list<Event> events) {
    const std::vector<FillRow> all = fills_after(events);
    REQUIRE(all.size() == 1);
    return all.front();
}
Event at(std::uint64_t seq, Body body) { return event_at(seq, "m", std::move(body)); }
const Fill kFill = fill("t", "o", shares(4), dollars(2));

}  // namespace

TEST_CASE("a fill goes from matched over mined to confirmed", "[fold][fills]") {
    REQUIRE(fill_after({at(1, kFill)}).state.settlement == Settlement::matched);
    const FillRow row = fill_after({at(1, kFill), at(2, settled("t", "o", Settled::mined)),
                                    at(3, settled("t", "o", Settled::confirmed)),
                                    at(4, settled("t", "o", Settled::mined))});
    REQUIRE(row.state.settlement == Settlement::confirmed);
    REQUIRE(row.state.settled_seq == Sequence{3});
    REQUIRE(row.state.flags == Flags<FillFlag>{});
    REQUIRE(counted(row.state)->shares == shares(4));
}

TEST_CASE("retrying takes nothing back and failed takes all", "[fold][fills]") {
    const FillRow retrying =
        fill_after({at(1, kFill), at(2, settled("t", "o", Settled::retrying))});
    REQUIRE(counted(retrying.state)->shares == shares(4));
    const FillRow failed = fill_after({at(1, kFill), at(2, settled("t", "o", Settled::failed))});
    REQUIRE_FALSE(counted(failed.state));
    REQUIRE(voided(failed.state) == shares(4));
}

TEST_CASE("of two final settlements the first stands and the other is flagged", "[fold][fills]") {
    const FillRow row = fill_after({at(1, kFill), at(2, settled("t", "o", Settled::failed)),
                                    at(3, settled("t", "o", Settled::confirmed))});
    REQUIRE(row.state.settlement == Settlement::failed);
    REQUIRE(row.state.flags.has(FillFlag::contradicting_settlement));
}

TEST_CASE("a settlement or correction that comes first is parked for its fill", "[fold][fills]") {
    const FillCorrection correction{"t", "o", shares(3), {}, {}, {}, "venue"};
    const FillRow parked =
        fill_after({at(1, settled("t", "o", Settled::mined)), at(2, correction)});
    REQUIRE_FALSE(in_force(parked.state));
    const FillRow row =
        fill_after({at(1, settled("t", "o", Settled::mined)), at(2, correction), at(3, kFill)});
    REQUIRE(row.state.settlement == Settlement::mined);
    REQUIRE(counted(row.state)->shares == shares(3));
    REQUIRE(counted(row.state)->cost == dollars(2));
    REQUIRE(row.state.recorded->shares == shares(4));
    REQUIRE(row.state.flags.has(FillFlag::parked));
}

TEST_CASE("Kalshi's fills and those of a dry run are confirmed when recorded", "[fold][fills]") {
    Event paper = at(1, kFill);
    paper.mode = Mode::dry_run;
    REQUIRE(fill_after({paper}).state.settlement == Settlement::confirmed);
    Event kalshi = at(1, kFill);
    kalshi.venue = "kalshi";
    REQUIRE(fill_after({kalshi}).state.settlement == Settlement::confirmed);
}

TEST_CASE("one trade fills several orders, and one order by several trades", "[fold][fills]") {
    REQUIRE(fills_after({at(1, kFill), at(2, fill("t", "p", shares(1), dollars(1))),
                         at(3, fill("u", "o", shares(1), dollars(1)))})
                .size() == 3);
}

TEST_CASE("a fill recorded under both names of its order counts once", "[fold][fills]") {
    const auto both = status("o", OrderStatusCode::live, "v");
    const auto again = fill("t", "v", shares(4), dollars(2));
    for (const auto& events : {std::vector{at(1, both), at(2, kFill), at(3, again)},
                               std::vector{at(1, kFill), at(2, again), at(3, both)}}) {
        MemoryRows rows;
        fold(fills_projection(), rows, events);
        std::vector<FillRow> all;
        Fills{rows}.for_each([&](const FillRow& row) { all.push_back(row); });
        REQUIRE(all.size() == 1);
        REQUIRE(all[0].order == "o");
        REQUIRE(all[0].state.flags.has(FillFlag::repeated));
    }
}

TEST_CASE("fills without a trade or an order are told apart by their place", "[fold][fills]") {
    const auto rows = fills_after(
        {at(1, fill("", "", shares(1), dollars(1))), at(2, fill("", "", shares(2), dollars(1)))});
    REQUIRE(rows.size() == 2);
    REQUIRE(rows[0].state.flags.has(FillFlag::no_order));
}
