#include "projections/reset.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "projections/desk.hpp"
#include "projections/fold/catalogue.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

const TellTime kClock = [] { return kNow; };

/// Resets `name` as a user would: plan, then apply.
void reset(EventReader& from, const store::Directory& projections, const std::string& name) {
    const auto plan = plan_reset(from, projections, {name}, kNow, {});
    REQUIRE(plan.has_value());
    REQUIRE(apply_reset(from, projections, plan.value().id(), kClock, {}, {}).has_value());
}

}  // namespace

TEST_CASE("a reset plan names every table and row, and applying it gives the same digest",
          "[projections][reset]") {
    Desk desk;
    desk.record_all();
    EventReader from = desk.reader();
    const auto projections = desk.projections();
    const auto plan = plan_reset(from, projections, {"orders", "pnl"}, kNow, {});
    REQUIRE(plan.has_value());
    for (const store::Drop& drop : plan.value().drops) {
        auto stored =
            store::ProjectionStore::open_to_read(projections, *find_projection(drop.projection))
                .value();
        const auto rows = stored.environment().read().value();
        for (const store::TableSize& table : drop.tables) {
            std::uint64_t counted = 0;
            rows->scan(table.name, "",
                       [&](std::string_view, std::string_view) { return ++counted > 0; });
            CHECK(counted == table.rows);
        }
    }
    const auto outcomes = apply_reset(from, projections, plan.value().id(), kClock, {}, {});
    REQUIRE(outcomes.has_value());
    for (const ResetOutcome& outcome : outcomes.value()) {
        CHECK(outcome.digest_before == outcome.digest_after);
        CHECK(outcome.rows_before == outcome.rows_after);
        CHECK(outcome.generation == 2);
    }
    CHECK(projections.child("pnl", false).value().child("g1", false).has_value());  // kept
    CHECK(projections.read("history.jsonl").value()->find(plan.value().id()) != std::string::npos);
}

