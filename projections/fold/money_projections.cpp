#include "projections/fold/money_projections.hpp"

#include "projections/fold/hedge.hpp"
#include "projections/fold/ledger.hpp"

namespace daybook {
namespace {

void apply_ledger(Rows& rows, const Event& event) { Ledger{rows}.apply(event); }

void apply_positions(Rows& rows, const Event& event) {
    Ledger{rows}.apply(event);
    apply_limits(rows, event);
}

TypeSet with_limits(TypeSet types) {
    types.add(type_by_name("limits").value());
    return types;
}

}  // namespace

const TypeSet& ledger_types() {
    static const TypeSet types{"market_defined",  "market_changed", "market_resolved",
                               "order_status",    "fill",           "fill_settlement",
                               "fill_correction", "merge",          "split",
                               "redemption",      "transfer",       "balance"};
    return types;
}

const Projection& positions_projection() {
    static const Projection projection{
        "positions", 1, "What is held in each market, is it hedged, what did it cost?",
        with_limits(ledger_types()), apply_positions};
    return projection;
}

const Projection& pnl_projection() {
    static const Projection projection{"pnl", 1, "What was made and lost in each market, and why?",
                                       ledger_types(), apply_ledger};
    return projection;
}

const Projection& cash_projection() {
    static const Projection projection{"cash", 1,
                                       "Where did the cash come from and go, and does it add up?",
                                       ledger_types(), apply_ledger};
    return projection;
}

}  // namespace daybook
