#include "projections/fold/holding.hpp"

#include <algorithm>

namespace daybook {
namespace {

Money part_of(Money whole, Shares part, Shares all) {
    if (part == all) return whole;
    return {
        static_cast<std::int64_t>(divide_half_even(Wide{whole.micros} * part.micros, all.micros))};
}

/// The same cost on the other side of zero: a short holding of 10 that brought 6 is −10 for −6.
Holding mirrored(Holding holding) { return {-holding.shares, holding.cost}; }

}  // namespace

Money cost_share(const Holding& held, Shares shares) {
    return part_of(held.cost, shares, held.shares);
}

Traded sell(Holding before, Shares shares, Money proceeds) {
    const Shares closing = std::clamp(before.shares, Shares{}, shares);
    const Money closing_proceeds =
        shares.micros == 0 ? proceeds : part_of(proceeds, closing, shares);
    const Money taken = closing.micros == 0 ? Money{} : cost_share(before, closing);
    const Holding after{before.shares - shares,
                        before.cost - taken - (proceeds - closing_proceeds)};
    return {after, closing_proceeds - taken};
}

Traded buy(Holding before, Shares shares, Money cost) {
    // A purchase is the sale of the mirrored holding for a negative price.
    const Traded sold = sell(mirrored(before), shares, -cost);
    return {mirrored(sold.after), sold.realized};
}

}  // namespace daybook
