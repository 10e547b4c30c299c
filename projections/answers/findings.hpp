#pragma once

#include "projections/answers/claims.hpp"
#include "projections/answers/money.hpp"
#include "projections/fold/rules.hpp"

namespace daybook {

/// A finding and where it belongs; without a market it is about an account.
struct FindingView {
    Finding finding;
    std::string account;
    std::optional<MarketRow> market;
};

/// What can be judged: the cases of a scope, beside the positions of the ledger.
/// `findings` and `ledger` hold the rows of the projections `findings` and `pnl`, both as of one
/// event, whose clock is `now`.
[[nodiscard]] std::vector<CaseFile> cases_of(Rows& findings, Rows& ledger, const Scope& scope,
                                             std::optional<Time> now);

/// One of them.
[[nodiscard]] CaseFile case_of(const Cases& cases, const Ledger& ledger, const Holder& holder,
                               const MarketRow& market, std::optional<Time> now);

/// The rules no single case can tell: claims beside facts, and cash beside what was observed.
[[nodiscard]] std::span<const Rule> account_rules();
[[nodiscard]] std::vector<FindingView> claim_findings(const std::vector<ClaimView>& claims);
[[nodiscard]] std::vector<FindingView> cash_findings(const std::vector<CashView>& accounts);

[[nodiscard]] std::vector<FindingView> findings_of(const std::vector<CaseFile>& cases,
                                                   const Thresholds& limits);
/// Gravest first, then as the rules stand; those of one rule in the order of their evidence.
void sort_findings(std::vector<FindingView>& findings);
[[nodiscard]] Listing list_findings(const std::vector<FindingView>& findings);
/// As a JSON array; the first few, for people.
[[nodiscard]] std::string seqs_json(const std::vector<Sequence>& seqs);
[[nodiscard]] std::string seqs_text(const std::vector<Sequence>& seqs);
/// One sentence on the rule called `id`.
[[nodiscard]] std::string_view meaning_of(std::string_view id);

/// What each group was to earn and what became of it; see Explained.
[[nodiscard]] Listing list_groups(const std::vector<CaseFile>& cases);

}  // namespace daybook
