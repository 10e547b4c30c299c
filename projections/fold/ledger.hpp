#pragma once

#include "projections/fold/fill_state.hpp"
#include "projections/fold/markets.hpp"
#include "projections/fold/order_names.hpp"
#include "projections/fold/position.hpp"
#include "projections/fold/table.hpp"

namespace daybook {

/// Who holds what where: the key of a position.
struct Holder {
    std::string account;
    Mode mode{Mode::none};
    MarketKey market;
    auto fields() { return std::tie(account, mode, market); }
    friend auto operator<=>(const Holder&, const Holder&) = default;
};

enum class EntryKind : std::uint8_t { fill, merge, split, redemption, transfer };

/// One movement of a position as it was recorded, with what later events said of it.
struct Entry {
    EntryKind kind{};
    Sequence seq{};
    std::optional<Time> time{};
    std::string trade{}, order{}, outcome{};
    Side side{};
    Shares shares{};  ///< of a fill; pairs of a merge or split; signed of a transfer
    bool has_shares{};
    Money cost{};  ///< of a fill; cash of a redemption
    std::optional<Money> fee{}, basis{};
    Shares fee_shares{};
    std::optional<Role> role{};
    bool confirmed{}, voided{};
    auto fields() {
        return std::tie(kind, seq, time, trade, order, outcome, side, shares, has_shares, cost, fee,
                        basis, fee_shares, role, confirmed, voided);
    }
};

/// Cash of an account that belongs to no market.
struct WalletEntry {
    Sequence seq{};
    std::optional<Time> time{};
    Money cash{};
    TransferReason reason{};
    bool observed{};  ///< a balance somebody saw, not a movement
    auto fields() { return std::tie(seq, time, cash, reason, observed); }
};

/// Positions kept by the average-cost rule (contract §3), as a component over the rows of a
/// projection. Every movement is kept as an entry, so that a fill that fails, a correction, or a
/// late definition folds the market again as if it had always been known, in sequence order.
class Ledger {
  public:
    explicit Ledger(Rows& rows);

    void apply(const Event& event);

    [[nodiscard]] Markets& markets() { return markets_; }
    [[nodiscard]] Position position(const Holder& holder) const;
    /// Every position, by account, mode and market in the order they were first named.
    void for_each(const std::function<void(const Holder&, const Position&)>& visit) const;
    /// The entries of one position in sequence order.
    [[nodiscard]] std::vector<Entry> entries(const Holder& holder) const;
    /// Wallet entries of an account in sequence order.
    [[nodiscard]] std::vector<WalletEntry> wallet(std::string_view account, Mode mode) const;
    /// Accounts and modes that have positions or wallet entries, without repeats.
    [[nodiscard]] std::vector<std::pair<std::string, Mode>> accounts() const;
    /// The position after the entries whose seq is at most `upto`.
    [[nodiscard]] Position fold(const Holder& holder, Sequence upto) const;

  private:
    struct Fold;
    struct FillPlace {  ///< a fill, and where its entry stands once it is recorded
        Holder holder;
        FillState state;
        auto fields() { return std::tie(holder, state); }
    };
    struct PositionRow {
        Holder holder;
        Position position;
        auto fields() { return std::tie(holder, position); }
    };

    void add_entry(const Event& event, Entry entry);
    void add_fill(const Event& event, const Fill& fill);
    template <class Said>
    void amend(const Event& event, const std::string& trade, Said&& said);
    [[nodiscard]] std::string fill_key(const Event& event, const std::string& trade);
    void renew_entry(const FillPlace& place);
    void join_orders(const Event& event, const OrderJoin& join);
    void add_wallet(const Event& event, WalletEntry entry);
    void change_market(const Event& event);
    void move(const Join& join);
    void refold_market(MarketKey market);
    void refold(const Holder& holder);
    void put(const Holder& holder, const Position& position);

    Markets markets_;
    Table<PositionRow> positions_;
    Table<Entry> entries_;
    OrderNames orders_;
    Table<FillPlace> fills_;  ///< (venue, account, mode, order, trade); parked ones too
    Table<WalletEntry> wallet_;
    Table<Holder> holders_;  ///< (market, account, mode): who to fold again when a market changes
};

}  // namespace daybook
