#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace daybook::server {

/// How long things took, in buckets. For any thread.
class Histogram {
  public:
    void add(std::chrono::nanoseconds took);
    void write(std::string& out, const std::string& name, const std::string& help) const;

  private:
    /// Upper bounds in microseconds; a last bucket has none.
    static constexpr std::array<std::uint64_t, 12> kBounds{
        50, 100, 200, 500, 1000, 2000, 5000, 10'000, 50'000, 100'000, 500'000, 1'000'000};
    std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> counts_{};
    std::atomic<std::uint64_t> nanos_{};
};

/// What the server counts of itself. For any thread; none has a label for a market, whose number
/// grows with time.
struct Metrics {
    std::atomic<std::uint64_t> recorded{}, duplicates{}, conflicting{}, unparsed{};
    std::atomic<std::uint64_t> batches{}, refused_batches{}, commits{};
    std::atomic<std::uint64_t> durable_seq{};
    std::atomic<std::uint64_t> queued_bytes{};
    std::atomic<std::uint64_t> requests{}, failed_requests{}, refused_connections{};
    std::atomic<std::int64_t> connections{}, subscribers{};
    std::atomic<std::uint64_t> streamed{}, cut_subscribers{};
    std::atomic<std::uint64_t> free_bytes{};
    std::atomic<bool> recording{};
    Histogram commit_time;

    /// In the text format of Prometheus, with how the folding stands.
    [[nodiscard]] std::string text(std::uint64_t folded_seq, bool folding) const;
};

}  // namespace daybook::server
