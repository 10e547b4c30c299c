#pragma once

#include <functional>
#include <vector>

#include "projections/fold/entry.hpp"
#include "projections/fold/markets.hpp"
#include "projections/fold/order_links.hpp"
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

/// Cash of an account that belongs to no market.
struct WalletEntry {
    Sequence seq{};
    std::optional<Time> time{};
    Money cash{};
    TransferReason reason{};
    bool observed{};  ///< a balance somebody saw, not a movement
    auto fields() { return std::tie(seq, time, cash, reason, observed); }
};

class Ledger;

/// Is told what an event changes while a Ledger folds it: for folds that keep a history.
class LedgerWatch {
  public:
    LedgerWatch() = default;
    LedgerWatch(const LedgerWatch&) = delete;
    LedgerWatch& operator=(const LedgerWatch&) = delete;
    virtual ~LedgerWatch() = default;
    /// The position was folded; it may be what it was before.
    virtual void folded(const Event& event, const Holder& holder, const Position& after) = 0;
    /// Two markets turned out to be one: `from` holds nothing any more; folded(to) follows.
    virtual void moved(const Event& event, const Holder& from, const Holder& to) = 0;
    /// The shares of an order's fills that are not voided changed; the fills name an order.
    virtual void filled(const Event&, const NameHash& /*order*/, Shares /*change*/) {}
    virtual void linked(const LinkedOrders&) {}
};

/// Positions kept by the average-cost rule (contract §3), as a component over the rows of a
/// projection. Every movement is kept as an entry, so that a fill that fails, a correction, or a
/// late definition folds the market again as if it had always been known, in sequence order.
class Ledger {
  public:
    explicit Ledger(Rows& rows);

    void apply(const Event& event);
    /// Tells `watch`, which outlives the ledger, of every change from now on.
    void tell(LedgerWatch& watch) { watches_.push_back(&watch); }

    [[nodiscard]] Markets& markets() { return markets_; }
    [[nodiscard]] const Markets& markets() const { return markets_; }
    [[nodiscard]] const OrderLinks& orders() const { return orders_; }
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
    using Step = EntryFold::Step;
    void steps(const Holder& holder, const Step& step) const;

  private:
    struct Fold;
    struct Place {  ///< a recorded fill, and where its entry stands
        NameHash order, fill;
        MarketKey market;  ///< may have been joined since
        Sequence seq;
        auto fields() { return std::tie(order, fill, market, seq); }
    };
    struct Places {  ///< by order and fill
        std::vector<Place> items;
        auto fields() { return std::tie(items); }
    };
    struct Entries {  ///< of one position, the next ones in order
        std::vector<Entry> items;
        auto fields() { return std::tie(items); }
    };
    struct PositionRow {
        Holder holder;
        std::uint64_t chunks{};  ///< rows of entries
        Position position;
        auto fields() { return std::tie(holder, chunks, position); }
    };
    struct Told {  ///< a fill, recorded or only spoken of
        std::optional<Place> place;
        FillState state;
    };

    void add_entry(const Event& event, Entry entry);
    void append(PositionRow& row, Entry entry);
    void erase_entry(const Holder& holder, Sequence seq);
    /// `edit` is given the row of entries that holds that one, and its place there.
    using Edit = std::function<void(std::vector<Entry>& items, std::size_t at)>;
    void edit_entry(const Holder& holder, Sequence seq, const Edit& edit);
    template <class Visit>
    void visit_entries(const Holder& holder, Visit visit) const;
    [[nodiscard]] Position fold_entries(const Holder& holder, Sequence upto,
                                        const Step& step) const;

    void add_fill(const Event& event, const Fill& fill);
    void amend(const Event& event, const std::string& order, const std::string& trade,
               const std::function<void(FillState&)>& said);
    [[nodiscard]] Holder holder_of(const Event& event, const Place& place) const;
    [[nodiscard]] std::optional<Place> place_of(const NameHash& order, const NameHash& fill) const;
    void put(const Place& place);
    void link(const Event& event, const LinkedOrders& linked);
    [[nodiscard]] std::vector<std::pair<NameHash, Told>> take_fills(const Event& event,
                                                                    const NameHash& order);
    void join_fills(const Event& event, const NameHash& order, const NameHash& fill, Told told);

    void add_wallet(const Event& event, WalletEntry entry);
    void change_market(const Event& event);
    void move(const Event& event, const Join& join);
    void refold_market(const Event& event, MarketKey market);
    void refold(const Event& event, const Holder& holder);
    void tell_folded(const Event& event, const Holder& holder, const Position& position);
    void tell_filled(const Event& event, const NameHash& order, const FillState& before,
                     const FillState& after);

    std::vector<LedgerWatch*> watches_;
    Markets markets_;
    OrderLinks orders_;
    Table<PositionRow> positions_;  ///< (account, mode, market)
    Table<Entries> entries_;        ///< (account, mode, market, 0 1 2 …)
    Table<Places> places_;          ///< (first bits of the order's hash, else of the fill's)
    Table<FillState> parked_;       ///< (order, fill): spoken of before it was recorded
    Table<WalletEntry> wallet_;
    Table<Holder> holders_;  ///< (market, account, mode): who to fold again when a market changes
};

}  // namespace daybook
