#include "journal/segment_write.hpp"

#include <algorithm>

#include "journal/footer.hpp"
#include "journal/frame.hpp"
#include "journal/hash.hpp"
#include "journal/layout.hpp"

namespace daybook::journal {
namespace {

/// Whether the file under the schema's name has just these bytes.
Result<bool> already_kept(const ReadDirectory& directory, const std::string& name,
                          std::span<const std::byte> schema) {
    auto file = directory.open(name);
    if (!file && file.error().code == Errc::not_found) return false;
    if (!file) return file.error();
    std::vector<std::byte> bytes(schema.size() + 1);
    TRY(auto got, file.value()->read(0, bytes));
    return got == schema.size() && std::equal(schema.begin(), schema.end(), bytes.begin());
}

Result<void> write_schema(WriteDirectory& directory, const std::string& name,
                          std::span<const std::byte> schema) {
    const std::string making = name + ".new";
    TRYV(directory.remove(making));
    TRY(auto file, directory.create(making, Cache::used));
    TRYV(file->write(0, schema));
    TRYV(file->sync());
    return directory.rename(making, name);
}

struct Frames {  // all that sealing learns from the frames
    FooterBuilder builder;
    std::uint64_t end = kFramesBegin;
};

Result<Frames> collect(OpenSegment& segment) {
    Frames frames;
    FrameWalk walk(segment.file, segment.limit);
    std::uint64_t hash = segment.hash_of_last;
    while (walk.next_sequence() <= segment.last) {
        TRY(auto frame, walk.step());
        if (frame.fault != Fault::none) {
            return corrupt_at({segment.file.header().number, frame.offset, walk.next_sequence()},
                              "expected the next frame, found " + to_text(frame.fault));
        }
        frames.builder.add(frame.header, frame.offset);
        hash = frame.header.hash;
    }
    frames.end = walk.offset();
    if (hash == segment.hash_of_last && !walk.inside_batch()) return frames;
    return corrupt_at({segment.file.header().number, frames.end, segment.last},
                      "expected the last frame that the next segment names, found another");
}

Result<void> write_footer(WriteDirectory& directory, std::uint64_t number, std::uint64_t offset,
                          std::span<const std::byte> footer) {
    TRY(auto file, directory.open_for_writing(segment_name(number)));
    TRYV(file->write(offset, footer));
    TRYV(file->sync());
    TRYV(file->cut(offset + footer.size()));
    TRYV(file->sync());
    return file->make_read_only();
}

}  // namespace

Result<BlankSegment> allocate_blank(WriteDirectory& directory, std::uint64_t number,
                                    std::uint64_t size) {
    BlankSegment blank{segment_name(number) + ".new", nullptr};
    TRYV(directory.remove(blank.name));
    TRY(blank.file, directory.create(blank.name, Cache::used));
    TRYV(blank.file->allocate(size));
    return blank;
}

Result<void> write_zeros(WriteFile& file, std::uint64_t size) {
    const std::vector<std::byte> zeros(std::size_t{1} << 20U);
    for (std::uint64_t offset = 0; offset < size; offset += zeros.size()) {
        const std::uint64_t length = std::min<std::uint64_t>(zeros.size(), size - offset);
        TRYV(file.write(offset, std::span{zeros}.first(length)));
    }
    return ok();
}

Result<void> name_segment(WriteDirectory& directory, BlankSegment& blank,
                          const SegmentHeader& header) {
    auto blocks = header_block(header);
    const auto copy = blocks;
    blocks.insert(blocks.end(), copy.begin(), copy.end());
    TRYV(blank.file->write(0, blocks));
    TRYV(blank.file->sync());
    TRYV(directory.rename(blank.name, segment_name(header.number)));
    return directory.sync_folder("");
}

Result<Digest> keep_schema(WriteDirectory& directory, std::span<const std::byte> schema) {
    if (schema.empty()) return Digest{};
    const Digest digest = sha256(schema);
    const std::string name = schema_name(digest);
    TRY(auto kept, already_kept(directory, name, schema));
    if (!kept) {
        TRYV(write_schema(directory, name, schema));
    }
    TRYV(directory.sync_folder("schema"));
    return digest;
}

Result<void> write_head(WriteFile& file, const Head& head) {
    const HeadSlot slot = encode(head);
    return file.write(slot_offset(head.counter), bytes_of(slot));
}

Result<Digest> seal_segment(WriteDirectory& directory, const Uuid& journal, std::uint64_t number,
                            const Digest& previous_chain) {
    Head beyond;  // any head behind this segment: its end stands in the next one's header
    beyond.journal = journal;
    beyond.segment = number + 1;
    TRY(auto segment, open_segment(directory, beyond, number));
    if (segment.file.info().read_only) {
        TRY(auto footer, read_footer(segment.file));
        if (footer) return footer->header.chain;
        return corrupt_at({number, segment.file.info().size, 0},
                          "expected the footer of a sealed segment at its end, found none");
    }
    TRY(auto frames, collect(segment));
    FooterBuilder::Roots roots{.previous_chain = previous_chain};
    TRY(roots.tree, tree_root(segment.file, frames.end));
    roots.chain = chained(previous_chain,
                          {journal, number, segment.first, segment.last, frames.end, roots.tree});
    const auto footer = frames.builder.finish(segment.file.header(), frames.end, roots);
    TRYV(write_footer(directory, number, footer_offset(frames.end), footer));
    return roots.chain;
}

}  // namespace daybook::journal
