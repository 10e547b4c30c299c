#include "projections/fold/execution.hpp"

#include "projections/fold/orders.hpp"
#include "support/catch.hpp"
#include "support/orders.hpp"

using namespace daybook;
using namespace daybook::test;
using Code = OrderStatusCode;

namespace {

/// Events are one second apart: event_at().
std::optional<Execution> execution_after(std::initializer_list<Event> events,
                                         std::int64_t timeout_ms = kFillTimeoutMs) {
    MemoryRows rows;
    fold(orders_projection(), rows, events);
    std::vector<OrderRow> all;
    Orders{rows}.for_each([&](const OrderRow& row) { all.push_back(row); });
    const Event* last = events.size() == 0 ? nullptr : events.end() - 1;
    return execution_of(all, last == nullptr ? std::nullopt : last->time, timeout_ms);
}
Event at(std::uint64_t seq, Body body) { return event_at(seq, "m", std::move(body)); }

}  // namespace

TEST_CASE("without an attempt there is no execution", "[fold][execution]") {
    REQUIRE_FALSE(execution_after({}));
    REQUIRE_FALSE(execution_after({at(1, intent("o", shares(10)))}));
}

TEST_CASE("attempts are filled, filled in part or not at all", "[fold][execution]") {
    const auto sum = execution_after(
        {at(1, intent("a", shares(10))), at(2, intent("b", shares(10))),
         at(3, intent("c", shares(10))), at(4, intent("d", shares(10))),
         at(5, fill("t", "a", shares(10), dollars(5))),
         at(6, fill("u", "b", shares(5), dollars(2))), at(7, status("c", Code::matched))});
    REQUIRE(sum->attempts == 3);
    REQUIRE(sum->filled == 1);
    REQUIRE(sum->partial == 1);
    REQUIRE(sum->none == 1);
    REQUIRE(sum->fill_ratio == Ratio{500'000});
}

TEST_CASE("rejections are counted by reason", "[fold][execution]") {
    OrderStatus refused = status("a", Code::rejected);
    refused.reason = "not enough balance";
    OrderStatus again = refused;
    again.order = "b";
    const auto sum =
        execution_after({at(1, refused), at(2, again), at(3, status("c", Code::rejected))});
    REQUIRE(sum->rejected == 3);
    REQUIRE(sum->rejections ==
            std::map<std::string, std::uint32_t>{{"", 1}, {"not enough balance", 2}});
}

TEST_CASE("an order that rests past the time-out is live at time-out", "[fold][execution]") {
    const auto waiting = [](std::uint64_t end, Code code) {
        return execution_after({at(1, status("o", Code::submitted)), at(2, status("o", Code::live)),
                                at(end, status("o", code))})
            ->live_at_timeout;
    };
    REQUIRE(waiting(7, Code::canceled) == 1);
    REQUIRE(waiting(6, Code::canceled) == 0);  // at 5 s exactly: in time
    REQUIRE(waiting(7, Code::live) == 1);
}

TEST_CASE("slippage is signed: positive is worse than intended, for buys and sales",
          "[fold][execution]") {
    const auto slip = [](Side side, std::int64_t cost) {
        return execution_after({at(1, intent("o", shares(10), cents(50), side)),
                                at(2, fill("t", "o", shares(10), {cost}, side))})
            ->slippage.value();
    };
    REQUIRE(slip(Side::buy, 5'200'000) == Slippage{{200'000}, {20'000}});
    REQUIRE(slip(Side::buy, 4'900'000) == Slippage{{-100'000}, {-10'000}});
    REQUIRE(slip(Side::sell, 4'900'000) == Slippage{{100'000}, {10'000}});
}

TEST_CASE("time to fill is from submission to completion", "[fold][execution]") {
    const auto sum = execution_after(
        {at(1, intent("a", shares(1))), at(2, status("a", Code::submitted)),
         at(3, fill("t", "a", shares(1), dollars(1))), at(4, intent("b", shares(1))),
         at(7, fill("u", "b", shares(1), dollars(1)))});
    REQUIRE(sum->time_to_fill ==
            Durations{kNanosPerSecond, 3 * kNanosPerSecond, 3 * kNanosPerSecond});
}
