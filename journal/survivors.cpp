#include "journal/survivors.hpp"

#include <algorithm>
#include <map>

#include "journal/patient_directory.hpp"

namespace daybook::journal {
namespace {

constexpr std::uint64_t kFrameBytesMin = 56;  // one byte of payload
constexpr std::uint64_t kSegmentBytesUsual = std::uint64_t{64} << 20U;

struct Survey {
    std::optional<Head> head;
    Uuid journal;
    std::uint64_t last_segment{};
    std::uint64_t last_listed{};
    std::uint64_t bytes{};
    std::uint64_t last_known{};  ///< a sequence HEAD or a header speaks of as written
};

/// Looks at HEAD and all headers. The UUID is the one that most of them name.
Result<Survey> survey(const ReadDirectory& directory) {
    Survey seen;
    std::map<Uuid, int> votes;
    auto head = read_head(directory);
    if (!head && head.error().code == Errc::newer) return head.error();
    if (head) ++votes[head.value().journal];
    TRY(const auto numbers, segment_numbers(directory));
    if (numbers.empty() && !head) return Error{Errc::not_found, "there is no segment in journal/"};
    std::map<Uuid, std::uint64_t>
        firsts;  // the greatest first sequence that a journal's headers name
    for (const std::uint64_t number : numbers) {
        const auto segment = SegmentFile::open(directory, number);
        if (!segment && segment.error().code == Errc::newer) return segment.error();
        if (!segment) continue;
        const SegmentHeader& header = segment.value().header();
        ++votes[header.journal];
        firsts[header.journal] = std::max(firsts[header.journal], header.first_sequence);
        seen.bytes += segment.value().info().size;
    }
    const auto most = std::max_element(votes.begin(), votes.end(), [](auto& one, auto& other) {
        return one.second < other.second;
    });
    if (most == votes.end()) {
        return Error{Errc::corrupt,
                     "neither HEAD nor the header of any segment verifies, so the journal's UUID "
                     "is not known, which every frame's hash covers",
                     "bring HEAD, or the first 8192 bytes of any segment, back from a backup"};
    }
    seen.journal = most->first;
    if (head && head.value().journal == seen.journal) seen.head = head.value();
    seen.last_listed = numbers.empty() ? 0 : numbers.back();
    seen.last_segment = std::max(seen.last_listed, seen.head ? seen.head->segment : 0);
    const std::uint64_t first = firsts[seen.journal];
    seen.last_known = std::max(first == 0 ? 0 : first - 1, seen.head ? seen.head->durable.raw : 0);
    return seen;
}

/// Behind what is durable: offset behind the last whole batch that goes on without a gap.
Result<std::uint64_t> kept_end(SegmentFile& segment, std::uint64_t durable_end,
                               std::uint64_t next) {
    std::uint64_t kept = durable_end;
    bool inside = false;
    for (std::uint64_t offset = durable_end;;) {
        TRY(const auto frame, read_frame(segment, offset, segment.info().size));
        const bool first = (frame.header.flags & kFirstOfBatch) != 0;
        if (frame.fault != Fault::none || frame.header.sequence != next || first == inside) {
            return kept;
        }
        inside = (frame.header.flags & kLastOfBatch) == 0;
        offset = frame.end();
        ++next;
        if (!inside) kept = offset;
    }
}

}  // namespace

struct Survivors::State {
    std::unique_ptr<PatientDirectory> directory;
    Survey seen;
    std::uint64_t number{};              ///< segment at hand; 0: not begun
    std::optional<SegmentFile> segment;  ///< nothing: its file is missing
    Hole end;                            ///< where the frames of the segment before ended
    std::uint64_t offset{};              ///< behind the last frame that was looked at
    std::uint64_t limit{};               ///< frames end here or before
    std::uint64_t last{};                ///< sequence of the last frame given
    std::uint64_t room{};                ///< bytes since then that may have held frames
    std::uint64_t done{};
    std::optional<Hole> hole;

