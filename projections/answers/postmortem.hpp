#pragma once

#include <vector>

#include "projections/answers/findings.hpp"
#include "projections/fold/guards.hpp"

namespace daybook {

/// A span of time and what is asked of it.
struct Window {
    Span span;  ///< by the time at which events happened
    Scope scope;
    std::optional<Time> now;  ///< clock of the last event known
    std::string group{};      ///< only markets, findings and `explained` of this group
};

/// The rows it is told from, each as of the same event.
struct PostMortemRows {
    Rows& findings;
    Rows& claims;
    Rows& cash;
    Rows& daily;  ///< tells which markets moved in the window
};

/// A market in which something happened in the window.
struct MarketDay {
    PositionView at_end;  ///< as it stood when the window ended
    Figures moved;        ///< in the window
    CaseFile file;        ///< its orders, as known now

    [[nodiscard]] Money direction() const { return moved.realized - moved.edge; }
};

/// A claim about the window, and what explains it.
struct ClaimDay {
    ClaimView claim;
    std::string explanation;     ///< empty: none fits, or none is needed
    std::vector<Sequence> seqs;  ///< the claim, then the events it is about
};

/// A note of the window; of a market beside what became of that.
struct NoteDay {
    NoteRow note;
    std::optional<MarketRow> market;
    std::string fact;  ///< "overpaid, realized -0.21"; empty: of no market of the window
};

struct HedgeBandSum {
    std::uint64_t markets{}, open{};
    Money realized;
};
/// How many markets were hedged how well when the window ended, and what they made; flat ones are
/// in none.
class HedgeBands {
  public:
    [[nodiscard]] HedgeBandSum& at(HedgeBand band) {
        return sums_.at(static_cast<std::size_t>(band));
    }
    [[nodiscard]] const HedgeBandSum& at(HedgeBand band) const {
        return sums_.at(static_cast<std::size_t>(band));
    }

  private:
    std::array<HedgeBandSum, EnumText<HedgeBand>::names.size()> sums_;
};

/// What the limits would have done: a replay of the window with the guards on.
struct WithGuards {
    std::vector<GuardedCase> cases;  ///< beside PostMortem::markets
    std::uint64_t prevented{};       ///< orders
    std::uint64_t open{};            ///< markets of those that are not resolved: not in `change`
    Money change;                    ///< of the result, without those orders
    [[nodiscard]] const Stop* first_halt() const;
};

struct PostMortem {
    Window window;
    std::vector<MarketDay> markets;
    Figures total;  ///< of the window
    Money open_worst, open_best, open_cost;
    std::uint64_t open_markets{};
    /// The market whose direction brought more than half of all that direction won.
    const MarketDay* lucky{};
    HedgeLimits limits;  ///< the bands', as they are in force now
    HedgeBands bands;
    Explained explained;  ///< the groups of the resolved markets, summed up
    std::vector<FindingView> findings;
    std::vector<ClaimDay> claims;
    std::vector<NoteDay> notes;
    std::vector<CashView> cash;
    WithGuards each_market;            ///< a halt stops the market it came from
    WithGuards account;                ///< the first halt stops everything
    std::vector<std::string> unknown;  ///< what the record cannot tell, one clause each

    [[nodiscard]] Money direction() const { return total.realized - total.edge; }
    [[nodiscard]] Money worst() const { return total.realized + open_worst; }
    [[nodiscard]] Money best() const { return total.realized + open_best; }
};

/// What happened in a window, from the events alone. P&L are the realisations of events in it; a
/// market that is not resolved when it ends is open (contract §2). Findings are those of markets in
/// which something happened, with what became known of them later.
[[nodiscard]] PostMortem postmortem_of(const PostMortemRows& rows, const Window& window);

/// A line a rule: how many markets, what it cost, an example.
struct RuleLine {
    std::string_view rule;
    Severity severity{};
    std::uint64_t findings{}, markets{}, open{};  ///< open: their cost is not known yet
    Money cost{};
    std::vector<const FindingView*> views;
};
[[nodiscard]] std::vector<RuleLine> by_rule(const PostMortem& report);

[[nodiscard]] Listing list_market_days(const PostMortem& report);
[[nodiscard]] Listing list_notes(const PostMortem& report);
/// One market a row: the first refusal and halt, and what would not have been sent.
[[nodiscard]] Listing list_guards(const PostMortem& report);
[[nodiscard]] Listing list_claim_days(const PostMortem& report);
/// The whole report as one JSON object's members.
void write_members(JsonWriter& out, const PostMortem& report);

}  // namespace daybook
