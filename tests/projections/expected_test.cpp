// Expected against realised (trading.md 1, metric 4c). The examples are worked out by hand.
#include "projections/fold/expected.hpp"

#include <rapidcheck.h>

#include "projections/answers/findings.hpp"
#include "projections/fold/money_projections.hpp"
#include "support/catch.hpp"
#include "support/generator.hpp"
#include "support/orders.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

const Payouts kUp{Ratio{kMicro}, Ratio{0}};
const Payouts kDown{Ratio{0}, Ratio{kMicro}};

Money usd(std::string_view text) { return {parse_micros(text).value()}; }
Shares pieces(std::string_view text) { return {parse_micros(text).value()}; }

GroupPlan plan(std::string_view shares, std::string_view up, std::string_view down) {
    GroupPlan plan;
    plan.legs[0] = {Price{parse_micros(up).value()}, pieces(shares)};
    plan.legs[1] = {Price{parse_micros(down).value()}, pieces(shares)};
    return plan;
}
LegTotals bought(std::string_view shares, std::string_view cost) {
    return {pieces(shares), {}, usd(cost), {}};
}

}  // namespace

// 10 pairs at 0.48 + 0.49 were to earn 0.30, and did.
TEST_CASE("a group that went as planned realises what was expected", "[fold][expected]") {
    const GroupTotals went{{bought("10", "4.80"), bought("10", "4.90")}, {}};
    const Explained why = explain(plan("10", "0.48", "0.49"), went, went, kUp);
    CHECK(why.expected == usd("0.30"));
    CHECK(why.realized == usd("0.30"));
    for (const Money part : {why.shortfall, why.slippage, why.fees, why.unwind, why.direction,
                             why.voids, why.residual()})
        CHECK(part == Money{});
}

// Meant: 10 pairs at 0.97 = +0.30, no fee. Bought: 10 Up for 4.90 (0.10 more) and 6 Down for 3.00
// (0.06 more); fees 0.20. 6 pairs: 4 too few at 0.03 = -0.12; 6 Up of 4.90 are 2.94, so slippage is
// -(2.94 - 2.88) - (3.00 - 2.94) = -0.12. 4 Up are left, cost 1.96: Up wins +2.04, Down wins -1.96.
TEST_CASE("every cent between expected and realised has a name", "[fold][expected]") {
    const GroupTotals went{{bought("10", "4.90"), bought("6", "3.00")}, usd("0.20")};
    const Explained up = explain(plan("10", "0.48", "0.49"), went, went, kUp);
    CHECK(up.planned == pieces("10"));
    CHECK(up.paired == pieces("6"));
    CHECK(up.expected == usd("0.30"));
    CHECK(up.shortfall == usd("-0.12"));
    CHECK(up.slippage == usd("-0.12"));
    CHECK(up.fees == usd("-0.20"));
    CHECK(up.direction == usd("2.04"));
    CHECK(up.realized == usd("1.90"));  // 10 - 4.90 - 3.00 - 0.20
    CHECK(up.residual() == Money{});
    const Explained down = explain(plan("10", "0.48", "0.49"), went, went, kDown);
    CHECK(down.direction == usd("-1.96"));
    CHECK(down.realized == usd("-2.10"));
    CHECK(down.residual() == Money{});
}

// The bot expected 0.25 after fees, so fees of 0.05; it paid 0.36.
TEST_CASE("a stated profit says which fees were expected", "[fold][expected]") {
    GroupPlan meant = plan("10", "0.48", "0.49");
    meant.profit = usd("0.25");
    const GroupTotals went{{bought("10", "4.80"), bought("10", "4.90")}, usd("0.36")};
    const Explained why = explain(meant, went, went, kUp);
    CHECK(why.expected == usd("0.25"));
    CHECK(why.fees == usd("-0.31"));
    CHECK(why.realized == usd("-0.06"));
    CHECK(why.residual() == Money{});
}

