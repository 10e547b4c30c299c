#include "projections/fold/money_projections.hpp"

#include "projections/fold/assembly.hpp"
#include "projections/fold/hedge.hpp"
#include "projections/fold/ledger.hpp"

namespace daybook {
namespace {

void assemble_positions(Assembly& assembly) {
    assembly.part<Ledger>();
    assembly.part<LimitsFold>();
}

TypeSet with_limits(TypeSet types) {
    types.add(type_by_name("limits").value());
    return types;
}

}  // namespace

const TypeSet& ledger_types() {
    static const TypeSet types =
        TypeSet{"market_defined", "market_changed",  "market_resolved", "order_status",
                "fill",           "fill_settlement", "fill_correction", "merge",
                "split",          "redemption",      "transfer",        "balance"}
            .linking_statuses();
    return types;
}

const Projection& positions_projection() {
    static const Projection projection{
        "positions", 2, "What is held in each market, is it hedged, what did it cost?",
        with_limits(ledger_types()), assemble_positions};
    return projection;
}

const Projection& pnl_projection() {
    static const Projection projection{"pnl", 2, "What was made and lost in each market, and why?",
                                       ledger_types(), assemble_of<Ledger>};
    return projection;
}

const Projection& cash_projection() {
    static const Projection projection{"cash", 2,
                                       "Where did the cash come from and go, and does it add up?",
                                       ledger_types(), assemble_of<Ledger>};
    return projection;
}

}  // namespace daybook
