#pragma once

#include <memory>
#include <vector>

#include "bench/market_days.hpp"

namespace daybook::bench {

/// The limit of a rebuild: positions by average cost, cash, fees and hedge ratios in plain arrays,
/// out of a mapped file; no names, no failed fills, nothing kept on disk.
struct RawOutcome {
    std::int64_t shares{}, cost{}, realized{}, bought{}, sold{}, fees{};
    friend bool operator==(const RawOutcome&, const RawOutcome&) = default;
};
struct RawLedger {
    std::vector<RawOutcome> outcomes = std::vector<RawOutcome>(2 * (MarketDays::kMarkets + 1));
    double hedge_sum{};  ///< so that ratios are worked out
    friend bool operator==(const RawLedger&, const RawLedger&) = default;
};

/// Every frame's hash, every fill.
[[nodiscard]] RawLedger raw_fold(const MarketDays& days);
/// The same, two threads checking a half each.
[[nodiscard]] RawLedger raw_fold_by_two(const MarketDays& days);
/// Only the frames at `places`.
[[nodiscard]] RawLedger raw_fold_at(const MarketDays& days,
                                    const std::vector<MarketDays::Place>& places);

/// One fill of market `key`, as it was encoded.
void fold_fill(RawLedger& ledger, std::uint64_t key, const char* payload);
/// With its hedge ratios.
[[nodiscard]] RawLedger finished(RawLedger ledger);

/// The ledger as of any event: a copy every 65,536 events, and the fills behind it.
class RawPast {
  public:
    explicit RawPast(const MarketDays& days);
    ~RawPast();
    RawPast(const RawPast&) = delete;
    RawPast& operator=(const RawPast&) = delete;
    [[nodiscard]] RawLedger at(std::uint64_t sequence) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace daybook::bench
