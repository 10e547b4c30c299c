#include "projections/answers/reconcile.hpp"

#include "support/catch.hpp"

using namespace daybook;

namespace {

Stated said(std::int64_t shares, std::int64_t cost) {
    return {Shares{shares}, Money{cost}, {}, {}};
}

}  // namespace

TEST_CASE("agreed is equal to the micro-dollar, and a hundredth is the last rounding",
          "[answers][reconcile]") {
    const Stated here = said(5'000'000, 2'560'000);
    CHECK(compare(here, said(5'000'000, 2'560'000)) == Match::agreed);
    CHECK(compare(here, said(5'000'000, 2'560'001)) == Match::rounding);
    CHECK(compare(here, said(5'000'000, 2'570'000)) == Match::rounding);
    CHECK(compare(here, said(5'000'000, 2'570'001)) == Match::different);
    CHECK(compare(here, said(5'000'000, 2'549'999)) == Match::different);
    CHECK(compare(here, said(5'010'001, 2'560'000)) == Match::different);
}

TEST_CASE("fee and P&L are compared only where both sides state a fee", "[answers][reconcile]") {
    Stated here = said(5'000'000, 2'560'000), there = here;
    there.fee = Money{92'160};
    here.pnl = Money{1};
    there.pnl = Money{500'000};
    CHECK(compare(here, there) == Match::agreed);
    here.fee = there.fee;
    CHECK(compare(here, there) == Match::different);  // now the P&L is compared
    here.pnl = there.pnl;
    CHECK(compare(here, there) == Match::agreed);
    here.fee = Money{0};
    CHECK(compare(here, there) == Match::different);
}

TEST_CASE("what one side does not state is not compared", "[answers][reconcile]") {
    const Stated here = said(5'000'000, 2'560'000);
    CHECK(compare(here, {Shares{5'000'000}, {}, {}, {}}) == Match::agreed);
}
