#include "journal/layout.hpp"

#include <algorithm>

#include "journal/footer.hpp"
#include "journal/frame.hpp"

namespace daybook::journal {
namespace {

constexpr std::uint64_t kTreeStride = std::uint64_t{256} << 10U;

/// Walks the frames of a segment that is not the last one, to where they end.
Result<std::uint64_t> frames_end(OpenSegment& segment) {
    FrameWalk walk(segment.file, segment.limit);
    while (walk.next_sequence() <= segment.last) {
        TRY(auto frame, walk.step());
        if (frame.fault == Fault::none) continue;
        return corrupt_at({segment.file.header().number, frame.offset, walk.next_sequence()},
                          "expected the next frame, found " + to_text(frame.fault));
    }
    return walk.offset();
}

Result<Digest> chain_of(OpenSegment& segment, std::uint64_t end, const Digest& previous) {
    const SegmentHeader& header = segment.file.header();
    TRY(auto tree, tree_root(segment.file, end));
    return chained(previous,
                   {header.journal, header.number, segment.first, segment.last, end, tree});
}

Result<Digest> compute_chain(const ReadDirectory& directory, const Head& head, std::uint64_t number,
                             const Digest& previous) {
    TRY(auto segment, open_segment(directory, head, number));
    if (number == head.segment) return chain_of(segment, head.end, previous);
    TRY(auto end, frames_end(segment));
    return chain_of(segment, end, previous);
}

/// The chain in the footer of segment `number`; nothing when it has none that verifies.
Result<std::optional<Digest>> sealed_chain(const ReadDirectory& directory, const Head& head,
                                           std::uint64_t number) {
    if (number > head.sealed) return std::nullopt;
    TRY(auto file, SegmentFile::open(directory, number, &head.journal));
    TRYV(file.map());
    TRY(auto footer, read_footer(file));
    if (!footer) return std::nullopt;
    return std::optional{footer->header.chain};
}

}  // namespace

Result<OpenSegment> open_segment(const ReadDirectory& directory, const Head& head,
                                 std::uint64_t number) {
    TRY(auto file, SegmentFile::open(directory, number, &head.journal));
    if (number <= head.sealed) {
        TRYV(file.map());
    }
    OpenSegment segment{std::move(file), 0, head.durable.raw, head.end, head.hash};
    segment.first = segment.file.header().first_sequence;
    if (number < head.segment) {
        TRY(auto next, SegmentFile::open(directory, number + 1, &head.journal));
        segment.last = next.header().first_sequence - 1;
        segment.limit = std::min(segment.file.header().size, segment.file.info().size);
        segment.hash_of_last = next.header().previous_hash;
    }
    if (segment.first == 0 || segment.last + 1 < segment.first) {
        return corrupt_at({number, 48, segment.first},
                          "its first sequence is behind its last, " + std::to_string(segment.last));
    }
    return segment;
}

Result<Digest> tree_root(SegmentFile& segment, std::uint64_t end) {
    BlockTree tree;
    for (std::uint64_t offset = 0; offset < end; offset += kTreeStride) {
        const auto length = static_cast<std::size_t>(std::min(kTreeStride, end - offset));
        TRY(auto bytes, segment.view(offset, length, end));
        tree.add(bytes);
    }
    return std::move(tree).root();
}

Result<Digest> chain_after(const ReadDirectory& directory, const Head& head, std::uint64_t number) {
    Digest chain{};
    std::uint64_t known = number;
    for (; known > 0; --known) {
        TRY(auto sealed, sealed_chain(directory, head, known));
        if (sealed) {
            chain = *sealed;
            break;
        }
    }
    while (known < number) {
        TRY(chain, compute_chain(directory, head, ++known, chain));
    }
    return chain;
}

}  // namespace daybook::journal
