#include "projections/fold/history.hpp"

#include <rapidcheck.h>

#include "projections/answers/positions.hpp"
#include "projections/fold/money_projections.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"
#include "support/generator.hpp"
#include "support/orders.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

using Held = std::vector<std::pair<Holder, Position>>;

template <class AnyLedger>
Held held(const AnyLedger& ledger) {
    Held all;
    ledger.for_each([&](const Holder& holder, const Position& position) {
        all.emplace_back(holder, position);
    });
    return all;
}

std::string shown(const std::vector<PositionView>& views) {
    JsonWriter out;
    write(out, list_positions(views, {}));
    return std::move(out).str();
}

/// What folds of a story say while they grow, beside those of all of it.
class Growing {
  public:
    explicit Growing(const std::vector<Event>& story) {
        fold(history_projection(), history, story);
        fold(orders_projection(), orders, story);
    }
    void take(const Event& event) {
        fold(positions_projection(), positions_then, {event});
        fold(orders_projection(), orders_then, {event});
    }
    MemoryRows history, orders, positions_then, orders_then;
};

}  // namespace

TEST_CASE("every past position is what a fold that ended there says", "[fold][history][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        const auto events = story(seed);
        Growing all{events};
        for (const Event& event : events) {
            all.take(event);
            RC_ASSERT(held(PastLedger{all.history, event.seq}) == held(Ledger{all.positions_then}));
        }
    }));
}

TEST_CASE("positions and waiting orders of the past are shown as they were then",
          "[fold][history][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        const auto events = story(seed);
        Growing all{events};
        for (const Event& event : events) {
            all.take(event);
            const Scope scope;
            RC_ASSERT(shown(past_positions_of(all.history, all.orders, scope, event.seq)) ==
                      shown(positions_of(all.positions_then, all.orders_then, scope)));
        }
    }));
}

// 64 states share a row: 200 fills of one market are four of them.
TEST_CASE("the past of a position reaches over many rows", "[fold][history]") {
    std::vector<Event> fills;
    for (std::uint64_t seq = 1; seq <= 200; ++seq) {
        fills.push_back(
            event_at(seq, "m", fill("t" + std::to_string(seq), "o", shares(1), Money{500'000})));
    }
    MemoryRows rows;
    fold(history_projection(), rows, fills);
    for (std::uint64_t seq = 1; seq <= 200; ++seq) {
        const auto then = held(PastLedger{rows, {seq}});
        REQUIRE(then.size() == 1);
        CHECK(then.front().second.sides[0].matched.shares ==
              shares(static_cast<std::int64_t>(seq)));
        CHECK(PastLedger{rows, {seq}}.position(then.front().first) == then.front().second);
    }
    CHECK(held(PastLedger{rows, {}}).empty());
}
