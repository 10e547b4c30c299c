#include "bench/rows.hpp"
namespace daybook::bench {
void bench_large(const Bench&, std::vector<Row>&) {}
void bench_peers(const Bench&, std::vector<Row>&) {}
void bench_sustained(const Bench&, std::vector<Row>&) {}
}  // namespace daybook::bench
