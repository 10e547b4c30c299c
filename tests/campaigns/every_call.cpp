#include "campaigns/every_call.hpp"

#include <array>
#include <memory>

#include "campaigns/load.hpp"
#include "campaigns/planted_folder.hpp"
#include "campaigns/restart.hpp"
#include "campaigns/scenes.hpp"

namespace daybook::campaigns {
namespace {

using test::Blow;
using test::FaultyDisk;

constexpr std::uint64_t kBlows = 3;
constexpr std::uint64_t kAftermaths = 5;  // a kill, four power cuts
constexpr std::uint64_t kLifeSeed = 7;    // the run is the same in every case

/// Two lives of a writer: rotations, a clean stop, a start, and an end in the middle.
Result<void> act(Scene& scene) {
    if (!scene.created) {
        TRYV(journal::create(*as_planted(scene.disk.directory()), small_options()));
        scene.created = true;
    }
    Dice dice(kLifeSeed);
    for (const bool last : {false, true}) {
        TRY(auto writer,
            journal::Writer::open(as_planted(scene.disk.directory()), small_options()));
        TRYV(begin_life(scene));
        scene.writer.emplace(std::move(writer));
        TRYV(work(*scene.writer, scene.book, last ? 32 : 64, dice));
        TRYV(scene.book.commit(*scene.writer));
        if (last) break;
        TRYV(stop(*scene.writer, scene.book));
        scene.writer.reset();
    }
    return ok();
}

/// A copy of the scene number `which` as it stands before act().
Scene scene_of(std::uint64_t which) {
    static const Scene torn = torn_scene();
    if (which == 0) return {};
    return {torn.disk.after_kill(), torn.book, torn.created, {}};
}

std::uint64_t calls_of(std::uint64_t which) {
    Scene scene = scene_of(which);
    const std::uint64_t before = scene.disk.calls();
    return act(scene) ? scene.disk.calls() - before : 0;
}

/// Calls of the two scenes, counted once.
const std::array<std::uint64_t, 2>& calls() {
    static const std::array<std::uint64_t, 2> counted{calls_of(0), calls_of(1)};
    return counted;
}

struct Case {
    std::uint64_t scene{};
    std::uint64_t call{};  ///< 1: the first
    Blow blow{};
    std::uint64_t aftermath{};
};

Case case_of(std::uint64_t number) {
    Case decoded;
    decoded.aftermath = number % kAftermaths;
    number /= kAftermaths;
    decoded.blow = static_cast<Blow>(number % kBlows);
    number = number / kBlows % (calls()[0] + calls()[1]);
    decoded.scene = number < calls()[0] ? 0 : 1;
    decoded.call = 1 + number - (decoded.scene == 0 ? 0 : calls()[0]);
    return decoded;
}

/// A writer that was refused once is shut, and what it left can be read.
Finding stays_shut(Scene& scene) {
    if (!scene.writer) return std::nullopt;  // refused before there was one: HEAD may lag
    const std::byte payload{1};
    const journal::Entry entry{.type = 1, .payload = {&payload, 1}};
    const auto more = scene.writer->append({&entry, 1});
    if (more) return "a writer that was refused takes another event";
    if (more.error().code != Errc::disk) return "a shut writer says " + more.error().detail;
    if (scene.writer->commit() || scene.writer->close()) return "a shut writer commits";
    auto reader = journal::Reader::open(scene.disk.for_reading());
    if (!reader) return "cannot be read beside a shut writer: " + reader.error().detail;
    return scene.book.compare(reader.value());
}

Finding check_after(Scene& scene, std::uint64_t aftermath, Dice& dice) {
    scene.writer.reset();
    const FaultyDisk left = aftermath == 0
                                ? scene.disk.after_kill()
                                : scene.disk.after_power_cut(dice.roll(), test::Sectors::one_torn);
    if (!scene.created) {
        const auto made = journal::create(*as_planted(left.directory()), small_options());
        if (!made && made.error().code != Errc::conflict) {
            return "cannot be created again: " + made.error().detail;
        }
    }
    return check_restart(left, scene.book, dice);
}

Finding refused_at(const Case& at, bool for_good, bool process_lives, Dice& dice) {
    Scene scene = scene_of(at.scene);
    scene.disk.refuse(at.call, for_good, at.blow);
    const auto done = act(scene);
    if (!done && done.error().code != Errc::disk) return done.error().detail;
    if (process_lives && !done) {
        if (auto finding = stays_shut(scene)) return finding;
    }
    return check_after(scene, at.aftermath, dice);
}

}  // namespace

std::uint64_t every_call_cases() { return (calls()[0] + calls()[1]) * kBlows * kAftermaths; }

Finding stop_at_call(std::uint64_t number, Dice dice) {
    return refused_at(case_of(number), true, false, dice);
}

std::uint64_t refusal_cases() { return 2 * every_call_cases(); }

Finding refuse_call(std::uint64_t number, Dice dice) {
    return refused_at(case_of(number / 2), number % 2 == 1, true, dice);
}

}  // namespace daybook::campaigns
