#include "bench/measure.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace daybook::bench {
namespace {

std::string decimals(double value, int places) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", places, value);
    return text;
}

/// 4530000 as "4.53 M", 9300 as "9.3 k".
std::string count_text(double value) {
    if (value >= 1e6) return decimals(value / 1e6, 2) + " M";
    if (value >= 1e3) return decimals(value / 1e3, 1) + " k";
    return decimals(value, 1);
}

std::string median_or_dash(const Figure& figure, int places) {
    return figure.empty() ? "-" : decimals(figure.median(), places);
}

}  // namespace

double quantile_us(std::vector<std::uint32_t> nanos, double share) {
    if (nanos.empty()) return 0;
    const auto place = std::min(
        nanos.size() - 1, static_cast<std::size_t>(share * static_cast<double>(nanos.size())));
    const auto middle = nanos.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(nanos.begin(), middle, nanos.end());
    return *middle / 1e3;
}

double Figure::median() const {
    if (values_.empty()) return 0;
    auto sorted = values_;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

std::string Figure::spread(int places) const {
    if (values_.empty()) return "-";
    const auto [least, most] = std::minmax_element(values_.begin(), values_.end());
    return decimals(median(), places) + " [" + decimals(*least, places) + "–" +
           decimals(*most, places) + "]";
}

void Row::add(const Slice& of_limit, const Slice& of_ours) {
    limit.add(of_limit.rate);
    rate.add(of_ours.rate);
    share.add(of_ours.rate / of_limit.rate);
    if (of_ours.nanos.empty()) return;
    p50.add(quantile_us(of_ours.nanos, 0.5));
    p99.add(quantile_us(of_ours.nanos, 0.99));
    p999.add(quantile_us(of_ours.nanos, 0.999));
    if (!of_limit.nanos.empty()) {
        p99_share.add(quantile_us(of_ours.nanos, 0.99) / quantile_us(of_limit.nanos, 0.99));
    }
}

void print_table(const std::vector<Row>& rows) {
    std::printf(
        "| work | must reach | share of L | L/s | rate/s | p50 µs | p99 µs | p99.9 µs | p99 ÷ L's "
        "|\n"
        "|---|---|---|---|---|---|---|---|---|\n");
    for (const Row& row : rows) {
        std::printf("| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", row.name.c_str(),
                    row.must.c_str(), row.share.spread(2).c_str(),
                    count_text(row.limit.median()).c_str(), count_text(row.rate.median()).c_str(),
                    median_or_dash(row.p50, 2).c_str(), median_or_dash(row.p99, 2).c_str(),
                    median_or_dash(row.p999, 1).c_str(),
                    row.p99_share.empty() ? "-" : row.p99_share.spread(2).c_str());
    }
}

void print_timings(const std::vector<Timing>& timings) {
    if (timings.empty()) return;
    std::printf("\n| work | must reach | seconds |\n|---|---|---|\n");
    for (const Timing& timing : timings) {
        std::printf("| %s | %s | %s |\n", timing.name.c_str(), timing.must.c_str(),
                    timing.seconds.spread(3).c_str());
    }
}

void stop(const std::string& why) {
    std::fprintf(stderr, "bench: %s\n", why.c_str());
    std::exit(1);
}

}  // namespace daybook::bench
