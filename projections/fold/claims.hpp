#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "projections/fold/moves.hpp"

namespace daybook {

inline auto row_fields(Span& span) { return std::tie(span.from, span.to); }
inline auto row_fields(Claim& e) {
    return std::tie(e.source, e.metric, e.value, e.outcome, e.order, e.group, e.about);
}

/// A claim as it was recorded.
struct ClaimRow {
    Sequence seq;
    std::optional<Time> time;
    std::string venue, account;
    Mode mode{};
    std::string market_name;  ///< as it was given
    MarketKey market;         ///< 0: of no market; what the name leads to when it is read
    Claim said;
    auto fields() { return std::tie(seq, time, venue, account, mode, market_name, said); }
};

/// A note as it was recorded: words, of which no fact can be stated.
struct NoteRow {
    Sequence seq;
    std::optional<Time> time;
    Origin origin{};
    std::string venue, market_name;  ///< as they were given; empty: of no market
    std::string text;
    auto fields() { return std::tie(seq, time, origin, venue, market_name, text); }
};

/// What one event changed in what one holder has.
struct MoveRow {
    Holder holder;
    Sequence seq;
    std::optional<Time> time;  ///< when the event happened
    Figures change;
    auto fields() { return std::tie(holder, seq, time, change); }
};

/// What one event changed in the shares of an order's fills.
struct FilledRow {
    Sequence seq;
    std::optional<Time> time;
    Shares change;
    auto fields() { return std::tie(seq, time, change); }
};

/// Reads claims, and the moves of every position and order by event: with them a fact can be stated
/// as of any sequence and for any window, as it was known then.
class Claims {
  public:
    explicit Claims(Rows& rows);

    /// In sequence order.
    void for_each(const std::function<void(const ClaimRow&)>& visit) const;
    void for_each_note(const std::function<void(const NoteRow&)>& visit) const;
    /// The moves of an account and mode, in one market or (0) in all; by market, in each by
    /// sequence.
    [[nodiscard]] std::vector<MoveRow> moves(const std::string& account, Mode mode,
                                             MarketKey market = {}) const;
    /// The changes of an order's filled shares, by sequence; nothing is known of it: empty.
    [[nodiscard]] std::vector<FilledRow> filled(const ClaimRow& claim) const;
    [[nodiscard]] const Ledger& ledger() const { return ledger_; }

  private:
    Ledger ledger_;
    Table<ClaimRow> claims_;
    Table<NoteRow> notes_;
    Table<MoveRow> moves_;
    Table<FilledRow> filled_;
};

/// What did bots, dashboards and databases say, and was it so?
[[nodiscard]] const Projection& claims_projection();

}  // namespace daybook