TEST_CASE("a plan made before the journal grew is stale and changes nothing",
          "[projections][reset]") {
    Desk desk;
    desk.record(desk.events.size() / 2);
    const auto projections = desk.projections();
    EventReader before = desk.reader();
    const auto plan = plan_reset(before, projections, {"pnl"}, kNow, {});
    REQUIRE(plan.has_value());
    desk.record_all();
    EventReader after = desk.reader();
    const auto refused = apply_reset(after, projections, plan.value().id(), kClock, {}, {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::conflict);
    CHECK(apply_reset(after, projections, std::string(32, 'a'), kClock, {}, {}).error().code ==
          Errc::not_found);
    CHECK(store::ProjectionStore::open_to_read(projections, *find_projection("pnl"))
              .value()
              .generation() == 1);
}

TEST_CASE("beside a recorder a plan may be applied to what was recorded since, and to no other",
          "[projections][reset]") {
    Desk desk;
    desk.record(desk.events.size() / 2);
    const auto projections = desk.projections();
    const Projection& pnl = *find_projection("pnl");
    EventReader before = desk.reader();
    const std::string plan = plan_reset(before, projections, {"pnl"}, kNow, {}).value().id();
    const auto apply = [&](Growth growth) {
        EventReader from = desk.reader();
        return apply_reset(from, projections, plan, kClock, {}, {}, growth);
    };
    desk.record_all();
    CHECK(apply(Growth::refused).error().remedy.find("--grown") != std::string::npos);
    static_cast<void>(desk.digest_now(pnl));  // somebody asked meanwhile
    const auto grown = apply(Growth::accepted);
    REQUIRE(grown.has_value());
    CHECK(grown.value().front().digest_after == desk.digest_now(pnl));
    CHECK(apply(Growth::accepted).error().code == Errc::not_found);  // it is done

    EventReader after = desk.reader();
    const auto next = plan_reset(after, projections, {"pnl"}, kNow, {}).value().id();
    CHECK(revert_projection(after, projections, "pnl", kNow).has_value());
    const auto refused = apply_reset(after, projections, next, kClock, {}, {}, Growth::accepted);
    CHECK(refused.error().code == Errc::conflict);  // another generation is served
}

TEST_CASE("revert serves the generation of before, and again the one after it",
          "[projections][reset]") {
    Desk desk;
    desk.record(desk.events.size() / 2);
    const Projection& pnl = *find_projection("pnl");
    static_cast<void>(desk.digest_now(pnl));
    EventReader half = desk.reader();
    const auto projections = desk.projections();
    reset(half, projections, "pnl");
    desk.record_all();
    const store::Digest now = desk.digest_now(pnl);
    EventReader from = desk.reader();
    for (const std::uint64_t generation : {1U, 2U, 1U}) {
        CHECK(revert_projection(from, projections, "pnl", kNow).value() == generation);
        CHECK(desk.open(from, pnl).generation() == generation);
        CHECK(desk.digest_now(pnl) == now);  // it goes on from where it was left
    }
}

TEST_CASE("there is nothing to go back to before a reset, after a prune, or to what is unfit",
          "[projections][reset]") {
    Desk desk;
    desk.record_all();
    const Projection& pnl = *find_projection("pnl");
    const store::Digest digest = desk.digest_now(pnl);
    EventReader from = desk.reader();
    const auto projections = desk.projections();
    const auto refused = [&] {
        const auto reverted = revert_projection(from, projections, "pnl", kNow);
        return !reverted && reverted.error().code == Errc::conflict;
    };
    CHECK(refused());
    reset(from, projections, "pnl");
    CHECK(prune_projection(from, projections, "pnl", kNow).value().size() == 1);
    CHECK(refused());
    CHECK(desk.digest_now(pnl) == digest);
    Projection other = pnl;
    ++other.version;
    CHECK(desk.open(from, other).generation() == 3);  // built for another program
    static_cast<void>(desk.open(from, pnl));          // and for this one again
    CHECK(refused());
}

TEST_CASE("prune removes what is not served, also what was begun and never finished",
          "[projections][reset]") {
    Desk desk;
    desk.record_all();
    const Projection& pnl = *find_projection("pnl");
    const store::Digest digest = desk.digest_now(pnl);
    EventReader from = desk.reader();
    const auto projections = desk.projections();
    reset(from, projections, "pnl");
    {
        auto store = desk.open(from, pnl);
        std::uint64_t number = 0;
        REQUIRE(store.begin_generation(source_of(from, kNow), number).has_value());
        CHECK(number == 3);
    }
    const auto gone = prune_projection(from, projections, "pnl", kNow);
    REQUIRE(gone.has_value());
    CHECK(gone.value().size() == 2);
    CHECK(projections.child("pnl", false).value().child("g2", false).has_value());
    CHECK(desk.digest_now(pnl) == digest);
}

TEST_CASE("who rebuilds is told what is served and what will be", "[projections][reset]") {
    Desk desk;
    desk.record_all();
    EventReader from = desk.reader();
    const auto projections = desk.projections();
    const auto plan = plan_reset(from, projections, {"orders", "pnl"}, kNow, {});
    REQUIRE(plan.has_value());
    std::vector<std::string> told;
    const auto compare = [&](const Projection& projection, Rows& before, Rows& after) {
        told.emplace_back(projection.name);
        std::uint64_t same = 0;
        before.scan("markets", "", [&](std::string_view key, std::string_view value) {
            same += after.get("markets", key) == std::string{value} ? 1U : 0U;
            return true;
        });
        CHECK(same > 0);
    };
    REQUIRE(apply_reset(from, projections, plan.value().id(), kClock, compare, {}).has_value());
    CHECK(told == std::vector<std::string>{"orders", "pnl"});
    CHECK(expected_nanos(projections, {"pnl"}, {10}).value() == std::nullopt);  // took no time
}

TEST_CASE("no generation number is given twice, so nobody takes a new one for the old",
          "[projections][reset]") {
    Desk desk;
    desk.record_all();
    static_cast<void>(desk.digest_now(*find_projection("pnl")));
    EventReader from = desk.reader();
    const auto projections = desk.projections();
    reset(from, projections, "pnl");
    CHECK(revert_projection(from, projections, "pnl", kNow).value() == 1);
    CHECK(prune_projection(from, projections, "pnl", kNow).value().size() == 1);  // g2 is gone
    reset(from, projections, "pnl");
    CHECK(desk.open(from, *find_projection("pnl")).generation() == 3);
}

TEST_CASE("what a kill left of a removed generation or of a line of the history harms nothing",
          "[projections][reset]") {
    Desk desk;
    desk.record_all();
    static_cast<void>(desk.digest_now(*find_projection("pnl")));
    EventReader from = desk.reader();
    const auto projections = desk.projections();
    const std::string folder = desk.folder.path() + "/projections";
    reset(from, projections, "pnl");
    std::filesystem::rename(folder + "/pnl/g1", folder + "/pnl/g1.gone");
    std::ofstream{folder + "/history.jsonl", std::ios::app} << R"({"time":"2025-12)";
    CHECK(prune_projection(from, projections, "pnl", kNow).value().empty());
    CHECK_FALSE(std::filesystem::exists(folder + "/pnl/g1.gone"));
    reset(from, projections, "pnl");
    std::istringstream lines{projections.read("history.jsonl").value().value()};
    std::vector<bool> whole;
    for (std::string line; std::getline(lines, line);) whole.push_back(line.ends_with('}'));
    CHECK(whole == std::vector<bool>{true, false, true, true});
}

TEST_CASE("an act that a kill cut off before it was written down is in the history later",
          "[projections][reset]") {
    Desk desk;
    desk.record_all();
    static_cast<void>(desk.digest_now(*find_projection("pnl")));
    EventReader from = desk.reader();
    const auto projections = desk.projections();
    reset(from, projections, "pnl");
    std::filesystem::remove(desk.folder.path() + "/projections/history.jsonl");
    CHECK(prune_projection(from, projections, "pnl", kNow).has_value());
    const std::string history = projections.read("history.jsonl").value().value();
    CHECK(history.find(R"("act":"found","projection":"pnl","generation":2)") <
          history.find("prune"));
}
