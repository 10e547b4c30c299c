// What venues export beside what is recorded, through the programs.
#include <fstream>
#include <sstream>

#include "ingest/captures.hpp"
#include "schemas/fixed.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

std::string event(const std::string& type, const std::string& members) {
    return R"({"type":")" + type + R"(","venue":"polymarket","mode":"live","market":"0xm",)" +
           members + "}\n";
}
std::string fill(const std::string& trade, const std::string& shares, const std::string& cost) {
    return event("fill", R"("outcome":"Up","side":"buy","order":"o)" + trade + R"(","tx":"0x)" +
                             trade + R"(","trade":")" + trade + R"(","shares":")" + shares +
                             R"(","cost":")" + cost +
                             R"(","fee":"0","time":"2026-09-20T22:30:00Z")");
}
const std::string kMarket = R"({"type":"market_defined","venue":"polymarket","market":"0xm",)"
                            R"("outcomes":[{"name":"Up"},{"name":"Down"}]})"
                            "\n";

/// A purchase of Up, half a dollar a share, as the activity feed tells it: at 22:30:00 UTC.
std::string bought(const std::string& tx, const std::string& shares, const std::string& cost,
                   const std::string& time = "1789943400") {
    return R"({"type":"TRADE","conditionId":"0xm","outcome":"Up","side":"BUY","size":")" + shares +
           R"(","usdcSize":")" + cost + R"(","transactionHash":"0x)" + tx + R"(","timestamp":)" +
           time + "}\n";
}

struct Answer {
    int exit{};
    Json json;
    [[nodiscard]] std::string count(std::string_view name) const {
        return std::string{json.text_of(name)};
    }
};
Answer reconcile(const DataDirectory& data, const std::string& text, Words words = {}) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "export";
    std::ofstream{path} << text;
    words.insert(words.begin(), {"reconcile", path.string()});
    words.push_back("--json");
    const Ran ran = data.run(words);
    INFO(ran.err);
    return {ran.exit, parse_json(ran.out).value()};
}

/// One trade of the bot's ledger as it wrote it: its limit price, and no fee where it has none.
std::string bot_lines(const std::vector<std::string>& names, const std::string& csv_line) {
    std::map<std::string, std::string> cells;
    std::istringstream stream{csv_line + ','};
    for (const std::string& name : names) std::getline(stream, cells[name], ',');
    const auto time = [&](const char* name) {
        std::string text = cells[name] + 'Z';
        text.at(10) = 'T';
        return R"(,"time":")" + text + '"';
    };
    const std::string head = R"(,"venue":"kalshi","market":")" + cells["ticker"] + '"';
    const std::string cost =
        format_micros(std::stoll(cells["price_cents"]) * 10'000 * std::stoll(cells["count"]));
    const std::string fee = cells["kalshi_fee_usd"];
    return R"({"type":"market_defined")" + head +
           R"(,"outcomes":[{"name":"yes"},{"name":"no"}]})"
           "\n"
           R"({"type":"fill","mode":"live")" +
           head + time("placed_at") + R"(,"trade":")" + cells["server_order_id"] +
           R"(","order":")" + cells["client_order_id"] + R"(","side":"buy","outcome":")" +
           cells["side"] + R"(","shares":")" + cells["count"] + R"(","cost":")" + cost + '"' +
           (fee.empty() ? "" : R"(,"fee":")" + fee + '"') +
           "}\n"
           R"({"type":"market_resolved")" +
           head + time("settled_at") + R"(,"winner":")" + cells["result"] + "\"}\n";
}

}  // namespace

TEST_CASE("2026: a Kalshi bot's ledger beside the settlements: two limit prices, 19 lost fees",
          "[program][reconcile]") {
    CAPTURE_OR_SKIP(csv, "kalshi-bot-ledger-2026/live-trades.csv");
    CAPTURE_OR_SKIP(settlements, "kalshi-bot-ledger-2026/venue-settlements.csv");
    CAPTURE_OR_SKIP(figures, "kalshi-bot-ledger-2026/expected.json");
    const auto lines = lines_of(csv);
    std::vector<std::string> names;
    std::istringstream header{lines.front()};
    for (std::string name; std::getline(header, name, ',');) names.push_back(name);
    std::string events;
    for (std::size_t i = 1; i < lines.size(); ++i) events += bot_lines(names, lines[i]);
    const DataDirectory data;
    data.ingest(events);

    const Answer answer = reconcile(data, settlements);
    CHECK(answer.exit == 3);
    CHECK(answer.count("rows") == "21");
    CHECK(answer.count("agreed") == "19");
    CHECK(answer.count("missing_here") == "0");
    CHECK(answer.count("missing_there") == "0");
    const Json expected = parse_json(figures).value();
    const auto& wrong = rows(expected, "settlement_vs_ledger_disagreements");
    CHECK(answer.count("different") == std::to_string(wrong.size()));
    for (const Json& market : wrong) {
        const Json& line = row(rows(answer.json, "lines"), "market", market.text_of("ticker"));
        CHECK(line.text_of("match") == "different");
        CHECK(line.text_of("cost_here") == shortest(market.text_of("bot_cost_usd")));
        CHECK(line.text_of("cost_there") == shortest(market.text_of("venue_cost_usd")));
        CHECK(line.text_of("shares_here") == line.text_of("shares_there"));
    }
    // By hand from venue-settlements.csv: two of the 21 fees are 0, the others add up to 3.01.
    const Json& fees = member(answer.json, "fees_unrecorded");
    CHECK(fees.text_of("lines") == "19");
    CHECK(fees.text_of("dollars") == "3.01");
}

