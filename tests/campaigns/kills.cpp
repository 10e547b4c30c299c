#include "campaigns/kills.hpp"

#include <csignal>

#include "campaigns/desk.hpp"
#include "campaigns/system_calls.hpp"

namespace daybook::campaigns {
namespace {

constexpr std::uint64_t kCallsMost = 1500;

std::string calls_in_words(const Told& told) {
    return " (" + std::to_string(told.calls.load()) + " calls)";
}

/// One life that ends in its own time.
std::chrono::microseconds any_life(Dice& dice) {
    return std::chrono::microseconds(dice.chance(80) ? dice.below(10'000) : dice.below(60'000));
}

/// A life whose call number `plan.call` is harmed, and what the next start finds.
Finding harmed_life(Desk& desk, const Harm& harm, Dice& dice, bool dies) {
    Told& told = shared_page();
    const std::uint64_t seed = dice.roll();
    const Ended ended = run_child([&] {
        harm_call(harm, told.calls);
        const int code = desk.live(told, Dice(seed));
        harm_no_call();
        return code;
    });
    const std::string words = in_words(harm) + calls_in_words(told) + ": ";
    if (ended.signal == SIGALRM) return words + "it hangs";
    const bool as_planned = ended.signal == 0 || (dies && ended.signal == SIGKILL);
    if (!as_planned) return words + "ended by signal " + std::to_string(ended.signal);
    if (told.went_on.load()) return words + "it takes more behind a refusal";
    const std::string why{told.why.data()};
    if (told.refused.load() && !dies && !names_a_file(why)) {
        return words + "the error names no file: " + why;
    }
    if (auto finding = desk.check(told)) return words + *finding;
    return std::nullopt;
}

Finding harmed_lives(Dice& dice, const std::function<Harm(Dice&)>& any, bool dies) {
    Desk desk(dice.roll() % 100'000);
    if (const auto made = desk.create(); !made) return made.error().detail;
    for (std::uint64_t lives = dice.between(1, 3); lives > 0; --lives) {
        if (auto finding = harmed_life(desk, any(dice), dice, dies)) return finding;
    }
    return std::nullopt;
}

std::uint64_t any_call(Dice& dice) {
    return 1 + (dice.chance(50) ? dice.below(100) : dice.below(kCallsMost));
}

}  // namespace

Finding kill_recorder(std::uint64_t, Dice dice) {
    Desk desk(dice.roll() % 100'000);
    if (const auto made = desk.create(); !made) return made.error().detail;
    for (std::uint64_t lives = dice.between(1, 4); lives > 0; --lives) {
        Told& told = shared_page();
        const std::uint64_t seed = dice.roll();
        const Ended ended = run_child([&] { return desk.live(told, Dice(seed)); }, any_life(dice));
        if (ended.signal != SIGKILL && ended.code != 0) return std::string{told.why.data()};
        if (auto finding = desk.check(told)) return finding;
    }
    return std::nullopt;
}

Finding kill_at_call(std::uint64_t, Dice dice) {
    return harmed_lives(
        dice,
        [](Dice& any) {
            constexpr Harm::Kind kKinds[] = {Harm::Kind::kill_before, Harm::Kind::kill_after,
                                             Harm::Kind::kill_inside};
            return Harm{any_call(any), kKinds[any.below(std::size(kKinds))], false};
        },
        true);
}

Finding fail_call(std::uint64_t, Dice dice) {
    return harmed_lives(
        dice,
        [](Dice& any) {
            constexpr Harm::Kind kKinds[] = {Harm::Kind::eio, Harm::Kind::enospc, Harm::Kind::eintr,
                                             Harm::Kind::short_write, Harm::Kind::eio_after};
            Harm harm{any_call(any), kKinds[any.below(std::size(kKinds))], any.chance(30)};
            if (harm.kind == Harm::Kind::eintr) harm.sticky = false;  // nobody interrupts for ever
            return harm;
        },
        false);
}

}  // namespace daybook::campaigns
