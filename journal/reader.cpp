#include "journal/reader.hpp"

#include <algorithm>
#include <vector>

#include "journal/footer.hpp"
#include "journal/frame.hpp"
#include "journal/layout.hpp"

namespace daybook::journal {
namespace {

struct Spot {  // a frame's place in a segment
    std::uint64_t sequence;
    std::uint64_t offset;
};

/// Finds frames by number in one segment after another; remembers the sparse index of one.
class Finder {
  public:
    Result<void> go_to(const ReadDirectory& directory, const Head& head, std::uint64_t sequence);
    /// Where `sequence` begins; go_to() has been there.
    Result<std::uint64_t> offset_of(std::uint64_t sequence);
    Result<FrameRead> frame_at(std::uint64_t offset) {
        return read_frame(segment_->file, offset, segment_->limit);
    }
    [[nodiscard]] std::uint64_t number() const { return segment_->file.header().number; }

  private:
    [[nodiscard]] bool holds(const Head& head, std::uint64_t sequence) const;
    Result<void> load_sparse();
    Result<std::uint64_t> length_at(const Spot& spot);
    void remember(const Spot& spot);

    std::optional<OpenSegment> segment_;
    std::vector<Spot> sparse_;
};

bool Finder::holds(const Head& head, std::uint64_t sequence) const {
    if (!segment_ || sequence < segment_->first) return false;
    return sequence <= (number() == head.segment ? head.durable.raw : segment_->last);
}

Result<void> Finder::go_to(const ReadDirectory& directory, const Head& head,
                           std::uint64_t sequence) {
    if (holds(head, sequence)) {
        if (number() == head.segment) {
            segment_->last = head.durable.raw;
            segment_->limit = head.end;
        }
        return ok();
    }
    segment_.reset();
    TRY(auto number, segment_of(directory, head, sequence));
    TRY(segment_, open_segment(directory, head, number));
    return load_sparse();
}

Result<void> Finder::load_sparse() {
    sparse_ = {{segment_->first, kFramesBegin}};
    TRY(auto footer, read_footer(segment_->file));  // none: the frames themselves are the truth
    if (!footer) return ok();
    sparse_.clear();
    for (const SparseEntry& entry : footer->sparse)
        sparse_.push_back({entry.sequence, entry.offset});
    if (sparse_.empty()) sparse_ = {{segment_->first, kFramesBegin}};
    return ok();
}

Result<std::uint64_t> Finder::length_at(const Spot& spot) {
    TRY(auto frame, read_frame(segment_->file, spot.offset, segment_->limit));
    const bool fits = frame.fault == Fault::none && frame.header.sequence == spot.sequence;
    if (fits) return frame.end() - frame.offset;
    const Fault fault = frame.fault == Fault::none ? Fault::sequence : frame.fault;
    return corrupt_at({number(), spot.offset, spot.sequence},
                      "expected this frame, found " + to_text(fault));
}

void Finder::remember(const Spot& spot) {
    if (spot.offset >= sparse_.back().offset + kSparseStep) sparse_.push_back(spot);
}

Result<std::uint64_t> Finder::offset_of(std::uint64_t sequence) {
    const auto behind = std::upper_bound(
        sparse_.begin(), sparse_.end(), sequence,
        [](std::uint64_t wanted, const Spot& spot) { return wanted < spot.sequence; });
    Spot spot = behind == sparse_.begin() ? sparse_.front() : *(behind - 1);
    while (spot.sequence < sequence) {
        TRY(auto length, length_at(spot));
        spot = {spot.sequence + 1, spot.offset + length};
        remember(spot);
    }
    return spot.offset;
}

Record record_of(const FrameRead& frame) {
    return {.sequence = {frame.header.sequence},
            .received = frame.header.received,
            .key = frame.header.key,
            .type = frame.header.type,
            .flags = frame.header.flags,
            .hash = frame.header.hash,
            .payload = frame.payload};
}

struct Cursor {  // where next() is
    std::uint64_t sequence = 1;
    std::optional<OpenSegment> segment;
    std::uint64_t offset{};
};

}  // namespace

struct Reader::State {
    std::unique_ptr<ReadDirectory> directory;
    Head head;
    Finder finder;
    Cursor cursor;

