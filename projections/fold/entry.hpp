#pragma once

#include <functional>
#include <optional>
#include <string>
#include <tuple>

#include "projections/fold/fill_state.hpp"
#include "projections/fold/market_row.hpp"
#include "projections/fold/position.hpp"

namespace daybook {

enum class EntryKind : std::uint8_t { fill, merge, split, redemption, transfer };

/// One movement of a position as it was recorded; of a fill with what later events said of it.
struct Entry {
    EntryKind kind{};
    Sequence seq{};
    std::optional<Time> time{};
    std::string outcome{};
    Side side{};
    std::optional<Role> role{};
    std::optional<FillState> fill{};  ///< of a fill; it is recorded
    std::optional<Shares> shares{};   ///< pairs of a merge or split; signed of a transfer
    Money cash{};                     ///< of a redemption
    std::optional<Money> basis{};     ///< of a transfer
    auto fields() {
        return std::tie(kind, seq, time, outcome, side, role, fill, shares, cash, basis);
    }
    [[nodiscard]] bool voided() const { return fill && fill->settlement == Settlement::failed; }
    [[nodiscard]] bool confirmed() const {
        return fill && fill->settlement == Settlement::confirmed;
    }
};
/// What was moved: of a fill as of its corrections. Nothing where the event does not tell.
[[nodiscard]] std::optional<Shares> shares_of(const Entry& entry);
/// Cost or proceeds of a fill, cash of a redemption.
[[nodiscard]] Money cost_of(const Entry& entry);

/// The position after one more entry, which is behind all others of it.
[[nodiscard]] Position apply_entry(Position position, const Entry& entry, const MarketRow& market);

/// Folds the entries of a position in sequence, and the resolution of its market in its place among
/// them, up to `upto`.
class EntryFold {
  public:
    /// Is told of the position after each entry and after the resolution.
    using Step = std::function<void(Sequence seq, std::optional<Time> time, const Position& after)>;

    /// `market` and `step`, which may be empty, outlive the fold.
    EntryFold(const MarketRow& market, Sequence upto, const Step& step);
    void take(const Entry& entry);
    [[nodiscard]] Position end() &&;

  private:
    void pay();

    const MarketRow& market_;
    const Step& step_;
    std::optional<Payouts> pays_;
    Position position_;
};

}  // namespace daybook
