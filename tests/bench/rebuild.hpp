#pragma once

#include <string_view>
#include <vector>

#include "bench/raw_fold.hpp"
#include "bench/rows.hpp"
#include "projections/event_reader.hpp"
#include "projections/fold/history.hpp"

namespace daybook::bench {

using Names = std::vector<std::string_view>;

/// The figures of the raw fold, out of the rows of a projection (its Ledger or PastLedger).
template <class AnyLedger>
[[nodiscard]] RawLedger figures_of(const AnyLedger& ledger) {
    RawLedger found;
    ledger.for_each([&](const Holder& holder, const Position& position) {
        // A market's number is its key in the journal, as its definition is the first event of it.
        RawOutcome* const outcomes = &found.outcomes[2 * holder.market.raw];
        for (std::size_t i = 0; i < 2; ++i) {
            outcomes[i].shares = position.sides.at(i).matched.shares.micros;
            outcomes[i].cost = position.sides.at(i).matched.cost.micros;
        }
        outcomes[0].realized = position.realized.micros;
        outcomes[0].bought = position.flows.bought.micros;
        outcomes[0].sold = position.flows.sold.micros;
        outcomes[0].fees = position.flows.fees.micros;
    });
    return found;
}
/// The same shape: what the raw fold keeps by outcome and a position keeps by market.
[[nodiscard]] RawLedger by_market(RawLedger ledger);

/// Builds `names` as a reset does: generations beside nothing, synced and served. Seconds. With a
/// limit the first one's figures are held against it.
double rebuild(const Bench& bench, const MarketDays& days, const Names& names, Check check,
               const RawLedger* limit);
/// The most memory that the same takes in a process of its own, beyond what it began with. KiB.
[[nodiscard]] long rebuild_peak_kib(const Bench& bench, const MarketDays& days, const Names& names);

}  // namespace daybook::bench
