#include "projections/fold/order_lifecycle.hpp"

#include <set>

#include "support/catch.hpp"

using namespace daybook;

namespace {

Lifecycle at(OrderState state) { return {state, state, OrderState::live}; }
OrderState after(OrderState state, OrderStep step, Progress progress = Progress::none) {
    return move(at(state), step, progress).life.state;
}
Flags<OrderFlag> flagged(OrderState state, OrderStep step) {
    return move(at(state), step, Progress::part).flags;
}

constexpr auto kAllStates = {
    OrderState::new_,    OrderState::submitted,      OrderState::unknown,
    OrderState::delayed, OrderState::live,           OrderState::partially_filled,
    OrderState::filled,  OrderState::pending_cancel, OrderState::canceled,
    OrderState::expired, OrderState::rejected};

}  // namespace

TEST_CASE("every status code is a step, and no status is a fill", "[fold][order_lifecycle]") {
    for (std::size_t i = 0; i < EnumText<OrderStatusCode>::names.size(); ++i) {
        REQUIRE(step_of(static_cast<OrderStatusCode>(i)) < OrderStep::fill_part);
    }
}

TEST_CASE("no status makes an order filled or partially filled", "[fold][order_lifecycle]") {
    for (const OrderState state : kAllStates) {
        for (std::size_t i = 0; i < EnumText<OrderStatusCode>::names.size(); ++i) {
            const OrderState next = after(state, step_of(static_cast<OrderStatusCode>(i)));
            REQUIRE((next == state ||
                     (next != OrderState::filled && next != OrderState::partially_filled)));
        }
    }
}

TEST_CASE("an order that is complete is filled, whatever was said of it",
          "[fold][order_lifecycle]") {
    for (const OrderState state : kAllStates) {
        REQUIRE(after(state, OrderStep::fill_all, Progress::all) == OrderState::filled);
        REQUIRE(after(state, OrderStep::revised_all, Progress::all) == OrderState::filled);
    }
}

TEST_CASE("an unknown order stays unknown until there is evidence", "[fold][order_lifecycle]") {
    REQUIRE(after(OrderState::submitted, OrderStep::unknown) == OrderState::unknown);
    REQUIRE(after(OrderState::unknown, OrderStep::submitted) == OrderState::unknown);
    REQUIRE(flagged(OrderState::unknown, OrderStep::submitted).has(OrderFlag::illegal_transition));
    REQUIRE(after(OrderState::unknown, OrderStep::claimed) == OrderState::unknown);
    REQUIRE(after(OrderState::unknown, OrderStep::rejected) == OrderState::rejected);
    REQUIRE(after(OrderState::unknown, OrderStep::live) == OrderState::live);
    REQUIRE(after(OrderState::unknown, OrderStep::fill_part, Progress::part) ==
            OrderState::partially_filled);
}

TEST_CASE("a refused cancel returns to the state before it was asked for",
          "[fold][order_lifecycle]") {
    for (const OrderState state : {OrderState::submitted, OrderState::delayed, OrderState::live}) {
        const Lifecycle asked = move(at(state), OrderStep::cancel_requested, Progress::none).life;
        REQUIRE(asked.state == OrderState::pending_cancel);
        REQUIRE(move(asked, OrderStep::cancel_rejected, Progress::none).life.state == state);
        REQUIRE(move(asked, OrderStep::cancel_rejected, Progress::part).life.state ==
                OrderState::partially_filled);
    }
}

TEST_CASE("what cannot follow keeps the state and is flagged", "[fold][order_lifecycle]") {
    REQUIRE(after(OrderState::canceled, OrderStep::live) == OrderState::canceled);
    REQUIRE(flagged(OrderState::canceled, OrderStep::live).has(OrderFlag::illegal_transition));
    REQUIRE(after(OrderState::filled, OrderStep::canceled) == OrderState::filled);
    REQUIRE(flagged(OrderState::filled, OrderStep::live).has(OrderFlag::illegal_transition));
    REQUIRE(flagged(OrderState::rejected, OrderStep::live).has(OrderFlag::conflict));
    REQUIRE(flagged(OrderState::rejected, OrderStep::fill_part).has(OrderFlag::conflict));
    REQUIRE(flagged(OrderState::new_, OrderStep::live).has(OrderFlag::out_of_order));
    REQUIRE(flagged(OrderState::filled, OrderStep::cancel_rejected) == Flags<OrderFlag>{});
    REQUIRE(flagged(OrderState::canceled, OrderStep::fill_part).has(OrderFlag::late_fill));
}

TEST_CASE("a void falls back to what the statuses alone say", "[fold][order_lifecycle]") {
    Lifecycle life = move(at(OrderState::live), OrderStep::fill_all, Progress::all).life;
    REQUIRE(move(life, OrderStep::revised_part, Progress::none).life.state == OrderState::live);
    REQUIRE(move(life, OrderStep::revised_part, Progress::part).life.state ==
            OrderState::partially_filled);
    life = move(life, OrderStep::canceled, Progress::all).life;
    REQUIRE(life.state == OrderState::filled);
    REQUIRE(move(life, OrderStep::revised_part, Progress::none).life.state == OrderState::canceled);
}
