#include "ingest/kalshi_reading.hpp"

using namespace daybook;
using namespace daybook::ingest;

namespace {

constexpr std::string_view kFill =
    R"({"type":"fill","sid":13,"msg":{"trade_id":"t1","order_id":"o1","market_ticker":"KX-1",)"
    R"("is_taker":true,"side":"yes","yes_price_dollars":"0.750","count_fp":"278.00",)"
    R"("fee_cost":"2.08","action":"buy","ts":1671899397,"post_position_fp":"500.00",)"
    R"("client_order_id":"c1","purchased_side":"yes"}})";

}  // namespace

TEST_CASE("a fill is a live fill with exact cost, confirmed by itself", "[ingest][kalshi]") {
    const Batch batch = read_one(kFill);
    const auto& fill = only<Fill>(batch);
    CHECK(fill.trade == "t1");
    CHECK(fill.order == "o1");
    CHECK(fill.outcome == "yes");
    CHECK(fill.side == Side::buy);
    CHECK(fill.shares == Shares{278'000'000});
    CHECK(fill.cost == Money{208'500'000});  // 278 · 0.75
    CHECK(fill.fee == Money{2'080'000});
    CHECK(fill.role == Role::taker);
    CHECK(batch[0].mode == Mode::live);
    CHECK(batch[0].venue == "kalshi");
    CHECK(batch[0].account == "main");
    CHECK(batch[0].market == "KX-1");
    CHECK(batch[0].time == at("2022-12-24T16:29:57Z"));
}

TEST_CASE("a fill on no costs the price of no", "[ingest][kalshi]") {
    const std::string bought = replaced(replaced(kFill, R"("side":"yes")", R"("side":"no")"),
                                        R"("purchased_side":"yes")", R"("purchased_side":"no")");
    const Fill fill = only<Fill>(read_one(bought));
    CHECK(fill.outcome == "no");
    CHECK(fill.cost == Money{69'500'000});  // 278 · 0.25
}

