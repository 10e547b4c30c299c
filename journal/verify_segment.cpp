#include "journal/verify_segment.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "journal/layout.hpp"
#include "journal/tail.hpp"

namespace daybook::journal {
namespace {

constexpr std::uint64_t kStride = std::uint64_t{64} << 10U;
constexpr std::uint64_t kHashStep = std::uint64_t{32} << 10U;  // less than the window keeps behind

class SegmentCheck {
  public:
    SegmentCheck(SegmentFile& segment, const Head& head, const Expectation& expected)
        : segment_(segment),
          head_(head),
          expected_(expected),
          limit_(durable_limit()),
          walk_(segment, limit_) {}

    Result<SegmentReport> run();

  private:
    [[nodiscard]] std::uint64_t number() const { return segment_.header().number; }
    [[nodiscard]] std::uint64_t durable_limit() const;
    void check_header();
    Result<void> check_frames();
    void take(const FrameRead& frame);
    Result<void> hash_up_to(std::uint64_t end);
    Result<bool> skip_damage(const FrameRead& frame);
    void check_last();
    Result<void> check_gap();
    Result<void> check_footer();
    Result<bool> same_as_built(const FooterHeader& claimed);
    void bad(std::uint64_t offset, std::uint64_t sequence, const std::string& reason,
             std::uint16_t type = 0);

