#include "journal/head.hpp"

#include <algorithm>
#include <cstring>

#include "journal/hash.hpp"

namespace daybook::journal {
namespace {

constexpr int kReadsMax = 4;  // a slot is written in one call: torn twice in a row is damage

enum class SlotState : std::uint8_t { good, broken, newer };

SlotState judge(const HeadSlot& slot) {
    if (slot.magic != kHeadMagic) return SlotState::broken;
    if (slot.version > kFormatVersion) return SlotState::newer;
    return slot.hash == slot_hash(slot) ? SlotState::good : SlotState::broken;
}

Head decode(const HeadSlot& slot) {
    return {.durable = {slot.durable},
            .hash = slot.last_hash,
            .segment = slot.segment,
            .end = slot.end,
            .sealed = slot.sealed,
            .counter = slot.counter,
            .clean = slot.clean == 1,
            .journal = slot.journal};
}

bool outside_slots(std::size_t offset) { return offset % kBlock >= sizeof(HeadSlot); }

bool has_strays(std::span<const std::byte> bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (outside_slots(i) && bytes[i] != std::byte{0}) return true;
    }
    return false;
}

Result<HeadFile> read_once(const ReadFile& file, bool& newer) {
    std::array<std::byte, kHeadBytes> bytes{};
    TRY(auto got, file.read(0, bytes));
    TRY(auto info, file.info());
    HeadFile head;
    head.strays = info.size != kHeadBytes || got != kHeadBytes || has_strays(bytes);
    newer = false;
    for (std::size_t place = 0; place < 2; ++place) {
        HeadSlot slot;
        std::memcpy(&slot, bytes.data() + place * kBlock, sizeof slot);
        const SlotState state = judge(slot);
        newer = newer || state == SlotState::newer;
        head.broken[place] = state != SlotState::good || (slot.counter & 1U) != place;
        if (!head.broken[place]) head.slots[place] = decode(slot);
    }
    return head;
}

}  // namespace

HeadSlot encode(const Head& head) {
    HeadSlot slot;
    slot.clean = head.clean ? 1 : 0;
    slot.journal = head.journal;
    slot.counter = head.counter;
    slot.segment = head.segment;
    slot.end = head.end;
    slot.durable = head.durable.raw;
    slot.last_hash = head.hash;
    slot.sealed = head.sealed;
    slot.hash = slot_hash(slot);
    return slot;
}

const Head& HeadFile::newest() const {
    if (broken[0]) return slots[1];
    if (broken[1]) return slots[0];
    return slots[0].counter > slots[1].counter ? slots[0] : slots[1];
}

Result<HeadFile> read_head_file(const ReadDirectory& directory) {
    TRY(auto file, directory.open(kHeadName));
    bool newer = false;
    HeadFile head;
    for (int reads = 0; reads < kReadsMax; ++reads) {
        TRY(head, read_once(*file, newer));
        if (!head.broken[0] && !head.broken[1]) return head;
    }
    if (!head.broken[0] || !head.broken[1]) return head;
    if (newer) {
        return Error{Errc::newer, "journal/HEAD: its format is newer than version 1",
                     "use the newer program that wrote it"};
    }
    return Error{Errc::corrupt,
                 "journal/HEAD: neither slot (offsets 0 and 4096) verifies; expected the hash of "
                 "its first 504 bytes, found another",
                 "keep the files as they are and restore HEAD from a backup, or daybook salvage"};
}

Result<Head> read_head(const ReadDirectory& directory) {
    TRY(auto file, read_head_file(directory));
    return file.newest();
}

}  // namespace daybook::journal
