#include "ingest/support.hpp"
#include "support/catch.hpp"

using namespace daybook;
using namespace daybook::ingest;
using namespace daybook::test;

namespace {

const OrderStatus& status_in(const Batch& batch) { return body<OrderStatus>(batch.at(0)); }
OrderStatusCode status_of(const char* payload) { return status_in(answer(payload)).status; }

}  // namespace

TEST_CASE("an answer links our order to the venue's and claims only when matched",
          "[ingest][rest]") {
    const Batch batch = answer(
        R"({"success":true,"orderID":"0xv","status":"matched","makingAmount":"2.56","takingAmount":"5.12"})");
    CHECK(status_in(batch).order == "mine-1");
    CHECK(status_in(batch).venue_order == "0xv");
    CHECK(status_in(batch).claimed_cost == Money{2'560'000});
    CHECK(status_in(batch).claimed_matched == Shares{5'120'000});
    CHECK(batch[0].market == "0xm");
    CHECK(batch[0].mode == Mode::live);
    const Batch delayed = answer(
        R"({"success":true,"orderID":"0xv","status":"delayed","makingAmount":"2","takingAmount":"5"})");
    CHECK(status_in(delayed).status == OrderStatusCode::delayed);
    CHECK_FALSE(status_in(delayed).claimed_matched);
}

TEST_CASE("what was refused is rejected, what nobody knows is unknown", "[ingest][rest]") {
    using enum OrderStatusCode;
    CHECK(status_of(R"({"success":true,"orderID":"0xv","status":"unmatched"})") == live);
    CHECK(status_of(R"({"success":true,"orderID":"","errorMsg":"crosses the book"})") == rejected);
    CHECK(status_of(R"({"success":true,"orderID":"0xv","status":"invalid"})") == rejected);
    CHECK(status_of(R"({"success":false,"errorMsg":"not enough balance / allowance"})") ==
          rejected);
    CHECK(status_of(R"({"error":"not enough balance / allowance"})") == rejected);
    CHECK(status_of(R"({"status":400,"error":"Duplicated"})") == rejected);
    CHECK(status_of(R"({"status":425,"error":"service not ready"})") == rejected);
    CHECK(status_of(R"({"status":503,"error":"paused"})") == unknown);
    CHECK(status_of(R"({"status":502})") == unknown);
    CHECK(status_of(R"({"error":"Request timed out"})") == unknown);
    CHECK(status_of(R"({"client_error":"PolyApiException[status_code=None]"})") == unknown);
    CHECK(status_of(R"({"error":"not enough balance: 1502503"})") == rejected);
    CHECK(status_of(
              R"({"success":false,"errorMsg":"order match delayed due to market conditions"})") ==
          delayed);
    CHECK(status_of(R"({"success":false,"orderID":"0xv","status":"live"})") == unknown);
    CHECK(status_of("") == unknown);
    CHECK(status_of("<html>504 Gateway Time-out</html>") == unknown);
    CHECK(why(answer(R"({"success":true,"orderID":"0xv","status":"perhaps"})")) ==
          "unknown order status 'perhaps'");
}

TEST_CASE("a refusal of an order nobody named is kept and changes nothing", "[ingest][rest]") {
    CHECK(types(read(R"({"success":false,"errorMsg":"Duplicated"})")) == "log");
}

TEST_CASE("the answers of a batch are independent", "[ingest][rest]") {
    const Batch batch = answer(
        R"([{"success":true,"orderID":"0x1","status":"live"},{"success":true,"orderID":"0x2","status":"?"},)"
        R"({"success":true,"orderID":"0x3","status":"matched"}])");
    CHECK(types(batch) == "order_status unparsed order_status");
    CHECK(status_in(batch).order.empty());  // which of them answers ours is not said
    CHECK(batch[1].raw.find("0x2") != std::string::npos);
}

