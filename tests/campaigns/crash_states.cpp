#include "campaigns/crash_states.hpp"

#include "campaigns/load.hpp"
#include "campaigns/planted_folder.hpp"
#include "campaigns/restart.hpp"

namespace daybook::campaigns {
namespace {

using test::FaultyDisk;

constexpr std::uint64_t kCallsMost = 160;

test::Blow any_blow(Dice& dice) { return static_cast<test::Blow>(dice.below(3)); }

FaultyDisk crashed(const FaultyDisk& disk, Dice& dice) {
    if (dice.chance(15)) return disk.after_kill();
    return disk.after_power_cut(dice.roll(), test::Sectors::one_torn);
}

/// A journal whose creation may itself have been interrupted, and begun again.
Result<FaultyDisk> created(const journal::Options& options, Dice& dice) {
    FaultyDisk disk;
    if (dice.chance(10)) {
        disk.refuse(1 + dice.below(16), true, any_blow(dice));
        if (journal::create(*as_planted(disk.directory()), options)) return disk.after_kill();
        disk = crashed(disk, dice);
    }
    const auto made = journal::create(*as_planted(disk.directory()), options);
    if (!made && made.error().code != Errc::conflict) return made.error();
    return disk;
}

/// Opens the journal, works until the disk refuses or the dice say stop. A finding is what no
/// refusal explains.
Finding live(const FaultyDisk& disk, const journal::Options& options, Book& book, Dice& dice) {
    auto writer = journal::Writer::open(as_planted(disk.directory()), options);
    if (!writer && writer.error().code == Errc::disk) return std::nullopt;  // stopped in recovery
    if (!writer) return "no restart between two crashes: " + writer.error().detail;
    auto reader = journal::Reader::open(disk.for_reading());
    if (!reader) return "cannot be read between two crashes: " + reader.error().detail;
    if (auto finding = book.restart(reader.value())) return finding;
    auto worked = work(writer.value(), book, dice.between(1, 40), dice);
    if (worked && dice.chance(40)) worked = stop(writer.value(), book);
    if (!worked && worked.error().code != Errc::disk) return worked.error().detail;
    return std::nullopt;
}

}  // namespace

Finding crash_states(std::uint64_t, Dice dice) {
    const std::uint64_t pages = dice.chance(10) ? dice.between(20, 60) : dice.between(3, 8);
    journal::Options options = small_options(pages, dice.between(3, 16));
    if (dice.chance(30)) options.schema = {std::byte{1}, std::byte{2}};
    auto disk = created(options, dice);
    if (!disk) return "cannot be created again: " + disk.error().detail;
    Book book;
    for (std::uint64_t crashes = dice.between(1, 3); crashes > 0; --crashes) {
        disk.value().refuse(1 + dice.below(kCallsMost), dice.chance(70), any_blow(dice));
        if (auto finding = live(disk.value(), options, book, dice)) return finding;
        disk = crashed(disk.value(), dice);
    }
    return check_restart(disk.value(), book, dice);
}

}  // namespace daybook::campaigns
