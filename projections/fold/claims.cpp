#include "projections/fold/claims.hpp"

#include "projections/fold/assembly.hpp"
#include "projections/fold/hedge.hpp"
#include "projections/fold/money_projections.hpp"

namespace daybook {
namespace {

constexpr std::string_view kClaims = "claims";
constexpr std::string_view kNotes = "notes";
constexpr std::string_view kMoves = "moves";
constexpr std::string_view kFilled = "filled_moves";

/// Writes what each event moves.
class History final : public Moves {
  public:
    History(Rows& rows, Ledger& ledger)
        : Moves{rows, ledger},
          claims_{rows, kClaims},
          notes_{rows, kNotes},
          moves_{rows, kMoves},
          filled_{rows, kFilled} {}

    void apply(const Event& event) {  // of all but claims and notes the ledger tells
        if (const auto* note = std::get_if<Note>(&event.body))
            notes_.put(key_part(event.seq.raw), {event.seq, happened(event), event.origin,
                                                 event.venue, event.market, note->text});
        const auto* claim = std::get_if<Claim>(&event.body);
        if (claim == nullptr) return;
        claims_.put(key_part(event.seq.raw), {event.seq,
                                              happened(event),
                                              event.venue,
                                              event.account,
                                              event.mode,
                                              event.market,
                                              {},
                                              *claim});
    }
    void filled(const Event& event, const NameHash& order, Shares change) override {
        filled_.change(key_part(order) + key_part(event.seq.raw), [&](FilledRow& row) {
            row = {event.seq, happened(event), row.change + change};
        });
    }
    void linked(const LinkedOrders& orders) override {
        for (FilledRow row : taken(filled_, key_part(orders.from))) {
            const std::string key = key_part(orders.to) + key_part(row.seq.raw);
            row.change += filled_.get(key).value_or(FilledRow{}).change;
            filled_.put(key, row);
        }
    }

  protected:
    void took(const Event& event, const Holder& holder, const Figures& change) override {
        put({holder, event.seq, happened(event), change});
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

    Table<ClaimRow> claims_;
    Table<NoteRow> notes_;
    Table<MoveRow> moves_;
    Table<FilledRow> filled_;
};

void assemble(Assembly& assembly) {
    assembly.part<LimitsFold>();
    Ledger& ledger = assembly.part<Ledger>();
    assembly.part<History>(ledger);
}

TypeSet types() {
    TypeSet all = ledger_types();
    for (const char* type : {"claim", "limits", "note"}) all.add(type_by_name(type).value());
    return all;
}

}  // namespace

Claims::Claims(Rows& rows)
    : ledger_{rows},
      claims_{rows, kClaims},
      notes_{rows, kNotes},
      moves_{rows, kMoves},
      filled_{rows, kFilled} {}

void Claims::for_each_note(const std::function<void(const NoteRow&)>& visit) const {
    notes_.for_each("", [&](std::string_view, const NoteRow& row) { visit(row); });
}

void Claims::for_each(const std::function<void(const ClaimRow&)>& visit) const {
    claims_.for_each("", [&](std::string_view, ClaimRow row) {
        // A name that no movement and no definition ever used is a market of its own.
        if (!row.market_name.empty())
            row.market = ledger_.markets()
                             .lookup(row.venue, row.market_name)
                             .value_or(MarketKey{row.seq.raw});
        visit(row);
    });
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
    const NameHash order = ledger_.orders().order(place, claim.said.order);
    if (order.none()) return found;
    filled_.for_each(key_part(order),
                     [&](std::string_view, const FilledRow& row) { found.push_back(row); });
    return found;
}

const Projection& claims_projection() {
    static const Projection projection{
        "claims", 3, "What did bots, dashboards and databases say, and was it so?", types(),
        assemble};
    return projection;
}

}  // namespace daybook
