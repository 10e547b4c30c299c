#include "projections/fold/claims.hpp"

#include "projections/fold/money_projections.hpp"

namespace daybook {
namespace {

constexpr std::string_view kClaims = "claims";
constexpr std::string_view kMoves = "moves";
constexpr std::string_view kFilled = "filled_moves";

/// Writes what one event moves.
class History final : public Moves {
  public:
    History(Rows& rows, const Event& event)
        : Moves{rows}, event_{event}, moves_{rows, kMoves}, filled_{rows, kFilled} {}

    void filled(OrderKey order, Shares change) override {
        const std::string key = make_key(order.raw, event_.seq.raw);
        const FilledRow before = filled_.get(key).value_or(FilledRow{});
        filled_.put(key, {event_.seq, happened(event_), before.change + change});
    }
    void joined(const OrderJoin& orders) override {
        for (FilledRow row : taken(filled_, make_key(orders.from.raw))) {
            const std::string key = make_key(orders.to.raw, row.seq.raw);
            row.change += filled_.get(key).value_or(FilledRow{}).change;
            filled_.put(key, row);
        }
    }

  protected:
    void took(const Holder& holder, const Figures& change) override {
        put({holder, event_.seq, happened(event_), change});
    }
    void renamed(const Holder& from, const Holder& to) override {
        for (MoveRow row : taken(moves_, holder_key(from))) {
            row.holder = to;
            put(row);
        }
    }

  private:
    template <class Row>
    static std::vector<Row> taken(Table<Row>& table, const std::string& prefix) {
        std::vector<Row> rows;
        for (auto& [key, row] : table.take(prefix)) rows.push_back(std::move(row));
        return rows;
    }
    /// One event can move a holder twice: the rows of one sequence are one.
    void put(MoveRow row) {
        const std::string key = holder_key(row.holder) + key_part(row.seq.raw);
        if (const auto before = moves_.get(key)) add(row.change, before->change);
        moves_.put(key, row);
    }

    const Event& event_;
    Table<MoveRow> moves_;
    Table<FilledRow> filled_;
};

TypeSet types() {
    TypeSet all = ledger_types();
    all.add(type_by_name("claim").value());
    return all;
}

}  // namespace

Claims::Claims(Rows& rows)
    : rows_{rows},
      ledger_{rows},
      claims_{rows, kClaims},
      moves_{rows, kMoves},
      filled_{rows, kFilled} {}

void Claims::apply(const Event& event) {
    const auto* claim = std::get_if<Claim>(&event.body);
    if (claim == nullptr) {
        History history{rows_, event};
        return Ledger{rows_, &history}.apply(event);
    }
    const MarketKey market = ledger_.markets().id_of(event);
    claims_.put(key_part(event.seq.raw), {event.seq, happened(event), event.venue, event.account,
                                          event.mode, event.market, market, *claim});
}

void Claims::for_each(const std::function<void(const ClaimRow&)>& visit) const {
    claims_.for_each("", [&](std::string_view, const ClaimRow& row) { visit(row); });
}

std::vector<MoveRow> Claims::moves(const std::string& account, Mode mode, MarketKey market) const {
    std::string prefix = make_key(account, static_cast<std::uint64_t>(mode));
    if (market.raw != 0) prefix += key_part(ledger_.markets().current(market).raw);
    std::vector<MoveRow> found;
    moves_.for_each(prefix, [&](std::string_view, const MoveRow& row) { found.push_back(row); });
    return found;
}

std::vector<FilledRow> Claims::filled(const ClaimRow& claim) const {
    Event place;
    place.venue = claim.venue;
    place.account = claim.account;
    place.mode = claim.mode;
    std::vector<FilledRow> found;
    const auto order = ledger_.order_names().lookup(place, claim.said.order);
    if (!order) return found;
    filled_.for_each(key_part(order->raw),
                     [&](std::string_view, const FilledRow& row) { found.push_back(row); });
    return found;
}

const Projection& claims_projection() {
    static const Projection projection{
        "claims", 1, "What did bots, dashboards and databases say, and was it so?", types(),
        [](Rows& rows, const Event& event) { Claims{rows}.apply(event); }};
    return projection;
}

}  // namespace daybook
