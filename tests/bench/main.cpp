// Measures the journal beside the machine's limit and beside other stores. Prints a table.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "bench/rows.hpp"

namespace daybook::bench {

std::filesystem::path fresh(const Bench& bench, const char* name) {
    const auto path = bench.folder / name;
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
    return path;
}

journal::Writer new_writer(const std::filesystem::path& folder, std::uint64_t size) {
    journal::Options options;
    options.first_segment = size;
    options.background = false;  // quiet, as the limit is: a busy disk answers sooner here
    need(journal::create(folder, options));
    return need(journal::Writer::open(folder, options));
}

namespace {

constexpr std::size_t kCorpus = 200'000;

bool wanted(const std::vector<std::string>& only, const std::string& part) {
    return std::find(only.begin(), only.end(), part) != only.end();
}

int run(int argc, char** argv) {
    std::string folder = "build/bench";
    int rounds = 7;
    double gigabytes = 10;
    std::uint64_t fold_events = 10'000'000;
    std::vector<std::string> folds;
    std::vector<std::string> only{"appends", "sustained", "reads", "large", "peers"};
    CLI::App app{"The journal beside the machine's limit, and other stores beside it."};
    app.add_option("--dir", folder, "folder to work in, on the disk to be measured; emptied");
    app.add_option("--rounds", rounds, "rounds of limit and ours")->check(CLI::Range(1, 1000));
    app.add_option("--gigabytes", gigabytes, "size of the large journal");
    app.add_option("--events", fold_events, "events of the journal that is folded");
    app.add_option("--folds", folds, "of folds these alone; with commas between them together");
    app.add_option("--only", only,
                   "appends, sustained, reads, large, peers; projections, live, folds");
    CLI11_PARSE(app, argc, argv);

    const Corpus corpus(kCorpus);
    const RawFrames frames(corpus);
    const Bench bench{corpus, frames, folder, rounds, fold_events, folds, gigabytes * 1e9};
    std::printf("mean frame of the mix: %.1f bytes\n\n", corpus.mean_frame_bytes());
    using Part = void (*)(const Bench&, std::vector<Row>&, std::vector<Timing>&);
    constexpr std::pair<const char*, Part> kParts[] = {
        {"appends", bench_appends}, {"sustained", bench_sustained},
        {"reads", bench_reads},     {"large", bench_large},
        {"peers", bench_peers},     {"projections", bench_projections},
        {"live", bench_live},       {"folds", bench_folds}};
    for (const auto& [name, part] : kParts) {
        if (!wanted(only, name)) continue;
        std::vector<Row> rows;
        std::vector<Timing> timings;
        part(bench, rows, timings);
        print_table(rows);
        print_timings(timings);
        std::fflush(stdout);
    }
    std::filesystem::remove_all(bench.folder);
    return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int argc, char** argv) { return daybook::bench::run(argc, argv); }
