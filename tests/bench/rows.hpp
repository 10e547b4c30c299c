#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "bench/corpus.hpp"
#include "bench/measure.hpp"
#include "bench/raw.hpp"

namespace daybook::bench {

struct Bench {  ///< what every part of the benchmark is given
    const Corpus& corpus;
    const RawFrames& frames;
    std::filesystem::path folder;  ///< on the disk to be measured; emptied
    int rounds{};
    std::uint64_t fold_events{};     ///< of the journal that is folded
    std::vector<std::string> folds;  ///< projections looked at one by one; none: every figure
    double large_bytes{};            ///< size of the large journal of the rows for open and verify
};

/// The parts of the benchmark; each adds its lines.
void bench_appends(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& timings);
void bench_sustained(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& timings);
void bench_reads(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& timings);
void bench_large(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& timings);
/// Rebuilds of the ledger beside the same fold in plain arrays.
void bench_projections(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& timings);
/// Rebuilds beside the same folds without a store: all together, and each alone.
void bench_folds(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& timings);
/// From durable to readable, while a recorder runs.
void bench_live(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& timings);
void bench_peers(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& timings);

/// A folder of that name, empty.
[[nodiscard]] std::filesystem::path fresh(const Bench& bench, const char* name);

/// The value, or the end of the program.
template <class T>
T need(Result<T> result) {
    if (!result) stop(result.error().detail);
    return std::move(result.value());
}
inline void need(const Result<void>& result) {
    if (!result) stop(result.error().detail);
}

/// A new journal in `folder` whose first segment, of `size` bytes, is all zeros; quiet background.
[[nodiscard]] journal::Writer new_writer(const std::filesystem::path& folder, std::uint64_t size);

}  // namespace daybook::bench
