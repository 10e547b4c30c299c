// The queries about the record and about the course of a day, asked of the programs.
#include "ingest/captures.hpp"
#include "schemas/fixed.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

const std::string kDay = "day-2025-12-13";

std::int64_t sum_of(const std::vector<Json>& rows, std::string_view name) {
    std::int64_t sum = 0;
    for (const Json& row : rows) sum += parse_micros(row.text_of(name)).value();
    return sum;
}

}  // namespace

TEST_CASE(
    "2025-12-13: the dashboard and the next-day analysis are findings, the post-mortem is not",
    "[program][regression]") {
    CAPTURE_OR_SKIP(events, kDay + "/events.jsonl");
    CAPTURE_OR_SKIP(figures, kDay + "/expected.json");
    const Json totals = member(parse_json(figures).value(), "totals");
    const DataDirectory data;
    data.ingest(events);
    const Json answer = data.ask({"query", "claims"});
    CHECK(answer.text_of("mode") == "live");
    const auto& claims = rows(answer, "claims");
    REQUIRE(claims.size() == 4);  // README of the capture: four claims
    for (const std::size_t pnl : {0U, 1U})
        CHECK(claims[pnl].text_of("fact") == totals.text_of("realized"));
    CHECK(claims[0].text_of("value") == "13.00");
    CHECK(claims[0].text_of("difference") == "17.61");  // 13.00 − −4.61
    CHECK(claims[1].text_of("difference") == "0");
    CHECK(claims[2].text_of("fact") == "0");  // expected.json: BTC 10:15AM held no Up
    CHECK(claims[2].text_of("difference") == "25.02");
    CHECK(claims[3].text_of("difference") == "0");
    const std::vector<bool> findings{true, false, true, false};
    for (std::size_t i = 0; i < 4; ++i) CHECK(member(claims[i], "finding").truth == findings[i]);
    CHECK(rows(data.ask({"query", "claims", "--market", "btc-updown-15m-1765638900"}), "claims")
              .size() == 2);
    CHECK(data.run({"query", "claims", "--mode", "dry_run"}).exit == 4);
}

TEST_CASE("2025-12-14: the 33.21 shares that the bot claimed are a finding",
          "[program][regression]") {
    CAPTURE_OR_SKIP(events, kDay + "/live-is-not-filled.jsonl");
    const DataDirectory data;
    data.ingest(events);
    const Json answer = data.ask({"query", "claims"});
    REQUIRE(rows(answer, "claims").size() == 1);
    const Json& claim = rows(answer, "claims").front();
    CHECK(claim.text_of("value") == "33.21");
    CHECK(claim.text_of("fact") == "0");
    CHECK(member(claim, "finding").truth);
}

TEST_CASE("2025-12-13: the day and its hedges, as published", "[program][regression]") {
    CAPTURE_OR_SKIP(events, kDay + "/events.jsonl");
    CAPTURE_OR_SKIP(figures, kDay + "/expected.json");
    const Json expected = parse_json(figures).value();
    const Json& totals = member(expected, "totals");
    const DataDirectory data;
    data.ingest(events);
    const Json daily = data.ask({"query", "daily"});
    for (const char* figure : {"realized", "edge", "direction", "bought", "sold", "redeemed"}) {
        CAPTURE(figure);
        CHECK(format_micros(sum_of(rows(daily, "days"), figure)) == totals.text_of(figure));
    }
    CHECK(sum_of(rows(daily, "days"), "fills") == parse_micros(totals.text_of("fills")).value());
    const Json hedge = data.ask({"query", "hedge"});
    CHECK(rows(hedge, "hedge").size() == 16);
    for (const Json& market : rows(expected, "markets")) {
        CAPTURE(market.text_of("market"));
        const Json& row =
            test::row(rows(hedge, "hedge"), "market", std::string{market.text_of("market")});
        CHECK(row.text_of("up") == shortest(market.text_of("up")));
        CHECK(row.text_of("down") == shortest(market.text_of("down")));
        CHECK(row.text_of("imbalance_shares") == shortest(market.text_of("imbalance_shares")));
        CHECK(std::to_string(parse_micros(row.text_of("hedge_ratio")).value() / 100) ==
              market.text_of("hedge_ratio_bp"));
    }
    CHECK(data.run({"query", "daily", "--market", "nowhere"}).exit == 4);
    CHECK(data.run({"query", "hedge", "--market", "nowhere"}).exit == 4);
}

// The table of the seed's second incident: 25,202 order-book snapshots.
TEST_CASE("25,202 book snapshots are counted, and each can be asked for", "[program][liquidity]") {
    std::string lines;
    constexpr int kSnapshots = 25'202;
    for (int i = 0; i < kSnapshots; ++i) {
        lines +=
            R"({"type":"book","venue":"polymarket","market":"m","time":"2025-12-13T20:00:00Z",)"
            R"("outcome":"Up","bids":[["0.4",")" +
            std::to_string(i + 1) + R"("]],"asks":[]})" + '\n';
    }
    const DataDirectory data;
    data.ingest(lines);
    const Json all = data.ask({"query", "liquidity"});
    REQUIRE(rows(all, "totals").size() == 1);
    CHECK(rows(all, "totals").front().text_of("books") == std::to_string(kSnapshots));
    CHECK(rows(all, "snapshots").empty());
    const Json series = data.ask({"query", "liquidity", "--market", "m"});
    REQUIRE(rows(series, "snapshots").size() == kSnapshots);
    const Json& last = rows(series, "snapshots").back();
    CHECK(last.text_of("seq") == std::to_string(kSnapshots));
    CHECK(last.text_of("bid") == "0.4");
    CHECK(last.text_of("bid_depth") == std::to_string(kSnapshots));
    CHECK(last.text_of("ask_depth") == "0");
    CHECK(member(last, "ask").is_null());
    const Json some = data.ask({"query", "liquidity", "--market", "m", "--at", "7"});
    CHECK(rows(some, "snapshots").size() == 7);
    CHECK(rows(data.ask({"query", "liquidity", "--market", "m", "--limit", "3"}), "snapshots")
              .size() == 3);
    CHECK(data.run({"query", "liquidity", "--market", "nowhere"}).exit == 4);
}

TEST_CASE("health tells of unparsed lines, feed gaps and conflicting duplicates",
          "[program][health]") {
    const DataDirectory data;
    CHECK(data.run({"query", "health"}).exit == 4);
    const std::string feed =
        R"({"type":"feed","venue":"polymarket","channel":"market","state":"gap"})"
        "\n";
    const auto note = [](const std::string& text) {
        return R"({"type":"note","venue":"polymarket","id":"n1","text":")" + text + "\"}\n";
    };
    data.ingest("no JSON at all\n" + feed + note("a") + note("b"), {}, 6);
    const Json answer = data.ask({"query", "health"});
    const auto& troubles = rows(answer, "troubles");
    CHECK(row(troubles, "what", "unparsed").text_of("count") == "1");
    CHECK(row(troubles, "what", "feed_gap").text_of("count") == "1");
    CHECK(row(troubles, "what", "conflicting_duplicate").text_of("detail") == "note");
    CHECK(row(rows(answer, "coverage"), "channel", "market").text_of("gap") == "1");
    CHECK(data.run({"query", "health"}).out.find("conflicting_duplicate") != std::string::npos);
}
