#include "projections/fold/thresholds.hpp"

#include "projections/fold/row_codec.hpp"

namespace daybook {
namespace {

struct LimitText {  ///< a row of LimitsFold
    std::string value;
    auto fields() { return std::tie(value); }
};

}  // namespace

const std::vector<ThresholdInfo>& threshold_catalogue() {
    using T = Threshold;
    using U = ThresholdUnit;
    static const std::vector<ThresholdInfo> all{
        // The post-mortem of 2025-12-13, phase 2: what it says should have been in force that day.
        {T::min_hedge_ratio, "min_hedge_ratio", U::ratio, 800'000, "post-mortem, phase 2"},
        {T::critical_hedge_ratio, "critical_hedge_ratio", U::ratio, 600'000,
         "post-mortem, phase 2"},
        {T::max_imbalance_shares, "max_imbalance_shares", U::shares, 5'000'000,
         "post-mortem, phase 2"},
        // A pair pays a dollar whoever wins: at one dollar it earns nothing, above it loses.
        {T::max_pair_cost, "max_pair_cost", U::dollars, 1'000'000, "what a pair pays"},
        // Half of what is displayed (phase 3). Told by a `limits` event only, as is the cost of a
        // group: nothing is said of a size nobody limited.
        {T::max_consumption, "max_consumption", U::ratio, {}, "silent until a limit says"},
        {T::max_group_cost, "max_group_cost", U::dollars, {}, "silent until a limit says"},
        // Two ticks of a cent between the price decided on and the price sent.
        {T::max_slippage, "max_slippage", U::dollars, 20'000, "two cents"},
        // A market stands below the critical ratio, and so much later trading is halted.
        {T::halt_ms, "halt_ms", U::milliseconds, 1'000, "trading rules, halt"},
        // Both legs of a group leave within this, or the second waited for the first.
        {T::parallel_ms, "parallel_ms", U::milliseconds, 250, "trading rules, dual-leg execution"},
        // Phase 3: both legs are filled within 5 s or what is left is cancelled, a second later at
        // the latest.
        {T::fill_timeout_ms, "fill_timeout_ms", U::milliseconds, 5'000, "post-mortem, phase 3"},
        {T::cancel_grace_ms, "cancel_grace_ms", U::milliseconds, 1'000, "trading rules, time-out"},
        {T::unwind_timeout_ms, "unwind_timeout_ms", U::milliseconds, 30'000,
         "trading rules, unwind"},
        // The post-mortem's "final minute".
        {T::near_resolution_ms, "near_resolution_ms", U::milliseconds, 60'000,
         "post-mortem, problem 3"},
        {T::max_book_age_ms, "max_book_age_ms", U::milliseconds, 10'000,
         "trading rules, stale book"},
        {T::adopt_ms, "adopt_ms", U::milliseconds, 60'000, "trading rules, fill without order"},
        // Settlement takes seconds; reports of matched trades that never settled began at minutes.
        {T::settle_ms, "settle_ms", U::milliseconds, 120'000, "trading rules, stuck at matched"},
        {T::redeem_ms, "redeem_ms", U::milliseconds, 3'600'000, "an hour"},
    };
    return all;
}

Thresholds::Thresholds() {
    for (const ThresholdInfo& info : threshold_catalogue()) values_.push_back(info.standard);
    said_.resize(values_.size());
}

Thresholds::Thresholds(const Rows& rows) : Thresholds{} {
    for (const ThresholdInfo& info : threshold_catalogue()) {
        const auto row = rows.get("limits", info.name);
        if (!row) continue;
        const auto micros = parse_micros(unpack<LimitText>(*row).value);
        if (!micros) continue;  // no number: what stood before stands
        said_.at(static_cast<std::size_t>(info.threshold)) = true;
        const bool whole = info.unit == ThresholdUnit::milliseconds;
        values_.at(static_cast<std::size_t>(info.threshold)) =
            whole ? micros.value() / kMicro : micros.value();
    }
}

std::string Thresholds::print(Threshold threshold) const {
    const ThresholdInfo& info = threshold_catalogue().at(static_cast<std::size_t>(threshold));
    const auto value = find(threshold);
    const bool whole = info.unit == ThresholdUnit::milliseconds;
    return std::string{info.name} + ' ' +
           (!value  ? "none"
            : whole ? std::to_string(*value)
                    : format_micros(*value));
}

}  // namespace daybook
