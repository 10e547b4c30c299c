#include "projections/answers/claims.hpp"

#include <rapidcheck.h>

#include "projections/fold/orders.hpp"
#include "support/catch.hpp"
#include "support/generator.hpp"
#include "support/orders.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

Claim claim(std::string metric, std::string value) {
    Claim said;
    said.source = "dashboard";
    said.metric = std::move(metric);
    said.value = std::move(value);
    return said;
}

ClaimView only_view(Rows& rows, Mode mode = Mode::live) {
    const auto views = claims_of(rows, {.mode = mode});
    REQUIRE(views.size() == 1);
    return views.front();
}

Fill down(Fill body) {
    body.outcome = "Down";
    return body;
}

Event claim_at(std::uint64_t seq, const std::string& market, const Claim& said) {
    return event_at(seq, market, said);
}

}  // namespace

// By hand: 10 Up for 5.00, resolved Up, pays 10: realised 5.00. The claim of 5.01 is off by 0.01,
// which is no finding; 5.010001 is (contract §3: over 0.01).
TEST_CASE("a claim is a finding when it is off by more than a cent", "[fold][claims]") {
    MarketResolved resolved;
    resolved.payouts = {{kMicro}, {0}};
    for (const auto& [value, off] :
         {std::pair{"5.01", false}, {"5.010001", true}, {"4.99", false}, {"4.98", true}}) {
        CAPTURE(value);
        MemoryRows rows;
        fold(claims_projection(), rows,
             {event_at(1, "m", fill("t", "o", shares(10), dollars(5))), event_at(2, "m", resolved),
              claim_at(3, "m", claim("pnl", value))});
        const ClaimView view = only_view(rows);
        CHECK(view.fact == "5");
        CHECK(view.finding == off);
    }
}

TEST_CASE("a claim is compared with what was known at its own sequence", "[fold][claims]") {
    MemoryRows rows;
    Claim said = claim("shares", "10");
    said.outcome = "Up";
    fold(claims_projection(), rows,
         {event_at(1, "m", fill("t", "o", shares(10), dollars(5))), claim_at(2, "m", said),
          event_at(3, "m", settled("t", "o", SettlementStatus::failed))});
    CHECK(only_view(rows).fact == "10");
    CHECK_FALSE(only_view(rows).finding);
}

TEST_CASE("a claim about a window is compared with the events that happened in it",
          "[fold][claims]") {
    MemoryRows rows;
    Claim count = claim("fills", "1");
    // event_at(n) happens n seconds after 20:00:00: the second fill alone is inside [2, 3).
    const auto second = [](std::int64_t n) {
        return Time{1'765'656'000'000'000'000 + n * kNanosPerSecond};
    };
    count.about = Span{second(2), second(3)};
    fold(claims_projection(), rows,
         {event_at(1, "m", fill("a", "o", shares(1), dollars(1))),
          event_at(2, "m", fill("b", "o", shares(1), dollars(1))),
          event_at(3, "m", fill("c", "o", shares(1), dollars(1))), claim_at(4, "m", count)});
    CHECK(only_view(rows).fact == "1");
    CHECK_FALSE(only_view(rows).finding);
}

// 2025-12-14 (post-mortem): the bot counted the 33.21 shares of a LIVE order.
TEST_CASE("claimed fills of an order that was only LIVE are a finding", "[fold][claims]") {
    MemoryRows rows;
    Claim said = claim("filled", "33.21");
    said.order = "no-1";
    fold(claims_projection(), rows,
         {event_at(1, "m", intent("no-1", Shares{33'210'000})),
          event_at(2, "m", status("no-1", OrderStatusCode::live, "0xv")), claim_at(3, "m", said)});
    CHECK(only_view(rows).fact == "0");
    CHECK(only_view(rows).difference == "33.21");
    CHECK(only_view(rows).finding);
}

TEST_CASE("what is filled is told under either name of the order", "[fold][claims]") {
    for (const std::string name : {"ours", "0xv"}) {
        MemoryRows rows;
        Claim said = claim("filled", "3");
        said.order = name;
        fold(claims_projection(), rows,
             {event_at(1, "m", fill("a", "0xv", shares(1), dollars(1))),
              event_at(2, "m", fill("b", "ours", shares(2), dollars(1))),
              event_at(3, "m", status("ours", OrderStatusCode::live, "0xv")),
              claim_at(4, "m", said)});
        CHECK(only_view(rows).fact == "3");
        CHECK_FALSE(only_view(rows).finding);
    }
}

TEST_CASE("a claim about something that cannot be stated has no fact", "[fold][claims]") {
    MemoryRows rows;
    fold(claims_projection(), rows, {claim_at(1, "m", claim("sharpe", "2.5"))});
    CHECK_FALSE(only_view(rows).fact.has_value());
    CHECK_FALSE(only_view(rows).finding);
}