    Result<FrameRead> whole_frame(SegmentFile& file, Spot spot, std::uint64_t limit) const;
    Result<void> place_cursor();
    Result<void> enter(std::uint64_t number, std::uint64_t offset);
    void extend_cursor();
    [[nodiscard]] Result<void> check_last(const FrameRead& frame) const;
};

/// The frame that has to stand at `spot`.
Result<FrameRead> Reader::State::whole_frame(SegmentFile& file, Spot spot,
                                             std::uint64_t limit) const {
    TRY(auto frame, read_frame(file, spot.offset, limit));
    if (frame.fault == Fault::none && frame.header.sequence == spot.sequence) return frame;
    const Fault fault = frame.fault == Fault::none ? Fault::sequence : frame.fault;
    return corrupt_at({file.header().number, spot.offset, spot.sequence},
                      "expected this frame (durable to " + std::to_string(head.durable.raw) +
                          "), found " + to_text(fault));
}

Result<void> Reader::State::enter(std::uint64_t number, std::uint64_t offset) {
    cursor.segment.reset();
    TRY(cursor.segment, open_segment(*directory, head, number));
    cursor.offset = offset;
    return ok();
}

void Reader::State::extend_cursor() {
    OpenSegment& segment = *cursor.segment;
    if (segment.file.header().number != head.segment) return;
    segment.last = head.durable.raw;
    segment.limit = head.end;
    segment.hash_of_last = head.hash;
}

/// Brings the cursor's segment to the one that holds its sequence.
Result<void> Reader::State::place_cursor() {
    if (!cursor.segment) {
        TRYV(finder.go_to(*directory, head, cursor.sequence));
        TRY(auto offset, finder.offset_of(cursor.sequence));
        return enter(finder.number(), offset);
    }
    extend_cursor();
    // A segment that was open when the cursor came to it may have got a successor since then.
    const std::uint64_t number = cursor.segment->file.header().number;
    if (cursor.sequence <= cursor.segment->last) return ok();
    TRY(auto again, open_segment(*directory, head, number));
    if (cursor.sequence <= again.last) {
        cursor.segment = std::move(again);
        return ok();
    }
    TRYV(enter(number + 1, kFramesBegin));
    return place_cursor();
}

/// The last frame of a segment has to be the one the next header, or HEAD, names.
Result<void> Reader::State::check_last(const FrameRead& frame) const {
    const OpenSegment& segment = *cursor.segment;
    if (frame.header.sequence != segment.last || frame.header.hash == segment.hash_of_last) {
        return ok();
    }
    return corrupt_at({segment.file.header().number, frame.offset, frame.header.sequence},
                      "expected the frame that the next header or HEAD names by its hash, found "
                      "another");
}

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(const std::filesystem::path& data_dir) {
    auto directory = open_directory(data_dir / "journal");
    auto reader = directory ? open(std::move(directory.value())) : directory.error();
    if (reader || reader.error().code != Errc::not_found) return reader;
    return Error{Errc::not_found,
                 "no journal in " + data_dir.string() + ": " + reader.error().detail,
                 "daybook init makes one; --data names another folder"};
}

Result<Reader> Reader::open(std::unique_ptr<ReadDirectory> directory) {
    auto state = std::make_unique<State>();
    TRY(state->head, read_head(*directory));
    state->directory = std::move(directory);
    TRYV(SegmentFile::open(*state->directory, state->head.segment, &state->head.journal));
    return Reader(std::move(state));
}

Uuid Reader::journal() const { return state_->head.journal; }
Head Reader::head() const { return state_->head; }
std::uint64_t Reader::segments() const { return state_->head.segment; }

Result<Head> Reader::refresh() {
    TRY(auto head, read_head(*state_->directory));
    if (head.counter > state_->head.counter) state_->head = head;
    return state_->head;
}

Result<Record> Reader::at(Sequence sequence) {
    const Head& head = state_->head;
    if (sequence.raw == 0 || sequence > head.durable) {
        return Error{Errc::not_found, "no sequence " + std::to_string(sequence.raw) +
                                          ": the journal is durable to " +
                                          std::to_string(head.durable.raw)};
    }
    Finder& finder = state_->finder;
    TRYV(finder.go_to(*state_->directory, head, sequence.raw));
    TRY(auto offset, finder.offset_of(sequence.raw));
    TRY(auto frame, finder.frame_at(offset));
    if (frame.fault == Fault::none && frame.header.sequence == sequence.raw) {
        return record_of(frame);
    }
    return corrupt_at({finder.number(), offset, sequence.raw},
                      "expected this frame, found " + to_text(frame.fault));
}

Result<void> Reader::seek(Sequence first) {
    state_->cursor = {};
    state_->cursor.sequence = std::max<std::uint64_t>(first.raw, 1);
    return ok();
}

Result<std::optional<Record>> Reader::next() {
    State& state = *state_;
    Cursor& cursor = state.cursor;
    if (cursor.sequence > state.head.durable.raw) return std::nullopt;
    TRYV(state.place_cursor());
    TRY(auto frame, state.whole_frame(cursor.segment->file, {cursor.sequence, cursor.offset},
                                      cursor.segment->limit));
    TRYV(state.check_last(frame));
    cursor.offset = frame.end();
    ++cursor.sequence;
    return std::optional{record_of(frame)};
}

Result<Chain> Reader::chain() {
    const Head& head = state_->head;
    TRY(auto root, chain_after(*state_->directory, head, head.segment));
    return Chain{head.durable, root};
}

Result<std::uint64_t> Reader::bytes() const {
    std::uint64_t total = 0;
    for (std::uint64_t number = 1; number <= state_->head.segment; ++number) {
        TRY(auto file, state_->directory->open(segment_name(number)));
        TRY(auto info, file->info());
        total += info.size;
    }
    return total;
}

}  // namespace daybook::journal
