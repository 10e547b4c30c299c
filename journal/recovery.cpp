#include "journal/recovery.hpp"

#include <algorithm>
#include <limits>

#include "journal/frame.hpp"
#include "journal/layout.hpp"
#include "journal/record.hpp"
#include "journal/segment_write.hpp"
#include "journal/tail.hpp"
#include "schemas/planted.hpp"

namespace daybook::journal {
namespace {

constexpr std::uint64_t kStride = std::uint64_t{64} << 10U;

/// Calls `act(offset, length)` for one stride of [from, to) after the other.
template <class Act>
Result<void> in_strides(std::uint64_t from, std::uint64_t to, Act act) {
    for (; from < to; from += kStride) {
        TRYV(act(from, static_cast<std::size_t>(std::min(kStride, to - from))));
    }
    return ok();
}

/// Every segment from HEAD's on that has a successor was synced before that one got its name.
Result<void> check_whole(const ReadDirectory& directory, const Head& head, std::uint64_t last) {
    Head beyond = head;
    beyond.segment = last;
    beyond.sealed = 0;
    for (std::uint64_t number = head.segment; number < last; ++number) {
        TRY(auto segment, open_segment(directory, beyond, number));
        TRYV(check_frames(segment, head));
    }
    return ok();
}

/// After a refused sync the system may show bytes that are not on the disk: write them again.
Result<void> rewrite(WriteDirectory& directory, SegmentFile& segment, std::uint64_t from,
                     std::uint64_t to) {
    if (from >= to) return ok();
    TRY(auto file, directory.open_for_writing(segment_name(segment.header().number)));
    TRYV(in_strides(from, to, [&](std::uint64_t offset, std::size_t length) -> Result<void> {
        TRY(auto bytes, segment.view(offset, length, to));
        return file->write(offset, bytes);
    }));
    return file->sync();
}

Result<std::string> free_quarantine_name(const ReadDirectory& directory, std::uint64_t segment,
                                         std::uint64_t offset) {
    TRY(auto names, directory.list("quarantine"));
    const std::string stem = segment_name(segment) + "." + std::to_string(offset) + ".";
    for (std::uint64_t copy = 1;; ++copy) {
        const std::string name = stem + std::to_string(copy);
        if (std::find(names.begin(), names.end(), name) == names.end()) return "quarantine/" + name;
    }
}

Result<std::string> quarantine(WriteDirectory& directory, SegmentFile& segment, std::uint64_t from,
                               std::uint64_t to) {
    TRY(auto name, free_quarantine_name(directory, segment.header().number, from));
    TRY(auto file, directory.create(name, Cache::used));
    TRYV(in_strides(from, to, [&](std::uint64_t offset, std::size_t length) -> Result<void> {
        TRY(auto bytes, segment.view(offset, length, to));
        return file->write(offset - from, bytes);
    }));
    TRYV(file->sync());
    TRYV(directory.sync_folder("quarantine"));
    return name;
}

Result<void> zero(WriteDirectory& directory, std::uint64_t number, std::uint64_t from,
                  std::uint64_t to) {
    TRY(auto file, directory.open_for_writing(segment_name(number)));
    const std::vector<std::byte> zeros(kStride);
    TRYV(in_strides(from, to, [&](std::uint64_t offset, std::size_t length) {
        return file->write(offset, std::span{zeros}.first(length));
    }));
    return file->sync();
}

/// The next head: what `tail` keeps is durable from here on. It goes into both slots, one after the
/// other: else a later write that tears one would leave the other as it stood before this start,
/// maybe with the mark of a clean stop.
Result<Head> publish(WriteDirectory& directory, const Head& head, const Tail& tail,
                     std::uint64_t segment) {
    Head next = head;
    next.segment = segment;
    next.end = PLANTED(append_behind_tail) ? tail.end : tail.kept_end;
    next.durable = {tail.kept};
    next.hash = tail.kept_hash;
    next.clean = false;
    TRY(auto file, directory.open_for_writing(kHeadName));
    for (int slot = 0; slot < 2; ++slot) {
        ++next.counter;
        TRYV(write_head(*file, next));
        TRYV(file->sync());
    }
    return next;
}

Result<void> seal_rest(WriteDirectory& directory, Head& head) {
    if (head.sealed + 1 >= head.segment) return ok();
    TRY(auto chain, chain_after(directory, head, head.sealed));
    while (head.sealed + 1 < head.segment) {
        TRY(chain, seal_segment(directory, head.journal, head.sealed + 1, chain));
        ++head.sealed;
    }
    return ok();
}

/// Segments 1 … last, none missing.
Result<std::uint64_t> last_segment(const ReadDirectory& directory, const Head& head) {
    TRY(auto numbers, segment_numbers(directory));
    for (std::uint64_t number = 1; number <= std::max(head.segment, numbers.size()); ++number) {
        if (number <= numbers.size() && numbers[number - 1] == number) continue;
        return corrupt_at({number, 0, 0}, "expected this file, found none");
    }
    return numbers.size();
}

Result<void> remove_blanks(WriteDirectory& directory) {
    TRY(auto names, directory.list(""));
    for (const std::string& name : names) {
        if (may_remove(name)) {
            TRYV(directory.remove(name));
        }
    }
    return ok();
}

}  // namespace

Result<Recovery> recover(WriteDirectory& directory) {
    TRY(auto head, read_head(directory));
    TRY(auto last, last_segment(directory, head));
    TRYV(check_whole(directory, head, last));
    TRY(auto segment, SegmentFile::open(directory, last, &head.journal));
    TRY(auto tail, examine_tail(segment, head));
    if (tail.damage) return corrupt_at(*tail.damage);

    TRYV(directory.sync_folder(""));  // a rename of the last run may not be on the disk yet
    const std::uint64_t known_end = head.segment == last ? head.end : kFramesBegin;
    TRYV(rewrite(directory, segment, known_end, tail.kept_end));
    TRY(auto next, publish(directory, head, tail, last));
    Recovered found{.durable = head.durable,
                    .kept = next.durable,
                    .file = segment_name(last),
                    .offset = tail.kept_end,
                    .bytes = tail.end - tail.kept_end,
                    .quarantine = {}};
    if (found.bytes != 0 && !PLANTED(append_behind_tail)) {
        TRY(found.quarantine, quarantine(directory, segment, tail.kept_end, tail.end));
        TRYV(zero(directory, last, tail.kept_end, tail.end));
    }
    TRYV(remove_blanks(directory));
    TRYV(seal_rest(directory, next));
    const bool nothing = found.bytes == 0 && found.kept == found.durable;
    return Recovery{next, nothing ? std::nullopt : std::optional{found}};
}

}  // namespace daybook::journal
