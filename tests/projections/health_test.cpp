#include "projections/fold/health.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <random>

#include "projections/answers/health.hpp"
#include "projections/fold/fills.hpp"
#include "projections/fold/orders.hpp"
#include "support/catch.hpp"
#include "support/generator.hpp"
#include "support/orders.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

Event change(std::uint64_t seq, std::uint64_t number) {
    BookChange body;
    body.outcome = "Up";
    body.stream = "s";
    body.stream_seq = number;
    return event_at(seq, "m", body);
}

Unparsed unparsed(std::optional<std::uint32_t> part) {
    Unparsed body;
    body.why = "no JSON";
    body.part = part;
    return body;
}

void put(Rows& rows, std::initializer_list<Event> events) {
    for (const Event& event : events) health_projection().apply(rows, event);
}

}  // namespace

// By hand: 1 2 2 3 | 7 misses 4, 5 and 6; | 5 goes back; 6 follows.
TEST_CASE("numbers of a stream that do not follow are jumps", "[fold][health]") {
    MemoryRows rows;
    put(rows, {change(1, 1), change(2, 2), change(3, 2), change(4, 3), change(5, 7), change(6, 5),
               change(7, 6)});
    const auto coverage = coverage_of(rows);
    REQUIRE(coverage.size() == 1);
    CHECK(coverage[0].events == 7);
    CHECK(coverage[0].stream == "s");
    CHECK(coverage[0].jumps == 2);
    CHECK(coverage[0].missing == 3);
}

TEST_CASE("the longest silence of a venue is between two events as received", "[fold][health]") {
    MemoryRows rows;
    put(rows, {change(1, 1), change(2, 2), change(10, 3), change(12, 4)});
    const auto silences = silences_of(rows);
    REQUIRE(silences.size() == 1);
    CHECK(silences[0].longest_ns == 8 * kNanosPerSecond);
    CHECK(silences[0].from == Sequence{2});
    CHECK(silences[0].to == Sequence{10});
}

TEST_CASE("unparsed lines, lost events and conflicting duplicates are counted", "[fold][health]") {
    MemoryRows rows;
    Event twice = change(5, 1);
    twice.conflicts_with = {1};
    put(rows, {event_at(1, "", unparsed(std::nullopt)), event_at(2, "", unparsed(0)),
               event_at(3, "", unparsed(1)), event_at(4, "", Lost{}), twice});
    const auto troubles = troubles_of(rows);
    REQUIRE(troubles.size() == 3);
    CHECK(troubles[0].what == "conflicting_duplicate");
    CHECK(troubles[0].detail == "book_change");
    CHECK(troubles[1].what == "lost");
    CHECK(troubles[2].what == "unparsed");
    CHECK(troubles[2].detail == "no JSON");
    CHECK(troubles[2].count == 2);  // a line in parts is one line
}

TEST_CASE("a fill without an order and an order in doubt are told", "[fold][health]") {
    MemoryRows health, orders, fills;
    const auto all = {event_at(1, "m", fill("t", "stray", shares(1), dollars(1))),
                      event_at(2, "m", intent("o", shares(5))),
                      event_at(3, "m", status("o", OrderStatusCode::unknown))};
    put(health, all);
    fold(orders_projection(), orders, all);
    fold(fills_projection(), fills, all);
    const Listing troubles = list_troubles(health, orders, fills);
    REQUIRE(troubles.rows.size() == 2);
    CHECK(troubles.rows[0].at(0) == "fill_without_order");
    CHECK(troubles.rows[0].at(2) == "1");
    CHECK(troubles.rows[1].at(0) == "order_in_doubt");
    CHECK(troubles.rows[1].at(1) == "live");
}

TEST_CASE("every event is covered once", "[fold][health][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows rows;
        const auto events = story(seed);
        for (const Event& event : events) health_projection().apply(rows, event);
        std::uint64_t covered = 0;
        Sequence last;
        for (const Coverage& row : coverage_of(rows)) {
            covered += row.events;
            last = std::max(last, row.last);
        }
        RC_ASSERT(covered == events.size());
        RC_ASSERT(last == events.back().seq);
    }));
}

// A recorder's clock may go back, and an import tells of older times: what counts is the first
// event whose clock is behind the time asked for (contract §2).
TEST_CASE("a search for a time begins before the first later clock, and less than 4,096 events off",
          "[fold][health][law]") {
    constexpr std::uint64_t kEvents = 20'000;
    std::mt19937_64 engine{3};
    MemoryRows rows;
    std::vector<std::int64_t> clocks{0};
    std::vector<Event> events;
    for (std::uint64_t seq = 1; seq <= kEvents; ++seq) {
        clocks.push_back(static_cast<std::int64_t>(seq * 100 + engine() % 90'000));
        events.push_back(event_at(seq, "m", Note{}));
        events.back().received = Time{clocks.back()};
    }
    fold(health_projection(), rows, events);
    for (std::int64_t upto = -1; upto < 2'200'000; upto += 9'999) {
        const auto later = std::find_if(clocks.begin() + 1, clocks.end(),
                                        [upto](std::int64_t clock) { return clock > upto; });
        const auto first = static_cast<std::uint64_t>(later - clocks.begin());
        CAPTURE(upto, first);
        const std::uint64_t from = look_from(rows, Time{upto}).raw;
        CHECK((first > kEvents || from <= first));
        CHECK((first > kEvents || from + 4'096 > first));
    }
}
