// The trading day of the post-mortem, asked of the programs. Every figure comes from expected.json,
// which was computed elsewhere with exact fractions.
#include "ingest/captures.hpp"
#include "schemas/fixed.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

const std::string kDay = "day-2025-12-13";

/// "0.6163" as basis points: "6163".
std::string basis_points(std::string_view ratio) {
    return std::to_string(parse_micros(ratio).value() / 100);
}

void check_same(const Json& answer, const Json& expected, std::string_view name) {
    CAPTURE(name);
    CHECK(answer.text_of(name) == shortest(expected.text_of(name)));
}

void check_position(const Json& position, const Json& expected) {
    const Json& up = outcome(position, "Up");
    const Json& down = outcome(position, "Down");
    CHECK(up.text_of("matched") == shortest(expected.text_of("up")));
    CHECK(down.text_of("matched") == shortest(expected.text_of("down")));
    CHECK(up.text_of("cost") == shortest(expected.text_of("cost_up")));
    CHECK(down.text_of("cost") == shortest(expected.text_of("cost_down")));
    CHECK(basis_points(position.text_of("hedge_ratio")) == expected.text_of("hedge_ratio_bp"));
    check_same(position, expected, "imbalance_shares");
    CHECK(position.text_of("title") == expected.text_of("title"));
    CHECK(position.text_of("state") == expected.text_of("state"));
    CHECK(member(position, "pair_cost").is_null() == member(expected, "pair_cost").is_null());
    CHECK(position.text_of("pair_cost") == expected.text_of("pair_cost"));
}

void check_result(const Json& position, const Json& market, const Json& expected) {
    if (expected.text_of("state") == "open") {
        const auto& outcomes = rows(position, "if_outcome");
        REQUIRE(outcomes.size() == 2);
        CHECK(outcomes[0].text == shortest(expected.text_of("if_up")));
        CHECK(outcomes[1].text == shortest(expected.text_of("if_down")));
        CHECK(position.text_of("realized") == "0");
        CHECK(member(market, "winner").is_null());
        return;
    }
    for (const char* figure : {"realized", "edge", "direction"})
        check_same(position, expected, figure);
    CHECK(member(position, "if_outcome").is_null());
    CHECK(market.text_of("winner") == expected.text_of("winner"));
}

/// Which of the bands of expected.json a ratio in basis points is in.
std::string band_of(int ratio_bp) {
    if (ratio_bp >= 8000) return "ge_8000";
    if (ratio_bp >= 6000) return "6000_7999";
    return ratio_bp >= 1 ? "1_5999" : "one_sided";
}

}  // namespace

TEST_CASE("2025-12-13: the programs give every published figure of each market",
          "[program][regression]") {
    CAPTURE_OR_SKIP(events, kDay + "/events.jsonl");
    CAPTURE_OR_SKIP(figures, kDay + "/expected.json");
    const Json expected = parse_json(figures).value();
    const DataDirectory data;
    data.ingest(events);
    const Json positions = data.ask({"query", "positions"});
    const Json pnl = data.ask({"query", "pnl"});
    const Json markets = data.ask({"query", "markets"});
    const Json fills = data.ask({"query", "fills"});

    CHECK(rows(positions, "positions").size() == 16);
    std::map<std::string, std::size_t> fills_of, bands;
    for (const Json& fill : rows(fills, "fills")) ++fills_of[std::string{fill.text_of("market")}];
    for (const Json& market : rows(expected, "markets")) {
        const std::string name{market.text_of("market")};
        CAPTURE(name);
        const Json& position = row(rows(positions, "positions"), "market", name);
        check_position(position, market);
        check_result(position, row(rows(markets, "markets"), "market", name), market);
        for (const char* figure : {"realized", "edge", "direction"}) {
            CHECK(row(rows(pnl, "markets"), "market", name).text_of(figure) ==
                  position.text_of(figure));
        }
        CHECK(std::to_string(fills_of[name]) == market.text_of("fills"));
        ++bands[band_of(std::stoi(basis_points(position.text_of("hedge_ratio"))))];
    }
    for (const auto& [band, count] : member(member(expected, "totals"), "hedge_bands").members) {
        CAPTURE(band);
        CHECK(std::to_string(bands[band]) == count.text);
    }
}

