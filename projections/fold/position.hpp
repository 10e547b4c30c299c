#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "projections/fold/flags.hpp"
#include "projections/fold/holding.hpp"
#include "schemas/event.hpp"

namespace daybook {

enum class PositionFlag : std::uint8_t {
    oversold,           ///< more left than was held: a purchase is missing from the journal
    unpriced_transfer,  ///< shares came in without a cost: taken as 0
    unknown_outcome,    ///< an outcome no definition names yet: kept, not counted
    late_fill,          ///< a fill recorded after the resolution: realised at once
};
template <>
struct EnumText<PositionFlag> {
    static constexpr std::array<std::string_view, 4> names{"oversold", "unpriced_transfer",
                                                           "unknown_outcome", "late_fill"};
};

using Payouts = std::array<Ratio, 2>;

/// One outcome of a position. Frozen at resolution, except for `redeemed`, `late` and `settled`.
struct OutcomeSide {
    Holding matched;  ///< from fills, splits, merges and transfers
    Shares late;      ///< moved after the resolution
    Shares redeemed;
    Shares settled;  ///< over confirmed fills only
    Shares failed;   ///< of voided fills
    auto fields() { return std::tie(matched, late, redeemed, settled, failed); }
    friend bool operator==(const OutcomeSide&, const OutcomeSide&) = default;
};

/// Cash that moved, by why; each one positive in the direction its name says.
struct Flows {
    Money bought, sold, fees, fees_estimated, redeemed, merged, split;
    auto fields() { return std::tie(bought, sold, fees, fees_estimated, redeemed, merged, split); }
    friend bool operator==(const Flows&, const Flows&) = default;
};
void add(Flows& to, const Flows& flows);
void subtract(Flows& from, const Flows& flows);
/// What all flows together did to the cash: sold + redeemed + merged − bought − fees − split.
[[nodiscard]] Money net_cash(const Flows& flows);

/// What one account has in one market in one mode. Only fills and the wallet's own movements lead
/// here; an order's status has no way in.
struct Position {
    std::array<OutcomeSide, 2> sides;
    Shares merged;      ///< pairs
    Money merged_cost;  ///< what those pairs had cost
    Money realized;
    Money edge;  ///< of `realized`, what pairs made; direction is the rest
    Flows flows;
    std::uint32_t fills{};
    std::optional<Ratio> payout_up;  ///< set once resolved; Down pays the rest of 1
    Sequence first_seq, last_seq;
    Flags<PositionFlag> flags;

    [[nodiscard]] Money direction() const { return realized - edge; }
    [[nodiscard]] bool resolved() const { return payout_up.has_value(); }
    [[nodiscard]] Shares held(std::size_t side) const {
        return sides.at(side).matched.shares + sides.at(side).late - sides.at(side).redeemed;
    }
    auto fields() {
        return std::tie(sides[0], sides[1], merged, merged_cost, realized, edge, flows, fills,
                        payout_up, first_seq, last_seq, flags);
    }
    friend bool operator==(const Position&, const Position&) = default;
};

/// The movements of a position. `fee` is money; `shares` of a buy are net of a fee taken in shares.
struct OwnTrade {
    std::size_t side{};  ///< 0 or 1
    bool bought{};
    Shares shares;
    Money cost;  ///< before fee
    Money fee;
    bool estimated{};  ///< nobody stated the fee
    bool fee_in_cash{true};
    bool settled{};
};
[[nodiscard]] Position apply(Position before, const OwnTrade& trade);
/// `pairs` merged into cash, or made from it: each outcome moves by `pairs`.
[[nodiscard]] Position merge_pairs(Position before, Shares pairs);
[[nodiscard]] Position split_pairs(Position before, Shares pairs);
/// Signed shares that came or went without a trade; `basis` is the cost they carry. Never P&L.
[[nodiscard]] Position transfer(Position before, std::size_t side, Shares shares,
                                std::optional<Money> basis);
/// Shares burned for cash; `shares` nothing: all that is held of `side`, or of both.
[[nodiscard]] Position redeem(Position before, std::optional<std::size_t> side,
                              std::optional<Shares> shares, Money cash);
/// The market pays. Everything matched is realised; the pairs among it are the edge.
[[nodiscard]] Position resolve(Position before, const Payouts& payouts);

/// Pairs held now: min of both outcomes, 0 when one is short.
[[nodiscard]] Shares pairs_held(const Position& position);

}  // namespace daybook
