#include "campaigns/resets.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>

#include "campaigns/generations.hpp"
#include "campaigns/system_calls.hpp"
#include "projections/fold/catalogue.hpp"
#include "projections/reset.hpp"
#include "schemas/invariant.hpp"

namespace daybook::campaigns {
namespace {

using Names = std::vector<std::string>;

/// One command, as a user types it.
struct Act {
    enum class Kind : std::uint8_t { reset, revert, prune } kind{};
    Names names;  ///< one, but for a reset
};

std::string any_name(Dice& dice) {
    const auto all = catalogue();
    return std::string{all[dice.below(all.size())].name};
}

Act any_act(Dice& dice) {
    Act act{static_cast<Act::Kind>(dice.below(3)), {any_name(dice)}};
    while (act.kind == Act::Kind::reset && dice.chance(40)) act.names.push_back(any_name(dice));
    std::ranges::sort(act.names);
    act.names.erase(std::unique(act.names.begin(), act.names.end()), act.names.end());
    return act;
}

Result<void> reset(EventReader& reader, const store::Directory& projections, const Names& names) {
    TRY(const auto plan, plan_reset(reader, projections, names, kMoment, {}));
    TRY(const auto outcomes,
        apply_reset(reader, projections, plan.id(), [] { return kMoment; }, {}, {}));
    for (const ResetOutcome& outcome : outcomes) {
        if (outcome.digest_before != outcome.digest_after)
            return Error{Errc::corrupt, outcome.projection + " was built to another digest"};
    }
    return ok();
}

Result<void> carry_out(const std::string& folder, const Act& act) {
    TRY(auto reader, EventReader::open(folder));
    TRY(const auto projections, store::Directory::open(folder + "/projections", true));
    if (act.kind == Act::Kind::reset) return reset(reader, projections, act.names);
    if (act.kind == Act::Kind::prune) {
        TRYV(prune_projection(reader, projections, act.names.front(), kMoment));
        return ok();
    }
    const auto reverted = revert_projection(reader, projections, act.names.front(), kMoment);
    const bool nothing_to_go_back_to = !reverted && reverted.error().code == Errc::conflict;
    return reverted || nothing_to_go_back_to ? Result<void>{ok()} : reverted.error();
}

std::string in_words(const Act& act) {
    static constexpr const char* kWords[] = {"reset", "revert", "prune"};
    std::string words = kWords[static_cast<std::size_t>(act.kind)];
    for (const std::string& name : act.names) words += ' ' + name;
    return words;
}

/// Acts of a dice one after the other, `count` of them; says how many were begun in `told`.
int carry_out_all(const std::string& folder, Told& told, Dice dice, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
        const Act act = any_act(dice);
        told.set_why(in_words(act));
        told.begun.fetch_add(1);
        const auto done = carry_out(folder, act);
        if (done) continue;
        told.set_why(in_words(act) + ": " + done.error().detail);
        return 1;
    }
    return 0;
}

/// What a user does next: builds what was cut off again, goes back, and clears up.
Finding go_on(const std::string& folder, const std::string& name) {
    for (const auto kind : {Act::Kind::reset, Act::Kind::revert, Act::Kind::reset}) {
        const auto done = carry_out(folder, {kind, {name}});
        if (!done) return "the next command fails: " + done.error().detail;
    }
    for (const Projection& projection : catalogue()) {
        const auto done = carry_out(folder, {Act::Kind::prune, {std::string{projection.name}}});
        if (!done) return "a prune fails: " + done.error().detail;
    }
    return std::nullopt;
}

Finding check(const Original& original, const std::string& folder, const std::string& name) {
    if (auto finding = check_as_left(original, folder)) return finding;
    if (auto finding = check_goes_on(original, folder)) return finding;
    if (auto finding = go_on(folder, name)) return finding;
    if (auto finding = check_goes_on(original, folder)) return "later: " + *finding;
    return check_pruned(folder);
}

/// How long 24 acts take here, undisturbed.
std::chrono::microseconds time_of_acts() {
    static const auto measured = [] {
        const Scratch scratch;
        const std::string folder = copy_of(original_for_resets(), scratch);
        Told& told = shared_page();
        const auto began = std::chrono::steady_clock::now();
        const Ended ended = run_child([&] { return carry_out_all(folder, told, Dice(3), 24); });
        INVARIANT(ended.signal == 0 && ended.code == 0, "undisturbed resets succeed");
        return std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - began);
    }();
    return measured;
}

/// The acts of which each call is harmed: a second generation, back and forth, a third, and away.
int one_of_each(const std::string& folder, Told& told) {
    const Act acts[] = {{Act::Kind::reset, {"orders", "pnl"}},
                        {Act::Kind::revert, {"pnl"}},
                        {Act::Kind::reset, {"pnl"}},
                        {Act::Kind::prune, {"pnl"}}};
    for (const Act& act : acts) {
        told.set_why(in_words(act));
        const auto done = carry_out(folder, act);
        if (done) continue;
        told.set_why(in_words(act) + ": " + done.error().detail);
        return 1;
    }
    return 0;
}

constexpr Harm::Kind kKills[] = {Harm::Kind::kill_before, Harm::Kind::kill_inside,
                                 Harm::Kind::kill_after};

Ended run_harmed(const std::string& folder, Told& told, const Harm& harm) {
    return run_child([&] {
        harm_call(harm, told.calls);
        const int code = one_of_each(folder, told);
        harm_no_call();
        return code;
    });
}

}  // namespace

Finding kill_reset(std::uint64_t, Dice dice) {
    const auto longest = static_cast<std::uint64_t>(time_of_acts().count());
    const Scratch scratch;
    const std::string folder = copy_of(original_for_resets(), scratch);
    for (std::uint64_t lives = dice.between(1, 3); lives > 0; --lives) {
        Told& told = shared_page();
        const std::uint64_t seed = dice.roll();
        const std::chrono::microseconds life(dice.below(longest));
        const Ended ended = run_child(
            [&] { return carry_out_all(folder, told, Dice(seed), ~std::uint64_t{0}); }, life);
        const std::string during = std::string{told.why.data()};
        if (ended.signal != SIGKILL) return during;
        if (auto finding = check(original_for_resets(), folder, any_name(dice)))
            return "killed in act " + std::to_string(told.begun.load()) + ", " + during + ": " +
                   *finding;
    }
    return std::nullopt;
}

std::uint64_t reset_call_cases() {
    static const std::uint64_t calls = [] {
        const Scratch scratch;
        Told& told = shared_page();
        const std::string folder = copy_of(original_for_resets(), scratch);
        const Ended ended = run_harmed(folder, told, {});
        return ended.signal == 0 && ended.code == 0 ? told.calls.load() : 0;
    }();
    return calls * std::size(kKills);
}

Finding kill_reset_at_call(std::uint64_t number, Dice dice) {
    const Scratch scratch;
    const std::string folder = copy_of(original_for_resets(), scratch);
    const Harm harm{1 + number / std::size(kKills), kKills[number % std::size(kKills)], false};
    Told& told = shared_page();
    const Ended ended = run_harmed(folder, told, harm);
    const std::string during = in_words(harm) + ", " + told.why.data() + ": ";
    if (ended.signal != SIGKILL && ended.code != 0) return during + "it fails";
    if (auto finding = check(original_for_resets(), folder, dice.chance(70) ? "pnl" : "orders"))
        return during + *finding;
    return std::nullopt;
}

}  // namespace daybook::campaigns
