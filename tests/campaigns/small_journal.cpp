#include "campaigns/small_journal.hpp"

#include <algorithm>

#include "campaigns/restart.hpp"
#include "journal/footer.hpp"
#include "journal/frame.hpp"
#include "journal/layout.hpp"

namespace daybook::campaigns {
namespace {

constexpr std::uint64_t kSegmentPages = 4;
constexpr std::uint64_t kSegments = 4;
constexpr std::uint64_t kOpenEnd = 12'000;  // the open one holds frames up to there, at least

void keep_files(const test::FaultyDisk& disk,
                std::map<std::string, std::vector<std::byte>>& files) {
    for (const std::string& name : disk.names()) files[name] = disk.content(name);
}

Result<void> fill(SmallJournal& small) {
    TRYV(journal::create(*small.disk.directory(), small_journal_options()));
    TRY(auto writer, journal::Writer::open(small.disk.directory(), small_journal_options()));
    Dice dice(3);
    for (;;) {
        TRYV(small.book.append(writer, dice.between(1, 3)));
        TRYV(small.book.commit(writer));
        const journal::Head head = writer.head();
        const bool ends = head.segment == kSegments && head.end >= kOpenEnd;
        if (ends || dice.chance(10)) {
            TRY(auto said, journal::statement_at(*small.disk.for_reading(), head, Time{1}));
            small.receipts.push_back(std::move(said));
        }
        if (head.segment < kSegments) keep_files(small.disk, small.earlier);
        if (ends) return writer.close();
    }
}

Result<std::vector<Extent>> extents_of(const journal::ReadDirectory& directory,
                                       const journal::Head& head, std::uint64_t number) {
    TRY(auto segment, journal::open_segment(directory, head, number));
    std::vector<Extent> extents{{0, journal::kBlock, 0},
                                {journal::kBlock, journal::kFramesBegin, 0}};
    journal::FrameWalk walk(segment.file, segment.limit);
    while (walk.next_sequence() <= segment.last) {
        TRY(auto frame, walk.step());
        if (frame.fault != journal::Fault::none) break;
        extents.push_back({frame.offset, walk.offset(), frame.header.sequence});
    }
    const std::uint64_t size = segment.file.info().size;
    const bool sealed = number < head.segment;
    const std::uint64_t footer = sealed ? journal::footer_offset(walk.offset()) : size;
    extents.push_back({walk.offset(), footer, 0});
    extents.push_back({footer, size, 0});
    return extents;
}

Result<void> survey(SmallJournal& small) {
    keep_files(small.disk, small.files);
    const auto directory = small.disk.for_reading();
    TRY(const auto head, journal::read_head(*directory));
    for (const auto& [name, bytes] : small.files) {
        small.names.push_back(name);
        small.bytes += bytes.size();
        const auto number = journal::segment_number(name);
        if (!number) continue;
        TRY(small.extents[name], extents_of(*directory, head, *number));
        small.last_segment = name;
    }
    return ok();
}

SmallJournal make() {
    SmallJournal small;
    const auto made = [&]() -> Result<void> {
        TRYV(fill(small));
        return survey(small);
    }();
    if (!made) small.names.clear();
    return small;
}

}  // namespace

journal::Options small_journal_options() {
    journal::Options chosen = small_options(kSegmentPages, kSegmentPages);
    for (int i = 0; i < 200; ++i) chosen.schema.push_back(static_cast<std::byte>(i));
    return chosen;
}

Extent SmallJournal::at(const std::string& file, std::uint64_t offset) const {
    const auto known = extents.find(file);
    if (known != extents.end()) {
        for (const Extent& extent : known->second) {
            if (offset >= extent.begin && offset < extent.end) return extent;
        }
        return {known->second.back().end, ~std::uint64_t{0}, 0};
    }
    return {0, ~std::uint64_t{0}, 0};
}

SmallJournal& small_journal() {
    static SmallJournal small = make();
    return small;
}

test::FaultyDisk copy_of_small_journal() { return small_journal().disk.after_kill(); }

}  // namespace daybook::campaigns
