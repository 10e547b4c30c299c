#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projections/fold/rows.hpp"
#include "schemas/fixed.hpp"

namespace daybook {

/// Every number a rule compares with. They stand here and nowhere else; a `limits` event that names
/// one replaces it from then on, and each verdict prints the one it used.
enum class Threshold : std::uint8_t {
    min_hedge_ratio,
    critical_hedge_ratio,
    max_imbalance_shares,
    max_pair_cost,
    max_consumption,
    max_group_cost,
    max_slippage,
    halt_ms,
    parallel_ms,
    fill_timeout_ms,
    cancel_grace_ms,
    unwind_timeout_ms,
    near_resolution_ms,
    max_book_age_ms,
    adopt_ms,
    settle_ms,
    redeem_ms,
};

/// How a threshold is counted: as a decimal of 1e-6, or in whole milliseconds.
enum class ThresholdUnit : std::uint8_t { ratio, shares, dollars, milliseconds };

struct ThresholdInfo {
    Threshold threshold;
    std::string_view name;  ///< in a `limits` event
    ThresholdUnit unit;
    std::optional<std::int64_t> standard;  ///< micros or ms; nothing: silent until a limit says
    std::string_view source;               ///< why this number
};
[[nodiscard]] const std::vector<ThresholdInfo>& threshold_catalogue();

/// The thresholds in force.
class Thresholds {
  public:
    Thresholds();
    /// As `limits` events kept in `rows` by LimitsFold have them.
    explicit Thresholds(const Rows& rows);

    [[nodiscard]] std::optional<std::int64_t> find(Threshold threshold) const {
        return values_.at(static_cast<std::size_t>(threshold));
    }
    /// Of one that always has a value.
    [[nodiscard]] std::int64_t get(Threshold threshold) const { return find(threshold).value(); }
    /// Whether a `limits` event named it: somebody means to keep it.
    [[nodiscard]] bool said(Threshold threshold) const {
        return said_.at(static_cast<std::size_t>(threshold));
    }
    /// "min_hedge_ratio 0.8", "fill_timeout_ms 5000".
    [[nodiscard]] std::string print(Threshold threshold) const;

  private:
    std::vector<std::optional<std::int64_t>> values_;
    std::vector<bool> said_;
};

}  // namespace daybook
