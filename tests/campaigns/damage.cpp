#include "campaigns/damage.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include "campaigns/planted_folder.hpp"
#include "campaigns/restart.hpp"
#include "campaigns/small_journal.hpp"
#include "journal/survivors.hpp"
#include "journal/verify.hpp"

namespace daybook::campaigns {
namespace {

using test::FaultyDisk;
using Bytes = std::vector<std::byte>;

constexpr std::size_t kSector = 512;

std::string place(const std::string& file, std::uint64_t offset) {
    return file + " at " + std::to_string(offset);
}

/// From the first to behind the last byte of `file` that is not what it was.
struct Changed {
    std::string file;
    std::uint64_t begin{};
    std::uint64_t end{};
};

std::optional<Changed> difference(const std::string& file, const Bytes& before,
                                  const Bytes& after) {
    const auto [first, other] = std::ranges::mismatch(before, after);
    if (first == before.end() && other == after.end()) return std::nullopt;
    Changed changed{file, static_cast<std::uint64_t>(first - before.begin()), ~std::uint64_t{0}};
    if (before.size() != after.size()) return changed;
    changed.end = changed.begin;
    for (std::uint64_t i = changed.begin; i < before.size(); ++i) {
        if (before[i] != after[i]) changed.end = i + 1;
    }
    return changed;
}

/// What verify says first lies in an extent that was changed.
bool located(const journal::Damage& bad, const std::vector<Changed>& changes) {
    const Extent extent = small_journal().at(bad.file, bad.offset);
    return std::ranges::any_of(changes, [&](const Changed& changed) {
        const bool whole_file = small_journal().at(changed.file, 0).end == ~std::uint64_t{0};
        return changed.file == bad.file &&
               (whole_file || (changed.begin < extent.end && extent.begin < changed.end));
    });
}

Finding judge(const FaultyDisk& disk, const std::vector<Changed>& changes) {
    const std::string what = place(changes.front().file, changes.front().begin);
    const auto verdict = journal::verify(*disk.for_reading());
    if (!verdict) return what + ": verify gives up: " + verdict.error().detail;
    if (verdict.value().ok) return what + ": not noticed by verify";
    const journal::Damage& bad = *verdict.value().first_bad;
    const bool named = small_journal().at(bad.file, bad.offset).sequence == bad.sequence.raw;
    if (named && located(bad, changes)) return std::nullopt;
    return what + ": verify tells " + place(bad.file, bad.offset) + ": " + bad.reason +
           ", sequence " + std::to_string(bad.sequence.raw);
}

bool is_as_appended(const journal::Record& record, std::uint64_t sequence) {
    const std::string wanted = payload_of(1, sequence);
    return record.sequence.raw == sequence &&
           std::ranges::equal(record.payload, std::as_bytes(std::span{wanted}));
}

/// Every event that is read is the one that was appended, or reading fails.
Finding reads_nothing_wrong(const FaultyDisk& disk) {
    auto reader = journal::Reader::open(disk.for_reading());
    if (!reader) return std::nullopt;
    const std::uint64_t durable = reader.value().head().durable.raw;
    for (std::uint64_t sequence = 1; sequence <= durable; ++sequence) {
        const auto record = reader.value().at({sequence});
        if (!record) continue;
        if (!is_as_appended(record.value(), sequence))
            return "a reader hands out a wrong event " + std::to_string(sequence);
    }
    return std::nullopt;
}

bool touched(const std::string& file, const Extent& extent, const std::vector<Changed>& changes) {
    return std::ranges::any_of(changes, [&](const Changed& changed) {
        return changed.file == file && changed.begin < extent.end && extent.begin < changed.end;
    });
}

/// What can be salvaged: every event that lies in no changed byte, and no wrong one.
Finding salvages_the_rest(const FaultyDisk& disk, const std::vector<Changed>& changes) {
    auto survivors = journal::Survivors::open(disk.for_reading());
    if (!survivors) return "nothing can be salvaged: " + survivors.error().detail;
    std::set<std::uint64_t> kept;
    for (;;) {
        const auto record = survivors.value().next();
        if (!record) return "salvage stops: " + record.error().detail;
        if (!record.value()) break;
        const std::uint64_t sequence = record.value()->sequence.raw;
        if (!is_as_appended(*record.value(), sequence)) {
            return "salvage hands out a wrong event " + std::to_string(sequence);
        }
        kept.insert(sequence);
    }
    for (const auto& [file, extents] : small_journal().extents) {
        for (const Extent& extent : extents) {
            const bool lost = extent.sequence != 0 && !kept.contains(extent.sequence);
            if (lost && !touched(file, extent, changes)) {
                return "salvage loses the undamaged event " + std::to_string(extent.sequence);
            }
        }
    }
    return std::nullopt;
}

/// No writer goes on behind a damaged event of the last segment, or mends it.
Finding writer_refuses(const FaultyDisk& disk, const std::vector<Changed>& changes) {
    const std::string& last = small_journal().last_segment;
    const bool event_damaged = std::ranges::any_of(changes, [&](const Changed& changed) {
        return changed.file == last && small_journal().at(last, changed.begin).sequence != 0;
    });
    if (!event_damaged) return std::nullopt;
    const Bytes before = disk.content(last);
    const auto writer = journal::Writer::open(as_planted(disk.directory()), small_options());
    if (writer) return "a writer goes on behind a damaged event";
    if (writer.error().code != Errc::corrupt) return "a writer says " + writer.error().detail;
    if (disk.content(last) != before) return "a writer that refuses has changed the segment";
    return std::nullopt;
}

struct Place {
    std::string file;
    std::uint64_t offset{};
    std::uint8_t mask{};
};

/// Each bit once, and the first ones from everywhere: the step is a prime that the bits are no
/// multiple of.
Place place_of_bit(std::uint64_t round) {
    constexpr std::uint64_t kStep = 1'000'003;
    const std::uint64_t number = round * kStep % bits();
    std::uint64_t byte = number / 8;
    for (const std::string& name : small_journal().names) {
        const std::uint64_t size = small_journal().files[name].size();
        if (byte < size) return {name, byte, static_cast<std::uint8_t>(1U << (number % 8))};
        byte -= size;
    }
    return {};
}

Bytes sector_of(const Bytes& file, std::uint64_t sector) {
    const std::size_t begin = std::min(file.size(), sector * kSector);
    const std::size_t end = std::min(file.size(), begin + kSector);
    return {file.begin() + static_cast<std::ptrdiff_t>(begin),
            file.begin() + static_cast<std::ptrdiff_t>(end)};
}

void put(Bytes& file, std::uint64_t sector, const Bytes& bytes) {
    const std::size_t begin = std::min(file.size(), sector * kSector);
    std::copy_n(bytes.begin(), std::min(bytes.size(), file.size() - begin),
                file.begin() + static_cast<std::ptrdiff_t>(begin));
}

void insert(Bytes& file, std::uint64_t sector, const Bytes& bytes) {
    const std::size_t begin = std::min(file.size(), sector * kSector);
    file.insert(file.begin() + static_cast<std::ptrdiff_t>(begin), bytes.begin(), bytes.end());
}

void overwrite_some(Bytes& file, std::uint64_t offset, std::uint64_t length, Dice& dice) {
    for (std::uint64_t i = offset; i < std::min<std::uint64_t>(file.size(), offset + length); ++i) {
        file[i] = static_cast<std::byte>(dice.roll());
    }
}

constexpr std::uint64_t kKinds = 9;

/// `file` with one kind of damage to it.
Bytes damaged(const std::string& name, Bytes file, std::uint64_t kind, Dice& dice) {
    const std::uint64_t sectors = (file.size() + kSector - 1) / kSector;
    const std::uint64_t sector = dice.below(sectors);
    const std::uint64_t other = dice.below(sectors);
    const Bytes before = sector_of(file, sector);
    switch (kind) {
        case 0:
            put(file, sector, Bytes(kSector));
            break;
        case 1:
            put(file, sector, sector_of(file, other));
            put(file, other, before);
            break;
        case 2:
            put(file, sector, sector_of(small_journal().earlier[name], sector));
            break;
        case 3:
            insert(file, sector, before);
            break;
        case 4:
            insert(file, sector, Bytes(kSector));
            break;
        case 5:
            file.resize(dice.below(file.size()));
            break;
        case 6:
            put(file, other, before);
            break;
        case 7:
            overwrite_some(file, dice.below(file.size()), dice.between(1, 2000), dice);
            break;
        default:
            put(file, sector / 8 * 8, Bytes(8 * kSector));
    }
    return file;
}

/// One file damaged. HEAD is not put back to an earlier state: a power cut does that as well.
std::vector<Changed> damage_file(FaultyDisk& disk, Dice& dice) {
    const SmallJournal& small = small_journal();
    for (;;) {
        const std::string& name = small.names[dice.below(small.names.size())];
        const std::uint64_t kind = dice.below(kKinds);
        if (name == journal::kHeadName && kind == 2) continue;
        const Bytes& whole = small.files.at(name);
        const Bytes bad = damaged(name, whole, kind, dice);
        const auto changed = difference(name, whole, bad);
        if (!changed) continue;
        disk.overwrite(name, bad);
        return {*changed};
    }
}

std::vector<Changed> lose_or_exchange(FaultyDisk& disk, Dice& dice) {
    const SmallJournal& small = small_journal();
    const std::string& one = small.names[dice.below(small.names.size())];
    const std::string& two = small.names[dice.below(small.names.size())];
    constexpr std::uint64_t kAll = ~std::uint64_t{0};
    if (one == two && one != journal::kHeadName) {
        disk.erase(one);
        return {{one, 0, kAll}};
    }
    disk.overwrite(one, small.files.at(two));
    disk.overwrite(two, small.files.at(one));
    return {{one, 0, kAll}, {two, 0, kAll}};
}

}  // namespace

std::uint64_t bits() { return small_journal().bytes * 8; }

Finding flip_bit(std::uint64_t number, Dice) {
    FaultyDisk& disk = small_journal().disk;
    const Place at = place_of_bit(number);
    disk.flip(at.file, at.offset, at.mask);
    auto finding = judge(disk, {{at.file, at.offset, at.offset + 1}});
    disk.flip(at.file, at.offset, at.mask);
    return finding;
}

Finding damage(std::uint64_t, Dice dice) {
    FaultyDisk disk = copy_of_small_journal();
    const auto changes = dice.chance(3) ? lose_or_exchange(disk, dice) : damage_file(disk, dice);
    if (changes.size() == 2 && changes[0].file == changes[1].file) return std::nullopt;
    if (auto finding = judge(disk, changes)) return finding;
    if (auto finding = reads_nothing_wrong(disk)) return finding;
    if (auto finding = salvages_the_rest(disk, changes)) return finding;
    return writer_refuses(disk, changes);
}

}  // namespace daybook::campaigns
