#include "projections/fold/orders.hpp"

#include "support/catch.hpp"
#include "support/orders.hpp"

using namespace daybook;
using namespace daybook::test;
using Code = OrderStatusCode;

namespace {

std::vector<OrderRow> orders_after(std::initializer_list<Event> events) {
    MemoryRows rows;
    fold(orders_projection(), rows, events);
    std::vector<OrderRow> all;
    Orders{rows}.for_each([&](const OrderRow& row) { all.push_back(row); });
    return all;
}
OrderRow order_after(std::initializer_list<Event> events) {
    const std::vector<OrderRow> all = orders_after(events);
    REQUIRE(all.size() == 1);
    return all.front();
}
Event at(std::uint64_t seq, Body body) { return event_at(seq, "m", std::move(body)); }

}  // namespace

TEST_CASE("a LIVE, MATCHED or FILLED status fills nothing, whatever it claims", "[fold][orders]") {
    for (const Code code : {Code::live, Code::matched, Code::filled}) {
        OrderStatus claim = status("o", code);
        claim.claimed_matched = shares(10);
        claim.claimed_cost = dollars(5);
        const OrderRow order = order_after(
            {at(1, intent("o", shares(10))), at(2, status("o", Code::submitted)), at(3, claim)});
        REQUIRE(order.done == OrderFilled{});
        REQUIRE(order.state() != OrderState::filled);
        REQUIRE(order.standing.claimed_matched == shares(10));
        REQUIRE(order.open == shares(10));
    }
}

TEST_CASE("an order is filled when its fills reach its shares less 0.01", "[fold][orders]") {
    const auto state = [](std::int64_t micros) {
        return order_after({at(1, intent("o", shares(10))), at(2, status("o", Code::live)),
                            at(3, fill("t", "o", {micros}, dollars(5)))})
            .state();
    };
    REQUIRE(state(9'990'000) == OrderState::filled);
    REQUIRE(state(9'989'999) == OrderState::partially_filled);
}

TEST_CASE("fills sum up, and what is left is open", "[fold][orders]") {
    const OrderRow order =
        order_after({at(1, intent("o", shares(10))), at(2, status("o", Code::live)),
                     at(3, fill("t1", "o", shares(3), dollars(1))),
                     at(4, fill("t2", "o", shares(2), dollars(1)))});
    REQUIRE(order.state() == OrderState::partially_filled);
    REQUIRE(order.done == OrderFilled{shares(5), {}, dollars(2), {}, 2});
    REQUIRE(order.open == shares(5));
}

TEST_CASE("a fill after the cancel is counted and flagged late", "[fold][orders]") {
    const OrderRow part = order_after(
        {at(1, intent("o", shares(10))), at(2, status("o", Code::live)),
         at(3, status("o", Code::canceled)), at(4, fill("t1", "o", shares(3), dollars(1)))});
    REQUIRE(part.state() == OrderState::canceled);
    REQUIRE(part.done.filled == shares(3));
    REQUIRE(part.open == Shares{});
    REQUIRE(part.flags.has(OrderFlag::late_fill));
    const OrderRow all = order_after(
        {at(1, intent("o", shares(10))), at(2, status("o", Code::live)),
         at(3, status("o", Code::canceled)), at(4, fill("t1", "o", shares(10), dollars(1)))});
    REQUIRE(all.state() == OrderState::filled);
    REQUIRE(all.flags.has(OrderFlag::late_fill));
}

TEST_CASE("an overfill is counted and flagged, dust is not flagged", "[fold][orders]") {
    const auto flagged = [](std::int64_t micros) {
        const OrderRow order =
            order_after({at(1, intent("o", shares(10))), at(2, status("o", Code::live)),
                         at(3, fill("t1", "o", {micros}, dollars(1)))});
        REQUIRE(order.done.filled == Shares{micros});
        return order.flags.has(OrderFlag::overfill);
    };
    REQUIRE(flagged(10'010'001));
    REQUIRE_FALSE(flagged(10'010'000));
}

TEST_CASE("a fill nobody ordered is an adopted orphan", "[fold][orders]") {
    const OrderRow ghost = order_after({at(1, fill("t", "o", shares(3), dollars(1)))});
    REQUIRE(ghost.flags.has(OrderFlag::adopted));
    REQUIRE(ghost.flags.has(OrderFlag::orphan));
    REQUIRE(ghost.state() == OrderState::partially_filled);
    REQUIRE(ghost.standing.attempted);
    const OrderRow known =
        order_after({at(1, fill("t", "o", shares(3), dollars(1))), at(2, intent("o", shares(3)))});
    REQUIRE_FALSE(known.flags.has(OrderFlag::orphan));
    REQUIRE(known.flags.has(OrderFlag::out_of_order));
    REQUIRE(known.state() == OrderState::filled);
}