TEST_CASE("a cancel answer tells of every order in it", "[ingest][rest]") {
    const Batch batch =
        answer(R"({"canceled":["0x1"],"not_canceled":{"0x2":"already canceled or matched"}})");
    REQUIRE(types(batch) == "order_status order_status");
    CHECK(status_in(batch).status == OrderStatusCode::canceled);
    CHECK(body<OrderStatus>(batch[1]).status == OrderStatusCode::cancel_rejected);
    CHECK(body<OrderStatus>(batch[1]).raw_status == "already canceled or matched");
    CHECK(types(answer(R"({"canceled":[],"not_canceled":{}})")) == "log");
}

TEST_CASE("pages are read row by row, and an order that is gone is not canceled",
          "[ingest][rest]") {
    CHECK(types(answer(R"({"data":[{"id":"0x1","status":"LIVE","original_size":"5"}],)"
                       R"("next_cursor":"LTE="})")) == "order_status");
    CHECK(types(answer(R"({"data":[],"next_cursor":"LTE="})")) == "log");
    CHECK(types(answer("null")) == "log");
    CHECK(types(answer("[]")) == "log");
}

TEST_CASE("Gamma's arrays inside strings define a market, and only clear prices resolve it",
          "[ingest][rest]") {
    const auto market = [](const std::string& rest) {
        return R"({"id":"77","conditionId":"0xc","question":"Q?","slug":"btc-updown-15m-1777514400",)"
               R"("outcomes":"[\"Up\",\"Down\"]","clobTokenIds":"[\"11\",\"22\"]","negRisk":false,)" +
               rest + "}";
    };
    const Batch open = read(market(R"("closed":false,"outcomePrices":"[\"1\",\"0\"]")"));
    REQUIRE(types(open) == "market_defined");
    const auto& facts = body<MarketDefined>(open[0]);
    CHECK(facts.outcomes[1] == Outcome{"Down", "22"});
    CHECK(facts.asset == "BTC");
    CHECK(facts.opens == Time{1'777'514'400 * kNanosPerSecond});
    CHECK(facts.closes == Time{1'777'515'300 * kNanosPerSecond});
    CHECK(facts.aliases == std::vector<std::string>{"btc-updown-15m-1777514400", "77"});

    const Batch won = read(market(
        R"("closed":true,"outcomePrices":"[\"0\",\"1\"]","closedTime":"2026-04-30 02:20:11+00")"));
    REQUIRE(types(won) == "market_defined market_resolved");
    CHECK(body<MarketResolved>(won[1]).payouts == std::vector<Ratio>{{0}, {kMicro}});
    CHECK(won[1].time);
    CHECK(types(read(market(R"("closed":true,"outcomePrices":"[\"0.5\",\"0.5\"]")"))) ==
          "market_defined market_resolved");
    CHECK(types(read(market(R"("closed":true,"outcomePrices":"[\"0\",\"0\"]")"))) ==
          "market_defined");
    CHECK(types(read(market(R"("closed":true,"outcomePrices":"[\"0.9\",\"0.1\"]")"))) ==
          "market_defined");
    const Batch event =
        read(R"([{"slug":"the-event","markets":[)" + market(R"("closed":false)") + "]}]");
    CHECK(body<MarketDefined>(event.at(0)).event == "the-event");
}

TEST_CASE("a CLOB market resolves with exactly one winner, or as void", "[ingest][rest]") {
    const auto market = [](bool up, bool down, bool half) {
        const auto truth = [](bool value) { return std::string{value ? "true" : "false"}; };
        return R"({"condition_id":"0xc","closed":true,"is_50_50_outcome":)" + truth(half) +
               R"(,"tokens":[{"token_id":"11","outcome":"Up","winner":)" + truth(up) +
               R"(},{"token_id":"22","outcome":"Down","winner":)" + truth(down) + "}]}";
    };
    CHECK(body<MarketResolved>(read(market(true, false, false)).at(1)).winner == "Up");
    CHECK(types(read(market(false, false, false))) == "market_defined");
    CHECK(types(read(market(true, true, false))) == "market_defined");
    CHECK(body<MarketResolved>(read(market(false, false, true)).at(1)).payouts ==
          std::vector<Ratio>{{kMicro / 2}, {kMicro / 2}});
    CHECK(why(read(R"({"condition_id":"0xc","tokens":[]})")) ==
          "a market has exactly two outcomes, here are 0");
}

TEST_CASE("positions of one market are one balance", "[ingest][rest]") {
    const Batch batch =
        read(R"([{"conditionId":"0x1","outcome":"Up","size":3,"avgPrice":0.5},)"
             R"({"conditionId":"0x2","outcome":"Up","size":1e400,"avgPrice":0.5},)"
             R"({"conditionId":"0x1","outcome":"Down","size":2.5,"avgPrice":0.4}])");
    REQUIRE(types(batch) == "balance unparsed");
    CHECK(body<Balance>(batch[0]).shares ==
          std::vector<OutcomeShares>{{"Up", Shares{3'000'000}}, {"Down", Shares{2'500'000}}});
    CHECK(body<Balance>(read(R"({"balance":"10070772","allowances":{}})")[0]).cash ==
          Money{10'070'772});
}

TEST_CASE("activity on request: fees come out of usdcSize, what is no trade is its own event",
          "[ingest][rest]") {
    const auto row = [](const std::string& members) {
        return read(R"({"conditionId":"0xc","timestamp":1789944392,"transactionHash":"0xt",)" +
                        members + "}",
                    {{}, true});
    };
    const Batch sale = row(
        R"("type":"TRADE","outcome":"Up","asset":"11","side":"SELL","size":10,"usdcSize":6.853,"price":0.7)");
    REQUIRE(types(sale) == "fill fill_settlement");
    CHECK(body<Fill>(sale[0]).trade == "0xt/11");
    CHECK(body<Fill>(sale[0]).cost == Money{7'000'000});
    CHECK(body<Fill>(sale[0]).fee == Money{147'000});
    const Batch average = row(
        R"("type":"TRADE","outcome":"Up","side":"BUY","size":10,"usdcSize":7.3,"price":0.7300000029)");
    CHECK(body<Fill>(average[0]).cost == Money{7'300'000});
    CHECK(body<Fill>(average[0]).role == Role::maker);
    CHECK(types(row(R"("type":"MERGE","outcome":"","size":4,"usdcSize":4)")) == "merge");
    CHECK(types(row(R"("type":"SPLIT","size":4,"usdcSize":4)")) == "split");
    const Batch lost = row(R"("type":"REDEEM","outcome":"Down","size":4,"usdcSize":0)");
    CHECK(body<Redemption>(lost[0]) == Redemption{Money{0}, "Down", Shares{4'000'000}, "0xt"});
    CHECK(body<Transfer>(row(R"("type":"REWARD","usdcSize":1.5)")[0]).reason ==
          TransferReason::reward);
    CHECK(types(row(R"("type":"CONVERSION","size":4,"usdcSize":0)")) == "unparsed");
    CHECK(types(row(R"("type":"AIRDROP","usdcSize":1)")) == "unparsed");
}

TEST_CASE("two rows of one transaction are two fills", "[ingest][rest]") {
    const auto row = [](const char* price) {
        return std::string{R"({"type":"TRADE","conditionId":"0xc","timestamp":1789944392,)"} +
               R"("transactionHash":"0xt","asset":"11","outcome":"Up","side":"BUY","size":10,"price":)" +
               price + R"(,"usdcSize":)" + price + "e1}";
    };
    const Batch batch = read("[" + row("0.7") + "," + row("0.6") + "]", {{}, true});
    REQUIRE(types(batch) == "fill fill_settlement fill fill_settlement");
    CHECK(body<Fill>(batch[0]).order != body<Fill>(batch[2]).order);
}
