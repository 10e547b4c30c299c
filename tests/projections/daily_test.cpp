#include "projections/answers/daily.hpp"

#include <rapidcheck.h>

#include "projections/fold/money_projections.hpp"
#include "support/catch.hpp"
#include "support/generator.hpp"
#include "support/orders.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

constexpr std::int64_t kDay = 86'400 * kNanosPerSecond;

Event later(Event event, std::int64_t nanos) {
    event.time = Time{event.time->nanos + nanos};
    return event;
}

Figures total(const Days& days) {
    Figures sum;
    for (const auto& [day, figures] : days) add(sum, figures);
    return sum;
}

}  // namespace

// By hand: 10 Up for 5.00 on the 13th, resolved Up on the 14th (+5.00), the fill fails on the 15th:
// the 14th keeps its +5.00, the 15th takes it back.
TEST_CASE("a void moves the day on which it happened, not that of its fill", "[fold][daily]") {
    MarketResolved resolved;
    resolved.payouts = {{kMicro}, {0}};
    MemoryRows rows;
    fold(daily_projection(), rows,
         {event_at(1, "m", fill("t", "o", shares(10), dollars(5))),
          later(event_at(2, "m", resolved), kDay),
          later(event_at(3, "m", settled("t", "o", SettlementStatus::failed)), 2 * kDay)});
    std::vector<std::int64_t> realized;
    for (const auto& [day, sum] : days_of(rows, {})) realized.push_back(sum.realized.micros);
    CHECK(realized == std::vector<std::int64_t>{0, 5 * kMicro, -5 * kMicro});
    CHECK(total(days_of(rows, {})) == Figures{});
    const Listing listing =
        list_days(days_of(rows, {}), [](std::int64_t day) { return Time{day * kDay}; });
    CHECK(listing.rows.front().front() == "2025-12-13");
}

TEST_CASE("the days add up to the ledger exactly, after every event", "[fold][daily][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows daily, pnl;
        for (const Event& event : story(seed, {.contradictions = true})) {
            fold(daily_projection(), daily, {event});
            fold(pnl_projection(), pnl, {event});
            Figures sum;
            Ledger{pnl}.for_each(
                [&](const Holder&, const Position& position) { add(sum, figures_of(position)); });
            RC_ASSERT(total(days_of(daily, {})) == sum);
        }
    }));
}

TEST_CASE("hours and single moves tell the same days", "[fold][daily][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows daily, claims;
        for (const Event& event : story(seed, {.contradictions = true})) {
            fold(daily_projection(), daily, {event});
            fold(claims_projection(), claims, {event});
        }
        Days by_hours = days_of(daily, {});
        std::erase_if(by_hours, [](const auto& day) { return day.second == Figures{}; });
        RC_ASSERT(by_hours == days_of_moves(claims, {}, utc_day));
        RC_ASSERT(hours_tell_days(daily, {}, utc_day));
    }));
}

TEST_CASE("dry-run events never change live days", "[fold][daily][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        auto events = story(seed);
        MemoryRows live, both;
        fold(daily_projection(), live, events);
        fold(daily_projection(), both, events);
        for (Event& event : events) {
            event.seq.raw += 10'000;
            if (event.mode == Mode::live) event.mode = Mode::dry_run;
            if (event.mode == Mode::dry_run) fold(daily_projection(), both, {event});
        }
        RC_ASSERT(days_of(live, {}) == days_of(both, {}));
        RC_ASSERT(!days_of(both, {.mode = Mode::dry_run}).empty() || days_of(live, {}).empty());
    }));
}
