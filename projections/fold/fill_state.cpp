#include "projections/fold/fill_state.hpp"

#include "projections/fold/row_codec.hpp"

namespace daybook {
namespace {

bool is_final(Settlement settlement) {
    return settlement == Settlement::confirmed || settlement == Settlement::failed;
}

Settlement settlement_of(SettlementStatus status) {
    switch (status) {
        case SettlementStatus::mined:
            return Settlement::mined;
        case SettlementStatus::retrying:
            return Settlement::retrying;
        case SettlementStatus::confirmed:
            return Settlement::confirmed;
        case SettlementStatus::failed:
            return Settlement::failed;
    }
    return Settlement::matched;
}

void settle(FillState& fill, Settlement said, Sequence seq) {
    if (is_final(fill.settlement)) {
        if (is_final(said) && said != fill.settlement) {
            fill.flags.set(FillFlag::contradicting_settlement);
        }
        return;
    }
    fill.settlement = said;
    fill.settled_seq = seq;
}

template <class T>
void replace(std::optional<T>& field, const std::optional<T>& said) {
    if (said) field = said;
}

}  // namespace

bool confirmed_at_once(const Event& event) {
    return event.venue == "kalshi" || event.mode == Mode::dry_run;
}

void record(FillState& fill, const Fill& said, Sequence seq, bool confirmed) {
    if (fill.recorded) return fill.flags.set(FillFlag::repeated);
    if (fill.corrected || fill.settled_seq.raw != 0) fill.flags.set(FillFlag::parked);
    fill.recorded = FillAmounts{said.shares, said.cost, said.fee, said.fee_shares};
    fill.recorded_seq = seq;
    if (confirmed) settle(fill, Settlement::confirmed, seq);
}

void settle(FillState& fill, SettlementStatus said, Sequence seq) {
    settle(fill, settlement_of(said), seq);
}

void correct(FillState& fill, const FillCorrection& said) {
    Corrected corrected = fill.corrected.value_or(Corrected{});
    replace(corrected.shares, said.shares);
    replace(corrected.cost, said.cost);
    replace(corrected.fee, said.fee);
    replace(corrected.fee_shares, said.fee_shares);
    corrected.why = said.why;
    fill.corrected = corrected;
    fill.flags.set(FillFlag::corrected);
}

void join(FillState& into, const FillState& other) {
    if (into.recorded && other.recorded) into.flags.set(FillFlag::repeated);
    into.flags.set(other.flags);
    if (other.recorded && (!into.recorded || other.recorded_seq < into.recorded_seq)) {
        into.recorded = other.recorded;
        into.recorded_seq = other.recorded_seq;
    }
    if (!into.corrected) into.corrected = other.corrected;
    const bool other_stands = is_final(other.settlement) &&
                              (!is_final(into.settlement) || other.settled_seq < into.settled_seq);
    const Settlement late = other_stands ? into.settlement : other.settlement;
    const Sequence late_seq = other_stands ? into.settled_seq : other.settled_seq;
    if (other_stands) {
        into.settlement = other.settlement;
        into.settled_seq = other.settled_seq;
    }
    if (late_seq.raw != 0 && (is_final(late) || into.settled_seq < late_seq)) {
        settle(into, late, late_seq);
    }
}

std::optional<FillAmounts> in_force(const FillState& fill) {
    std::optional<FillAmounts> amounts = fill.recorded;
    if (!amounts || !fill.corrected) return amounts;
    amounts->shares = fill.corrected->shares.value_or(amounts->shares);
    amounts->cost = fill.corrected->cost.value_or(amounts->cost);
    replace(amounts->fee, fill.corrected->fee);
    replace(amounts->fee_shares, fill.corrected->fee_shares);
    return amounts;
}

std::optional<FillAmounts> counted(const FillState& fill) {
    return fill.settlement == Settlement::failed ? std::nullopt : in_force(fill);
}

Shares voided(const FillState& fill) {
    if (fill.settlement != Settlement::failed || !fill.recorded) return {};
    return in_force(fill)->shares;
}

std::string fill_name(const Event& event, const std::string& trade) {
    if (!trade.empty()) return make_key(std::string_view{"trade"}, trade);
    if (!event.id.empty()) return make_key(std::string_view{"id"}, event.id);
    return make_key(std::string_view{"seq"}, event.seq.raw);
}

}  // namespace daybook