TEST_CASE("the moves of positions add up to the ledger after every event", "[fold][claims][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows rows;
        for (const Event& event : story(seed, {.contradictions = true})) {
            fold(claims_projection(), rows, {event});
            const Claims claims{rows};
            std::map<Holder, Figures> sums;
            for (const MoveRow& move : claims.moves("main", Mode::live))
                add(sums[move.holder], move.change);
            claims.ledger().for_each([&](const Holder& holder, const Position& position) {
                RC_ASSERT(sums[holder] == figures_of(position));
            });
        }
    }));
}

TEST_CASE("what claims know of an order's fills is what the orders know", "[fold][claims][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows rows, orders;
        const auto events = story(seed, {.contradictions = true});
        fold(claims_projection(), rows, events);
        fold(orders_projection(), orders, events);
        Orders{orders}.for_each([&](const OrderRow& order) {
            ClaimRow about;
            about.venue = order.venue;
            about.account = order.account;
            about.mode = order.mode;
            about.said.order = order.order.empty() ? order.venue_order : order.order;
            Shares sum;
            for (const FilledRow& row : Claims{rows}.filled(about)) sum += row.change;
            RC_ASSERT(sum == order.done.filled);
        });
    }));
}

TEST_CASE("dry-run events never change live moves or claims", "[fold][claims][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows live, both;
        for (Event event : story(seed)) {
            fold(claims_projection(), live, {event});
            fold(claims_projection(), both, {event});
            if (event.mode != Mode::live) continue;
            event.mode = Mode::dry_run;
            event.seq.raw += 10'000;
            fold(claims_projection(), both, {event});
        }
        const auto moves = [](Rows& rows) {
            std::string bytes;
            for (const MoveRow& move : Claims{rows}.moves("main", Mode::live)) bytes += pack(move);
            return bytes;
        };
        RC_ASSERT(moves(live) == moves(both));
        RC_ASSERT(!Claims{both}.moves("main", Mode::dry_run).empty() || moves(live).empty());
    }));
}

TEST_CASE("a claim of what the ledger says is never a finding", "[fold][claims][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows rows;
        const auto events = story(seed, {.contradictions = true});
        fold(claims_projection(), rows, events);
        Money realized;
        Ledger{rows}.for_each(
            [&](const Holder&, const Position& position) { realized += position.realized; });
        fold(claims_projection(), rows,
             {claim_at(events.size() + 1, "", claim("pnl", format_micros(realized.micros)))});
        RC_ASSERT(!only_view(rows).finding);
        RC_ASSERT(only_view(rows).difference == "0");
    }));
}

// By hand: market m has 10 Up and 7 Down (0.70: below 0.80), market n 4 Up alone. The first
// `limits` event moves the least ratio to 0.70, which 0.70 reaches.
TEST_CASE("markets are claimed by band, with the limits in force", "[fold][claims]") {
    const auto fact = [](const std::vector<Event>& limits, const std::string& metric) {
        MemoryRows rows;
        fold(claims_projection(), rows, limits);
        fold(claims_projection(), rows,
             {event_at(2, "m", fill("a", "o", shares(10), dollars(5))),
              event_at(3, "m", down(fill("b", "p", shares(7), dollars(3)))),
              event_at(4, "n", fill("c", "q", shares(4), dollars(1))),
              claim_at(5, "", claim(metric, "0"))});
        return only_view(rows).fact.value_or("none");
    };
    const std::vector<Event> looser{event_at(1, "", Limits{{{"min_hedge_ratio", "0.7"}}})};
    CHECK(fact({}, "markets") == "2");
    CHECK(fact({}, "one_sided_markets") == "1");
    CHECK(fact({}, "below_min_markets") == "1");
    CHECK(fact({}, "at_min_markets") == "0");
    CHECK(fact(looser, "below_min_markets") == "0");
    CHECK(fact(looser, "at_min_markets") == "1");
    CHECK(fact({}, "some_markets") == "none");
    CHECK(fact({}, "bought") == "9");
}

TEST_CASE("fills and purchases can be claimed of one outcome", "[fold][claims]") {
    for (const auto& [metric, said] : {std::pair{"fills", "2"}, {"bought", "8"}, {"sold", "0"}}) {
        CAPTURE(metric);
        MemoryRows rows;
        Claim up = claim(metric, "0");
        up.outcome = "Up";
        fold(claims_projection(), rows,
             {event_at(1, "m", fill("a", "o", shares(10), dollars(5))),
              event_at(2, "m", down(fill("b", "p", shares(7), dollars(3)))),
              event_at(3, "m", fill("c", "q", shares(4), dollars(3))), claim_at(4, "m", up)});
        CHECK(only_view(rows).fact == said);
    }
}