    Result<bool> enter_next();
    Result<void> open_segment();
    Result<std::optional<FrameRead>> next_here();
    Record give(const FrameRead& frame);
    Result<void> note_damage();
    void note_end(const std::string& why);
    [[nodiscard]] bool plausible(const FrameRead& frame) const;
};

/// The frames ended too early where the last segment ended.
void Survivors::State::note_end(const std::string& why) {
    if (!hole) hole = Hole{end.file, end.offset, why};
}

Result<void> Survivors::State::open_segment() {
    auto opened = SegmentFile::open(*directory, number);
    segment.reset();
    if (!opened && opened.error().code != Errc::not_found) return opened.error();
    if (!opened) {
        end = {segment_name(number), std::nullopt, {}};
        note_end("the file is missing");
        room += kSegmentBytesUsual;
        return ok();
    }
    segment = std::move(opened.value());
    offset = kFramesBegin;
    limit = segment->info().size;
    const std::uint64_t first = segment->header().first_sequence;
    if (first == 0 && !hole) {
        hole = Hole{segment_name(number), 0, "neither copy of its header verifies"};
    }
    if (first > last + 1) note_end("found no more frames");
    if (!seen.head || seen.head->segment != number || number != seen.last_segment) return ok();
    TRY(const auto kept, kept_end(*segment, seen.head->end, seen.head->durable.raw + 1));
    limit = std::min(limit, kept);
    return ok();
}

/// False behind the last segment.
Result<bool> Survivors::State::enter_next() {
    if (segment) {
        room += std::max(segment->header().size, kSegmentBytesUsual);  // files may have been cut
        done += segment->info().size;
        end = {segment_name(number), offset, {}};
    }
    segment.reset();
    if (number >= seen.last_segment) {
        if (seen.last_known > last) note_end("found no more frames");
        return false;
    }
    ++number;
    TRYV(open_segment());
    return true;
}

/// A sequence that goes on, and not farther than the bytes in between can have held frames: what
/// stands in a frame with a fitting hash may still be a lie.
bool Survivors::State::plausible(const FrameRead& frame) const {
    const std::uint64_t sequence = frame.header.sequence;
    const std::uint64_t between = room + (frame.offset - offset);
    return sequence > last && sequence - last - 1 <= between / kFrameBytesMin;
}

/// Notes what stands in place of the next frame, when it is the first thing that is wrong.
Result<void> Survivors::State::note_damage() {
    TRY(const auto found, read_frame(*segment, offset, limit));
    const std::string what =
        found.fault == Fault::none ? to_text(Fault::sequence) : to_text(found.fault);
    if (!hole) hole = Hole{segment_name(number), offset, "found " + what};
    return ok();
}

/// The next frame in this segment, wherever it begins.
Result<std::optional<FrameRead>> Survivors::State::next_here() {
    TRY(auto frame, read_frame(*segment, offset, limit));
    if (frame.fault == Fault::none && plausible(frame)) return std::optional{frame};
    for (std::uint64_t from = offset;;) {
        TRY(frame, find_frame(*segment, from, limit));
        if (frame.fault != Fault::none) return std::nullopt;
        if (plausible(frame)) break;
        from = frame.end();
    }
    TRYV(note_damage());
    TRY(frame, read_frame(*segment, frame.offset, limit));  // the window may have moved since
    return std::optional{frame};
}

Record Survivors::State::give(const FrameRead& frame) {
    offset = frame.end();
    last = frame.header.sequence;
    room = 0;
    return {.sequence = {last},
            .received = frame.header.received,
            .key = frame.header.key,
            .type = frame.header.type,
            .flags = frame.header.flags,
            .hash = frame.header.hash,
            .payload = frame.payload};
}

Survivors::Survivors(std::unique_ptr<State> state) : state_(std::move(state)) {}
Survivors::Survivors(Survivors&&) noexcept = default;
Survivors& Survivors::operator=(Survivors&&) noexcept = default;
Survivors::~Survivors() = default;

Result<Survivors> Survivors::open(std::unique_ptr<ReadDirectory> directory) {
    auto state = std::make_unique<State>();
    TRY(state->seen, survey(*directory));
    state->directory =
        std::make_unique<PatientDirectory>(std::move(directory), state->seen.journal);
    return Survivors(std::move(state));
}

Uuid Survivors::journal() const { return state_->seen.journal; }
const std::optional<Hole>& Survivors::hole() const { return state_->hole; }
Sequence Survivors::last_known() const {
    const std::uint64_t known = std::max(state_->seen.last_known, state_->last);
    return {std::min(known, state_->last + state_->room / kFrameBytesMin)};
}
std::uint64_t Survivors::bytes() const { return state_->seen.bytes; }
std::uint64_t Survivors::bytes_read() const {
    return state_->done + (state_->segment ? state_->offset : 0);
}

Result<std::optional<Record>> Survivors::next() {
    State& state = *state_;
    state.hole.reset();
    for (bool more = true; more;) {
        if (state.segment) {
            TRY(const auto frame, state.next_here());
            if (frame) return state.give(*frame);
        }
        TRY(more, state.enter_next());
    }
    return std::nullopt;
}

}  // namespace daybook::journal
