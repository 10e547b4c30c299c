#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "projections/fold/flags.hpp"
#include "schemas/event.hpp"

namespace daybook {

/// Where the shares of a fill stand at the venue. `failed` voids it; `confirmed` and `failed` are
/// final.
enum class Settlement : std::uint8_t { matched, mined, retrying, confirmed, failed };
template <>
struct EnumText<Settlement> {
    static constexpr std::array<std::string_view, 5> names{"matched", "mined", "retrying",
                                                           "confirmed", "failed"};
};

enum class FillFlag : std::uint8_t {
    contradicting_settlement,  ///< another final status came after the final one, which stands
    parked,                    ///< its settlement or correction came before it
    corrected,
    repeated,  ///< recorded again under another identity; the first stands and counts once
    no_order,  ///< the fill names no order
};
template <>
struct EnumText<FillFlag> {
    static constexpr std::array<std::string_view, 5> names{"contradicting_settlement", "parked",
                                                           "corrected", "repeated", "no_order"};
};

struct FillAmounts {
    Shares shares;
    Money cost;  ///< before fee, never negative
    std::optional<Money> fee;
    std::optional<Shares> fee_shares;  ///< taken out of `shares`
    auto fields() { return std::tie(shares, cost, fee, fee_shares); }
    friend bool operator==(const FillAmounts&, const FillAmounts&) = default;
};

struct Corrected {  ///< absolute values that replace the recorded ones; absent: not corrected
    std::optional<Shares> shares;
    std::optional<Money> cost, fee;
    std::optional<Shares> fee_shares;
    std::string why;
    auto fields() { return std::tie(shares, cost, fee, fee_shares, why); }
    friend bool operator==(const Corrected&, const Corrected&) = default;
};

/// One fill, in whatever order its fill, settlements and corrections arrive.
struct FillState {
    std::optional<FillAmounts> recorded;  ///< absent: parked, nothing to count yet
    std::optional<Corrected> corrected;
    Settlement settlement{};
    Sequence recorded_seq, settled_seq;  ///< of the fill; of the settlement shown; 0: none
    Flags<FillFlag> flags;
    auto fields() {
        return std::tie(recorded, corrected, settlement, recorded_seq, settled_seq, flags);
    }
    friend bool operator==(const FillState&, const FillState&) = default;
};

/// Kalshi's fills and those of a dry run are confirmed when recorded (contract §1).
[[nodiscard]] bool confirmed_at_once(const Event& event);

void record(FillState& fill, const Fill& said, Sequence seq, bool confirmed);
void settle(FillState& fill, SettlementStatus said, Sequence seq);
void correct(FillState& fill, const FillCorrection& said);
/// `into` and `other` as one fill that was recorded twice.
void join(FillState& into, const FillState& other);

/// What the fill says as of its corrections; nothing while only its settlement is known.
[[nodiscard]] std::optional<FillAmounts> in_force(const FillState& fill);
/// in_force() unless it failed: what counts.
[[nodiscard]] std::optional<FillAmounts> counted(const FillState& fill);
/// Shares that a failed settlement voided.
[[nodiscard]] Shares voided(const FillState& fill);

/// The part of a fill's key inside its order: its trade, else its id, else its seq.
[[nodiscard]] std::string fill_name(const Event& event, const std::string& trade);

}  // namespace daybook
