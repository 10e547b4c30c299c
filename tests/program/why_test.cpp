// Where a figure comes from: through the programs.
#include "ingest/captures.hpp"
#include "schemas/fixed.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

bool record_day(const DataDirectory& data) {
    const auto day = capture("day-2025-12-13/events.jsonl");
    if (!day) {
        WARN("skipped: no captures");
        return false;
    }
    data.ingest(*day);
    return true;
}

}  // namespace

TEST_CASE("the parts of a figure add up to it", "[program][why]") {
    const DataDirectory data;
    if (!record_day(data)) return;
    REQUIRE(data.run({"epoch", "later"}).exit == 0);
    for (const char* epoch : {"all", "later"}) {
        const Json pnl = data.ask({"query", "pnl", "--epoch", epoch});
        for (const char* figure : {"realized", "edge", "direction", "bought", "sold", "redeemed",
                                   "open_worst", "open_best"}) {
            INFO(epoch << ' ' << figure);
            const Ran ran = data.run({"why", figure, "--epoch", epoch, "--json"});
            const Json why = parse_json(ran.out).value();
            std::int64_t sum = 0;
            for (const Json& part : rows(why, "parts")) {
                sum += parse_micros(part.text_of("part")).value();
            }
            CHECK(sum == parse_micros(pnl.text_of(figure)).value());
            CHECK(ran.exit == (rows(why, "parts").empty() ? 4 : 0));
        }
    }
}

TEST_CASE("a market's figures are derived with their numbers, from every movement",
          "[program][why]") {
    const DataDirectory data;
    if (!record_day(data)) return;
    const Json why = data.ask({"why", "btc-updown-15m-1765656000"});
    const auto movements = rows(why, "movements");
    REQUIRE(movements.size() == 3);  // contract §3: 29.17 Up for 15.46, 17.98 Down for 7.19
    CHECK(movements.back().text_of("up_after") == "29.17");
    CHECK(movements.back().text_of("down_after") == "17.98");
    const std::string text = data.run({"why", "btc-updown-15m-1765656000"}).out;
    CHECK(text.find("min(29.17, 17.98) ÷ max(29.17, 17.98) = 0.6163") != std::string::npos);
    CHECK(text.find("÷ 17.98 = 0.9299") != std::string::npos);
    CHECK(text.find("29.17 × 1 − cost 22.65 = 6.52") != std::string::npos);
}

TEST_CASE("an event tells what it changed and who speaks of the same", "[program][why]") {
    const DataDirectory data;
    if (!record_day(data)) return;
    const auto fills = rows(data.ask({"query", "fills"}), "fills");
    const std::string seq{fills.back().text_of("seq")};
    const Json why = data.ask({"why", seq});
    CHECK(why.text_of("before") != why.text_of("after"));
    CHECK(why.find("related")->items.size() >= 3);  // intent, status, settlement
    const Json status = data.ask({"why", std::to_string(std::stoi(seq) - 1)});
    CHECK(status.find("event")->text_of("type") == "order_status");
    CHECK(status.text_of("before") == status.text_of("after"));  // no status moves a share
    CHECK(data.run({"why", "no-such-market"}).exit == 2);
    CHECK(data.run({"why", "99999"}).exit == 1);
}
