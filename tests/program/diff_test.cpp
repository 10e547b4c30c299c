// What changed between two moments: through the programs.
#include <algorithm>

#include "ingest/captures.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

struct Change {
    std::string from, to;
};

/// The change of `field` in the row of `answer` whose key holds `row`; fails when there is none.
Change change_of(const Json& diff, std::string_view answer, std::string_view row,
                 std::string_view field) {
    for (const Json& each : rows(diff, "changes")) {
        const bool here = each.text_of("in") == answer && each.text_of("field") == field &&
                          each.text_of("row").find(row) != std::string_view::npos;
        if (here) return {std::string{each.text_of("from")}, std::string{each.text_of("to")}};
    }
    FAIL("no change of " << field << " in " << answer);
    return {};
}

Json diff(const DataDirectory& data, Words words) {
    words.insert(words.begin(), "diff");
    words.push_back("--json");
    const Ran ran = data.run(words);
    REQUIRE((ran.exit == 0 || ran.exit == 3));
    const Json answer = parse_json(ran.out).value();
    CHECK((ran.exit == 0) == rows(answer, "changes").empty());
    return answer;
}

}  // namespace

TEST_CASE("a diff tells what the last purchase of 2025-12-13 changed", "[program][diff]") {
    const auto day = capture("day-2025-12-13/events.jsonl");
    if (!day) {
        WARN("skipped: no captures");
        return;
    }
    const DataDirectory data;
    data.ingest(*day);
    const Json found = diff(data, {"--from", "159", "--to", "175"});
    const char* const market = "btc-updown-15m-1765656000";  // contract §3: 29.17 Up, 17.98 Down
    CHECK(change_of(found, "positions", market, "up").to == "29.17");
    CHECK(change_of(found, "positions", market, "hedge_ratio").to == "0.6163");
    CHECK(change_of(found, "positions", market, "verdict").to == "imbalanced");
    CHECK(change_of(found, "pnl", "", "open_best").to == "11.39");
    const Json back = diff(data, {"--from", "175", "--to", "159"});
    CHECK(rows(back, "changes").size() == rows(found, "changes").size());
    CHECK(change_of(back, "positions", market, "up").from == "29.17");
    for (const char* moment : {"0", "60", "175"}) {
        CHECK(rows(diff(data, {"--from", moment, "--to", moment}), "changes").empty());
    }
}

TEST_CASE("two generations of the same journal do not differ, one that was left behind does",
          "[program][diff]") {
    const auto day = capture("day-2025-12-13/events.jsonl");
    if (!day) {
        WARN("skipped: no captures");
        return;
    }
    const DataDirectory data;
    data.ingest(*day);
    static_cast<void>(data.ask({"query", "pnl"}));
    const Json plan = data.ask({"projections", "reset", "pnl"});
    data.ingest(R"({"type":"note","text":"a plan goes stale"})"
                "\n");
    CHECK(data.run({"projections", "apply", std::string{plan.text_of("plan")}}).exit == 5);
    const Json again = data.ask({"projections", "reset", "pnl"});
    REQUIRE(data.run({"projections", "apply", std::string{again.text_of("plan")}}).exit == 0);
    const Words generations{"diff", "--projection", "pnl", "--from", "g1", "--to", "g2"};
    CHECK(data.run(generations).out == "no difference\n");
    data.ingest(R"({"type":"fill","venue":"polymarket","mode":"live","market":"m","trade":"t",)"
                R"("order":"o","outcome":"Up","side":"buy","shares":"1","cost":"0.5"})"
                "\n");
    static_cast<void>(data.ask({"query", "pnl"}));  // g2 goes on, g1 stays as it was left
    const Ran differ = data.run(generations);
    CHECK(differ.exit == 3);
    CHECK(differ.out.find("entries") != std::string::npos);
    CHECK(data.run({"diff", "--projection", "pnl", "--from", "g1", "--to", "g9"}).exit == 1);
    CHECK(data.run({"diff", "--from", "yesterday"}).exit == 2);
}
