#include "projections/fold/execution.hpp"

#include <algorithm>
#include <vector>

namespace daybook {
namespace {

std::optional<Time> sent(const OrderTimes& times) {
    return times.submitted ? times.submitted : times.intent;
}

/// Whether the order rested without being complete `timeout_ms` after it was sent.
bool live_at(const OrderRow& order, std::optional<Time> now, std::int64_t timeout_ms) {
    const auto start = sent(order.times);
    if (!start || !order.times.live) return false;
    const std::int64_t timeout = start->nanos + timeout_ms * kNanosPerMilli;
    const std::optional<Time> end = order.times.terminal ? order.times.terminal : now;
    return order.times.live->nanos <= timeout && end && end->nanos > timeout;
}

/// What the fills cost beyond the intended price (a sale: what they brought short of it).
std::optional<Money> slippage_of(const OrderRow& order) {
    const OrderTerms& terms = order.terms;
    if (!terms.intended || !terms.price || !terms.side || order.done.filled <= Shares{}) {
        return std::nullopt;
    }
    const auto intended = cost(*terms.price, order.done.filled);
    if (!intended) return std::nullopt;
    const Money paid_more = order.done.cost - intended.value();
    return *terms.side == Side::buy ? paid_more : -paid_more;
}

std::optional<std::int64_t> time_to_fill(const OrderTimes& times) {
    const auto start = sent(times);
    if (!start || !times.filled) return std::nullopt;
    return times.filled->nanos - start->nanos;
}

/// The smallest value that at least `percent` of them do not exceed.
std::int64_t nearest_rank(const std::vector<std::int64_t>& sorted, std::size_t percent) {
    const std::size_t rank = (sorted.size() * percent + 99) / 100;
    return sorted.at(rank - 1);
}

std::optional<Durations> durations(std::vector<std::int64_t> times) {
    if (times.empty()) return std::nullopt;
    std::sort(times.begin(), times.end());
    return Durations{nearest_rank(times, 50), nearest_rank(times, 90), times.back()};
}

void count(Execution& sum, const OrderRow& order) {
    ++sum.attempts;
    switch (progress_of(order.terms, order.done)) {
        case Progress::none:
            ++sum.none;
            break;
        case Progress::part:
            ++sum.partial;
            break;
        case Progress::all:
            ++sum.filled;
            break;
    }
    if (order.state() == OrderState::unknown) ++sum.in_doubt;
    if (order.life.without_fills == OrderState::rejected) {
        ++sum.rejected;
        ++sum.rejections[order.standing.reason];
    }
    if (order.terms.shares) {
        sum.shares_ordered += *order.terms.shares;
        sum.shares_filled += order.done.filled;
    }
}

std::optional<Ratio> ratio_of(Shares part, Shares whole) {
    if (whole <= Shares{}) return std::nullopt;
    return Ratio{static_cast<std::int64_t>(Wide{part.micros} * kMicro / whole.micros)};
}

}  // namespace

std::optional<Execution> execution_of(std::span<const OrderRow> orders, std::optional<Time> now,
                                      std::int64_t fill_timeout_ms) {
    Execution sum;
    Slippage slipped;
    Shares measured;
    std::vector<std::int64_t> times;
    for (const OrderRow& order : orders) {
        if (!order.standing.attempted) continue;
        count(sum, order);
        if (live_at(order, now, fill_timeout_ms)) ++sum.live_at_timeout;
        if (const auto nanos = time_to_fill(order.times)) times.push_back(*nanos);
        if (const auto slip = slippage_of(order)) {
            slipped.total += *slip;
            measured += order.done.filled;
        }
    }
    if (sum.attempts == 0) return std::nullopt;
    sum.fill_ratio = ratio_of(sum.shares_filled, sum.shares_ordered);
    sum.time_to_fill = durations(std::move(times));
    if (measured > Shares{}) {
        slipped.per_share = {static_cast<std::int64_t>(
            divide_half_even(Wide{slipped.total.micros} * kMicro, measured.micros))};
        sum.slippage = slipped;
    }
    return sum;
}

}  // namespace daybook
