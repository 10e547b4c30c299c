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
               header.sparse * sizeof(SparseEntry) + 3 * header.frames * sizeof(std::uint32_t) <=
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
    const std::uint64_t list = footer.header.frames * sizeof(std::uint32_t);
    footer.by_sequence_offset = trailer.footer_offset + (bytes.size() - rest.size());
    footer.by_type_offset = footer.by_sequence_offset + list;
    footer.by_key_offset = footer.by_type_offset + list;
    return footer;
}

}  // namespace

void Grouping::add(std::uint64_t name) {
    const bool same = !frames_.empty() && counts_[frames_.back()].name == name;
    if (!same) {
        const auto next = static_cast<std::uint32_t>(counts_.size());
        const auto [known, is_new] = places_.try_emplace(name, next);
        if (is_new) counts_.push_back({name, 0, 0});
        frames_.push_back(known->second);
    } else {
        frames_.push_back(frames_.back());
    }
    ++counts_[frames_.back()].count;
}

Grouping::Lists Grouping::lists(std::span<const std::uint32_t> offsets) const {
    Lists lists{counts_, std::vector<std::uint32_t>(offsets.size())};
    std::sort(lists.counts.begin(), lists.counts.end(),
              [](const FooterCount& a, const FooterCount& b) { return a.name < b.name; });
    std::vector<std::uint64_t> next(counts_.size());  // where a name's next offset goes
    std::uint64_t begin = 0;
    for (FooterCount& entry : lists.counts) {
        entry.begin = next[places_.at(entry.name)] = begin;
        begin += entry.count;
    }
    for (std::size_t i = 0; i < offsets.size(); ++i) lists.offsets[next[frames_[i]]++] = offsets[i];
    return lists;
}

void FooterBuilder::add(const FrameHeader& header, std::uint64_t offset) {
    const std::uint64_t due = kFramesBegin + sparse_.size() * kSparseStep;
    const bool first = offsets_.empty();
    if (first || offset >= due) {
        const auto latest = first ? std::numeric_limits<std::int64_t>::min() : received_max_;
        sparse_.push_back({header.sequence, offset, latest});
    }
    received_min_ = first ? header.received : std::min(received_min_, header.received);
    received_max_ = first ? header.received : std::max(received_max_, header.received);
    offsets_.push_back(static_cast<std::uint32_t>(offset / 8));
    types_.add(header.type);
    keys_.add(header.key);
}

std::vector<std::byte> FooterBuilder::finish(const SegmentHeader& segment, std::uint64_t end,
                                             const Roots& roots) const {
    const Grouping::Lists by_type = types_.lists(offsets_);
    const Grouping::Lists by_key = keys_.lists(offsets_);
    const FooterHeader header{.number = segment.number,
                              .first_sequence = segment.first_sequence,
                              .last_sequence = segment.first_sequence + frames() - 1,
                              .end = end,
                              .received_min = received_min_,
                              .received_max = received_max_,
                              .types = by_type.counts.size(),
                              .keys = by_key.counts.size(),
                              .sparse = sparse_.size(),
                              .frames = frames(),
                              .previous_chain = roots.previous_chain,
                              .tree_root = roots.tree,
                              .chain = roots.chain};
    std::vector<std::byte> bytes;
    put<FooterHeader>(bytes, std::span{&header, 1});
    put<FooterCount>(bytes, by_type.counts);
    put<FooterCount>(bytes, by_key.counts);
    put<SparseEntry>(bytes, sparse_);
    put<std::uint32_t>(bytes, offsets_);
    put<std::uint32_t>(bytes, by_type.offsets);
    put<std::uint32_t>(bytes, by_key.offsets);
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

Result<std::optional<std::vector<std::uint64_t>>> offsets_of_types(SegmentFile& segment,
                                                                   const Wants& wants) {
    TRY(const auto footer, read_footer(segment));
    if (!footer) return std::nullopt;
    const std::uint64_t size = segment.info().size;
    std::vector<std::uint64_t> offsets;
    for (const FooterCount& type : footer->types) {
        if (!wants(static_cast<std::uint16_t>(type.name))) continue;
        const std::uint64_t at = footer->by_type_offset + type.begin * sizeof(std::uint32_t);
        TRY(const auto list, segment.view(at, type.count * sizeof(std::uint32_t), size));
        for (std::size_t i = 0; i < type.count; ++i) {
            std::uint32_t eighth = 0;
            std::memcpy(&eighth, list.data() + i * sizeof eighth, sizeof eighth);
            offsets.push_back(std::uint64_t{eighth} * 8);
        }
    }
    std::sort(offsets.begin(), offsets.end());
    return std::optional{std::move(offsets)};
}

}  // namespace daybook::journal
