#include "campaigns/clock_jumps.hpp"

#include "campaigns/desk.hpp"

namespace daybook::campaigns {
namespace {

constexpr std::int64_t kHour = 3600 * kNanosPerSecond;
constexpr std::int64_t kYear = 8766 * kHour;
constexpr std::int64_t kStart = 1'765'700'000 * kNanosPerSecond;
constexpr std::uint64_t kStories = 4;

using Clock = Time (*)(std::int64_t tick);  ///< what the clock says at the tick-th reading

std::int64_t steady(std::int64_t tick) { return kStart + tick * kNanosPerSecond; }

constexpr Clock kClocks[] = {
    [](std::int64_t tick) { return Time{steady(tick)}; },
    [](std::int64_t tick) { return Time{steady(tick) - (tick > 30 ? kHour : 0)}; },
    [](std::int64_t tick) { return Time{steady(tick) + (tick > 30 ? 10 * kYear : 0)}; },
    [](std::int64_t tick) { return Time{steady(tick) + (tick == 30 ? 10 * kYear : 0)}; },
    [](std::int64_t) { return Time{kStart}; },
    [](std::int64_t) { return Time{0}; },
    [](std::int64_t tick) { return Time{tick > 30 ? 0 : steady(tick)}; },
    [](std::int64_t tick) { return Time{steady(tick) - tick / 20 % 2 * kHour}; },
    [](std::int64_t tick) { return Time{kStart - tick * kNanosPerSecond}; },
};

}  // namespace

std::uint64_t clock_cases() { return std::size(kClocks) * kStories; }

Finding clock_jumps(std::uint64_t number, Dice dice) {
    const Clock clock = kClocks[number % std::size(kClocks)];
    std::int64_t tick = 0;
    Desk desk(1 + number / std::size(kClocks) % kStories);
    desk.set_clock([&] { return clock(tick++); });
    if (const auto made = desk.create(); !made) return made.error().detail;
    for (int lives = 0; lives < 2; ++lives) {
        Told told;
        if (desk.live(told, Dice(dice.roll())) != 0) return std::string{told.why.data()};
        if (auto finding = desk.check(told)) return finding;
    }
    return std::nullopt;
}

}  // namespace daybook::campaigns
