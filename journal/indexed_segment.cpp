#include "journal/indexed_segment.hpp"

#include <algorithm>

#include "journal/footer.hpp"

namespace daybook::journal {
namespace {

constexpr std::uint64_t kNear = kBlock;  // what one frame is likely to lie in

Error not_there(const SegmentHeader& segment, std::uint64_t offset, std::uint64_t sequence,
                Fault fault) {
    return corrupt_at(
        {segment.number, offset, sequence},
        "expected this frame, found " + to_text(fault == Fault::none ? Fault::sequence : fault));
}

}  // namespace

Result<IndexedSegment> IndexedSegment::open(const ReadDirectory& directory, const Head& head,
                                            std::uint64_t number) {
    TRY(auto opened, open_segment(directory, head, number));
    IndexedSegment segment(std::move(opened));
    TRYV(segment.use_footer());
    return segment;
}

/// Without one that verifies the frames themselves are asked.
Result<void> IndexedSegment::use_footer() {
    const auto mapped = segment_.file.mapped();
    if (mapped.empty()) return ok();
    TRY(auto footer, read_footer(segment_.file));
    const std::uint64_t frames = segment_.last + 1 - segment_.first;
    if (!footer || footer->header.frames != frames) return ok();
    listed_ = {reinterpret_cast<const std::uint32_t*>(mapped.data() + footer->by_sequence_offset),
               frames};
    return ok();
}

void IndexedSegment::extend(const Head& head) {
    segment_.last = head.durable.raw;
    segment_.limit = head.end;
    segment_.hash_of_last = head.hash;
}

Result<FrameRead> IndexedSegment::frame_at(std::uint64_t offset, std::uint64_t sequence,
                                           std::uint64_t read_to) {
    TRY(auto frame, read_frame(segment_.file, offset, segment_.limit, read_to));
    if (frame.fault == Fault::none && frame.header.sequence == sequence) return frame;
    return not_there(segment_.file.header(), offset, sequence, frame.fault);
}

Result<std::uint64_t> IndexedSegment::offset_of(std::uint64_t sequence) {
    const std::uint64_t place = sequence - segment_.first;
    if (!listed_.empty()) return std::uint64_t{listed_[place]} * 8;
    while (walked_.size() <= place) {
        const std::uint64_t next = segment_.first + walked_.size();
        TRY(auto frame, frame_at(walked_end_, next, segment_.limit));
        walked_.push_back(static_cast<std::uint32_t>(walked_end_ / 8));
        walked_end_ = frame.end();
    }
    return std::uint64_t{walked_[place]} * 8;
}

Result<FrameRead> IndexedSegment::frame(std::uint64_t sequence) {
    TRY(const std::uint64_t offset, offset_of(sequence));
    return frame_at(offset, sequence, offset + kNear);
}

Result<IndexedSegment*> SegmentShelf::holding(const ReadDirectory& directory, const Head& head,
                                              std::uint64_t sequence) {
    ++uses_;
    if (latest_ != nullptr && latest_->segment->holds(sequence)) {
        latest_->used = uses_;
        return latest_->segment.get();
    }
    TRY(const std::uint64_t number, number_of(directory, head, sequence));
    const auto found = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) {
        return slot.segment && slot.segment->number() == number;
    });
    latest_ = found == slots_.end() ? &free_slot() : &*found;
    if (latest_->segment && number == head.segment) latest_->segment->extend(head);
    const bool usable = latest_->segment && latest_->segment->holds(sequence);
    if (!usable) {
        latest_->segment.reset();
        auto opened = IndexedSegment::open(directory, head, number);
        if (!opened) {
            latest_ = nullptr;
            return opened.error();
        }
        latest_->segment = std::make_unique<IndexedSegment>(std::move(opened.value()));
    }
    latest_->used = uses_;
    return latest_->segment.get();
}

SegmentShelf::Slot& SegmentShelf::free_slot() {
    slots_.reserve(kOpenMax);
    if (slots_.size() < kOpenMax) return slots_.emplace_back();
    Slot& least = *std::min_element(slots_.begin(), slots_.end(),
                                    [](const Slot& a, const Slot& b) { return a.used < b.used; });
    least.segment.reset();
    return least;
}

Result<std::uint64_t> SegmentShelf::first_of(const ReadDirectory& directory, const Head& head,
                                             std::uint64_t number) {
    if (firsts_.size() < number) firsts_.resize(head.segment);
    std::uint64_t& first = firsts_[number - 1];
    if (first == 0) {
        TRY(auto file, SegmentFile::open(directory, number, &head.journal));
        first = file.header().first_sequence;
    }
    return first;
}

Result<std::uint64_t> SegmentShelf::number_of(const ReadDirectory& directory, const Head& head,
                                              std::uint64_t sequence) {
    std::uint64_t low = 1;  // its first sequence is not behind the one we look for
    std::uint64_t high = head.segment + 1;
    while (low + 1 < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        TRY(const std::uint64_t first, first_of(directory, head, middle));
        (first <= sequence ? low : high) = middle;
    }
    return low;
}

}  // namespace daybook::journal