    SegmentFile& segment_;
    const Head& head_;
    const Expectation& expected_;
    std::uint64_t limit_;
    FrameWalk walk_;
    FooterBuilder footer_;
    BlockTree tree_;
    std::uint64_t hashed_{};
    std::uint64_t last_hash_{};
    bool damaged_ = false;
    SegmentReport report_;
};

void SegmentCheck::bad(std::uint64_t offset, std::uint64_t sequence, const std::string& reason,
                       std::uint16_t type) {
    damaged_ = true;
    report_.findings.bad({{number(), offset, sequence}, reason}, type);
}

/// Frames up to here are checked one by one; those behind HEAD belong to examine_tail().
std::uint64_t SegmentCheck::durable_limit() const {
    const std::uint64_t size = segment_.info().size;
    if (!expected_.open || !expected_.last) return size;
    return std::min(size, head_.segment == number() ? head_.end : kFramesBegin);
}

void SegmentCheck::check_header() {
    last_hash_ = segment_.header().previous_hash;
    if (const auto copy = segment_.broken_copy()) {
        report_.findings.bad(
            {{number(), *copy, 0}, "expected a copy of the header, found another block"});
    }
}

void SegmentCheck::take(const FrameRead& frame) {
    report_.findings.intact(frame.header.sequence);
    footer_.add(frame.header, frame.offset);
    last_hash_ = frame.header.hash;
    if (const auto other = against_head(segment_.header(), frame, head_)) {
        bad(frame.offset, frame.header.sequence, other->reason, frame.header.type);
    }
}

/// Takes bytes into the tree while they are still in the window.
Result<void> SegmentCheck::hash_up_to(std::uint64_t end) {
    while (hashed_ < end) {
        const auto length = static_cast<std::size_t>(std::min(kStride, end - hashed_));
        TRY(auto bytes, segment_.view(hashed_, length, limit_));
        tree_.add(bytes);
        hashed_ += length;
    }
    return ok();
}

/// Goes on at the next whole frame; false when there is none.
Result<bool> SegmentCheck::skip_damage(const FrameRead& frame) {
    const bool header_stands = frame.header.magic == kFrameMagic;
    bad(frame.offset, walk_.next_sequence(), "expected this frame, found " + to_text(frame.fault),
        header_stands ? frame.header.type : std::uint16_t{0});
    TRY(auto later, find_frame(segment_, walk_.offset(), limit_));
    if (later.fault != Fault::none || later.header.sequence < walk_.next_sequence()) return false;
    walk_.resume_at(later);
    report_.findings.intact(later.header.sequence);
    last_hash_ = later.header.hash;
    return true;
}

Result<void> SegmentCheck::check_frames() {
    const std::uint64_t unknown = ~std::uint64_t{0};
    const std::uint64_t last = expected_.last.value_or(unknown);
    while (walk_.next_sequence() <= last) {
        TRY(auto frame, walk_.step());
        if (frame.fault == Fault::none) {
            take(frame);
            if (!damaged_ && walk_.offset() >= hashed_ + kHashStep) {
                TRYV(hash_up_to(walk_.offset() / kBlock * kBlock));
            }
            continue;
        }
        if (last == unknown && frame.fault == Fault::empty) return ok();
        TRY(auto more, skip_damage(frame));
        if (!more) return ok();
    }
    return ok();
}

void SegmentCheck::check_last() {
    if (damaged_ || !expected_.last) return;
    if (walk_.inside_batch()) {
        bad(walk_.offset(), *expected_.last, "expected the last frame of a batch, found another");
    }
    if (expected_.last_hash && *expected_.last_hash != last_hash_) {
        bad(walk_.offset(), *expected_.last,
            "expected the frame the next header names by its hash");
    }
    if (expected_.open && head_.segment == number() && walk_.offset() != head_.end) {
        bad(walk_.offset(), *expected_.last,
            "expected the durable end at offset " + std::to_string(head_.end) + ", as HEAD says");
    }
}

/// Whether the end of the file is the footer that the frames make, with the chain it claims.
Result<bool> SegmentCheck::same_as_built(const FooterHeader& claimed) {
    const std::uint64_t begin = footer_offset(walk_.offset());
    const auto built = footer_.finish(segment_.header(), walk_.offset(),
                                      {claimed.previous_chain, report_.tree, claimed.chain});
    const std::uint64_t size = segment_.info().size;
    const std::uint64_t common = std::min<std::uint64_t>(size, begin + built.size());
    for (std::uint64_t at = begin; at < common; at += kStride) {
        const auto length = static_cast<std::size_t>(std::min(kStride, common - at));
        TRY(auto found, segment_.view(at, length, size));
        const auto differs = std::mismatch(found.begin(), found.end(),
                                           built.begin() + static_cast<std::ptrdiff_t>(at - begin));
        if (differs.first == found.end()) continue;
        bad(at + static_cast<std::uint64_t>(differs.first - found.begin()), 0,
            "expected a footer that says what the frames say, found another byte");
        return false;
    }
    if (size == begin + built.size()) return true;
    bad(common, 0,
        "expected the file to end with its footer at " + std::to_string(begin + built.size()) +
            ", found its end at " + std::to_string(size));
    return false;
}

/// One that is still being written is nobody's damage: HEAD says which ones are finished.
Result<void> SegmentCheck::check_footer() {
    auto footer = read_footer(segment_);
    const bool cut_meanwhile = !footer && footer.error().code == Errc::corrupt;
    if (!footer && !cut_meanwhile) return footer.error();
    const bool readable = footer && footer.value();
    if (!readable && number() > head_.sealed) return ok();
    const std::uint64_t offset = footer_offset(walk_.offset());
    FooterHeader claimed;  // as it lies there, so that the first other byte is the damaged one
    if (offset + sizeof claimed <= segment_.info().size) {
        TRY(auto bytes, segment_.view(offset, sizeof claimed, segment_.info().size));
        std::memcpy(&claimed, bytes.data(), sizeof claimed);
    }
    TRY(const bool same, same_as_built(claimed));
    if (!same) return ok();
    report_.footer = {claimed.previous_chain, claimed.chain, offset};
    return ok();
}

Result<void> SegmentCheck::check_gap() {
    const std::uint64_t end = walk_.offset();
    const std::uint64_t gap_end = std::min(footer_offset(end), segment_.info().size);
    TRY(auto stray, first_nonzero(segment_, end, gap_end));
    if (stray < gap_end) bad(stray, 0, "expected zeros behind the last frame, found another byte");
    return ok();
}

Result<SegmentReport> SegmentCheck::run() {
    report_.header = segment_.header();
    report_.findings.verdict.bytes = segment_.info().size;
    check_header();
    TRYV(check_frames());
    check_last();
    report_.last = expected_.last;
    report_.last_hash = expected_.last_hash;
    if (damaged_) return std::move(report_);
    report_.whole = true;
    report_.last = walk_.next_sequence() - 1;
    report_.last_hash = last_hash_;
    report_.end = walk_.offset();
    TRYV(hash_up_to(report_.end));
    report_.tree = std::move(tree_).root();
    if (!expected_.open) {
        TRYV(check_gap());
        TRYV(check_footer());
    }
    return std::move(report_);
}

}  // namespace

void Findings::add(Damage damage) {
    ++verdict.damages;
    if (!verdict.first_bad) verdict.first_bad = std::move(damage);
}

void Findings::bad(const Bad& bad, std::uint16_t type) {
    add({segment_name(bad.place.segment),
         bad.place.offset,
         {bad.place.sequence},
         type,
         bad.reason});
}

void Findings::bad_file(const std::string& file, std::uint64_t offset, const std::string& reason) {
    add({file, offset, {0}, 0, reason});
}

void Findings::add(const Range& range) {
    auto& ranges = verdict.intact;
    const bool goes_on = !ranges.empty() && ranges.back().last.raw + 1 == range.first.raw;
    if (goes_on) {
        ranges.back().last = range.last;
    } else if (ranges.size() < kRangesMax) {
        ranges.push_back(range);
    }
}

void Findings::intact(std::uint64_t sequence) {
    ++verdict.events;
    add(Range{{sequence}, {sequence}});
}

void Findings::add(const Findings& next) {
    const Verdict& found = next.verdict;
    verdict.events += found.events;
    verdict.bytes += found.bytes;
    verdict.damages += found.damages;
    verdict.tail_bytes += found.tail_bytes;
    if (!verdict.first_bad) verdict.first_bad = found.first_bad;
    for (const Range& range : found.intact) add(range);
}

Result<SegmentReport> verify_segment(SegmentFile& segment, const Head& head,
                                     const Expectation& expected) {
    return SegmentCheck(segment, head, expected).run();
}

}  // namespace daybook::journal
