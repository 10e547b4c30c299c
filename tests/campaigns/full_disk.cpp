#include "campaigns/full_disk.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <csignal>

#include "campaigns/desk.hpp"
#include "campaigns/load.hpp"
#include "campaigns/restart.hpp"
#include "campaigns/scenes.hpp"
#include "campaigns/system_calls.hpp"

namespace daybook::campaigns {
namespace {

constexpr std::uint64_t kScenes = 4;
constexpr std::uint64_t kStep = 512;
constexpr std::uint64_t kSteps = 400;  // 200 KiB: behind it everything fits
constexpr std::uint64_t kLoadSeed = 11;

Scene begun(std::uint64_t which) {
    switch (which) {
        case 0:
            return {};
        case 1:
            return empty_scene();
        case 2:
            return stopped_scene();
        default:
            return torn_scene();
    }
}

std::uint64_t bytes_on(const test::FaultyDisk& disk) {
    std::uint64_t bytes = 0;
    for (const std::string& name : disk.names()) bytes += disk.content(name).size();
    return bytes;
}

/// Creates what is not there yet, starts and works until the disk is full.
Result<void> work_until_full(Scene& scene) {
    if (!scene.created) {
        TRYV(journal::create(*scene.disk.directory(), small_options()));
        scene.created = true;
    }
    TRY(auto writer, journal::Writer::open(scene.disk.directory(), small_options()));
    TRYV(begin_life(scene));
    Dice dice(kLoadSeed);
    return work(writer, scene.book, 120, dice);
}

Finding reads_while_full(const Scene& scene) {
    auto reader = journal::Reader::open(scene.disk.for_reading());
    if (!reader) return "cannot be read while the disk is full: " + reader.error().detail;
    const auto first = reader.value().next();
    if (!first) return "reading fails while the disk is full: " + first.error().detail;
    return std::nullopt;
}

}  // namespace

std::uint64_t full_disk_cases() { return kScenes * kSteps; }

Finding full_disk(std::uint64_t number, Dice dice) {
    Scene scene = begun(number % kScenes);
    scene.disk.set_capacity(bytes_on(scene.disk) + number / kScenes * kStep);
    const auto worked = work_until_full(scene);
    if (!worked && worked.error().code != Errc::disk) return worked.error().detail;
    if (scene.created) {
        if (auto finding = reads_while_full(scene)) return finding;
    }
    scene.disk.set_capacity(~std::uint64_t{0});
    if (!scene.created) {
        const auto made = journal::create(*scene.disk.directory(), small_options());
        if (!made) return "cannot be created when there is room: " + made.error().detail;
    }
    return check_restart(scene.disk, scene.book, dice);
}

namespace {

constexpr std::uint64_t kLeastBytes = std::uint64_t{64} << 10U;
constexpr std::uint64_t kStepBytes = std::uint64_t{12} << 10U;
constexpr std::uint64_t kSizes = 90;  // up to 1.1 MiB

bool mount_tmpfs(const std::string& folder, std::uint64_t bytes, unsigned long flags) {
    const std::string options = "mode=0700,size=" + std::to_string(bytes);
    return ::mount("daybook", folder.c_str(), "tmpfs", flags, options.c_str()) == 0;
}

bool own_namespace() {
    return ::unshare(CLONE_NEWNS) == 0 &&
           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

/// What is wrong with how the recorder took it; nothing when it was refused in plain words.
Finding judge_refusal(const Told& told) {
    if (!told.refused.load()) return std::nullopt;
    const std::string why{told.why.data()};
    if (told.went_on.load()) return "it takes more behind a refusal: " + why;
    if (!names_a_file(why)) return "the error names no file: " + why;
    return std::nullopt;
}

/// In a process of its own: a life on a disk of `bytes`, then one with room.
Finding life_on_small_disk(std::uint64_t bytes, Dice dice) {
    Desk desk(dice.roll() % 1000);
    if (!own_namespace() || !mount_tmpfs(desk.path(), bytes, 0)) return "no tmpfs can be mounted";
    Told told;
    bool created = desk.create().has_value();
    if (created) static_cast<void>(desk.live(told, Dice(dice.roll())));
    if (auto finding = judge_refusal(told)) return finding;
    if (!mount_tmpfs(desk.path(), std::uint64_t{64} << 20U, MS_REMOUNT)) return "no more room";
    if (!created) {
        const auto made = desk.create();
        if (!made) return "cannot be created when there is room: " + made.error().detail;
    }
    if (auto finding = desk.check(told)) return finding;
    Told again;
    if (desk.live(again, Dice(dice.roll())) != 0) return std::string{again.why.data()};
    auto finding = desk.check(again);
    ::umount2(desk.path().c_str(), MNT_DETACH);
    return finding;
}

}  // namespace

std::uint64_t small_tmpfs_cases() { return kSizes; }

std::string why_no_tmpfs() {
    const Ended ended = run_child([] {
        const Scratch folder;
        const bool can = own_namespace() && mount_tmpfs(folder.path(), kLeastBytes, 0);
        return can && ::umount2(folder.path().c_str(), MNT_DETACH) == 0 ? 0 : 1;
    });
    return ended.signal == 0 && ended.code == 0 ? "" : "a tmpfs of its own cannot be mounted here";
}

Finding small_tmpfs(std::uint64_t number, Dice dice) {
    const std::uint64_t bytes = kLeastBytes + number % kSizes * kStepBytes;
    Told& told = shared_page();
    const Ended ended = run_child([&] {
        const Finding finding = life_on_small_disk(bytes, dice);
        if (finding) told.set_why(*finding);
        return finding ? 1 : 0;
    });
    if (ended.signal == 0 && ended.code == 0) return std::nullopt;
    const std::string words = "on a disk of " + std::to_string(bytes) + " bytes: ";
    if (ended.signal == SIGALRM) return words + "it hangs";
    if (ended.signal != 0) return words + "ended by signal " + std::to_string(ended.signal);
    return words + std::string{told.why.data()};
}

}  // namespace daybook::campaigns
