#pragma once

#include <map>

#include "projections/answers/reconcile.hpp"

namespace daybook {

/// A movement as the journal has it, ready to be held against a line of a statement.
struct RecordedLine {
    LineKind kind{};
    MarketKey market;
    int outcome{-1};  ///< 0 or 1; -1: of both
    std::optional<Side> side{};
    std::string trade{}, tx{};
    std::optional<Time> time{};
    Stated said{};
    Sequence seq{};
};

/// What one outcome of a market saw.
struct OutcomeSum {
    Shares bought, sold, held, matched;
    Money cost;  ///< of what was bought, before fee
    std::vector<Sequence> seqs;
};

struct MarketSum {
    MarketRow market;
    std::array<OutcomeSum, 2> outcomes;
    std::optional<Money> fees{Money{}};  ///< nothing: some fill states none
    std::optional<Money> realized;       ///< nothing: not resolved yet

    [[nodiscard]] std::string name_of(int outcome) const;
};

/// What is recorded of a venue's accounts: fills that did not fail, merges, splits, redemptions,
/// and what they add up to.
struct Recorded {
    std::vector<RecordedLine> lines;         ///< in sequence order
    std::map<MarketKey, MarketSum> markets;  ///< keys of `positions`
};
[[nodiscard]] Recorded recorded_at(const ReconcileRows& rows, std::string_view venue,
                                   const StatementScope& scope);

}  // namespace daybook