TEST_CASE(
    "September 2026: fills written down by the bot agree with the activity to the "
    "micro-dollar",
    "[program][reconcile]") {
    CAPTURE_OR_SKIP(activity, "golden-cash/activity.jsonl");
    CAPTURE_OR_SKIP(figures, "golden-cash/activity-expected.json");
    const Json expected = parse_json(figures).value();
    std::string events;
    for (const std::string& line : lines_of(activity)) {
        const Json row = parse_json(line).value();
        const std::string slug{row.text_of("slug")}, condition{row.text_of("conditionId")};
        const std::string head = R"(,"venue":"polymarket","market":")" + slug + '"';
        events += R"({"type":"market_defined")" + head + R"(,"aliases":[")" + condition +
                  R"("],"outcomes":[{"name":"Up"},{"name":"Down"}]})"
                  "\n";
        const std::string outcome{row.text_of("outcome")}, cash{row.text_of("usdcSize")};
        const std::string shares{row.text_of("size")}, tx{row.text_of("transactionHash")};
        if (row.text_of("type") == "REDEEM") {
            events += R"({"type":"redemption","mode":"live")" + head + R"(,"cash":")" + cash +
                      R"(","outcome":")" + outcome + R"(","shares":")" + shares + "\"}\n";
            continue;
        }
        // The one taker of the capture paid the market's fee in `usdcSize` (its README).
        const bool taker = cash == "7.147";
        const std::string fee{taker ? member(expected, slug).text_of("taker_fee_usdc") : "0"};
        const auto cost = parse_micros(cash).value() - parse_micros(fee).value();
        events += R"({"type":"fill","mode":"live")" + head + R"(,"trade":")" + tx +
                  R"(","order":"o","outcome":")" + outcome + R"(","side":"buy","shares":")" +
                  shares + R"(","cost":")" + format_micros(cost) + R"(","fee":")" + fee +
                  R"(","tx":")" + tx + "\"}\n";
    }
    const DataDirectory data;
    data.ingest(events);
    const Answer answer = reconcile(data, activity);
    CHECK(answer.exit == 0);
    CHECK(answer.count("rows") == std::to_string(lines_of(activity).size()));
    CHECK(answer.count("agreed") == answer.count("rows"));
}

TEST_CASE("2026-05-04: an order, its fee and its redemption agree with the venue's activity",
          "[program][reconcile]") {
    CAPTURE_OR_SKIP(text, "golden-cash/fak-buy-redeem-2026-05-04.json");
    const Json document = parse_json(text).value();
    const auto& steps = rows(document, "events");
    const std::string fee =
        format_micros(std::stoll(std::string{member(document, "expected").text_of("fee_units")}));
    const DataDirectory data;
    data.ingest(
        kMarket +
        event("fill", R"("trade":"t","order":"o","outcome":"Down","side":"buy","shares":"5.12",)"
                      R"("cost":"2.56","tx":"0x1","fee":")" +
                          fee + '"') +
        event("redemption", R"("cash":"5.12","outcome":"Down","shares":"5.12")"));
    std::string activity;
    for (const std::size_t i : {std::size_t{2}, std::size_t{5}}) {
        const Json& step = steps.at(i);
        activity += R"({"conditionId":"0xm","timestamp":1777923724,"transactionHash":"0x1",)"
                    R"("side":"BUY","type":")" +
                    std::string{step.text_of("type")} + R"(","outcome":"Down","size":")" +
                    std::string{step.text_of("size")} + R"(","usdcSize":")" +
                    std::string{step.text_of("usdcSize")} + '"' +
                    (i == 2 ? R"(,"price":")" + std::string{step.text_of("price")} + '"' : "") +
                    "}\n";
    }
    const Answer answer = reconcile(data, activity);
    CHECK(answer.exit == 0);
    CHECK(answer.count("agreed") == "2");
    CHECK(row(rows(answer.json, "lines"), "kind", "fill").text_of("fee_there") == fee);
}

