#include <rapidcheck.h>

#include "projections/fold/ledger.hpp"
#include "projections/fold/money_projections.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"
#include "support/generator.hpp"

using namespace daybook;

namespace {

/// Cash in and out of fills and pairs, without redemptions: those turn shares into cash, not into
/// profit.
Money traded_cash(const Flows& flows) { return net_cash(flows) - flows.redeemed; }

/// What nobody explains: cash that moved + what is held (at cost, or at its payout) − what was
/// made.
Money residual(const Position& position) {
    Money held;
    for (std::size_t i = 0; i < 2; ++i) {
        const OutcomeSide& side = position.sides.at(i);
        if (!position.resolved()) {
            held += side.matched.cost;
        } else if ((i == 0) == (position.payout_up->micros == kMicro)) {
            held += Money{(side.matched.shares + side.late).micros};
        }
    }
    return traded_cash(position.flows) + held - position.realized;
}

bool pays_whole_dollars(const Position& position) {
    return !position.resolved() || position.payout_up->micros % kMicro == 0;
}

using Quantities = std::vector<std::pair<Holder, Position>>;

Quantities positions_of(Rows& rows) {
    Quantities all;
    Ledger{rows}.for_each([&](const Holder& holder, const Position& position) {
        all.emplace_back(holder, position);
    });
    return all;
}

}  // namespace

TEST_CASE("cash, positions and P&L add up with zero residual after every event",
          "[fold][ledger][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows rows;
        for (const Event& event : test::story(seed)) {
            test::fold(positions_projection(), rows, {event});
            Ledger{rows}.for_each([](const Holder&, const Position& position) {
                if (pays_whole_dollars(position)) RC_ASSERT(residual(position) == Money{});
                RC_ASSERT(position.edge + position.direction() == position.realized);
            });
        }
    }));
}

TEST_CASE("no status of an order changes shares, cash or P&L", "[fold][ledger][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows all, without;
        test::StoryOptions options;
        options.repeat = 0;
        for (const Event& event : test::story(seed, options)) {
            const auto before = positions_of(all);
            test::fold(positions_projection(), all, {event});
            if (std::holds_alternative<OrderStatus>(event.body))
                RC_ASSERT(positions_of(all) == before);
        }
    }));
}

TEST_CASE("duplicates of a fill change nothing", "[fold][ledger][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        test::StoryOptions options;
        options.repeat = 0;
        MemoryRows once, twice;
        std::uint64_t seq = 0;
        for (Event event : test::story(seed, options)) {
            event.seq = {++seq};
            test::fold(positions_projection(), once, {event});
            test::fold(positions_projection(), twice, {event});
            event.seq = {++seq};
            if (std::holds_alternative<Fill>(event.body))
                test::fold(positions_projection(), twice, {event});
        }
        RC_ASSERT(positions_of(once) == positions_of(twice));
    }));
}

TEST_CASE("late and early settlements give the same quantities", "[fold][ledger][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        const auto quantities = [](Rows& rows) {
            std::map<std::string, std::array<std::int64_t, 4>> sums;
            Ledger ledger{rows};
            ledger.for_each([&](const Holder& holder, const Position& position) {
                const std::string name = ledger.markets().find(holder.market)->name;
                for (std::size_t i = 0; i < 2; ++i) {
                    sums[name].at(i * 2) +=
                        (position.sides.at(i).matched.shares + position.sides.at(i).late).micros;
                    sums[name].at(i * 2 + 1) += position.sides.at(i).failed.micros;
                }
            });
            return sums;
        };
        test::StoryOptions options;
        options.correct = 0;
        options.wallet = false;
        const auto events = test::story(seed, options);
        MemoryRows told, mixed;
        test::fold(positions_projection(), told, events);
        test::fold(positions_projection(), mixed, test::shuffled(events, seed + 1));
        auto a = quantities(told), b = quantities(mixed);
        std::int64_t sum_a = 0, sum_b = 0;
        for (const auto& [name, q] : a) sum_a += q[0] + q[1] * 3 + q[2] * 5 + q[3] * 7;
        for (const auto& [name, q] : b) sum_b += q[0] + q[1] * 3 + q[2] * 5 + q[3] * 7;
        RC_ASSERT(sum_a == sum_b);
    }));
}

TEST_CASE("stopping after any event and going on gives the same rows", "[fold][ledger][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        const auto events = test::story(seed);
        MemoryRows through, again;
        test::fold(positions_projection(), through, events);
        for (const Event& event : events) test::fold(positions_projection(), again, {event});
        RC_ASSERT(through.all() == again.all());
    }));
}