TEST_CASE("a settlement that fails takes its shares back", "[fold][orders]") {
    const OrderRow order =
        order_after({at(1, intent("o", shares(10))), at(2, status("o", Code::live)),
                     at(3, fill("t", "o", shares(10), dollars(5))),
                     at(4, settled("t", "o", SettlementStatus::retrying)),
                     at(5, settled("t", "o", SettlementStatus::failed)),
                     at(6, settled("t", "o", SettlementStatus::failed))});
    REQUIRE(order.state() == OrderState::live);
    REQUIRE(order.done == OrderFilled{{}, shares(10), {}, {}, 0});
    REQUIRE(order.open == Shares{});
    REQUIRE(order.flags.has(OrderFlag::voided));
    REQUIRE_FALSE(order.times.filled);
}

TEST_CASE("a failure that comes before its fill waits for it", "[fold][orders]") {
    REQUIRE(orders_after({at(1, settled("t", "o", SettlementStatus::failed))}).empty());
    const OrderRow order = order_after({at(1, settled("t", "o", SettlementStatus::failed)),
                                        at(2, fill("t", "o", shares(4), dollars(2)))});
    REQUIRE(order.done == OrderFilled{{}, shares(4), {}, {}, 0});
}

TEST_CASE("a contradicting final settlement is kept as a flag", "[fold][orders]") {
    const OrderRow order = order_after({at(1, fill("t", "o", shares(4), dollars(2))),
                                        at(2, settled("t", "o", SettlementStatus::confirmed)),
                                        at(3, settled("t", "o", SettlementStatus::failed))});
    REQUIRE(order.done.filled == shares(4));
    REQUIRE(order.flags.has(OrderFlag::contradicting_settlement));
}

TEST_CASE("a correction states new absolute values", "[fold][orders]") {
    FillCorrection correction{"t", "o", shares(6), dollars(3), Money{70'000}, {}, "venue"};
    const OrderRow order =
        order_after({at(1, intent("o", shares(10))), at(2, status("o", Code::live)),
                     at(3, fill("t", "o", shares(10), dollars(5))), at(4, correction)});
    REQUIRE(order.done == OrderFilled{shares(6), {}, dollars(3), Money{70'000}, 1});
    REQUIRE(order.state() == OrderState::partially_filled);
    REQUIRE(order.open == shares(4));
}

TEST_CASE("a fill of a rejected order is counted and flagged a conflict", "[fold][orders]") {
    const OrderRow order =
        order_after({at(1, intent("o", shares(10))), at(2, status("o", Code::rejected)),
                     at(3, fill("t", "o", shares(4), dollars(2)))});
    REQUIRE(order.state() == OrderState::rejected);
    REQUIRE(order.done.filled == shares(4));
    REQUIRE(order.flags.has(OrderFlag::conflict));
}

TEST_CASE("the bot's and the venue's name become one order when a status says both",
          "[fold][orders]") {
    const OrderRow order = order_after(
        {at(1, intent("c", shares(10))), at(2, status("c", Code::submitted)),
         at(3, fill("t1", "v", shares(4), dollars(2))),
         at(4, fill("t1", "c", shares(4), dollars(2))), at(5, status("c", Code::live, "v")),
         at(6, fill("t2", "v", shares(6), dollars(3)))});
    REQUIRE(order.order == "c");
    REQUIRE(order.venue_order == "v");
    REQUIRE(order.done == OrderFilled{shares(10), {}, dollars(5), {}, 2});
    REQUIRE(order.state() == OrderState::filled);
    REQUIRE(order.flags.has(OrderFlag::repeated_fill));
    REQUIRE_FALSE(order.flags.has(OrderFlag::orphan));
    REQUIRE(order.first_seq == Sequence{1});
}

TEST_CASE("an order of another account or mode is another order", "[fold][orders]") {
    Event paper = at(2, intent("o", shares(10)));
    paper.mode = Mode::dry_run;
    Event other = at(3, intent("o", shares(10)));
    other.account = "second";
    REQUIRE(orders_after({at(1, intent("o", shares(10))), paper, other}).size() == 3);
}

TEST_CASE("an intent alone is no attempt and nothing of it works", "[fold][orders]") {
    const OrderRow order = order_after({at(1, intent("o", shares(10)))});
    REQUIRE_FALSE(order.standing.attempted);
    REQUIRE(order.open == Shares{});
    REQUIRE(order.state() == OrderState::new_);
}

TEST_CASE("an order first seen at the venue is adopted with the venue's terms", "[fold][orders]") {
    OrderStatus seen = status("", Code::live, "v");
    seen.outcome = "Down";
    seen.side = Side::sell;
    seen.price = cents(40);
    seen.shares = shares(7);
    const OrderRow order = order_after({at(1, seen)});
    REQUIRE(order.flags.has(OrderFlag::adopted));
    REQUIRE(order.venue_order == "v");
    REQUIRE(order.order.empty());
    REQUIRE(order.open == shares(7));
    REQUIRE(order.terms.side == Side::sell);
}
