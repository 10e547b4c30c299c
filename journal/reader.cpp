#include "journal/reader.hpp"

#include <algorithm>

#include "journal/frame.hpp"
#include "journal/indexed_segment.hpp"
#include "journal/layout.hpp"

namespace daybook::journal {
namespace {

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
    SegmentShelf shelf;
    Cursor cursor;

    [[nodiscard]] Error not_at_cursor(const FrameRead& frame) const;
    Result<void> place_cursor();
    Result<void> enter(std::uint64_t number, std::uint64_t offset);
    void extend_cursor();
    [[nodiscard]] Error not_the_last(const FrameRead& frame) const;
};

Error Reader::State::not_at_cursor(const FrameRead& frame) const {
    const Fault fault = frame.fault == Fault::none ? Fault::sequence : frame.fault;
    return corrupt_at({cursor.segment->file.header().number, cursor.offset, cursor.sequence},
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
        TRY(auto* const found, shelf.holding(*directory, head, cursor.sequence));
        TRY(const std::uint64_t offset, found->offset_of(cursor.sequence));
        return enter(found->number(), offset);
    }
    // A segment that was open when the cursor came to it may have got a successor since then.
    const std::uint64_t number = cursor.segment->file.header().number;
    TRY(auto again, open_segment(*directory, head, number));
    if (cursor.sequence <= again.last) {
        cursor.segment = std::move(again);
        return ok();
    }
    TRYV(enter(number + 1, kFramesBegin));
    return cursor.sequence <= cursor.segment->last ? ok() : place_cursor();
}

/// The last frame of a segment has to be the one the next header, or HEAD, names.
Error Reader::State::not_the_last(const FrameRead& frame) const {
    return corrupt_at(
        {cursor.segment->file.header().number, frame.offset, frame.header.sequence},
        "expected the frame that the next header or HEAD names by its hash, found another");
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
    if (head.counter > state_->head.counter) {
        state_->head = head;
        if (state_->cursor.segment) state_->extend_cursor();
    }
    return state_->head;
}

Result<Record> Reader::at(Sequence sequence) {
    const Head& head = state_->head;
    if (sequence.raw == 0 || sequence > head.durable) {
        return Error{Errc::not_found, "no sequence " + std::to_string(sequence.raw) +
                                          ": the journal is durable to " +
                                          std::to_string(head.durable.raw)};
    }
    TRY(auto* const segment, state_->shelf.holding(*state_->directory, head, sequence.raw));
    TRY(auto frame, segment->frame(sequence.raw));
    return record_of(frame);
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
    const bool there = cursor.segment && cursor.sequence <= cursor.segment->last;
    if (!there) {
        TRYV(state.place_cursor());
    }
    OpenSegment& segment = *cursor.segment;
    const auto mapped = segment.file.mapped();
    FrameRead frame;
    if (segment.limit <= mapped.size()) {
        frame = parse_frame(mapped.first(segment.limit).subspan(cursor.offset), cursor.offset,
                            segment.file.seed());
    } else {
        TRY(frame, read_frame(segment.file, cursor.offset, segment.limit));
    }
    const bool whole = frame.fault == Fault::none && frame.header.sequence == cursor.sequence;
    if (!whole) return state.not_at_cursor(frame);
    const bool last = cursor.sequence == segment.last;
    if (last && frame.header.hash != segment.hash_of_last) return state.not_the_last(frame);
    cursor.offset = frame.end();
    ++cursor.sequence;
    return std::optional<Record>{record_of(frame)};
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
