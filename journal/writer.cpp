#include "journal/writer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "journal/background.hpp"
#include "journal/frame.hpp"
#include "journal/hash.hpp"
#include "journal/layout.hpp"
#include "journal/record.hpp"
#include "journal/segment_write.hpp"
#include "journal/stage.hpp"
#include "schemas/planted.hpp"

namespace daybook::journal {
namespace {

constexpr std::uint16_t kBatchBits = kFirstOfBatch | kLastOfBatch;

std::uint16_t flags_of(std::span<const Entry> batch, std::size_t place) {
    unsigned flags = batch[place].flags & ~unsigned{kBatchBits};
    if (place == 0) flags |= unsigned{kFirstOfBatch};
    if (place + 1 == batch.size()) flags |= unsigned{kLastOfBatch};
    return static_cast<std::uint16_t>(flags);
}

/// Bytes its frames will take. Fails with malformed when they may not be appended.
Result<std::uint64_t> measure(std::span<const Entry> batch) {
    std::uint64_t bytes = 0;
    for (const Entry& entry : batch) {
        const std::size_t length = entry.payload.size();
        if (length == 0 || length > kPayloadMax) {
            return Error{Errc::malformed, "a payload has " + std::to_string(length) +
                                              " bytes; expected 1 to 1048576"};
        }
        bytes += frame_bytes(length);
    }
    if (bytes != 0 && bytes <= kBatchMax) return bytes;
    return Error{Errc::malformed,
                 "a batch of " + std::to_string(batch.size()) + " events takes " +
                     std::to_string(bytes) + " bytes; expected 1 to 2097152",
                 "send it in parts"};
}

Error closed() { return {Errc::disk, "the journal's writer was closed", "open it again"}; }

}  // namespace

struct Waiting {  // for a commit
    Sequence first;
    Done done;
};

struct Writer::State {
    std::unique_ptr<WriteDirectory> directory;
    std::unique_ptr<Lock> lock;
    Options options;
    std::optional<Recovered> recovered;

    Head head;             ///< as it stands in HEAD
    SegmentHeader header;  ///< of the segment that is open
    Digest schema{};       ///< of new segments
    std::unique_ptr<WriteFile> file;
    std::unique_ptr<WriteFile> head_file;

    Stage stage;  ///< behind head.end; some of it may be written, nothing of it is synced
    std::vector<Waiting> waiting;
    std::uint64_t next = 1;
    std::uint64_t last_hash{};    ///< of frame next - 1
    std::optional<Error> shut{};  ///< why nothing is taken any more
    std::unique_ptr<Background> background;

