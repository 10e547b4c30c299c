#include "projections/answers/recorded.hpp"

#include <algorithm>

#include "projections/fold/fills.hpp"

namespace daybook {
namespace {

bool takes(const StatementScope& scope, std::string_view account, Mode mode) {
    return mode == scope.mode && (scope.account.empty() || scope.account == account);
}

void add_fee(std::optional<Money>& sum, const std::optional<Money>& fee) {
    sum = sum && fee ? std::optional{*sum + *fee} : std::nullopt;
}

void add_fill(Recorded& recorded, MarketKey key, const FillRow& fill, const FillAmounts& amounts) {
    MarketSum& sum = recorded.markets.at(key);
    const auto outcome = outcome_index(sum.market, fill.outcome);
    RecordedLine line{LineKind::fill, key,      outcome.value_or(-1), fill.side, fill.trade,
                      fill.tx,        fill.time};
    line.said = {amounts.shares, amounts.cost, amounts.fee, {}};
    line.seq = fill.state.recorded_seq;
    recorded.lines.push_back(line);
    add_fee(sum.fees, amounts.fee);
    if (!outcome) return;
    OutcomeSum& side = sum.outcomes.at(static_cast<std::size_t>(*outcome));
    side.seqs.push_back(line.seq);
    if (fill.side == Side::sell) {
        side.sold += amounts.shares;
    } else {
        side.bought += amounts.shares;
        side.cost += amounts.cost;
    }
}

void add_fills(Recorded& recorded, const ReconcileRows& rows, const Ledger& ledger,
               std::string_view venue, const StatementScope& scope) {
    const Markets named{rows.fills};
    Fills{rows.fills}.for_each([&](const FillRow& fill) {
        const auto amounts = counted(fill.state);
        const auto market = named.find(fill.market);
        if (!amounts || !market || market->venue != venue || !takes(scope, fill.account, fill.mode))
            return;
        // Both projections number markets by themselves: they meet at the market's name.
        const auto key = ledger.markets().lookup(market->venue, market->name);
        if (key && recorded.markets.contains(*key)) add_fill(recorded, *key, fill, *amounts);
    });
}

std::optional<LineKind> kind_of(EntryKind kind) {
    switch (kind) {
        case EntryKind::merge:
            return LineKind::merge;
        case EntryKind::split:
            return LineKind::split;
        case EntryKind::redemption:
            return LineKind::redemption;
        case EntryKind::fill:  // read from `fills`, which knows its transaction
        case EntryKind::transfer:
            return std::nullopt;
    }
    return std::nullopt;
}

void add_position(Recorded& recorded, const Ledger& ledger, const Holder& holder,
                  const MarketRow& market, const Position& position) {
    MarketSum& sum = recorded.markets[holder.market];
    sum.market = market;
    for (std::size_t i = 0; i < 2; ++i) {
        sum.outcomes.at(i).held += position.held(i);
        sum.outcomes.at(i).matched += position.sides.at(i).matched.shares;
    }
    if (position.resolved()) sum.realized = sum.realized.value_or(Money{}) + position.realized;
    for (const Entry& entry : ledger.entries(holder)) {
        const auto kind = kind_of(entry.kind);
        if (!kind) continue;
        RecordedLine line{*kind, holder.market, outcome_index(market, entry.outcome).value_or(-1)};
        line.time = entry.time;
        line.said.shares = entry.shares.value_or(Shares{});
        if (*kind == LineKind::redemption) line.said.cost = entry.cash;
        line.seq = entry.seq;
        recorded.lines.push_back(line);
    }
}

}  // namespace

std::string MarketSum::name_of(int outcome) const {
    if (outcome < 0) return {};
    const auto place = static_cast<std::size_t>(outcome);
    return place < market.outcomes.size() ? market.outcomes[place].name : std::to_string(outcome);
}

Recorded recorded_at(const ReconcileRows& rows, std::string_view venue,
                     const StatementScope& scope) {
    Recorded recorded;
    const Ledger ledger{rows.positions};
    ledger.for_each([&](const Holder& holder, const Position& position) {
        const auto market = ledger.markets().find(holder.market);
        if (market && market->venue == venue && takes(scope, holder.account, holder.mode))
            add_position(recorded, ledger, holder, *market, position);
    });
    add_fills(recorded, rows, ledger, venue, scope);
    std::ranges::sort(recorded.lines, {}, &RecordedLine::seq);
    return recorded;
}

}  // namespace daybook
