#pragma once

#include "projections/answers/postmortem.hpp"
#include "tools/daybook/session.hpp"

namespace daybook {

/// A post-mortem and what its head says of where it comes from.
struct Report {
    PostMortem facts;
    std::string title;  ///< the day, or the window
    Zone zone;
    Sequence as_of;
    std::string version, chain;  ///< same journal and version: same bytes
    bool whole{};                ///< in text: every market, finding and claim
};

/// For a terminal of 80 columns: one screen, unless it is to be whole.
[[nodiscard]] std::string text_of(const Report& report, const Terminal& terminal);
[[nodiscard]] std::string markdown_of(const Report& report);
/// One page: no script, nothing fetched, drawings as SVG; for screen, phone and A4.
[[nodiscard]] std::string html_of(const Report& report);

// What the three have in common.
[[nodiscard]] std::string signed_cents(Money money);
[[nodiscard]] std::string title_of(const MarketRow& market);
/// "realised −4.61 = edge +2.74 + direction −7.35", and what follows from it; one item a line.
[[nodiscard]] std::vector<std::string> result_lines(const PostMortem& facts);
[[nodiscard]] std::vector<std::string> cash_lines(const PostMortem& facts);
[[nodiscard]] std::vector<std::string> explained_lines(const PostMortem& facts);
/// What would have been without the orders the limits refuse; nothing when they refuse none.
[[nodiscard]] std::vector<std::string> guard_lines(const PostMortem& facts);
/// How many markets each band has, and what those made.
[[nodiscard]] std::vector<std::string> hedge_lines(const PostMortem& facts);
/// A row of nine cells: market, up, down, hedge, pair, realized, edge, direction; where the market
/// is open the last is its range in place of a result.
[[nodiscard]] std::vector<std::string> cells_of(const MarketDay& day);
/// "dashboard: pnl 13; the events say -4.61 (why)".
[[nodiscard]] std::string claim_text(const ClaimDay& day);
/// Claims, then notes.
[[nodiscard]] std::vector<std::string> claim_texts(const PostMortem& facts);
/// "1 market", "2 markets".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view what);
/// What a rule's findings have in common, in a few words.
[[nodiscard]] std::string rule_text(const RuleLine& line);

}  // namespace daybook
