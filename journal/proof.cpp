#include "journal/proof.hpp"

#include <algorithm>
#include <cstring>

#include "journal/footer.hpp"
#include "journal/frame.hpp"
#include "journal/hash.hpp"
#include "journal/inclusion.hpp"
#include "journal/layout.hpp"

namespace daybook::journal {
namespace {

struct Extent {  // of the event's frame
    std::uint64_t offset{};
    std::uint64_t end{};
};

/// Walks a segment to where its frames end; notes where `sequence` lies when it is there.
Result<std::uint64_t> walk(OpenSegment& segment, std::uint64_t sequence, Extent& place) {
    FrameWalk walk(segment.file, segment.limit);
    while (walk.next_sequence() <= segment.last) {
        TRY(auto frame, walk.step());
        if (frame.fault != Fault::none) {
            return corrupt_at({segment.file.header().number, frame.offset, walk.next_sequence()},
                              "expected the next frame, found " + to_text(frame.fault));
        }
        if (frame.header.sequence == sequence) place = {frame.offset, frame.end()};
    }
    return walk.offset();
}

/// The segment that holds `sequence`: the last one that does not begin behind it.
Result<std::uint64_t> segment_of(const ReadDirectory& directory, const Head& head,
                                 std::uint64_t sequence) {
    std::uint64_t low = 1;
    std::uint64_t high = head.segment + 1;
    while (low + 1 < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        TRY(auto file, SegmentFile::open(directory, middle, &head.journal));
        (file.header().first_sequence <= sequence ? low : high) = middle;
    }
    return low;
}

SegmentRoot part_of(const OpenSegment& segment) {
    SegmentRoot part;
    part.journal = segment.file.header().journal;
    part.number = segment.file.header().number;
    part.first_sequence = segment.first;
    part.last_sequence = segment.last;
    return part;
}

/// What the chain says of a segment behind the event's.
Result<SegmentRoot> later_part(const ReadDirectory& directory, const Head& head,
                               std::uint64_t number) {
    TRY(auto segment, open_segment(directory, head, number));
    SegmentRoot part = part_of(segment);
    if (number <= head.sealed && number < head.segment) {
        TRY(auto footer, read_footer(segment.file));
        if (footer) {
            part.end = footer->header.end;
            part.tree = footer->header.tree_root;
            return part;
        }
    }
    Extent nowhere;
    TRY(part.end, walk(segment, 0, nowhere));
    TRY(part.tree, tree_root(segment.file, part.end));
    return part;
}

/// The hashes of all 4 KiB blocks of a segment up to `end`.
Result<std::vector<Digest>> leaves_of(OpenSegment& segment, std::uint64_t end) {
    std::vector<Digest> leaves;
    for (std::uint64_t offset = 0; offset < end; offset += kBlock) {
        const auto length = static_cast<std::size_t>(std::min(kBlock, end - offset));
        TRY(auto bytes, segment.file.view(offset, length, end));
        leaves.push_back(leaf_hash(bytes));
    }
    return leaves;
}

Result<void> add_blocks(Proof& proof, OpenSegment& segment, const Extent& place) {
    const std::uint64_t end = proof.segments.front().end;
    TRY(const auto leaves, leaves_of(segment, end));
    for (std::uint64_t index = place.offset / kBlock; index * kBlock < place.end; ++index) {
        const std::uint64_t offset = index * kBlock;
        const auto length = static_cast<std::size_t>(std::min(kBlock, end - offset));
        TRY(auto bytes, segment.file.view(offset, length, end));
        proof.blocks.push_back({{bytes.begin(), bytes.end()}, inclusion_path(leaves, index)});
        proof.segments.front().tree =
            root_by(leaves[index], index, leaves.size(), proof.blocks.back().path).value();
    }
    return ok();
}

/// The journal as it stood when the receipt was signed.
Result<Head> head_of(const ReadDirectory& directory, const Statement& statement) {
    TRY(auto head, read_head(directory));
    head.durable = statement.sequence;
    head.segment = statement.segment;
    head.end = statement.end;
    head.sealed = std::min(head.sealed, statement.segment - 1);  // it was open then
    return head;
}

Error refused(const std::string& what) {
    return {Errc::corrupt, "the proof does not hold: " + what};
}

Result<void> check_chain(const Proof& proof) {
    const Statement& said = proof.receipt.statement;
    if (proof.segments.empty()) return refused("it names no segment");
    Digest chain = proof.previous_chain;
    for (std::size_t i = 0; i < proof.segments.size(); ++i) {
        const SegmentRoot& part = proof.segments[i];
        const bool follows =
            i == 0 || (part.number == proof.segments[i - 1].number + 1 &&
                       part.first_sequence == proof.segments[i - 1].last_sequence + 1);
        if (!follows || part.journal != said.journal) {
            return refused("segment " + std::to_string(part.number) +
                           " does not follow the one before");
        }
        chain = chained(chain, part);
    }
    const SegmentRoot& last = proof.segments.back();
    const bool meets = last.number == said.segment && last.last_sequence == said.sequence.raw &&
                       last.end == said.end;
    if (meets && chain == said.chain) return ok();
    return refused("its segments do not lead to the chain that was signed");
}

/// The bytes of the blocks, each of which lies in the tree where it is said to lie.
Result<std::vector<std::byte>> check_blocks(const Proof& proof) {
    const SegmentRoot& part = proof.segments.front();
    const std::uint64_t count = (part.end + kBlock - 1) / kBlock;
    std::uint64_t index = proof.offset / kBlock;
    std::vector<std::byte> bytes;
    for (const ProofBlock& block : proof.blocks) {
        const bool whole =
            index < count && block.bytes.size() == std::min(kBlock, part.end - index * kBlock);
        const auto root =
            whole ? root_by(leaf_hash(block.bytes), index, count, block.path) : std::nullopt;
        if (root != part.tree) {
            return refused("block " + std::to_string(index) + " is not in the tree of segment " +
                           std::to_string(part.number));
        }
        bytes.insert(bytes.end(), block.bytes.begin(), block.bytes.end());
        ++index;
    }
    return bytes;
}

/// The frame in the blocks. It has to begin in the first one and to end in the last one.
Result<Proven> check_frame(const Proof& proof, std::span<const std::byte> blocks) {
    const SegmentRoot& part = proof.segments.front();
    const std::uint64_t skipped = proof.offset % kBlock;
    FrameHeader header;
    if (proof.offset < kFramesBegin || skipped + sizeof header > blocks.size()) {
        return refused("its blocks hold no frame at offset " + std::to_string(proof.offset));
    }
    std::memcpy(&header, blocks.data() + skipped, sizeof header);
    const std::uint64_t end = skipped + frame_bytes(header.length);
    const bool fits = header.magic == kFrameMagic && header.length != 0 &&
                      header.length <= kPayloadMax && end <= blocks.size() &&
                      (end + kBlock - 1) / kBlock == proof.blocks.size();
    if (!fits) return refused("the frame does not lie in its blocks");
    const auto frame = blocks.subspan(skipped, frame_bytes(header.length));
    const std::uint64_t seed = frame_seed(part.journal, part.number);
    if (frame_hash(seed, proof.offset, frame) != header.hash) {
        return refused("the frame's hash does not fit its bytes and place");
    }
    if (header.sequence != proof.sequence.raw) {
        return refused("the frame is event " + std::to_string(header.sequence));
    }
    Proven proven{{}, {frame.begin(), frame.end()}};
    proven.record = {.sequence = {header.sequence},
                     .received = header.received,
                     .key = header.key,
                     .type = header.type,
                     .flags = header.flags,
                     .hash = header.hash,
                     .payload = std::span{proven.frame}.subspan(sizeof header, header.length)};
    return proven;
}

}  // namespace

Result<Proof> prove(const ReadDirectory& directory, Sequence sequence, const Receipt& receipt,
                    const PublicKey& key) {
    const Statement& said = receipt.statement;
    if (sequence.raw == 0 || sequence > said.sequence) {
        return Error{Errc::not_found,
                     "no event " + std::to_string(sequence.raw) + ": there are " +
                         std::to_string(said.sequence.raw),
                     "name the sequence that daybook query events shows"};
    }
    TRY(const auto head, head_of(directory, said));
    TRY(const auto number, segment_of(directory, head, sequence.raw));
    TRY(auto segment, open_segment(directory, head, number));
    Proof proof;
    proof.sequence = sequence;
    proof.receipt = receipt;
    Extent place;
    proof.segments.push_back(part_of(segment));
    TRY(proof.segments.front().end, walk(segment, sequence.raw, place));
    proof.offset = place.offset;
    TRY(proof.previous_chain, chain_after(directory, head, number - 1));
    TRYV(add_blocks(proof, segment, place));
    for (std::uint64_t later = number + 1; later <= said.segment; ++later) {
        TRY(auto part, later_part(directory, head, later));
        proof.segments.push_back(part);
    }
    TRYV(check(proof, key));
    return proof;
}

Result<Proven> check(const Proof& proof, const PublicKey& key) {
    if (const auto why = why_not_signed(proof.receipt, key)) return refused(*why);
    TRYV(check_chain(proof));
    TRY(const auto bytes, check_blocks(proof));
    return check_frame(proof, bytes);
}

}  // namespace daybook::journal
