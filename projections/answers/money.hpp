#pragma once

#include "projections/answers/positions.hpp"

namespace daybook {

/// What was made and lost over a scope; every sum is exact.
struct PnlView {
    Money realized, edge, rewards, open_worst, open_best;
    Flows flows;
    std::uint64_t open_markets{}, resolved_markets{};
    [[nodiscard]] Money direction() const { return realized - edge; }
};
[[nodiscard]] PnlView pnl_of(const std::vector<PositionView>& positions, Money rewards);
/// Rewards and rebates of a mode: cash that is not P&L.
[[nodiscard]] Money rewards_of(Rows& ledger, Mode mode);
/// The same after the event `at`, out of the rows of `history`.
[[nodiscard]] Money past_rewards_of(Rows& history, Mode mode, Sequence at);
/// One row, the contract's `pnl` members (§3).
[[nodiscard]] Listing list_pnl(const PnlView& pnl);
/// One row a market: what each added to it.
[[nodiscard]] Listing list_pnl_markets(const std::vector<PositionView>& positions);

/// What moved the cash of an account.
struct CashFlow {
    Flows flows;
    Money transfers, rewards;
};

/// The cash of one account and mode: where it came from and went, and what nobody explains.
struct CashView {
    std::string account;
    std::optional<Money> opening;  ///< the first balance somebody saw
    CashFlow flow;                 ///< since then, up to the last event
    CashFlow ever;                 ///< since the first event
    std::optional<Money> expected, observed,
        unexplained;  ///< unexplained as of the last balance seen
    Sequence observed_seq;
};
[[nodiscard]] std::vector<CashView> cash_of(Rows& ledger, Mode mode);
[[nodiscard]] Listing list_cash(const std::vector<CashView>& accounts);

}  // namespace daybook
