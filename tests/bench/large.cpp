#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "bench/rows.hpp"
#include "journal/background.hpp"
#include "journal/reader.hpp"
#include "journal/segment.hpp"
#include "journal/verify.hpp"
#include "src/init.hpp"
#include "src/recorder.hpp"

namespace daybook::bench {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;
constexpr std::size_t kBatch = 1024;

std::filesystem::path make_large(const Bench& bench) {
    auto folder = fresh(bench, "large");
    need(journal::create(folder, {}));
    auto writer = need(journal::Writer::open(folder, {}));
    std::vector<journal::Entry> batch(kBatch);
    std::size_t i = 0;
    const auto frame = bench.corpus.mean_frame_bytes();
    for (double bytes = 0; bytes < bench.large_bytes; bytes += frame * kBatch) {
        for (journal::Entry& entry : batch) entry = bench.corpus.entry(i++);
        need(writer.append(batch));
        need(writer.commit());
    }
    need(writer.close());
    need(need(journal::Writer::open(folder, {})).close());  // seals what is left to seal
    return folder;
}

/// From a cold cache to the acknowledgement of one event.
double open_and_append(const Bench& bench, const std::filesystem::path& folder) {
    forget_cached(folder);
    const auto begin = Clock::now();
    auto writer = need(journal::Writer::open(folder, {}));
    need(writer.append(std::array{bench.corpus.entry(0)}));
    need(writer.commit());
    const double took = seconds_since(begin);
    need(writer.close());
    return took;
}

/// What kill -9 amid a write leaves: bytes behind the durable end that make no frame.
void tear(const std::filesystem::path& folder) {
    const journal::Head head = need(journal::Reader::open(folder)).head();
    const auto path = folder / "journal" / journal::segment_name(head.segment);
    const int raw = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    const std::vector<char> torn(100'000, 'x');
    const ssize_t put = ::pwrite(raw, torn.data(), torn.size(), static_cast<off_t>(head.end));
    if (raw < 0 || put < 0) stop("cannot tear " + path.string());
    ::close(raw);
}

Slice cold_verify(const std::filesystem::path& folder) {
    forget_cached(folder);
    const auto begin = Clock::now();
    const auto verdict = need(journal::verify(folder));
    if (!verdict.ok) stop("verify found damage");
    return {static_cast<double>(verdict.bytes) / seconds_since(begin), {}};
}

/// The limit of the sustained row: the same zeros written ahead, the same writes and syncs.
class RawSegments {
  public:
    explicit RawSegments(const std::filesystem::path& folder)
        : directory_(need(journal::open_for_writing(folder))), background_(*directory_, {}, 0) {
        next();
    }
    void commit(std::span<const std::byte> bytes) {
        if (end_ + bytes.size() > kSize) next();
        need(file_->write(end_, bytes));
        need(file_->sync());
        end_ += bytes.size();
        background_.head_written(bytes.size(), false);
    }

  private:
    static constexpr std::uint64_t kSize = 64 * kMiB;
    void next() {
        ++number_;
        auto blank = background_.take(number_);
        if (!blank) blank = need(journal::allocate_blank(*directory_, number_, kSize));
        file_ = std::move(blank->file);
        end_ = 0;
        background_.prepare(number_ + 1, kSize);
    }

    std::unique_ptr<journal::WriteDirectory> directory_;
    journal::Background background_;
    std::unique_ptr<journal::WriteFile> file_;
    std::uint64_t number_{};
    std::uint64_t end_{};
};

constexpr std::size_t kSustainedBatch = 256;
constexpr int kSustainedRounds = 5;  // each takes as long as all others together

Slice raw_sustained(const Bench& bench, std::size_t commits) {
    const auto folder = fresh(bench, "raw");
    RawLog head(folder / "HEAD", kMiB);  // the background syncs one
    RawSegments segments(folder);
    std::vector<std::byte> bytes;
    std::size_t i = 0;
    return run_slice(commits, kSustainedBatch, true, [&](std::size_t) {
        bytes.clear();
        for (std::size_t k = 0; k < kSustainedBatch; ++k) {
            const auto frame = bench.frames.frame(i++);
            bytes.insert(bytes.end(), frame.begin(), frame.end());
        }
        segments.commit(bytes);
    });
}

Slice journal_sustained(const Bench& bench, std::size_t commits) {
    const auto folder = fresh(bench, "journal");
    need(journal::create(folder, {}));
    auto writer = need(journal::Writer::open(folder, {}));
    std::vector<journal::Entry> batch(kSustainedBatch);
    std::size_t i = 0;
    Slice slice = run_slice(commits, kSustainedBatch, true, [&](std::size_t) {
        for (journal::Entry& entry : batch) entry = bench.corpus.entry(i++);
        need(writer.append(batch));
        need(writer.commit());
    });
    need(writer.close());
    return slice;
}

/// Through the recorder, whose index of identities is on the disk already.
double open_with_identities(const Bench& bench) {
    const auto folder = fresh(bench, "recorder");
    need(init(folder.string()));
    const Time now{1'765'584'000'000'000'000};
    auto recorder = need(Recorder::open(folder.string(), now));
    for (std::size_t i = 0; i < 100; ++i) {
        std::vector<Event> batch;
        for (std::size_t k = 0; k < kBatch; ++k)
            batch.push_back(bench.corpus.event(i * kBatch + k));
        need(recorder.record(std::move(batch), now));
        need(recorder.commit());
    }
    need(recorder.close());
    forget_cached(folder);
    const auto begin = Clock::now();
    auto again = need(Recorder::open(folder.string(), now));
    need(again.record({bench.corpus.event(0)}, now));
    need(again.commit());
    return seconds_since(begin);
}

}  // namespace

void bench_sustained(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& /*timings*/) {
    constexpr double kBytes = 4.0 * 1024 * static_cast<double>(kMiB);
    const auto commits = static_cast<std::size_t>(
        kBytes / (bench.corpus.mean_frame_bytes() * static_cast<double>(kSustainedBatch)));
    Row row{.name = "sustained 4 GiB, 256 events a batch, zeroing and rotation included",
            .must = ""};
    for (int round = 0; round < std::min(bench.rounds, kSustainedRounds); ++round) {
        const Slice limit = raw_sustained(bench, commits);
        row.add(limit, journal_sustained(bench, commits));
    }
    rows.push_back(std::move(row));
}

void bench_large(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& timings) {
    Timing clean{.name = "7 open to the first acknowledged append, clean, cold", .must = "0.25 s"};
    Timing torn{.name = "7 the same, torn after kill -9", .must = "0.5 s"};
    Timing identities{.name = "– through the recorder with its identity index, 100,000 events",
                      .must = ""};
    Row verify{.name = "8 verify all, cold (bytes)", .must = "0.85"};
    const auto folder = make_large(bench);
    for (int round = 0; round < bench.rounds; ++round) {
        clean.seconds.add(open_and_append(bench, folder));
        tear(folder);
        torn.seconds.add(open_and_append(bench, folder));
        forget_cached(folder);
        const Slice limit{read_bandwidth(folder), {}};
        verify.add(limit, cold_verify(folder));
        identities.seconds.add(open_with_identities(bench));
    }
    rows.push_back(std::move(verify));
    timings.insert(timings.end(), {clean, torn, identities});
}

}  // namespace daybook::bench