TEST_CASE("up to a hundredth is rounding and no fault; more is different and ends with 3",
          "[program][reconcile]") {
    const DataDirectory data;
    data.ingest(kMarket + fill("a", "10", "5"));
    CHECK(reconcile(data, bought("a", "10", "5")).count("agreed") == "1");
    const Answer rounded = reconcile(data, bought("a", "10", "5.01"));
    CHECK(rounded.exit == 0);
    CHECK(rounded.count("rounding") == "1");
    const Answer off = reconcile(data, bought("a", "10", "5.010001"));
    CHECK(off.exit == 3);
    CHECK(off.count("different") == "1");
    CHECK(off.count("tolerance") == "0.01");
}

TEST_CASE("a fill that only one side has is missing on the other", "[program][reconcile]") {
    const DataDirectory data;
    data.ingest(kMarket + fill("a", "10", "5") + fill("b", "7", "3.5"));
    const Answer here =
        reconcile(data, bought("a", "10", "5") + bought("b", "7", "3.5") + bought("c", "4", "2"));
    CHECK(here.exit == 3);
    CHECK(here.count("missing_here") == "1");
    CHECK(here.count("agreed") == "2");
    const Answer there = reconcile(data, bought("a", "10", "5"));
    CHECK(there.exit == 3);
    CHECK(there.count("missing_there") == "1");
    // An export that ends a second before says nothing of it.
    CHECK(reconcile(data, bought("a", "10", "5", "1789943399")).exit == 0);
}

TEST_CASE("rows of one transaction are one thing, and repeated rows count once",
          "[program][reconcile]") {
    const DataDirectory data;
    data.ingest(kMarket + fill("a", "10", "5"));
    const std::string parts = bought("a", "4", "2") + bought("a", "6", "3");
    CHECK(reconcile(data, parts).count("agreed") == "1");
    const Answer twice = reconcile(data, parts + parts);
    CHECK(twice.exit == 0);
    CHECK(twice.count("repeated") == "2");
}

TEST_CASE("a voided fill is not held against the venue's silence", "[program][reconcile]") {
    const DataDirectory data;
    data.ingest(kMarket + fill("a", "10", "5") + fill("b", "7", "3.5") +
                event("fill_settlement", R"("trade":"b","order":"ob","status":"failed")"));
    CHECK(reconcile(data, bought("a", "10", "5")).exit == 0);
}

TEST_CASE("all that is held must stand among the positions", "[program][reconcile]") {
    const DataDirectory data;
    data.ingest(kMarket + fill("a", "10", "5"));
    const auto position = [](const std::string& outcome, const std::string& size) {
        return R"({"conditionId":"0xm","outcome":")" + outcome + R"(","size":)" + size +
               R"(,"totalBought":)" + size + R"(,"avgPrice":0.5})" + "\n";
    };
    CHECK(reconcile(data, position("Up", "10")).exit == 0);
    CHECK(reconcile(data, position("Up", "9")).count("different") == "1");
    const Answer other = reconcile(data, position("Down", "10"));
    CHECK(other.count("missing_here") == "1");
    CHECK(other.count("missing_there") == "1");
}

// 2 Up at 0.5 and 3 at 0.48: the taker pays its makers' prices, 2.44, and not 5 at its limit.
TEST_CASE("the CLOB's trades are read: what failed there is missing nowhere",
          "[program][reconcile]") {
    const auto trade = [](const std::string& id, const std::string& status) {
        return R"({"id":")" + id +
               R"(","taker_order_id":"o","market":"0xm","asset_id":"1",)"
               R"("outcome":"Up","side":"BUY","size":"5","price":"0.5","status":")" +
               status +
               R"(","match_time":"1789943400","trader_side":"TAKER","owner":"me",)"
               R"("transaction_hash":"0x)" +
               id +
               R"(","maker_orders":[{"order_id":"a","owner":"x","matched_amount":"2",)"
               R"("price":"0.5","asset_id":"1","outcome":"Up"},{"order_id":"b","owner":"y",)"
               R"("matched_amount":"3","price":"0.48","asset_id":"1","outcome":"Up"}]})";
    };
    const DataDirectory data;
    data.ingest(kMarket + fill("a", "5", "2.44") + fill("b", "5", "2.5") +
                event("fill_settlement", R"("trade":"b","order":"ob","status":"failed")"));
    const Answer same = reconcile(
        data, "[" + trade("a", "CONFIRMED") + "," + trade("b", "FAILED") + "]", {"--own", "me"});
    CHECK(same.exit == 0);
    CHECK(same.json.text_of("statement") == "trades");
    CHECK(same.count("agreed") == "1");
    CHECK(same.count("other") == "1");
    const Json& line = row(rows(same.json, "lines"), "kind", "fill");
    CHECK(line.text_of("cost_there") == "2.44");
    const Answer settled = reconcile(
        data, "[" + trade("a", "CONFIRMED") + "," + trade("b", "CONFIRMED") + "]", {"--own", "me"});
    CHECK(settled.exit == 3);
    CHECK(settled.count("missing_here") == "1");  // the journal voided what the venue confirmed
    CHECK(reconcile(data, trade("a", "CONFIRMED"), {"--own", "you"}).exit == 6);
}

