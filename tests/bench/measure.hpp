#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace daybook::bench {

using Clock = std::chrono::steady_clock;
[[nodiscard]] inline double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// One slice of work: how much a second, and how long each operation took when that was asked.
struct Slice {
    double rate{};
    std::vector<std::uint32_t> nanos;
};
/// The `share` quantile (0.5, 0.99 …) in microseconds; 0 when nothing was timed.
[[nodiscard]] double quantile_us(std::vector<std::uint32_t> nanos, double share);

/// Runs `work(i)` for i = 0 … count - 1. `timed`: the time of each call is kept.
template <class Work>
[[nodiscard]] Slice run_slice(std::size_t count, std::size_t events_each, bool timed, Work work) {
    Slice slice;
    slice.nanos.reserve(timed ? count : 0);
    const auto begin = Clock::now();
    auto before = begin;
    for (std::size_t i = 0; i < count; ++i) {
        work(i);
        if (!timed) continue;
        const auto now = Clock::now();
        const auto took =
            std::chrono::duration_cast<std::chrono::nanoseconds>(now - before).count();
        slice.nanos.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(took, 0xffffffff)));
        before = now;
    }
    slice.rate = static_cast<double>(count * events_each) / seconds_since(begin);
    return slice;
}

/// Values of one figure over the rounds.
class Figure {
  public:
    void add(double value) { values_.push_back(value); }
    [[nodiscard]] bool empty() const { return values_.empty(); }
    [[nodiscard]] double median() const;
    [[nodiscard]] std::string spread(int decimals) const;  ///< "0.93 [0.91–0.95]"

  private:
    std::vector<double> values_;
};

/// One line of the table: a rate beside the limit's, round by round.
struct Row {
    std::string name;
    std::string must{};           ///< what has to be reached, as text; empty: nothing
    Figure limit{}, rate{};       ///< a second
    Figure share{};               ///< rate ÷ limit of the same round
    Figure p50{}, p99{}, p999{};  ///< microseconds; empty when not timed
    Figure p99_share{};           ///< p99 ÷ the limit's p99 of the same round
    void add(const Slice& of_limit, const Slice& of_ours);
};
/// One line of what is measured in seconds.
struct Timing {
    std::string name;
    std::string must{};
    Figure seconds{};
};
void print_timings(const std::vector<Timing>& timings);
void print_table(const std::vector<Row>& rows);
[[noreturn]] void stop(const std::string& why);

}  // namespace daybook::bench