TEST_CASE("2025-12-13: the programs give the published totals of the day",
          "[program][regression]") {
    CAPTURE_OR_SKIP(events, kDay + "/events.jsonl");
    CAPTURE_OR_SKIP(figures, kDay + "/expected.json");
    const Json expected = parse_json(figures).value();
    const Json& totals = member(expected, "totals");
    const DataDirectory data;
    const Json tally = data.ingest(events);
    CHECK(tally.text_of("accepted") == totals.text_of("events"));
    CHECK(tally.text_of("unparsed") == "0");
    const Json pnl = data.ask({"query", "pnl"});
    CHECK(pnl.text_of("mode") == "live");
    for (const char* figure : {"realized", "edge", "direction", "bought", "sold", "redeemed",
                               "open_worst", "open_best"}) {
        check_same(pnl, totals, figure);
    }
    CHECK(pnl.text_of("fees") == "0");
    CHECK(std::to_string(rows(data.ask({"query", "fills"}), "fills").size()) ==
          totals.text_of("fills"));
    CHECK(std::to_string(rows(data.ask({"query", "markets"}), "markets").size()) ==
          totals.text_of("markets"));
    CHECK(std::to_string(data.stream({"query", "events"}).size()) == totals.text_of("events"));
}

TEST_CASE("2025-12-14: an order that was LIVE and a bot that counted it are no shares",
          "[program][regression]") {
    CAPTURE_OR_SKIP(events, kDay + "/live-is-not-filled.jsonl");
    const DataDirectory data;
    data.ingest(events);
    // README of the capture: the position really was one line, 13.95 Up.
    const Json positions = data.ask({"query", "positions"});
    REQUIRE(rows(positions, "positions").size() == 1);
    const Json& position = rows(positions, "positions").front();
    CHECK(outcome(position, "Up").text_of("matched") == "13.95");
    CHECK(outcome(position, "Up").text_of("cost") == "7.3935");
    for (const char* figure :
         {"matched", "held", "settled", "failed", "resting", "resting_sell", "in_doubt", "cost"}) {
        CAPTURE(figure);
        CHECK(outcome(position, "Down").text_of(figure) == "0");
    }
    CHECK(position.text_of("verdict") == "one_sided");

    const auto claims = data.stream({"query", "events", "--type", "claim"});
    REQUIRE(claims.size() == 1);
    CHECK(claims[0].text_of("source") == "bot");
    CHECK(claims[0].text_of("value") == "33.21");

    const Json orders = data.ask({"query", "orders"});
    const Json& no = row(rows(orders, "orders"), "order", "no-1");
    CHECK(no.text_of("state") == "canceled");
    CHECK(no.text_of("filled") == "0");
    CHECK(row(rows(orders, "orders"), "order", "yes-1").text_of("state") == "filled");
    CHECK(row(rows(orders, "orders"), "order", "unwind-1").text_of("state") == "rejected");
}

TEST_CASE("2025-12-14: while the second leg is LIVE its shares only rest",
          "[program][regression]") {
    CAPTURE_OR_SKIP(events, kDay + "/live-is-not-filled.jsonl");
    const DataDirectory data;
    data.ingest(events);
    const Json positions = data.ask({"query", "positions", "--at", "9"});  // behind the fill
    const Json& position = rows(positions, "positions").front();
    CHECK(outcome(position, "Down").text_of("resting") == "33.21");
    CHECK(outcome(position, "Down").text_of("matched") == "0");
    CHECK(outcome(position, "Up").text_of("matched") == "13.95");
    CHECK(outcome(position, "Up").text_of("resting") == "0");
}
