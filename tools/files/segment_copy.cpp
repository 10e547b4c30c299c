#include "tools/files/segment_copy.hpp"

#include <algorithm>

#include "journal/footer.hpp"
#include "journal/frame.hpp"

namespace daybook::files {
namespace {

constexpr std::uint64_t kStride = std::uint64_t{256} << 10U;

Error damaged(const CheckedSegment& checked, std::uint64_t offset, std::uint64_t sequence,
              const std::string& what) {
    return journal::corrupt_at({checked.segment.file.header().number, offset, sequence}, what);
}

/// Walks all durable frames; the last one has to be the one the next header, or HEAD, names.
Result<void> check_frames(CheckedSegment& checked) {
    journal::OpenSegment& segment = checked.segment;
    journal::FrameWalk walk(segment.file, segment.limit);
    std::uint64_t hash = segment.file.header().previous_hash;
    while (walk.next_sequence() <= segment.last) {
        TRY(const auto frame, walk.step());
        if (frame.fault != journal::Fault::none) {
            return damaged(checked, frame.offset, walk.next_sequence(),
                           "expected this frame, found " + to_text(frame.fault));
        }
        hash = frame.header.hash;
    }
    checked.end = walk.offset();
    if (hash == segment.hash_of_last) return ok();
    return damaged(checked, checked.end, segment.last,
                   "expected the last frame that the next header or HEAD names, found another");
}

Result<void> check_footer(const CheckedSegment& checked, const journal::Footer& footer) {
    if (footer.header.end == checked.end && footer.header.chain == checked.chain) return ok();
    return damaged(checked, journal::footer_offset(checked.end), 0,
                   "expected a footer with the end and the chain of its frames, found another");
}

}  // namespace

Result<CheckedSegment> check_segment(const journal::ReadDirectory& source,
                                     const journal::Head& head, std::uint64_t number,
                                     const journal::Digest& previous) {
    TRY(auto segment, open_segment(source, head, number));
    CheckedSegment checked{std::move(segment), 0, 0, number <= head.sealed, {}};
    journal::SegmentFile& file = checked.segment.file;
    checked.size = checked.sealed ? file.info().size : file.header().size;
    if (const auto copy = file.broken_copy()) {
        return damaged(checked, *copy, 0, "expected a copy of the header, found another block");
    }
    TRYV(check_frames(checked));
    TRY(const auto tree, tree_root(file, checked.end));
    checked.chain =
        journal::chained(previous, {file.header().journal, number, checked.segment.first,
                                    checked.segment.last, checked.end, tree});
    if (!checked.sealed) return checked;
    TRY(const auto footer, read_footer(file));
    if (!footer) return damaged(checked, checked.size, 0, "expected its footer, found none");
    TRYV(check_footer(checked, *footer));
    return checked;
}

Result<std::optional<NewFile>> copy_segment(CheckedSegment& checked, const Path& to,
                                            const Stop& stop, const Told& told) {
    TRY(auto file, NewFile::create(to, 0644));
    TRYV(file.extend(checked.size));
    const std::uint64_t end = checked.sealed ? checked.size : checked.end;
    for (std::uint64_t offset = 0; offset < end; offset += kStride) {
        if (stop()) return std::nullopt;
        const auto length = static_cast<std::size_t>(std::min(kStride, end - offset));
        TRY(const auto bytes, checked.segment.file.view(offset, length, end));
        TRYV(file.write(offset, bytes));
        told(length);
    }
    if (checked.sealed) {
        TRYV(file.make_read_only());
    }
    TRYV(file.finish());
    return std::optional{std::move(file)};
}

}  // namespace daybook::files
