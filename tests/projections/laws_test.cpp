#include <rapidcheck.h>

#include "projections/fold/catalogue.hpp"
#include "projections/fold/fills.hpp"
#include "projections/fold/orders.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"
#include "support/generator.hpp"

// Laws of the folds, over made-up trading stories. rapidcheck prints the seed that breaks one.

using namespace daybook;
using namespace daybook::test;

namespace {

OrderFilled operator+(OrderFilled a, const OrderFilled& b) {
    return {a.filled + b.filled, a.failed + b.failed, a.cost + b.cost, a.fees + b.fees,
            a.fills + b.fills};
}

std::vector<OrderRow> all_orders(Rows& rows) {
    std::vector<OrderRow> all;
    Orders{rows}.for_each([&](const OrderRow& row) { all.push_back(row); });
    return all;
}
OrderFilled total(const std::vector<OrderRow>& orders) {
    OrderFilled sum;
    for (const OrderRow& order : orders) sum = sum + order.done;
    return sum;
}
std::map<std::string, OrderFilled> by_name(const std::vector<Event>& events) {
    MemoryRows rows;
    fold(orders_projection(), rows, events);
    std::map<std::string, OrderFilled> sums;
    for (const OrderRow& order : all_orders(rows)) sums[order.order] = order.done;
    return sums;
}

/// The same story told by somebody who knew from the start that "ck" is "vk".
std::vector<Event> with_both_names(std::vector<Event> events) {
    for (Event& event : events) {
        if (auto* said = std::get_if<OrderStatus>(&event.body)) {
            const std::string number =
                (said->order.empty() ? said->venue_order : said->order).substr(1);
            said->order = "c" + number;
            said->venue_order = "v" + number;
        }
        const auto by_client = [](std::string& order) { order[0] = 'c'; };
        if (auto* fill = std::get_if<Fill>(&event.body)) by_client(fill->order);
        if (auto* settled = std::get_if<FillSettlement>(&event.body)) by_client(settled->order);
        if (auto* corrected = std::get_if<FillCorrection>(&event.body)) by_client(corrected->order);
    }
    return events;
}

}  // namespace

TEST_CASE("no status event changes filled shares, cost or any quantity", "[fold][laws]") {
    REQUIRE(rc::check("status has no path to a quantity", [](std::uint64_t seed) {
        MemoryRows rows;
        for (const Event& event : story(seed)) {
            const OrderFilled before = total(all_orders(rows));
            fold(orders_projection(), rows, {event});
            if (std::holds_alternative<OrderStatus>(event.body)) {
                RC_ASSERT(total(all_orders(rows)) == before);
            }
        }
    }));
}

TEST_CASE("quantities do not depend on the order in which things are recorded", "[fold][laws]") {
    REQUIRE(rc::check("any order gives the same sums", [](std::uint64_t seed) {
        const std::vector<Event> events = story(seed);
        RC_ASSERT(by_name(events) == by_name(shuffled(events, seed + 1)));
    }));
}

TEST_CASE("what is said twice counts once", "[fold][laws]") {
    REQUIRE(rc::check("repeats change nothing", [](std::uint64_t seed) {
        std::vector<Event> events = story(seed, {.repeat = 0});
        const auto once = by_name(events);
        const std::vector<Event> again = events;
        events.insert(events.end(), again.begin(), again.end());
        RC_ASSERT(by_name(shuffled(events, seed)) == once);
    }));
}

TEST_CASE("a fold that stops after any event and goes on later gives the same rows",
          "[fold][laws]") {
    REQUIRE(rc::check("stop and go on", [](std::uint64_t seed) {
        const std::vector<Event> events = story(seed, {.contradictions = true});
        const auto stop = events.begin() + static_cast<std::ptrdiff_t>(seed % events.size());
        for (const Projection& projection : catalogue()) {
            MemoryRows whole, first, rest;
            fold(projection, whole, events);
            fold(projection, first, std::vector<Event>(events.begin(), stop));
            for (const auto& [key, value] : first.all()) rest.put(key.first, key.second, value);
            fold(projection, rest, std::vector<Event>(stop, events.end()));
            RC_ASSERT(rest.all() == whole.all());
        }
    }));
}

TEST_CASE("learning late that two names are one order is like having known it from the start",
          "[fold][laws]") {
    REQUIRE(rc::check("late links", [](std::uint64_t seed) {
        const std::vector<Event> events = story(seed, {.contradictions = true});
        MemoryRows late, known;
        fold(orders_projection(), late, events);
        fold(orders_projection(), known, with_both_names(events));
        RC_ASSERT(all_orders(late) == all_orders(known));
    }));
}

TEST_CASE("fills and orders tell of the same shares", "[fold][laws]") {
    REQUIRE(rc::check("two projections, one sum", [](std::uint64_t seed) {
        const std::vector<Event> events = story(seed, {.contradictions = true});
        MemoryRows order_rows, fill_rows;
        fold(orders_projection(), order_rows, events);
        fold(fills_projection(), fill_rows, events);
        OrderFilled sum;
        Fills{fill_rows}.for_each(
            [&](const FillRow& row) { sum = sum + account({}, {}, row.state); });
        RC_ASSERT(sum == total(all_orders(order_rows)));
    }));
}

TEST_CASE("open shares are none in final states and never more than ordered", "[fold][laws]") {
    REQUIRE(rc::check("open shares", [](std::uint64_t seed) {
        MemoryRows rows;
        fold(orders_projection(), rows, story(seed));
        for (const OrderRow& order : all_orders(rows)) {
            RC_ASSERT(order.open >= Shares{});
            RC_ASSERT(!is_final(order.state()) || order.open == Shares{});
            RC_ASSERT(order.open <= order.terms.shares.value_or(Shares{}));
            const bool complete = progress_of(order.terms, order.done) == Progress::all;
            RC_ASSERT((order.state() == OrderState::filled) == complete);
        }
    }));
}
