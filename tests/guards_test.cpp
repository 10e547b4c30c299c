// What the limits would have done: small stories, worked out by hand.
#include "projections/fold/guards.hpp"

#include <deque>

#include "projections/answers/findings.hpp"
#include "projections/fold/money_projections.hpp"
#include "src/ingest/contract.hpp"
#include "support/catch.hpp"
#include "support/scenario.hpp"

namespace daybook::test {
namespace {

/// A story, replayed with the guards on.
struct Replayed {
    std::vector<CaseFile> files;
    std::vector<GuardedCase> cases;

    [[nodiscard]] const GuardedCase& of(const std::string& market) const {
        for (std::size_t i = 0; i < files.size(); ++i) {
            if (files[i].market.name == market) return cases[i];
        }
        FAIL("no market " << market);
        return cases.front();
    }
    [[nodiscard]] std::string refused(const std::string& market) const {
        const auto& refusal = of(market).refusal;
        return refusal ? std::string{refusal->rule} : "";
    }
    [[nodiscard]] bool halted(const std::string& market) const {
        return of(market).halt.has_value();
    }
};

Replayed replay(const std::string& story, HaltReach reach = HaltReach::market, Time from = {}) {
    const auto scenario = read_scenario("day 2026-01-05\n" + story);
    INFO((scenario ? "" : scenario.error().detail));
    REQUIRE(scenario);
    MemoryRows findings, pnl;
    std::uint64_t last = 0;
    for (const ScenarioEvent& line : scenario.value().events) {
        auto batch = ingest::read_contract_line(line.json);
        REQUIRE(batch.size() == 1);
        batch.front().seq = {++last};
        batch.front().received = line.time;
        for (const auto& [projection, rows] :
             {std::pair{&findings_projection(), &findings}, std::pair{&pnl_projection(), &pnl}}) {
            if (projection->types.has(type_number(batch.front())))
                projection->apply(*rows, batch.front());
        }
    }
    Replayed replayed;
    replayed.files = cases_of(findings, pnl, Scope{Mode::live}, {});
    std::vector<const CaseFile*> files;
    for (const CaseFile& file : replayed.files) files.push_back(&file);
    replayed.cases = with_guards(files, Thresholds{findings}, reach, from);
    return replayed;
}

std::string market(const std::string& name) {
    return "market " + name + "\n09:59 defined outcomes Up Down opens 10:00 closes 10:15\n";
}

}  // namespace

TEST_CASE("a hedge of exactly the critical ratio halts nothing, a millionth less does",
          "[fold][guards]") {
    const std::string up = market("m") + "10:01 bought 10 Up for 4.80 group a purpose open\n";
    CHECK_FALSE(replay(up + "10:01 bought 6 Down for 2.90 group a purpose open\n").halted("m"));
    const Replayed less = replay(up + "10:01 bought 5.999999 Down for 2.90 group a purpose open\n");
    CHECK(less.halted("m"));
    CHECK(less.of("m").halt->rule == "critical_hedge");
    CHECK(less.of("m").halt->threshold == "critical_hedge_ratio 0.6");
}

TEST_CASE("a second leg filled five seconds after the first is in time, a millisecond later not",
          "[fold][guards]") {
    const auto story = [](const std::string& second) {
        return market("m") +
               "10:01 intent u buy 10 Up price 0.48 purpose open group a\n"
               "10:01 intent d buy 10 Down price 0.49 purpose open group a\n"
               "10:01:01 fill fu of u buy 10 Up for 4.80\n" +
               second + " fill fd of d buy 10 Down for 4.90\n";
    };
    CHECK_FALSE(replay(story("10:01:06")).halted("m"));
    CHECK(replay(story("10:01:06.001")).halted("m"));
}

TEST_CASE("an opening order a minute before the close is sent, a millisecond later refused",
          "[fold][guards]") {
    const auto story = [](const std::string& time) {
        return market("m") + time + " intent u buy 10 Up price 0.48 purpose open group a\n";
    };
    CHECK(replay(story("10:14")).refused("m").empty());
    CHECK(replay(story("10:14:00.001")).refused("m") == "near_resolution");
    CHECK(replay("10:00 flag near_resolution on true\n" + story("10:14:00.001"))
              .refused("m")
              .empty());
}

TEST_CASE("a pair of a dollar is refused, one of a millionth less is not", "[fold][guards]") {
    const auto story = [](const std::string& price) {
        return market("m") + "10:01 bought 10 Up for 5.00 group a purpose open\n" +
               "10:01:01 intent d buy 10 Down price " + price + " purpose open group a\n";
    };
    CHECK(replay(story("0.5")).refused("m") == "pair_cost");
    CHECK(replay(story("0.499999")).refused("m").empty());
}

TEST_CASE("without the order on top of another the result is told to the micro-dollar",
          "[fold][guards]") {
    // By hand: 10 pairs for 9.70 bring +0.30; the 5 Up on top for 2.40 lost 2.40.
    const Replayed day = replay(market("m") +
                                "10:01 bought 10 Up for 4.80 group a purpose open\n"
                                "10:01 bought 10 Down for 4.90 group a purpose open\n"
                                "10:02 bought 5 Up for 2.40 group b purpose open\n"
                                "10:16 resolved Down\n");
    CHECK(day.refused("m") == "stacked");
    CHECK(day.of("m").prevented.size() == 1);
    CHECK(day.of("m").change == Money{2'400'000});
    CHECK_FALSE(day.halted("m"));
}

TEST_CASE("the halt of one market stops the others only when it reaches the account",
          "[fold][guards]") {
    const std::string story = market("a") + "10:01 bought 10 Up for 4.80 group a purpose open\n" +
                              "10:16 resolved Down\n" + market("b") +
                              "10:02 bought 10 Up for 4.00 group b purpose open\n"
                              "10:02 bought 10 Down for 5.00 group b purpose open\n"
                              "10:16 resolved Down\n";
    const Replayed alone = replay(story);
    CHECK(alone.halted("a"));
    CHECK(alone.of("b").prevented.empty());
    CHECK(alone.of("b").change == Money{});
    const Replayed account = replay(story, HaltReach::account);
    CHECK(account.refused("b") == "halted");
    CHECK(account.of("b").prevented.size() == 2);
    CHECK(account.of("b").change == Money{-1'000'000});  // the pair that earned a dollar
    CHECK(account.of("a").change == Money{});            // its own order came before the halt
}

TEST_CASE("what would not have been bought is not sold", "[fold][guards]") {
    const std::string story = market("a") + "10:01 bought 10 Up for 4.80 group a purpose open\n" +
                              market("b") + "10:02 bought 10 Up for 4.00 group b purpose open\n" +
                              "10:03 sold 10 Up for 3.00 group b purpose unwind\n"
                              "10:16 resolved Down\n";
    const Replayed day = replay(story, HaltReach::account);
    CHECK(day.of("b").prevented.size() == 2);
    CHECK(day.of("b").change == Money{1'000'000});
}

TEST_CASE("an open market's change is not known, and orders before the window stay",
          "[fold][guards]") {
    const std::string story = market("m") +
                              "10:01 bought 10 Up for 4.80 group a purpose open\n"
                              "10:02 bought 5 Up for 2.40 group b purpose open\n";
    CHECK_FALSE(replay(story).of("m").change);
    CHECK(replay(story).of("m").prevented.size() == 1);
    const Time later = parse_time("2026-01-05T10:05:00Z").value();
    CHECK(replay(story, HaltReach::market, later).of("m").prevented.empty());
}

}  // namespace daybook::test
