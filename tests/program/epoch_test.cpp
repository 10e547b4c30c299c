// P&L from zero from now on, and nothing moved: through the programs.
#include "ingest/captures.hpp"
#include "schemas/fixed.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

constexpr const char* kFlows[] = {"realized", "edge",     "direction", "fees",  "bought",
                                  "sold",     "redeemed", "merged",    "split", "rewards"};

std::int64_t micros(const Json& answer, const char* figure) {
    return parse_micros(answer.text_of(figure)).value();
}

/// The day of 2025-12-13 in three parts, an epoch in front of the second and the third.
bool record_in_epochs(const DataDirectory& data) {
    const auto day = capture("day-2025-12-13/events.jsonl");
    if (!day) {
        WARN("skipped: no captures");
        return false;
    }
    std::size_t line = 0;
    std::size_t begin = 0;
    std::string part;
    while (begin < day->size()) {
        const std::size_t end = day->find('\n', begin) + 1;
        part += day->substr(begin, end - begin);
        begin = end;
        ++line;
        if (line != 70 && line != 120 && begin < day->size()) continue;
        data.ingest(part);
        part.clear();
        if (begin < day->size()) {
            REQUIRE(data.run({"epoch", line == 70 ? "second" : "third"}).exit == 0);
        }
    }
    return true;
}

}  // namespace

TEST_CASE("epochs add up to all time, figure by figure", "[program][epoch]") {
    const DataDirectory data;
    if (!record_in_epochs(data)) return;
    const Json all = data.ask({"query", "pnl", "--epoch", "all"});
    const Json first = data.ask({"query", "pnl", "--at", "70"});
    const Json second = data.ask({"query", "pnl", "--epoch", "second"});
    const Json third = data.ask({"query", "pnl", "--epoch", "third"});
    for (const char* figure : kFlows) {
        INFO(figure);
        CHECK(micros(first, figure) + micros(second, figure) + micros(third, figure) ==
              micros(all, figure));
    }
    CHECK(all.text_of("realized") == "-4.61");  // the day's README
    CHECK(micros(third, "realized") == micros(third, "edge") + micros(third, "direction"));
    CHECK(micros(second, "realized") != 0);
    CHECK(micros(third, "realized") != 0);
}

TEST_CASE("the current epoch answers when none is named, and says so", "[program][epoch]") {
    const DataDirectory data;
    if (!record_in_epochs(data)) return;
    const Json now = data.ask({"query", "pnl"});
    const Json third = data.ask({"query", "pnl", "--epoch", "third"});
    CHECK(write_json(now) == write_json(third));
    REQUIRE(now.find("epoch") != nullptr);
    CHECK(now.find("epoch")->text_of("name") == "third");
    CHECK(data.run({"query", "pnl"}).out.find("epoch third since event 122") != std::string::npos);
    CHECK(data.run({"query", "pnl", "--epoch", "fourth"}).exit == 2);
    CHECK(data.run({"epoch", "all"}).exit == 2);
}

TEST_CASE("an epoch moves no position: what is held and what it cost stay whole",
          "[program][epoch]") {
    const DataDirectory data;
    if (!record_in_epochs(data)) return;
    const auto all = rows(data.ask({"query", "positions", "--epoch", "all"}), "positions");
    const auto third = rows(data.ask({"query", "positions"}), "positions");
    REQUIRE(all.size() == 16);
    REQUIRE(third.size() == 16);
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const char* same : {"market", "state", "hedge_ratio", "pair_cost", "verdict", "worst"})
            CHECK(third[i].text_of(same) == all[i].text_of(same));
        CHECK(write_json(*third[i].find("outcomes")) == write_json(*all[i].find("outcomes")));
    }
    const auto fills = rows(data.ask({"query", "fills"}), "fills");
    const auto every = rows(data.ask({"query", "fills", "--epoch", "all"}), "fills");
    CHECK(every.size() == 33);
    for (const Json& fill : fills) CHECK(parse_micros(fill.text_of("seq")).value() > 122'000'000);
}

TEST_CASE("the cash of an epoch is what moved in it, wherever the first balance was seen",
          "[program][epoch]") {
    const auto fill = [](int number, const char* cost) {
        const std::string n = std::to_string(number);
        return R"({"type":"fill","time":"2025-12-13T14:3)" + n +
               R"(:00Z","venue":"polymarket","mode":"live","market":"m","trade":"t)" + n +
               R"(","order":"o)" + n + R"(","outcome":"Up","side":"buy","shares":"10","cost":")" +
               cost + "\"}\n";
    };
    const std::string balance = R"({"type":"balance","mode":"live","cash":"100"})"
                                "\n";
    const DataDirectory data;
    data.ingest(fill(1, "5"));
    REQUIRE(data.run({"epoch", "second"}).exit == 0);
    data.ingest(fill(2, "3") + balance + fill(3, "2"));
    const auto bought = [&](const char* epoch) {
        const Json answer = data.ask({"query", "cash", "--epoch", epoch});
        return std::string{answer.find("accounts")->items.at(0).text_of("bought")};
    };
    CHECK(bought("second") == "5");  // 3 before the balance and 2 behind it (contract §3, epoch)
    CHECK(bought("all") == "2");     // beside the opening of 100: what moved since
}
