#include "campaigns/edits.hpp"

#include <algorithm>
#include <cstring>

#include "campaigns/restart.hpp"
#include "campaigns/small_journal.hpp"
#include "journal/footer.hpp"
#include "journal/frame.hpp"
#include "journal/hash.hpp"
#include "journal/layout.hpp"
#include "journal/receipt.hpp"

namespace daybook::campaigns {
namespace {

using test::FaultyDisk;
using Bytes = std::vector<std::byte>;

template <class T>
T at(const Bytes& bytes, std::uint64_t offset) {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

template <class T>
void put(Bytes& bytes, std::uint64_t offset, const T& value) {
    std::memcpy(bytes.data() + offset, &value, sizeof value);
}

/// Where an event lies.
struct Target {
    std::string file;
    std::uint64_t number{};
    Extent extent;
    bool sealed{};
    bool last{};  ///< of its segment
};

Target target_of(std::uint64_t sequence) {
    const SmallJournal& small = small_journal();
    for (const auto& [file, extents] : small.extents) {
        for (std::size_t i = 0; i < extents.size(); ++i) {
            if (extents[i].sequence != sequence) continue;
            const bool last = extents[i + 1].sequence == 0;
            return {file, *journal::segment_number(file), extents[i], file != small.last_segment,
                    last};
        }
    }
    return {};
}

/// Changes one field or a byte of the payload of the frame, and makes its hash fit. Gives the hash.
std::uint64_t forge_frame(Bytes& segment, const Target& target, Dice& dice) {
    auto header = at<journal::FrameHeader>(segment, target.extent.begin);
    switch (dice.below(4)) {
        case 0:
            ++header.received;
            break;
        case 1:
            header.key += 1 + dice.below(3);
            break;
        case 2:
            header.type = static_cast<std::uint16_t>(header.type % 4 + 1);
            break;
        default:
            segment[target.extent.begin + sizeof header + dice.below(header.length)] ^=
                std::byte{1};
    }
    put(segment, target.extent.begin, header);
    const auto frame = std::span<const std::byte>(segment).subspan(
        target.extent.begin, target.extent.end - target.extent.begin);
    const auto journal = at<journal::SegmentHeader>(segment, 0).journal;
    header.hash = journal::frame_hash(journal::frame_seed(journal, target.number),
                                      target.extent.begin, frame);
    put(segment, target.extent.begin, header);
    return header.hash;
}

/// HEAD and the next header say what the hash of the last event of a segment is.
void forge_witnesses(FaultyDisk& disk, const Target& target, std::uint64_t hash) {
    const std::string next = journal::segment_name(target.number + 1);
    if (target.last && disk.exists(next)) {
        Bytes bytes = disk.content(next);
        auto header = at<journal::SegmentHeader>(bytes, 0);
        header.previous_hash = hash;
        const auto block = journal::header_block(header);
        std::ranges::copy(block, bytes.begin());
        std::ranges::copy(block, bytes.begin() + journal::kBlock);
        disk.overwrite(next, bytes);
    }
    Bytes head = disk.content(journal::kHeadName);
    for (const std::uint64_t offset : {std::uint64_t{0}, journal::kBlock}) {
        auto slot = at<journal::HeadSlot>(head, offset);
        if (slot.durable == target.extent.sequence) slot.last_hash = hash;
        slot.hash = journal::slot_hash(slot);
        put(head, offset, slot);
    }
    disk.overwrite(journal::kHeadName, head);
}

/// A footer that says what the frames say now, but for the roots, which are those of before.
void forge_footer(Bytes& segment, const Target& target) {
    journal::FooterBuilder builder;
    std::uint64_t end = journal::kFramesBegin;
    for (const Extent& extent : small_journal().extents.at(target.file)) {
        if (extent.sequence == 0) continue;
        builder.add(at<journal::FrameHeader>(segment, extent.begin), extent.begin);
        end = extent.end;
    }
    const std::uint64_t begin = journal::footer_offset(end);
    const auto before = at<journal::FooterHeader>(segment, begin);
    const auto footer = builder.finish(at<journal::SegmentHeader>(segment, 0), end,
                                       {before.previous_chain, before.tree_root, before.chain});
    segment.resize(begin);
    segment.insert(segment.end(), footer.begin(), footer.end());
}

/// Why a receipt does not fit the journal; nothing when it does.
Finding held_against(const FaultyDisk& disk, const journal::Statement& receipt, bool footers) {
    const auto why = journal::why_not_signed_history(*disk.for_reading(), receipt, footers);
    if (!why) return why.error().detail;
    return why.value();
}

/// Receipts that cover `sequence` do not fit, the others do.
Finding judge_receipts(const FaultyDisk& disk, std::uint64_t sequence, bool footers) {
    for (const journal::Statement& receipt : small_journal().receipts) {
        const bool covers = receipt.sequence.raw >= sequence;
        const bool fits = !held_against(disk, receipt, footers);
        if (covers == fits) {
            return "edited at " + std::to_string(sequence) + ": the receipt up to " +
                   std::to_string(receipt.sequence.raw) + (fits ? " fits" : " does not fit");
        }
    }
    return std::nullopt;
}

/// One event edited in place; checksums of others made to fit or not.
Finding edit_in_place(std::uint64_t sequence, Dice& dice) {
    FaultyDisk disk = copy_of_small_journal();
    const Target target = target_of(sequence);
    Bytes segment = disk.content(target.file);
    const std::uint64_t hash = forge_frame(segment, target, dice);
    const bool all_fit = dice.chance(50);
    if (all_fit && target.sealed) forge_footer(segment, target);
    disk.overwrite(target.file, segment);
    if (all_fit) forge_witnesses(disk, target, hash);
    const bool contradicts = target.sealed || (!all_fit && target.last);
    const Finding found = verify_disk(*disk.for_reading(), TornHead::no);
    if (contradicts && !found) {
        return "edited in place at " + std::to_string(sequence) + ": not noticed by verify";
    }
    return judge_receipts(disk, sequence, false);
}

struct Told {
    std::int64_t received;
    std::uint64_t key;
    std::uint16_t type;
    std::uint16_t flags;
    Bytes payload;
};

Result<std::vector<Told>> all_events() {
    TRY(auto reader, journal::Reader::open(small_journal().disk.for_reading()));
    std::vector<Told> events;
    for (;;) {
        TRY(const auto record, reader.next());
        if (!record) return events;
        events.push_back({record->received,
                          record->key,
                          record->type,
                          record->flags,
                          {record->payload.begin(), record->payload.end()}});
    }
}

/// Writes `events` with the batches they came in, each one committed, under the old name.
Result<FaultyDisk> written_anew(const std::vector<Told>& events) {
    FaultyDisk disk;
    const auto options = small_journal_options();
    TRYV(journal::create(*disk.directory(), options));
    TRY(auto writer, journal::Writer::open(disk.directory(), options));
    std::vector<journal::Entry> batch;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const Told& told = events[i];
        batch.push_back({told.received, told.key, told.type,
                         static_cast<std::uint16_t>(told.flags & journal::kModeMask),
                         told.payload});
        const bool ends = (told.flags & journal::kLastOfBatch) != 0 || i + 1 == events.size();
        if (!ends) continue;
        TRYV(writer.append(batch));
        TRYV(writer.commit());
        batch.clear();
    }
    TRYV(writer.close());
    return disk;
}

/// Changes, deletes, repeats or cuts off from event `sequence` on. Gives the first that differs.
std::uint64_t rewrite(std::vector<Told>& events, std::uint64_t sequence, Dice& dice) {
    const std::size_t place = sequence - 1;
    const auto here = events.begin() + static_cast<std::ptrdiff_t>(place);
    switch (dice.below(5)) {
        case 0:
            events[place].payload[dice.below(events[place].payload.size())] ^= std::byte{4};
            break;
        case 1:
            ++events[place].received;
            break;
        case 2:
            events.erase(here);
            break;
        case 3:
            events.insert(here, events[place]);
            return sequence + 1;
        default:
            events.erase(here, events.end());
    }
    return sequence;
}

/// The whole history written anew around one edit: every checksum and chain fits.
Finding edit_everything(std::uint64_t sequence, Dice& dice) {
    auto events = all_events();
    if (!events) return events.error().detail;
    const std::uint64_t first = rewrite(events.value(), sequence, dice);
    const auto disk = written_anew(events.value());
    if (!disk) return disk.error().detail;
    if (auto found = verify_disk(*disk.value().for_reading(), TornHead::no)) {
        return "the forgery is no journal: " + *found;
    }
    if (auto finding = judge_receipts(disk.value(), first, false)) return finding;
    return judge_receipts(disk.value(), first, true);
}

const journal::SigningKey& key() {
    static const journal::SigningKey made = journal::SigningKey::generate().value();
    return made;
}

const std::string& receipt_text() {
    static const std::string text = to_text(sign(small_journal().receipts.back(), key()));
    return text;
}

}  // namespace

Finding edit(std::uint64_t, Dice dice) {
    const std::uint64_t sequence = dice.between(1, small_journal().book.appended());
    return dice.chance(60) ? edit_in_place(sequence, dice) : edit_everything(sequence, dice);
}

std::uint64_t receipt_bits() { return receipt_text().size() * 8; }

Finding flip_receipt_bit(std::uint64_t number, Dice) {
    std::string text = receipt_text();
    text[number / 8] = static_cast<char>(text[number / 8] ^ (1 << (number % 8)));
    const auto receipt = journal::parse_receipt(text);
    if (!receipt || why_not_signed(receipt.value(), key().public_key())) return std::nullopt;
    return "bit " + std::to_string(number) + " of a receipt: its key vouches for it";
}

}  // namespace daybook::campaigns
