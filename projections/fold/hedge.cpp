#include "projections/fold/hedge.hpp"

#include <algorithm>

#include "projections/fold/assembly.hpp"

namespace daybook {
namespace {

constexpr std::string_view kLimits = "limits";
constexpr Wide kTenThousand = 10'000;

struct Sides {
    std::int64_t small, large;
};
Sides sorted(const Position& position) {
    const auto [small, large] = std::minmax(
        {position.sides[0].matched.shares.micros, position.sides[1].matched.shares.micros});
    return {small, large};
}

}  // namespace

bool below(const Fraction& fraction, Ratio limit) {
    return fraction.numerator * kMicro < Wide{limit.micros} * fraction.denominator;
}

std::optional<Fraction> hedge_ratio(const Position& position) {
    const auto [small, large] = sorted(position);
    if (small < 0 || large == 0) return std::nullopt;
    return Fraction{small, large};
}

std::optional<Fraction> pair_cost(const Position& position) {
    const Wide held = pairs_held(position).micros;
    const Wide pairs = held + position.merged.micros;
    if (pairs == 0) return std::nullopt;
    Fraction cost{position.merged_cost.micros, 1};
    for (const OutcomeSide& side :
         position.sides) {  // c·m/S of each side; one of the two has m = S
        if (held == 0) break;
        if (side.matched.shares.micros == held) {
            cost.numerator += side.matched.cost.micros * cost.denominator;
        } else {
            const Wide shares = side.matched.shares.micros;
            cost = {cost.numerator * shares + side.matched.cost.micros * held * cost.denominator,
                    cost.denominator * shares};
        }
    }
    return Fraction{cost.numerator, cost.denominator * pairs};
}

Shares imbalance(const Position& position) {
    const auto [small, large] = sorted(position);
    return {large - small};
}

HedgeVerdict verdict(const Position& position, const HedgeLimits& limits) {
    const auto [small, large] = sorted(position);
    if (small == 0 && large == 0) return HedgeVerdict::flat;
    if (small <= 0) return HedgeVerdict::one_sided;
    if (below({small, large}, limits.min_hedge_ratio)) return HedgeVerdict::imbalanced;
    const auto cost = pair_cost(position);
    if (cost && cost->numerator >= cost->denominator) return HedgeVerdict::overpaid;
    if (imbalance(position) > limits.max_imbalance_shares) return HedgeVerdict::acceptable;
    return HedgeVerdict::good;
}

std::optional<HedgeBand> hedge_band(const Position& position, const HedgeLimits& limits) {
    const auto ratio = hedge_ratio(position);
    if (!ratio) return std::nullopt;
    if (ratio->numerator == 0) return HedgeBand::one_sided;
    if (below(*ratio, limits.critical_hedge_ratio)) return HedgeBand::below_critical;
    return below(*ratio, limits.min_hedge_ratio) ? HedgeBand::below_min : HedgeBand::at_min;
}

bool critical(const Position& position, const HedgeLimits& limits) {
    const auto [small, large] = sorted(position);
    if (small == 0 && large == 0) return false;
    return small <= 0 || below({small, large}, limits.critical_hedge_ratio);
}

LimitsFold::LimitsFold(Rows& rows) : limits_{rows, kLimits} {}

void LimitsFold::apply(const Event& event) {
    const auto* limits = std::get_if<Limits>(&event.body);
    if (limits == nullptr) return;
    for (const Named& limit : limits->values) limits_.put(limit.name, {limit.value});
}

HedgeLimits hedge_limits(const Rows& rows) {
    HedgeLimits limits;
    const auto take = [&rows](std::string_view name, auto& value) {
        const auto row = rows.get(kLimits, name);
        const auto micros = row ? parse_micros(unpack<LimitsFold::LimitRow>(*row).value)
                                : Result<std::int64_t>{value.micros};
        if (micros) value.micros = micros.value();
    };
    take("min_hedge_ratio", limits.min_hedge_ratio);
    take("critical_hedge_ratio", limits.critical_hedge_ratio);
    take("max_imbalance_shares", limits.max_imbalance_shares);
    return limits;
}

std::string format_ratio(const Fraction& ratio) {
    return format_decimal(ratio.numerator * kTenThousand / ratio.denominator, 4);
}

std::string format_pair_cost(const Fraction& cost) {
    return format_decimal(divide_half_even(cost.numerator * kTenThousand, cost.denominator), 4);
}

const Projection& limits_projection() {
    static const Projection projection{"limits", 1, "Which thresholds are in force?",
                                       TypeSet{"limits"}, assemble_of<LimitsFold>};
    return projection;
}

}  // namespace daybook
