#include "projections/fold/catalogue.hpp"

#include <algorithm>
#include <array>

#include "projections/fold/books.hpp"
#include "projections/fold/cases.hpp"
#include "projections/fold/claims.hpp"
#include "projections/fold/daily.hpp"
#include "projections/fold/fills.hpp"
#include "projections/fold/gaps.hpp"
#include "projections/fold/health.hpp"
#include "projections/fold/hedge_history.hpp"
#include "projections/fold/history.hpp"
#include "projections/fold/liquidity.hpp"
#include "projections/fold/markets.hpp"
#include "projections/fold/money_projections.hpp"
#include "projections/fold/orders.hpp"

namespace daybook {

std::span<const Projection> catalogue() {
    static const std::array all{
        positions_projection(), pnl_projection(),      cash_projection(),      orders_projection(),
        fills_projection(),     books_projection(),    markets_projection(),   gaps_projection(),
        claims_projection(),    health_projection(),   liquidity_projection(), hedge_projection(),
        daily_projection(),     findings_projection(), history_projection(),
    };
    return all;
}

const Projection* find_projection(std::string_view name) {
    const std::span<const Projection> all = catalogue();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [name](const Projection& p) { return p.name == name; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace daybook