// BTC 10:15 of the day: 12.51 Up for 3.38, sold for 2.13; 44.75 Down for 28.16; Down won: +15.34.
TEST_CASE("what was sold again stands under unwind", "[fold][expected]") {
    GroupTotals went{{bought("12.51", "3.38"), bought("44.75", "28.16")}, {}};
    went.legs[0].sold = pieces("12.51");
    went.legs[0].proceeds = usd("2.13");
    const Explained why = explain({}, went, went, kDown);
    CHECK(why.unwind == usd("-1.25"));
    CHECK(why.direction == usd("16.59"));
    CHECK(why.realized == usd("15.34"));
    CHECK(why.residual() == Money{});
}

// 10 pairs for 9.70; the Down leg fails to settle and Down wins: instead of +0.30 the Up is lost.
TEST_CASE("a failed settlement is told apart from what was planned", "[fold][expected]") {
    const GroupTotals told{{bought("10", "4.80"), bought("10", "4.90")}, {}};
    const GroupTotals counts{{bought("10", "4.80"), {}}, {}};
    const Explained why = explain(plan("10", "0.48", "0.49"), told, counts, kDown);
    CHECK(why.expected == usd("0.30"));
    CHECK(why.shortfall == Money{});
    CHECK(why.voids == usd("-5.10"));
    CHECK(why.realized == usd("-4.80"));
    CHECK(why.paired == Shares{});
    CHECK(why.residual() == Money{});
}

TEST_CASE("whatever is bought, sold, charged and voided, nothing is left over",
          "[fold][expected][law]") {
    CHECK(rc::check([] {
        const auto amount = [] { return *rc::gen::inRange<std::int64_t>(0, 2'000'000'000); };
        const auto totals = [&] {
            GroupTotals all;
            for (LegTotals& leg : all.legs)
                leg = {{amount()}, {amount() / 2}, {amount()}, {amount() / 2}};
            for (LegTotals& leg : all.legs) {  // what never was bought did cost nothing
                if (leg.bought.micros == 0) leg.cost = {};
            }
            all.fees = {amount() / 100};
            return all;
        };
        GroupPlan meant;
        for (LegPlan& leg : meant.legs) {
            leg.shares = {amount()};
            if (*rc::gen::arbitrary<bool>())
                leg.price = Price{*rc::gen::inRange<std::int64_t>(0, kMicro)};
        }
        if (*rc::gen::arbitrary<bool>()) meant.profit = Money{amount() - 1'000'000'000};
        const std::int64_t up = *rc::gen::element<std::int64_t>(0, kMicro, kMicro / 2, 333'333);
        const Payouts pays{Ratio{up}, Ratio{kMicro - up}};
        const GroupTotals counts = totals();
        const Explained why = explain(meant, totals(), counts, pays);
        RC_ASSERT(why.residual() == Money{});
        RC_ASSERT(why.realized == result_of(counts, pays));
    }));
}

TEST_CASE("the groups of a market add up to what the ledger realised", "[fold][expected][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows pnl, findings;
        for (Event event : story(seed, {.wallet = false})) {
            if (auto* intent = std::get_if<OrderIntent>(&event.body))
                intent->group = "g" + std::to_string(event.seq.raw % 3);
            fold(pnl_projection(), pnl, {event});
            fold(findings_projection(), findings, {event});
        }
        for (const CaseFile& file : cases_of(findings, pnl, {}, {})) {
            const auto pays = payouts(file.market);
            if (!pays) continue;
            Money sum;
            for (const GroupCase& group : groups_of(file)) {
                const Explained why = explain(group.plan, group.told, group.counted, *pays);
                RC_ASSERT(why.residual() == Money{});
                sum += why.realized;
            }
            // Each group rounds its payout by itself: half of an odd micro-share is a micro either
            // way.
            const std::int64_t off = (sum - file.position.realized).micros;
            const auto groups = static_cast<std::int64_t>(groups_of(file).size());
            const bool whole = pays->at(0).micros % kMicro == 0;
            RC_ASSERT((off < 0 ? -off : off) <= (whole ? 0 : groups + 1));
        }
    }));
}
