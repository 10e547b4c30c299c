#include "journal/reader.hpp"

#include <algorithm>

#include "journal/footer.hpp"
#include "journal/frame.hpp"
#include "journal/indexed_segment.hpp"
#include "journal/layout.hpp"

namespace daybook::journal {
namespace {

/// How many durable frames of each type the segment has: by its footer, else by walking them.
Result<void> add_counts(OpenSegment& segment, bool sealed,
                        std::map<std::uint16_t, std::uint64_t>& counts) {
    if (sealed) {
        TRY(const auto footer, read_footer(segment.file));
        if (footer) {
            for (const FooterCount& type : footer->types) {
                counts[static_cast<std::uint16_t>(type.name)] += type.count;
            }
            return ok();
        }
    }
    FrameWalk walk(segment.file, segment.limit);
    while (walk.next_sequence() <= segment.last) {
        TRY(const auto frame, walk.step());
        if (frame.fault != Fault::none) {
            return corrupt_at({segment.file.header().number, walk.offset(), walk.next_sequence()},
                              "expected this frame, found " + to_text(frame.fault));
        }
        ++counts[frame.header.type];
    }
    return ok();
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
    Wants wants;  // empty: every type
    Check check{};
    std::optional<std::vector<std::uint64_t>> picks;  // the segment's wanted frames, by its footer
    std::size_t pick{};                               // the first of them at or behind `offset`

    void pick_from_offset() {
        if (!picks) return;
        const auto first = std::ranges::lower_bound(*picks, offset);
        pick = static_cast<std::size_t>(first - picks->begin());
    }
};

constexpr std::size_t kPicksAhead = 6;
constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kLinesAhead = 5;  // header and payload of an order's event

/// Frames picked here and there miss every cache: the memory is asked for before it is needed.
void fetch_ahead(std::span<const std::byte> mapped, const Cursor& cursor) {
    if (cursor.pick + kPicksAhead >= cursor.picks->size()) return;
    const std::uint64_t offset = (*cursor.picks)[cursor.pick + kPicksAhead];
    if (offset + kLinesAhead * kCacheLine > mapped.size()) return;
    for (std::size_t line = 0; line < kLinesAhead; ++line)
        __builtin_prefetch(mapped.data() + offset + line * kCacheLine);
}

}  // namespace

struct Reader::State {
    std::shared_ptr<const ReadDirectory> directory;
    Head head;
    SegmentShelf shelf;
    Cursor cursor;

    [[nodiscard]] Error not_at_cursor(const FrameRead& frame) const;
    Result<FrameRead> frame_from_file();
    Result<std::optional<Record>> next(std::uint64_t until);
    bool jump();
    Result<void> skip_to(std::uint64_t sequence);
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
    cursor.picks.reset();
    if (cursor.wants && cursor.check == Check::what_is_read && number <= head.sealed) {
        TRY(cursor.picks, offsets_of_types(cursor.segment->file, cursor.wants));
    }
    cursor.pick_from_offset();
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

Result<Reader> Reader::again() const {
    auto state = std::make_unique<State>();
    state->head = state_->head;
    state->directory = state_->directory;
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

Result<void> Reader::seek(Sequence first, Wants wants, Check check) {
    state_->cursor = {};
    state_->cursor.check = check;
    state_->cursor.sequence = std::max<std::uint64_t>(first.raw, 1);
    state_->cursor.wants = std::move(wants);
    return ok();
}

Result<void> Reader::skip_to(Sequence first) {
    return state_->skip_to(std::max<std::uint64_t>(first.raw, 1));
}

/// Within the cursor's segment, which stays open; any other is looked for when it is read.
Result<void> Reader::State::skip_to(std::uint64_t sequence) {
    cursor.sequence = sequence;
    const auto& segment = cursor.segment;
    if (!segment || sequence < segment->first || sequence > segment->last) {
        cursor.segment.reset();
        return ok();
    }
    TRY(auto* const found, shelf.holding(*directory, head, sequence));
    TRY(cursor.offset, found->offset_of(sequence));
    cursor.pick_from_offset();
    return ok();
}

Result<FrameRead> Reader::State::frame_from_file() {
    OpenSegment& segment = *cursor.segment;
    return read_frame(segment.file, cursor.offset, segment.limit);
}

/// The next wanted event up to `until`; the cursor goes behind it. A frame that is passed by costs
/// its hash and little else.
Result<std::optional<Record>> Reader::State::next(std::uint64_t until) {
    while (cursor.sequence <= until) {
        const bool there = cursor.segment && cursor.sequence <= cursor.segment->last;
        if (!there) {
            TRYV(place_cursor());
        }
        const OpenSegment& segment = *cursor.segment;
        if (cursor.picks && !jump()) continue;
        FrameRead frame;
        const auto mapped = segment.file.mapped();
        if (segment.limit <= mapped.size()) {
            frame = parse_frame(mapped.first(segment.limit).subspan(cursor.offset), cursor.offset,
                                segment.file.seed());
        } else {
            TRY(frame, frame_from_file());
        }
        const std::uint64_t sequence = frame.header.sequence;
        const bool expected = cursor.picks ? sequence >= cursor.sequence && sequence <= segment.last
                                           : sequence == cursor.sequence;
        if (frame.fault != Fault::none || !expected) return not_at_cursor(frame);
        const bool last = sequence == segment.last;
        if (last && frame.header.hash != segment.hash_of_last) return not_the_last(frame);
        if (sequence > until) {  // only a picked one can be
            --cursor.pick;
            break;
        }
        cursor.offset = frame.end();
        cursor.sequence = sequence + 1;
        if (!cursor.wants || cursor.picks || cursor.wants(frame.header.type))
            return std::optional<Record>{record_of(frame)};
    }
    return std::nullopt;
}

/// To the next wanted frame of the segment, else behind its last.
bool Reader::State::jump() {
    if (cursor.pick == cursor.picks->size()) {
        cursor.sequence = cursor.segment->last + 1;
        return false;
    }
    fetch_ahead(cursor.segment->file.mapped(), cursor);
    cursor.offset = (*cursor.picks)[cursor.pick++];
    return true;
}

Result<std::optional<Record>> Reader::next() { return next_until(state_->head.durable); }

Result<std::optional<Record>> Reader::next_until(Sequence last) {
    return state_->next(std::min(last, state_->head.durable).raw);
}

Result<std::map<std::uint16_t, std::uint64_t>> Reader::count_by_type() {
    std::map<std::uint16_t, std::uint64_t> counts;
    const Head& head = state_->head;
    for (std::uint64_t number = 1; number <= head.segment; ++number) {
        TRY(auto segment, open_segment(*state_->directory, head, number));
        TRYV(add_counts(segment, number <= head.sealed, counts));
    }
    return counts;
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