// The table is Kalshi's (docs: getting_started/order_direction).
TEST_CASE("to sell yes gains no, however the row says it", "[ingest][kalshi]") {
    const std::string sold = replaced(kFill, R"("action":"buy")", R"("action":"sell")");
    for (const std::string purchased : {"yes", "no"}) {
        const Fill fill = only<Fill>(read_one(replaced(sold, R"("purchased_side":"yes")",
                                                       R"("purchased_side":")" + purchased + '"')));
        CHECK(fill.outcome == "yes");
        CHECK(fill.side == Side::sell);
        CHECK(fill.cost == Money{208'500'000});
    }
    const std::string stated =
        replaced(sold, R"("purchased_side":"yes")", R"("outcome_side":"no","book_side":"ask")");
    CHECK(only<Fill>(read_one(stated)).side == Side::sell);
    CHECK(only<Fill>(read_one(replaced(stated, R"("side":"yes",)", ""))).outcome == "yes");
}

TEST_CASE("a row that only says what was gained bought it", "[ingest][kalshi]") {
    const std::string bare = replaced(replaced(kFill, R"("side":"yes",)", ""), R"("action":"buy",)",
                                      R"("book_side":"ask",)");
    const Fill fill = only<Fill>(read_one(replaced(bare, R"(,"purchased_side":"yes")", "")));
    CHECK(fill.outcome == "no");
    CHECK(fill.side == Side::buy);
    CHECK(fill.cost == Money{69'500'000});
}

TEST_CASE("a fill that contradicts itself is kept unparsed", "[ingest][kalshi]") {
    CHECK(why(read_one(replaced(kFill, R"("purchased_side":"yes")", R"("outcome_side":"no")"))) ==
          "side: action, side and outcome contradict each other");
    CHECK(why(read_one(replaced(kFill, R"("count_fp":"278.00")", R"("count_fp":"0")"))) ==
          "a fill of no contracts");
    CHECK(
        why(read_one(replaced(kFill, R"("ts":1671899397)", R"("ts":"noon")"))).starts_with("ts:"));
}

TEST_CASE("a frame and a REST row of the same fill are the same event", "[ingest][kalshi]") {
    const Batch frame = read_one(kFill);
    const Batch row =
        read_one(R"({"action":"buy","count_fp":"278.00","created_time":"2022-12-24T16:29:57.25Z",)"
                 R"("fee_cost":"2.080000","is_taker":true,"market_ticker":"KX-1",)"
                 R"("no_price_dollars":"0.2500","order_id":"o1","side":"yes","trade_id":"t1",)"
                 R"("yes_price_dollars":"0.7500"})");
    CHECK(only<Fill>(frame) == only<Fill>(row));
    CHECK(frame[0].time == row[0].time);
}

TEST_CASE("an order is a status with both of its names and no fill", "[ingest][kalshi]") {
    const Batch batch = read_one(
        R"({"type":"user_order","sid":22,"msg":{"order_id":"o1","client_order_id":"c1",)"
        R"("ticker":"KX-1","status":"resting","side":"yes","action":"buy",)"
        R"("yes_price_dollars":"0.4400","fill_count_fp":"0.00","remaining_count_fp":"3.00",)"
        R"("created_ts_ms":1786085188978}})");
    const auto& order = only<OrderStatus>(batch);
    CHECK(order.order == "c1");
    CHECK(order.venue_order == "o1");
    CHECK(order.status == OrderStatusCode::live);
    CHECK(order.raw_status == "resting");
    CHECK(order.claimed_matched == Shares{0});
    CHECK(order.shares == Shares{3'000'000});
    CHECK(order.price == Price{440'000});
    CHECK(order.outcome == "yes");
    CHECK(order.side == Side::buy);
    CHECK(batch[0].mode == Mode::live);
    CHECK(batch[0].time == at("2026-08-07T06:46:28.978Z"));
}

TEST_CASE("executed is matched, canceled says nothing of the size", "[ingest][kalshi]") {
    const Batch page = read_one(
        R"({"orders":[{"order_id":"o1","ticker":"KX-1","status":"executed","side":"no",)"
        R"("action":"buy","type":"limit","yes_price":60,"fill_count":7,"remaining_count":0,)"
        R"("last_update_time":"2026-08-07T06:46:28Z"},)"
        R"({"order_id":"o2","ticker":"KX-1","status":"canceled","side":"yes","action":"sell",)"
        R"("yes_price":60,"fill_count":1,"remaining_count":0}],"cursor":""})");
    REQUIRE(page.size() == 2);
    const auto& executed = std::get<OrderStatus>(page[0].body);
    CHECK(executed.status == OrderStatusCode::matched);
    CHECK(executed.raw_status == "executed");
    CHECK(executed.order.empty());
    CHECK(executed.price == Price{400'000});
    CHECK(executed.shares == Shares{7'000'000});
    const auto& canceled = std::get<OrderStatus>(page[1].body);
    CHECK(canceled.status == OrderStatusCode::canceled);
    CHECK_FALSE(canceled.shares);
    CHECK(canceled.claimed_matched == Shares{1'000'000});
    CHECK_FALSE(page[1].time);
}

TEST_CASE("a row that cannot be read does not take its page along", "[ingest][kalshi]") {
    const Batch page = read_one(
        R"({"orders":[{"order_id":"o1","ticker":"KX-1","status":"lost","side":"no",)"
        R"("action":"buy"},{"order_id":"o2","ticker":"KX-1","status":"resting","side":"yes",)"
        R"("action":"buy"}]})");
    REQUIRE(page.size() == 2);
    CHECK(std::get<Unparsed>(page[0].body).why == "row 0: order status 'lost' is not known");
    CHECK(page[0].raw.find("o1") != std::string::npos);
    CHECK(page[0].raw.find("o2") == std::string::npos);
    CHECK(std::get<OrderStatus>(page[1].body).venue_order == "o2");
}

TEST_CASE("a settlement resolves, redeems cents as dollars and claims its fees",
          "[ingest][kalshi]") {
    const Batch batch = read_one(
        R"({"settlements":[{"ticker":"KX-1","market_result":"yes","yes_count":12,"no_count":2,)"
        R"("revenue":1200,"settled_time":"2026-08-17T14:00:00Z","fee_cost":"0.3400"}]})");
    REQUIRE(batch.size() == 4);
    CHECK(std::get<MarketResolved>(batch[0].body).payouts == std::vector<Ratio>{{kMicro}, {0}});
    CHECK(batch[0].mode == Mode::none);
    const auto& yes = std::get<Redemption>(batch[1].body);
    CHECK(yes.cash == Money{12'000'000});
    CHECK(yes.shares == Shares{12'000'000});
    const auto& no = std::get<Redemption>(batch[2].body);
    CHECK(no.outcome == "no");
    CHECK(no.cash == Money{0});
    CHECK(no.shares == Shares{2'000'000});
    const auto& claim = std::get<Claim>(batch[3].body);
    CHECK(claim.metric == "fees");
    CHECK(claim.value == "0.34");
    CHECK(batch[3].market == "KX-1");
    CHECK(batch[3].mode == Mode::live);
}

TEST_CASE("a scalar settlement pays yes its value, a void one is left open", "[ingest][kalshi]") {
    const Batch scalar =
        read_one(R"({"ticker":"KX-1","market_result":"scalar","value":37,"yes_count_fp":"10.00",)"
                 R"("revenue":370})");
    CHECK(std::get<MarketResolved>(scalar.at(0).body).payouts ==
          std::vector<Ratio>{{370'000}, {630'000}});
    const Batch voided =
        read_one(R"({"ticker":"KX-1","market_result":"void","value":null,"yes_count_fp":"10.00",)"
                 R"("revenue":410})");
    CHECK(std::get<MarketResolved>(voided.at(0).body).payouts.empty());
    CHECK(std::get<MarketResolved>(voided.at(0).body).winner == "void");
    CHECK(std::get<Redemption>(voided.at(1).body).cash == Money{4'100'000});
}

TEST_CASE("a position is observed: yes above zero, no below", "[ingest][kalshi]") {
    const auto held = [](const std::string& count) {
        return only<Balance>(
                   read_one(
                       R"({"type":"market_position","sid":3,"msg":{"market_ticker":"KX-1","position_fp":")" +
                       count + R"("}})"))
            .shares;
    };
    CHECK(held("3.00") == std::vector<OutcomeShares>{{"yes", {3'000'000}}, {"no", {0}}});
    CHECK(held("-2.50") == std::vector<OutcomeShares>{{"yes", {0}}, {"no", {2'500'000}}});
    CHECK(held("0.00") == std::vector<OutcomeShares>{{"yes", {0}}, {"no", {0}}});
    CHECK(why(read_one(R"({"type":"market_position","sid":3,"msg":{"market_ticker":"KX-1"}})")) ==
          "a position without contracts");
}

TEST_CASE("what a recorder wrapped around a frame is taken off", "[ingest][kalshi]") {
    const std::string contract = R"({"received":"2026-08-07T06:46:29Z","channel":"user",)"
                                 R"("order":"","market":"","payload":)" +
                                 std::string{kFill} + "}";
    const Batch wrapped = read_one(contract);
    CHECK(only<Fill>(wrapped) == only<Fill>(read_one(kFill)));
    CHECK(wrapped[0].received == at("2026-08-07T06:46:29Z"));
    const Batch captured =
        read_one(R"({"received_ms":1786085189148,"frame":)" + std::string{kFill} + "}");
    CHECK(only<Fill>(captured) == only<Fill>(read_one(kFill)));
    CHECK(captured[0].received == at("2026-08-07T06:46:29.148Z"));
}