    Result<void> take_over();
    Result<void> commit();
    Result<void> publish(std::uint64_t appended, bool sync_now);
    Result<void> make_room(std::uint64_t bytes);
    Result<void> rotate(std::uint64_t bytes);
    Result<BlankSegment> blank(std::uint64_t number, std::uint64_t size);
    Result<void> leave_segment(std::uint64_t number);
    Result<void> close();
    void put(const Entry& entry, std::uint16_t flags);
    void prepare_next();
    void tell(const Result<void>& result);
    [[nodiscard]] std::uint64_t next_size() const;
    [[nodiscard]] Result<void> check_open();
    template <class T>
    Result<T> keep_shut(Result<T> result);
};

Result<void> Writer::State::check_open() {
    if (!shut && background && background->failed()) shut = background->failure();
    if (shut) return *shut;
    return ok();
}

/// The first refusal shuts the writer for good.
template <class T>
Result<T> Writer::State::keep_shut(Result<T> result) {
    if (!result && !shut) {
        shut = result.error();
        shut->code = Errc::disk;
    }
    return result;
}

std::uint64_t Writer::State::next_size() const {
    return std::clamp(header.size * 2, kBlock * 3, std::max(options.largest_segment, kBlock * 3));
}

void Writer::State::prepare_next() {
    if (background) background->prepare(header.number + 1, next_size());
}

/// Goes on where recover() has brought the journal.
Result<void> Writer::State::take_over() {
    TRY(auto recovery, recover(*directory));
    head = recovery.head;
    recovered = recovery.recovered;
    next = head.durable.raw + 1;
    last_hash = head.hash;
    TRY(auto segment, SegmentFile::open(*directory, head.segment, &head.journal));
    header = segment.header();
    stage.begin(head.end, segment.seed());
    schema = header.schema;
    if (!options.schema.empty()) {
        TRY(schema, keep_schema(*directory, options.schema));
    }
    TRY(file, directory->open_for_writing(segment_name(head.segment)));
    TRY(head_file, directory->open_for_writing(kHeadName));
    if (options.background) {
        background = std::make_unique<Background>(*directory, head.journal, head.sealed);
    }
    prepare_next();
    return ok();
}

void Writer::State::put(const Entry& entry, std::uint16_t flags) {
    const std::uint64_t back = next - head.durable.raw;
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
    last_hash = stage.put({.length = static_cast<std::uint32_t>(entry.payload.size()),
                           .sequence = next,
                           .received = entry.received,
                           .key = entry.key,
                           .type = entry.type,
                           .flags = flags,
                           .durable_before = static_cast<std::uint32_t>(std::min(back, kMost))},
                          entry.payload);
    ++next;
}

/// HEAD says what is durable now. Unsynced: data is never behind it.
Result<void> Writer::State::publish(std::uint64_t appended, bool sync_now) {
    head.durable = {next - 1};
    head.hash = last_hash;
    if (background) head.sealed = std::max(head.sealed, background->sealed());
    ++head.counter;
    TRYV(write_head(*head_file, head));
    if (background) background->head_written(appended, sync_now);
    if (!background && sync_now) return head_file->sync();
    return ok();
}

Result<void> Writer::State::commit() {
    if (stage.end() == head.end) return ok();
    if (PLANTED(head_before_data)) {
        head.end = stage.end();
        TRYV(publish(0, false));
    }
    TRYV(stage.write_to(*file));
    TRYV(file->sync());
    const std::uint64_t bytes = stage.end() - head.end;
    head.end = stage.end();
    return publish(bytes, false);
}

/// Room for `bytes` more in the segment and in memory.
Result<void> Writer::State::make_room(std::uint64_t bytes) {
    const bool fits = stage.end() + bytes <= header.size;
    if (!fits || schema != header.schema) return rotate(bytes);
    return stage.full() ? stage.write_to(*file) : ok();
}

/// Tells all who wait how it ended. They may append again meanwhile.
void Writer::State::tell(const Result<void>& result) {
    for (auto& [first, done] : std::exchange(waiting, {})) {
        done(result ? Result<Sequence>{first} : result.error());
    }
}

Result<BlankSegment> Writer::State::blank(std::uint64_t number, std::uint64_t size) {
    if (background) {
        if (auto zeros = background->take(number)) {
            TRYV(zeros->file->allocate(size));
            return std::move(*zeros);
        }
    }
    return allocate_blank(*directory, number, size);
}

Result<void> Writer::State::rotate(std::uint64_t bytes) {
    TRYV(commit());
    SegmentHeader following{.journal = header.journal,
                            .number = header.number + 1,
                            .size = std::max(next_size(), round_up(kFramesBegin + bytes, kBlock)),
                            .first_sequence = next,
                            .previous_hash = last_hash,
                            .schema = schema};
    TRY(auto zeros, blank(following.number, following.size));
    TRYV(name_segment(*directory, zeros, following));
    header = following;
    stage.begin(kFramesBegin, frame_seed(header.journal, header.number));
    file = std::move(zeros.file);
    head.segment = header.number;
    head.end = kFramesBegin;
    TRYV(publish(0, true));
    prepare_next();
    return leave_segment(header.number - 1);
}

/// Has the segment before the open one sealed.
Result<void> Writer::State::leave_segment(std::uint64_t number) {
    if (background) {
        background->seal_before(number + 1);
        return ok();
    }
    TRY(auto chain, chain_after(*directory, head, number - 1));
    TRYV(seal_segment(*directory, head.journal, number, chain));
    head.sealed = number;
    return publish(0, false);
}

Result<void> Writer::State::close() {
    TRYV(commit());
    if (background) {
        background->stop();
        if (const auto failure = background->failure()) return *failure;
    }
    head.clean = true;
    TRYV(publish(0, false));
    return head_file->sync();
}

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;
Writer::~Writer() = default;

Result<Writer> Writer::open(const std::filesystem::path& data_dir, Options options) {
    TRY(auto directory, open_for_writing(data_dir / "journal"));
    return open(std::move(directory), std::move(options));
}

Result<Writer> Writer::open(std::unique_ptr<WriteDirectory> directory, Options options) {
    auto state = std::make_unique<State>();
    TRYV(read_head(*directory));  // no lock file where there is no journal
    TRY(state->lock, directory->lock("LOCK"));
    state->directory = std::move(directory);
    state->options = std::move(options);
    TRYV(state->take_over());
    return Writer(std::move(state));
}

Uuid Writer::journal() const { return state_->head.journal; }
Sequence Writer::next() const { return {state_->next}; }
Head Writer::head() const { return state_->head; }
std::optional<Recovered> Writer::recovered() const { return state_->recovered; }

Result<Sequence> Writer::append(std::span<const Entry> batch) {
    State& state = *state_;
    TRYV(state.check_open());
    TRY(auto bytes, measure(batch));
    TRYV(state.keep_shut(state.make_room(bytes)));
    const Sequence first{state.next};
    for (std::size_t place = 0; place < batch.size(); ++place) {
        state.put(batch[place], flags_of(batch, place));
    }
    return first;
}

Result<Sequence> Writer::append(std::span<const Entry> batch, Done done) {
    TRY(const Sequence first, append(batch));
    state_->waiting.push_back({first, std::move(done)});
    return first;
}

Result<Sequence> Writer::commit() {
    TRYV(state_->check_open());
    const auto committed = state_->keep_shut(state_->commit());
    state_->tell(committed);
    TRYV(committed);
    return state_->head.durable;
}

Result<void> Writer::close() {
    TRYV(state_->check_open());
    auto result = state_->keep_shut(state_->close());
    state_->tell(result);
    if (result) state_->shut = closed();
    state_->lock.reset();
    return result;
}

}  // namespace daybook::journal
