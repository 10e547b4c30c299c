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

/// The key of a holder's rows: by account, mode and market.
[[nodiscard]] std::string holder_key(const Holder& holder);

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

/// Is told what an event changes while a Ledger folds it: for folds that keep a history.
class LedgerWatch {
  public:
    LedgerWatch() = default;
    LedgerWatch(const LedgerWatch&) = delete;
    LedgerWatch& operator=(const LedgerWatch&) = delete;
    virtual ~LedgerWatch() = default;
    /// The position was folded; it may be what it was before.
    virtual void folded(const Holder& holder, const Position& after) = 0;
    /// Two markets turned out to be one: `from` holds nothing any more; folded(to) follows.
    virtual void moved(const Holder& from, const Holder& to) = 0;
    /// The shares of an order's fills that are not voided changed; `order` is not 0.
    virtual void filled(OrderKey, Shares) {}
    virtual void joined(const OrderJoin&) {}
};

/// Positions kept by the average-cost rule (contract §3), as a component over the rows of a
/// projection. Every movement is kept as an entry, so that a fill that fails, a correction, or a
/// late definition folds the market again as if it had always been known, in sequence order.
class Ledger {
  public:
    /// `watch`, when there is one, outlives the ledger.
    explicit Ledger(Rows& rows, LedgerWatch* watch = nullptr);

    void apply(const Event& event);

    [[nodiscard]] Markets& markets() { return markets_; }
    [[nodiscard]] const Markets& markets() const { return markets_; }
    [[nodiscard]] const OrderNames& order_names() const { return orders_; }
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
    /// Visits the position after each entry and after the resolution, in sequence order, as all
    /// later events have it: a voided fill changes nothing.
    using Step = std::function<void(Sequence seq, std::optional<Time> time, const Position& after)>;
    void steps(const Holder& holder, const Step& step) const;

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
    void tell_filled(OrderKey order, const FillState& before, const FillState& after);

    LedgerWatch* watch_;
    Markets markets_;
    Table<PositionRow> positions_;
    Table<Entry> entries_;
    OrderNames orders_;
    Table<FillPlace> fills_;  ///< (venue, account, mode, order, trade); parked ones too
    Table<WalletEntry> wallet_;
    Table<Holder> holders_;  ///< (market, account, mode): who to fold again when a market changes
};

}  // namespace daybook