TEST_CASE("the Data API's trades are held against fills by transaction", "[program][reconcile]") {
    const auto trade = [](const std::string& tx, const std::string& size) {
        return R"({"conditionId":"0xm","outcome":"Up","side":"BUY","price":0.5,"size":)" + size +
               R"(,"transactionHash":"0x)" + tx + R"(","timestamp":1789943400})" + "\n";
    };
    const DataDirectory data;
    data.ingest(kMarket + fill("a", "10", "5") + fill("b", "7", "3.5"));
    const Answer both = reconcile(data, trade("a", "10") + trade("b", "7"));
    CHECK(both.exit == 0);
    CHECK(both.json.text_of("statement") == "trades");
    CHECK(both.count("agreed") == "2");
    const Answer off = reconcile(data, trade("a", "10") + trade("b", "8"));
    CHECK(off.exit == 3);
    CHECK(off.count("different") == "1");
    CHECK(reconcile(data, trade("a", "10")).count("missing_there") == "1");
}

// By hand: 10 Up for 5 and 4 Down for 1, Up won: 10 − 6 = +4 in all. The venue states what was
// bought of an outcome, its average price and the result of that outcome.
TEST_CASE("a page of closed positions is judged by its own rows", "[program][reconcile]") {
    const auto closed = [](const std::string& outcome, const std::string& bought,
                           const std::string& average) {
        return R"({"conditionId":"0xm","outcome":")" + outcome + R"(","totalBought":)" + bought +
               R"(,"avgPrice":)" + average + R"(,"timestamp":1789950000})" + "\n";
    };
    const DataDirectory data;
    data.ingest(kMarket + fill("a", "10", "5") +
                event("fill",
                      R"("outcome":"Down","side":"buy","order":"od","trade":"d",)"
                      R"("shares":"4","cost":"1","fee":"0","time":"2026-09-20T22:31:00Z")") +
                R"({"type":"market_resolved","venue":"polymarket","market":"0xm","winner":"Up",)"
                R"("time":"2026-09-20T22:45:00Z"})"
                "\n");
    const Answer whole = reconcile(data, closed("Up", "10", "0.5") + closed("Down", "4", "0.25"));
    CHECK(whole.exit == 0);
    CHECK(whole.json.text_of("statement") == "closed_positions");
    CHECK(whole.count("agreed") == "2");
    CHECK(reconcile(data, closed("Up", "10", "0.5")).exit == 0);  // a page need not have all
    const Answer off = reconcile(data, closed("Up", "10", "0.55"));
    CHECK(off.exit == 3);
    CHECK(off.count("different") == "1");
}

TEST_CASE("with --record the result is kept as events, and a second time adds nothing",
          "[program][reconcile]") {
    const DataDirectory data;
    data.ingest(kMarket + fill("a", "10", "5"));
    const std::string text = bought("a", "10", "6");
    CHECK(reconcile(data, text, {"--record"}).exit == 3);
    const auto notes = data.stream({"query", "events", "--type", "note"});
    REQUIRE(notes.size() == 1);
    CHECK(notes.front().text_of("origin") == "reconciler");
    const auto claims = data.stream({"query", "events", "--type", "claim"});
    const Json& cost = row(claims, "metric", "reconciled_cost");
    CHECK(cost.text_of("value") == "6");
    CHECK(cost.text_of("cause") == "2");  // the fill that is not what the venue says
    CHECK(reconcile(data, text, {"--record"}).exit == 3);
    CHECK(data.stream({"query", "events", "--type", "claim"}).size() == claims.size());
}

TEST_CASE("a row that makes no sense is told and leaves the answer incomplete",
          "[program][reconcile]") {
    const DataDirectory data;
    data.ingest(kMarket + fill("a", "10", "5"));
    const Answer answer = reconcile(data, bought("a", "10", "5") + bought("b", "-1", "5"));
    CHECK(answer.exit == 6);
    CHECK(rows(answer.json, "unread").size() == 1);
    const Ran none = data.run({"reconcile", "/dev/null"});
    CHECK(none.exit == 1);
    CHECK(none.err.find("the export is empty") != std::string::npos);
}
