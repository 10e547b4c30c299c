#include "journal/footer.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "journal/hash.hpp"

namespace daybook::journal {
namespace {

template <class T>
void put(std::vector<std::byte>& bytes, std::span<const T> values) {
    const auto raw = std::as_bytes(values);
    bytes.insert(bytes.end(), raw.begin(), raw.end());
}

/// Whether all lists the header announces fit into `bytes`; no sum here can wrap.
bool lists_fit(const FooterHeader& header, std::uint64_t bytes) {
    const std::uint64_t most = bytes / sizeof(std::uint32_t);
    if (std::max({header.types, header.keys, header.sparse, header.frames}) > most) return false;
    return sizeof(FooterHeader) + (header.types + header.keys) * sizeof(FooterCount) +
               header.sparse * sizeof(SparseEntry) + 2 * header.frames * sizeof(std::uint32_t) <=
           bytes;
}

template <class T>
std::vector<T> take(std::span<const std::byte>& bytes, std::uint64_t count) {
    std::vector<T> values(count);
    if (count != 0) std::memcpy(values.data(), bytes.data(), count * sizeof(T));
    bytes = bytes.subspan(count * sizeof(T));
    return values;
}

Result<std::optional<Trailer>> read_trailer(SegmentFile& segment) {
    const std::uint64_t size = segment.info().size;
    if (size < kFramesBegin + sizeof(FooterHeader) + sizeof(Trailer)) return std::nullopt;
    TRY(auto bytes, segment.view(size - sizeof(Trailer), sizeof(Trailer), size));
    Trailer trailer;
    std::memcpy(&trailer, bytes.data(), sizeof trailer);
    const bool fits = trailer.magic == kTrailerMagic && trailer.number == segment.header().number &&
                      trailer.hash == trailer_hash(segment.header().journal, trailer) &&
                      trailer.footer_offset >= kFramesBegin && trailer.footer_offset < size &&
                      trailer.footer_offset + trailer.footer_bytes == size - sizeof(Trailer);
    if (!fits) return std::nullopt;
    return std::optional{trailer};
}

std::optional<Footer> parse(std::span<const std::byte> bytes, const Trailer& trailer) {
    if (bytes.size() < sizeof(FooterHeader) || xxh3(bytes) != trailer.footer_hash) {
        return std::nullopt;
    }
    Footer footer;
    std::memcpy(&footer.header, bytes.data(), sizeof footer.header);
    if (footer.header.magic != kFooterMagic || !lists_fit(footer.header, bytes.size())) {
        return std::nullopt;
    }
    auto rest = bytes.subspan(sizeof footer.header);
    footer.types = take<FooterCount>(rest, footer.header.types);
    footer.keys = take<FooterCount>(rest, footer.header.keys);
    footer.sparse = take<SparseEntry>(rest, footer.header.sparse);
    footer.by_type_offset = trailer.footer_offset + (bytes.size() - rest.size());
    footer.by_key_offset = footer.by_type_offset + footer.header.frames * sizeof(std::uint32_t);
    return footer;
}

}  // namespace

void FooterBuilder::add(const FrameHeader& header, std::uint64_t offset) {
    const std::uint64_t due = kFramesBegin + sparse_.size() * kSparseStep;
    const bool first = frames_.empty();
    if (first || offset >= due) {
        const auto latest = first ? std::numeric_limits<std::int64_t>::min() : received_max_;
        sparse_.push_back({header.sequence, offset, latest});
    }
    received_min_ = first ? header.received : std::min(received_min_, header.received);
    received_max_ = first ? header.received : std::max(received_max_, header.received);
    frames_.push_back({header.key, static_cast<std::uint32_t>(offset / 8), header.type});
}

/// Offsets in the order of `name`, then of the frames; and for each name where they lie.
template <class Name>
void FooterBuilder::put_lists(std::vector<Seen> frames, Name name, std::vector<FooterCount>& counts,
                              std::vector<std::uint32_t>& offsets) {
    std::sort(frames.begin(), frames.end(), [&](const Seen& a, const Seen& b) {
        return std::pair{name(a), a.eighth} < std::pair{name(b), b.eighth};
    });
    for (const Seen& frame : frames) {
        const bool new_name = counts.empty() || counts.back().name != name(frame);
        if (new_name) counts.push_back({name(frame), offsets.size(), 0});
        ++counts.back().count;
        offsets.push_back(frame.eighth);
    }
}

std::vector<std::byte> FooterBuilder::finish(const SegmentHeader& segment, std::uint64_t end,
                                             const Roots& roots) const {
    std::vector<FooterCount> types;
    std::vector<FooterCount> keys;
    std::vector<std::uint32_t> by_type;
    std::vector<std::uint32_t> by_key;
    put_lists(
        frames_, [](const Seen& frame) { return std::uint64_t{frame.type}; }, types, by_type);
    put_lists(
        frames_, [](const Seen& frame) { return frame.key; }, keys, by_key);
    const FooterHeader header{.number = segment.number,
                              .first_sequence = segment.first_sequence,
                              .last_sequence = segment.first_sequence + frames_.size() - 1,
                              .end = end,
                              .received_min = received_min_,
                              .received_max = received_max_,
                              .types = types.size(),
                              .keys = keys.size(),
                              .sparse = sparse_.size(),
                              .frames = frames_.size(),
                              .previous_chain = roots.previous_chain,
                              .tree_root = roots.tree,
                              .chain = roots.chain};
    std::vector<std::byte> bytes;
    put<FooterHeader>(bytes, std::span{&header, 1});
    put<FooterCount>(bytes, types);
    put<FooterCount>(bytes, keys);
    put<SparseEntry>(bytes, sparse_);
    put<std::uint32_t>(bytes, by_type);
    put<std::uint32_t>(bytes, by_key);
    bytes.resize(round_up(bytes.size(), 8));
    Trailer trailer{.number = segment.number,
                    .footer_offset = footer_offset(end),
                    .footer_bytes = bytes.size(),
                    .footer_hash = xxh3(bytes)};
    trailer.hash = trailer_hash(segment.journal, trailer);
    put<Trailer>(bytes, std::span{&trailer, 1});
    return bytes;
}

Result<std::optional<Footer>> read_footer(SegmentFile& segment) {
    TRY(auto trailer, read_trailer(segment));
    if (!trailer) return std::nullopt;
    TRY(auto bytes,
        segment.view(trailer->footer_offset, trailer->footer_bytes, segment.info().size));
    auto footer = parse(bytes, *trailer);
    if (footer && footer->header.number != segment.header().number) return std::nullopt;
    return footer;
}

}  // namespace daybook::journal
