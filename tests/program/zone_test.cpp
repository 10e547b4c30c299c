// --tz and the timezone of daybook.toml, through the programs.
#include <fstream>

#include "ingest/captures.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

/// 1 share bought for `cost` at `time`.
std::string bought(const std::string& trade, const std::string& time, const std::string& cost) {
    return R"({"type":"fill","venue":"polymarket","mode":"live","origin":"import","market":"m",)"
           R"("trade":")" +
           trade + R"(","order":"o","outcome":"Up","side":"buy","shares":"1","fee":"0","cost":")" +
           cost + R"(","time":")" + time + "\"}\n";
}

std::vector<std::string> days(const Json& answer) {
    std::vector<std::string> out;
    for (const Json& day : rows(answer, "days")) {
        out.push_back(std::string{day.text_of("day")} + " " + std::string{day.text_of("hours")} +
                      " " + std::string{day.text_of("bought")});
    }
    return out;
}
using Days = std::vector<std::string>;

}  // namespace

// 23:30 on the 8th and 00:30 on the 9th of New York, the night its clocks have gone forward.
TEST_CASE("days are those of the zone, 23 and 25 hours long when its clocks change",
          "[program][zone]") {
    const DataDirectory data;
    data.ingest(bought("t1", "2026-03-08T05:00:00Z", "0.01") +
                bought("t2", "2026-03-09T03:30:00Z", "0.02") +
                bought("t3", "2026-03-09T04:30:00Z", "0.04"));
    CHECK(days(data.ask({"--tz", "America/New_York", "query", "daily"})) ==
          Days{"2026-03-08 23 0.03", "2026-03-09 24 0.04"});
    CHECK(days(data.ask({"query", "daily"})) == Days{"2026-03-08 24 0.01", "2026-03-09 24 0.06"});

    const DataDirectory autumn;
    autumn.ingest(bought("t1", "2025-11-02T04:00:00Z", "0.01") +
                  bought("t2", "2025-11-03T04:30:00Z", "0.02") +
                  bought("t3", "2025-11-03T05:30:00Z", "0.04"));
    const Json answer = autumn.ask({"--tz", "America/New_York", "query", "daily"});
    CHECK(days(answer) == Days{"2025-11-02 25 0.03", "2025-11-03 24 0.04"});
    CHECK(answer.text_of("timezone") == "America/New_York");
    CHECK(rows(answer, "days")[0].text_of("from") == "2025-11-02T04:00:00Z");
    CHECK(rows(answer, "days")[0].text_of("to") == "2025-11-03T05:00:00Z");
}

// Midnight in India is 18:30 UTC: 18:29 and 18:31 are of one UTC hour and of two days.
TEST_CASE("a zone of half hours has exact days too", "[program][zone]") {
    const DataDirectory data;
    data.ingest(bought("t1", "2025-12-13T18:29:59Z", "0.01") +
                bought("t2", "2025-12-13T18:30:00Z", "0.02") +
                bought("t3", "2025-12-13T18:31:00Z", "0.04"));
    CHECK(days(data.ask({"--tz", "Asia/Kolkata", "query", "daily"})) ==
          Days{"2025-12-13 24 0.01", "2025-12-14 24 0.06"});
}

TEST_CASE("times for people follow --tz, else daybook.toml; those for programs are UTC",
          "[program][zone]") {
    const DataDirectory data;
    data.ingest(bought("t1", "2025-12-13T14:31:00Z", "0.5"));
    const std::string utc = "2025-12-13T14:31:00Z";
    const std::string there = "2025-12-13T09:31:00-05:00";
    const auto says = [&](const Words& words, const std::string& time) {
        CAPTURE(words, time);
        CHECK(data.run(words).out.find(time) != std::string::npos);
    };
    for (const Words& verb :
         {Words{"query", "fills"}, Words{"query", "positions"}, Words{"tail"}, Words{"replay"},
          Words{"why", "1"}, Words{"query", "events"}, Words{}}) {
        Words with{"--tz", "America/New_York"};
        with.insert(with.end(), verb.begin(), verb.end());
        says(verb, utc);
        says(with, there);
    }
    std::ofstream{data.path() + "/daybook.toml"} << "timezone = \"America/New_York\"\n";
    says({"query", "fills"}, there);
    says({"--tz", "UTC", "query", "fills"}, utc);
    says({"query", "fills", "--json"}, utc);
    says({"query", "positions", "--at", there}, there);
}

TEST_CASE("a zone that is not known is refused before anything is answered", "[program][zone]") {
    const DataDirectory data;
    data.ingest(bought("t1", "2025-12-13T14:31:00Z", "0.5"));
    const Ran wrong = data.run({"--tz", "Mars/Olympus", "query", "fills"});
    CHECK(wrong.exit == 2);
    CHECK(wrong.out.empty());
    CHECK(wrong.err.find("there is no time zone 'Mars/Olympus'") != std::string::npos);
    CHECK(wrong.err.find("America/New_York") != std::string::npos);

    std::ofstream{data.path() + "/daybook.toml"} << "timezone = \"Mars/Olympus\"\n";
    CHECK(data.run({"query", "fills"}).exit == 2);
    CHECK(data.run({"--tz", "UTC", "query", "fills"}).exit == 0);
    CHECK(data.run({"help"}).exit == 0);
    data.ingest(bought("t2", "2025-12-13T14:32:00Z", "0.5"));  // what is shown stops no recording
}
