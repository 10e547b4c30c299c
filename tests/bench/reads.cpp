#include <random>

#include "bench/rows.hpp"
#include "journal/reader.hpp"

namespace daybook::bench {
namespace {

constexpr std::size_t kEvents = 4'000'000;
constexpr std::size_t kBatch = 1024;

/// The same events as a journal with sealed segments, and as a raw file.
class Recorded {
  public:
    explicit Recorded(const Bench& bench)
        : folder_(fresh(bench, "journal")), log_(fresh(bench, "raw") / "log", 0) {
        need(journal::create(folder_, {}));
        auto writer = need(journal::Writer::open(folder_, {}));
        std::vector<journal::Entry> batch(kBatch);
        for (std::size_t i = 0; i < kEvents; i += kBatch) {
            for (std::size_t k = 0; k < kBatch; ++k) {
                batch[k] = bench.corpus.entry(i + k);
                const auto frame = bench.frames.frame(i + k);
                offsets_.push_back(raw_end_);
                log_.add(frame);
                raw_end_ += frame.size();
            }
            need(writer.append(batch));
            log_.write();
        }
        events_ = offsets_.size();
        need(writer.close());
        need(journal::Writer::open(folder_, {}).value().close());  // seals what is left to seal
        log_.sync();
    }
    [[nodiscard]] std::size_t events() const { return events_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] RawMap map() const { return {log_.descriptor(), raw_end_}; }
    [[nodiscard]] std::uint64_t raw_end() const { return raw_end_; }
    [[nodiscard]] std::uint64_t offset(std::size_t i) const { return offsets_[i]; }

  private:
    std::filesystem::path folder_;
    RawLog log_;
    std::uint64_t raw_end_{};
    std::size_t events_{};
    std::vector<std::uint64_t> offsets_;
};

Slice raw_replay(const Recorded& recorded) {
    const auto begin = Clock::now();
    const RawMap map = recorded.map();
    std::size_t read = 0;
    for (std::uint64_t at = 0; at < recorded.raw_end(); ++read) {
        if (!map.whole(at)) stop("a raw frame is bad");
        at += map.length(at);
    }
    return {static_cast<double>(read) / seconds_since(begin), {}};
}

Slice journal_replay(const Recorded& recorded) {
    const auto begin = Clock::now();
    auto reader = need(journal::Reader::open(recorded.folder()));
    std::size_t read = 0;
    while (need(reader.next())) ++read;
    if (read != recorded.events()) stop("events are missing");
    return {static_cast<double>(read) / seconds_since(begin), {}};
}

constexpr std::size_t kReads = 300'000;

Slice raw_points(const Recorded& recorded) {
    const RawMap map = recorded.map();
    std::mt19937_64 engine{7};
    return run_slice(kReads, 1, true, [&](std::size_t) {
        if (!map.whole(recorded.offset(engine() % recorded.events()))) stop("a raw frame is bad");
    });
}

Slice journal_points(journal::Reader& reader, const Recorded& recorded) {
    std::mt19937_64 engine{7};
    return run_slice(kReads, 1, true, [&](std::size_t) {
        const auto record = need(reader.at({1 + engine() % recorded.events()}));
        if (record.payload.empty()) stop("an event is missing");
    });
}

Row warm_replay(const Bench& bench, const Recorded& recorded) {
    Row row{.name = "5 replay with every checksum, warm", .must = "0.75"};
    for (int round = 0; round < bench.rounds; ++round) {
        const Slice limit = raw_replay(recorded);
        row.add(limit, journal_replay(recorded));
    }
    return row;
}

/// Both in bytes of the journal's files.
Row cold_replay(const Bench& bench, const Recorded& recorded) {
    Row row{.name = "5 replay with every checksum, cold (bytes)", .must = "0.85"};
    const auto reader = need(journal::Reader::open(recorded.folder()));
    const double bytes = static_cast<double>(need(reader.bytes()));
    for (int round = 0; round < bench.rounds; ++round) {
        forget_cached(recorded.folder());
        const Slice limit{read_bandwidth(recorded.folder()), {}};
        forget_cached(recorded.folder());
        const Slice events = journal_replay(recorded);
        row.add(limit, {events.rate / static_cast<double>(recorded.events()) * bytes, {}});
    }
    return row;
}

Row point_reads(const Bench& bench, const Recorded& recorded) {
    Row row{.name = "6 point read by sequence", .must = "0.50"};
    auto reader = need(journal::Reader::open(recorded.folder()));
    for (std::size_t i = 1; i <= recorded.events(); i += 1000) need(reader.at({i}));
    for (int round = 0; round < bench.rounds; ++round) {
        const Slice limit = raw_points(recorded);
        row.add(limit, journal_points(reader, recorded));
    }
    return row;
}

}  // namespace

void bench_reads(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& /*timings*/) {
    const Recorded recorded(bench);
    rows.push_back(warm_replay(bench, recorded));
    rows.push_back(cold_replay(bench, recorded));
    rows.push_back(point_reads(bench, recorded));
}

}  // namespace daybook::bench
