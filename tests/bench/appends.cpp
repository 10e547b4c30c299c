#include <array>

#include "bench/rows.hpp"
#include "projections/catch_up.hpp"
#include "schemas/codec.hpp"
#include "src/init.hpp"
#include "src/recorder.hpp"

namespace daybook::bench {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;

struct Shape {  // of one slice
    std::size_t commits;
    std::size_t batch;
    std::uint64_t file_bytes;
};

Slice raw_durable(const Bench& bench, const Shape& shape) {
    RawLog log(fresh(bench, "raw") / "log", shape.file_bytes);
    std::size_t i = 0;
    return run_slice(shape.commits, shape.batch, true, [&](std::size_t) {
        for (std::size_t k = 0; k < shape.batch; ++k) log.add(bench.frames.frame(i++));
        log.write();
        log.sync();
    });
}

Slice journal_durable(const Bench& bench, const Shape& shape) {
    auto writer = new_writer(fresh(bench, "journal"), shape.file_bytes);
    std::vector<journal::Entry> batch(shape.batch);
    std::size_t i = 0;
    Slice slice = run_slice(shape.commits, shape.batch, true, [&](std::size_t) {
        for (journal::Entry& entry : batch) entry = bench.corpus.entry(i++);
        need(writer.append(batch));
        need(writer.commit());
    });
    need(writer.close());
    return slice;
}

/// From the event: encoded, framed, hashed, indexed, durable.
Slice journal_encoded(const Bench& bench, const Shape& shape) {
    auto writer = new_writer(fresh(bench, "journal"), shape.file_bytes);
    Encoder encoder;
    Slice slice = run_slice(shape.commits, 1, true, [&](std::size_t i) {
        journal::Entry entry = bench.corpus.entry(i);
        entry.payload = encoder.encode(bench.corpus.event(i), false);
        need(writer.append(std::array{entry}));
        need(writer.commit());
    });
    need(writer.close());
    return slice;
}

/// The same through the recorder: identity, the index of identities, market numbers.
Slice recorder_durable(const Bench& bench, const Shape& shape) {
    const auto folder = fresh(bench, "recorder");
    need(init(folder.string()));
    const Time now{1'765'584'000'000'000'000};
    auto recorder = need(Recorder::open(folder.string(), now));
    std::vector<Event> events;
    for (std::size_t i = 0; i < shape.commits; ++i) events.push_back(bench.corpus.event(i));
    Slice slice = run_slice(shape.commits, 1, true, [&](std::size_t i) {
        need(recorder.record({std::move(events[i])}, now));
        need(recorder.commit());
    });
    need(recorder.close());
    return slice;
}

/// 64 producers on one thread: each sends its next event when it is told that the last is durable.
class Producers {
  public:
    Producers(const Bench& bench, journal::Writer& writer) : bench_(bench), writer_(writer) {}
    void send() {
        need(writer_.append(std::array{bench_.corpus.entry(sent_++)},
                            [this](const Result<Sequence>& first) {
                                if (!first) stop(first.error().detail);
                                ++told_;
                                send();
                            }));
    }
    [[nodiscard]] std::size_t told() const { return told_; }

  private:
    const Bench& bench_;
    journal::Writer& writer_;
    std::size_t sent_{};
    std::size_t told_{};
};

Slice journal_producers(const Bench& bench, const Shape& shape) {
    auto writer = new_writer(fresh(bench, "journal"), shape.file_bytes);
    Producers producers(bench, writer);
    for (std::size_t i = 0; i < shape.batch; ++i) producers.send();
    Slice slice =
        run_slice(shape.commits, shape.batch, true, [&](std::size_t) { need(writer.commit()); });
    if (producers.told() != shape.commits * shape.batch) stop("an acknowledgement is missing");
    return slice;
}

constexpr std::size_t kRawWrite = std::size_t{256} << 10U;

Slice raw_unsynced(const Bench& bench, std::size_t events, bool timed) {
    RawLog log(fresh(bench, "raw") / "log", 256 * kMiB);
    return run_slice(events, 1, timed, [&](std::size_t i) {
        log.add(bench.frames.frame(i));
        if (log.waiting() >= kRawWrite) log.write();
    });
}

Slice journal_unsynced(const Bench& bench, std::size_t events, bool timed) {
    auto writer = new_writer(fresh(bench, "journal"), 256 * kMiB);
    return run_slice(events, 1, timed, [&](std::size_t i) {
        need(writer.append(std::array{bench.corpus.entry(i)}));
    });
}

/// Rounds of limit and ours, whoever is first changes.
template <class Limit, class Ours>
Row in_rounds(const Bench& bench, const char* name, const char* must, Limit limit, Ours ours) {
    Row row{.name = name, .must = must};
    for (int round = 0; round < bench.rounds; ++round) {
        if (round % 2 == 0) {
            const Slice of_limit = limit();
            row.add(of_limit, ours());
        } else {
            const Slice of_ours = ours();
            row.add(limit(), of_ours);
        }
    }
    return row;
}

void bench_unsynced(const Bench& bench, std::vector<Row>& rows) {
    constexpr std::size_t kEvents = 600'000;
    rows.push_back(in_rounds(
        bench, "4 append without sync, one call each", "0.40, p99 ≤ 1 µs",
        [&] { return raw_unsynced(bench, kEvents, true); },
        [&] { return journal_unsynced(bench, kEvents, true); }));
    rows.push_back(in_rounds(
        bench, "4 the same, calls not timed", "",
        [&] { return raw_unsynced(bench, kEvents, false); },
        [&] { return journal_unsynced(bench, kEvents, false); }));
}

}  // namespace

void bench_appends(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& /*timings*/) {
    const Shape single{4'000, 1, 8 * kMiB};
    const Shape small{1'500, 64, 64 * kMiB};
    const Shape large{240, 1024, 128 * kMiB};
    const auto limit = [&](const Shape& shape) {
        return [&bench, shape] { return raw_durable(bench, shape); };
    };
    const auto ours = [&](auto run, const Shape& shape) {
        return [&bench, run, shape] { return run(bench, shape); };
    };
    rows.push_back(in_rounds(bench, "1 durable, one event an acknowledgement", "0.90, p99 ≤ 1.5 L",
                             limit(single), ours(journal_encoded, single)));
    rows.push_back(in_rounds(bench, "1 the same through the recorder, identity index included", "",
                             limit(single), ours(recorder_durable, single)));
    rows.push_back(in_rounds(bench, "2 durable, 64 events a batch", "0.85", limit(small),
                             ours(journal_durable, small)));
    rows.push_back(in_rounds(bench, "2 durable, 1,024 events a batch", "0.60", limit(large),
                             ours(journal_durable, large)));
    rows.push_back(in_rounds(bench, "3 durable, 64 producers called back", "0.60", limit(small),
                             ours(journal_producers, small)));
    bench_unsynced(bench, rows);
}

}  // namespace daybook::bench
