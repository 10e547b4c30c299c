#include "projections/fold/hedge_history.hpp"

#include <rapidcheck.h>

#include "support/catch.hpp"
#include "support/generator.hpp"
#include "support/orders.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

std::vector<Holder> holders_of(Rows& rows) {
    std::vector<Holder> holders;
    Ledger{rows}.for_each(
        [&](const Holder& holder, const Position&) { holders.push_back(holder); });
    return holders;
}

HedgePath only_path(Rows& rows, std::optional<Time> until) {
    const auto holders = holders_of(rows);
    REQUIRE(holders.size() == 1);
    return path_of(HedgeHistory{rows}.steps(holders.front()), hedge_limits(rows), until);
}

Fill down(std::string trade, Shares size) {
    Fill body = fill(std::move(trade), "d", size, dollars(1));
    body.outcome = "Down";
    return body;
}

Time second(std::int64_t n) { return Time{1'765'656'000'000'000'000 + n * kNanosPerSecond}; }

}  // namespace

// By hand, one event a second: 10 Up (ratio 0), 5 Down (0.5), 3 Down (0.8), 1 Up (0.7272…), looked
// at ten seconds later. Below 0.80: seconds 1–3 and 4–14; below 0.60: seconds 1–3.
TEST_CASE("peak, worst ratio and the time below the thresholds", "[fold][hedge]") {
    MemoryRows rows;
    fold(hedge_projection(), rows,
         {event_at(1, "m", fill("a", "u", shares(10), dollars(5))),
          event_at(2, "m", down("b", shares(5))), event_at(3, "m", down("c", shares(3))),
          event_at(4, "m", fill("d", "u", shares(1), dollars(1)))});
    const HedgePath path = only_path(rows, second(14));
    CHECK(path.peak == shares(10));
    CHECK(path.peak_seq == Sequence{1});
    REQUIRE(path.worst.has_value());
    CHECK(format_ratio(*path.worst) == "0.5");
    CHECK(path.worst_seq == Sequence{2});
    CHECK(path.below_min_ns == 12 * kNanosPerSecond);
    CHECK(path.below_critical_ns == 2 * kNanosPerSecond);
}

TEST_CASE("exactly 0.80 is not below 0.80, and a resolved market is at no risk", "[fold][hedge]") {
    MarketResolved resolved;
    resolved.payouts = {{kMicro}, {0}};
    MemoryRows rows;
    fold(hedge_projection(), rows,
         {event_at(1, "m", fill("a", "u", shares(10), dollars(5))),
          event_at(2, "m", down("b", shares(8))), event_at(3, "m", down("c", shares(20))),
          event_at(5, "m", resolved)});
    // Below: second 1 (one side), 3 and 4 (10 to 28); not second 2 (10 to 8), not from 5 on.
    CHECK(only_path(rows, second(1'000)).below_min_ns == 3 * kNanosPerSecond);
}

TEST_CASE("a voided fill was never there: the steps are those without it", "[fold][hedge]") {
    MemoryRows rows;
    fold(hedge_projection(), rows,
         {event_at(1, "m", fill("a", "u", shares(10), dollars(5))),
          event_at(2, "m", fill("big", "u", shares(90), dollars(40))),
          event_at(3, "m", down("c", shares(10)))});
    CHECK(only_path(rows, {}).peak == shares(100));
    fold(hedge_projection(), rows,
         {event_at(4, "m", settled("big", "u", SettlementStatus::failed))});
    CHECK(only_path(rows, {}).peak == shares(10));
    CHECK(only_path(rows, {}).peak_seq == Sequence{1});
    CHECK(format_ratio(only_path(rows, {}).worst.value()) == "1");
}

TEST_CASE("dry-run events never change live steps", "[fold][hedge][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows live, both;
        for (Event event : story(seed)) {
            fold(hedge_projection(), live, {event});
            fold(hedge_projection(), both, {event});
            if (event.mode != Mode::live) continue;
            event.mode = Mode::dry_run;
            event.seq.raw += 10'000;
            fold(hedge_projection(), both, {event});
        }
        for (const Holder& holder : holders_of(live))
            RC_ASSERT(HedgeHistory{both}.steps(holder) == HedgeHistory{live}.steps(holder));
    }));
}
