#pragma once

#include "projections/fold/position.hpp"
#include "projections/fold/projection.hpp"
#include "projections/fold/table.hpp"

namespace daybook {

/// The thresholds in force: the defaults of the post-mortem of 2025-12-13, until a `limits` event
/// says otherwise.
struct HedgeLimits {
    Ratio min_hedge_ratio{800'000};
    Ratio critical_hedge_ratio{600'000};
    Shares max_imbalance_shares{5'000'000};
};

enum class HedgeVerdict : std::uint8_t { flat, one_sided, imbalanced, overpaid, acceptable, good };
template <>
struct EnumText<HedgeVerdict> {
    static constexpr std::array<std::string_view, 6> names{"flat",     "one_sided",  "imbalanced",
                                                           "overpaid", "acceptable", "good"};
};

/// How well a market is hedged: which of the limits it reaches.
enum class HedgeBand : std::uint8_t { one_sided, below_critical, below_min, at_min };
template <>
struct EnumText<HedgeBand> {
    static constexpr std::array<std::string_view, 4> names{"one_sided", "below_critical",
                                                           "below_min", "at_min"};
};

/// A fraction of two non-negative wide integers; compared and rounded exactly.
struct Fraction {
    Wide numerator{};
    Wide denominator{1};  ///< positive
};
/// Whether `fraction` is below `limit`, without rounding: exactly 0.80 is not below 0.80.
[[nodiscard]] bool below(const Fraction& fraction, Ratio limit);

/// Smaller over larger matched side. Nothing when flat, or when a side is short.
[[nodiscard]] std::optional<Fraction> hedge_ratio(const Position& position);
/// Cost of a pair, merged ones included. Nothing without a pair.
[[nodiscard]] std::optional<Fraction> pair_cost(const Position& position);
/// |Up − Down| matched.
[[nodiscard]] Shares imbalance(const Position& position);

/// Per market, never netted across markets; the first that holds (contract §3).
[[nodiscard]] HedgeVerdict verdict(const Position& position, const HedgeLimits& limits);
/// Nothing without a hedge ratio: such a market is in no band.
[[nodiscard]] std::optional<HedgeBand> hedge_band(const Position& position,
                                                  const HedgeLimits& limits);
/// Below the critical ratio; a flat position is not.
[[nodiscard]] bool critical(const Position& position, const HedgeLimits& limits);

/// Keeps the thresholds in force.
class LimitsFold {
  public:
    explicit LimitsFold(Rows& rows);
    void apply(const Event& event);

  private:
    struct LimitRow {
        std::string value;  ///< decimal text
        auto fields() { return std::tie(value); }
    };
    friend HedgeLimits hedge_limits(const Rows& rows);

    Table<LimitRow> limits_;  ///< (name)
};
[[nodiscard]] HedgeLimits hedge_limits(const Rows& rows);
/// The thresholds alone, out of the few events that say them.
[[nodiscard]] const Projection& limits_projection();

/// "0.6163": four decimals, rounded down.
[[nodiscard]] std::string format_ratio(const Fraction& ratio);
/// "0.9299": four decimals, half-even.
[[nodiscard]] std::string format_pair_cost(const Fraction& cost);

}  // namespace daybook
