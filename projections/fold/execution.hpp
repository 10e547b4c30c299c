#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "projections/fold/order_row.hpp"

namespace daybook {

inline constexpr std::int64_t kFillTimeoutMs = 5000;

struct Durations {  ///< nanoseconds; by nearest rank, so each is one that occurred
    std::int64_t median{}, p90{}, max{};
    friend bool operator==(const Durations&, const Durations&) = default;
};

struct Slippage {  ///< against the intent's price; positive is worse than intended
    Money total;
    Price per_share;  ///< total over the shares it was measured on, half-even to 1e-6
    friend bool operator==(const Slippage&, const Slippage&) = default;
};

/// How orders were executed. Counts are numbers of orders; an intent that was never sent is none.
struct Execution {
    std::uint32_t attempts{};
    std::uint32_t filled{}, partial{}, none{};  ///< by unvoided fills; they add up to attempts
    std::uint32_t rejected{};
    std::map<std::string, std::uint32_t> rejections;  ///< by reason, "" when none was given
    std::uint32_t live_at_timeout{};  ///< waiting at the venue, without being filled, that late
    std::uint32_t in_doubt{};         ///< state unknown
    Shares shares_ordered, shares_filled;  ///< of attempts whose size is known
    /// Filled over ordered, rounded down to 1e-6 (99.9999… % is not 100 %).
    std::optional<Ratio> fill_ratio;
    std::optional<Slippage> slippage;       ///< over filled orders with an intended price
    std::optional<Durations> time_to_fill;  ///< from submission (else intent) to completion
};

/// Nothing when there are no attempts. `now` is the clock of the last event looked at: an order
/// that waits still has waited until then. Orders of one mode only: two modes are never summed.
[[nodiscard]] std::optional<Execution> execution_of(std::span<const OrderRow> orders,
                                                    std::optional<Time> now,
                                                    std::int64_t fill_timeout_ms = kFillTimeoutMs);

}  // namespace daybook
