#include "ingest/support.hpp"
#include "support/catch.hpp"

using namespace daybook;
using namespace daybook::ingest;
using namespace daybook::test;

namespace {

std::string order(const std::string& members) {
    return R"({"event_type":"order","id":"0xo","market":"0xm","asset_id":"11","outcome":"Up",)"
           R"("side":"BUY","price":"0.5","original_size":"10","order_type":"GTC",)"
           R"("timestamp":"1766789469958",)" +
           members + "}";
}
const OrderStatus& status_in(const Batch& batch) { return body<OrderStatus>(batch.at(0)); }

std::string maker(const std::string& id, const std::string& owner, const std::string& more) {
    return R"({"order_id":")" + id + R"(","owner":")" + owner + R"(","maker_address":"0xW)" +
           owner + R"(",)" + more + "}";
}
std::string trade(const std::string& members, const std::string& makers) {
    return R"({"event_type":"trade","id":"t-1","market":"0xm","taker_order_id":"0xtaker",)"
           R"("asset_id":"11","outcome":"Up","match_time":"1766789460","last_update":"1766789470",)"
           R"("transaction_hash":"0xtx",)" +
           members + R"(,"maker_orders":[)" + makers + "]}";
}
const std::string kTaker =
    R"("trader_side":"TAKER","owner":"us","side":"BUY","size":"10","price":"0.6","status":"MINED")";
const std::string kMaker =
    R"("trader_side":"MAKER","owner":"them","side":"BUY","size":"10","price":"0.6","status":"MINED")";
const std::string kSame = R"("asset_id":"11","outcome":"Up","matched_amount":"4","price":"0.6")";
const std::string kOther =
    R"("asset_id":"22","outcome":"Down","matched_amount":"6","price":"0.45")";

}  // namespace

TEST_CASE("the venue's words for an order's state are understood, reasons kept", "[ingest][user]") {
    struct Row {
        const char* text;
        OrderStatusCode code;
        const char* reason;
    };
    for (const Row& row : std::initializer_list<Row>{
             {"LIVE", OrderStatusCode::live, ""},
             {"live", OrderStatusCode::live, ""},
             {"UNMATCHED", OrderStatusCode::live, ""},
             {"MATCHED", OrderStatusCode::matched, ""},
             {"ORDER_STATUS_MATCHED", OrderStatusCode::matched, ""},
             {"DELAYED", OrderStatusCode::delayed, ""},
             {"INVALID", OrderStatusCode::rejected, ""},
             {"ORDER_STATUS_CANCELED_MARKET_RESOLVED", OrderStatusCode::expired, ""},
             {"CANCELED_order couldn't be fully filled", OrderStatusCode::canceled,
              "order couldn't be fully filled"}}) {
        CAPTURE(row.text);
        const Batch batch =
            read(order(R"("type":"UPDATE","status":")" + std::string{row.text} + '"'));
        CHECK(status_in(batch).status == row.code);
        CHECK(status_in(batch).reason == row.reason);
        CHECK(status_in(batch).raw_status == row.text);
    }
    CHECK(why(read(order(R"("status":"DANCING")"))) == "unknown order status 'DANCING'");
    CHECK(why(read(order(R"("status":"LIVELY")"))) == "unknown order status 'LIVELY'");
}

TEST_CASE("an order frame without status speaks by its type", "[ingest][user]") {
    const auto status = [](const char* members) { return status_in(read(order(members))).status; };
    CHECK(status(R"("type":"PLACEMENT")") == OrderStatusCode::live);
    CHECK(status(R"("type":"UPDATE","size_matched":"3")") == OrderStatusCode::live);
    CHECK(status(R"("type":"UPDATE","size_matched":"10")") == OrderStatusCode::matched);
    CHECK(status(R"("type":"CANCELLATION")") == OrderStatusCode::canceled);
    CHECK(status(R"("type":"CANCELLATION","status":"LIVE")") == OrderStatusCode::canceled);
}

TEST_CASE("an empty size_matched claims nothing", "[ingest][user]") {
    const Batch batch = read(order(
        R"("type":"UPDATE","status":"CANCELED","size_matched":"","associate_trades":["t-1","t-2"])"));
    CHECK_FALSE(status_in(batch).claimed_matched);
    CHECK(status_in(batch).trades == std::vector<std::string>{"t-1", "t-2"});
    CHECK(batch[0].time == Time{1'766'789'469'958 * kNanosPerMilli});
}

TEST_CASE("a taker's cost comes from the maker orders it met", "[ingest][user]") {
    // 4 at 0.6 on the same outcome, 6 at 1 - 0.45 on the other: 2.4 + 3.3, not 10 x 0.6.
    const Batch batch =
        read(trade(kTaker, maker("0xa", "a", kSame) + "," + maker("0xb", "b", kOther)));
    REQUIRE(types(batch) == "fill fill_settlement");
    const auto& fill = body<Fill>(batch[0]);
    CHECK(fill.order == "0xtaker");
    CHECK(fill.cost == Money{5'700'000});
    CHECK(fill.shares == Shares{10'000'000});
    CHECK(fill.role == Role::taker);
    CHECK_FALSE(fill.fee);
    CHECK(batch[0].time == Time{1'766'789'460 * kNanosPerSecond});
    CHECK(batch[1].time == Time{1'766'789'470 * kNanosPerSecond});
}

TEST_CASE("a taker's cost is price x size only without maker orders", "[ingest][user]") {
    CHECK(body<Fill>(read(trade(kTaker, ""))[0]).cost == Money{6'000'000});
}

TEST_CASE("a trade that contradicts itself is kept, not filled", "[ingest][user]") {
    CHECK(types(read(trade(kTaker, maker("0xa", "a", kSame)))) == "unparsed");
}

TEST_CASE("a maker's fill takes outcome, price and amount from its own entry", "[ingest][user]") {
    const std::string makers = maker("0xa", "a", kSame) + "," + maker("0xb", "b", kOther);
    const Batch same = read(trade(kMaker, makers), owned_by("0xwA"));
    REQUIRE(types(same) == "fill fill_settlement");
    CHECK(body<Fill>(same[0]).side == Side::sell);
    CHECK(body<Fill>(same[0]).cost == Money{2'400'000});
    const Batch other = read(trade(kMaker, makers), owned_by("b"));
    CHECK(body<Fill>(other[0]).side == Side::buy);  // both buy: a pair is minted
    CHECK(body<Fill>(other[0]).outcome == "Down");
    CHECK(body<Fill>(other[0]).cost == Money{2'700'000});
    CHECK(body<Fill>(other[0]).role == Role::maker);
}

TEST_CASE("two own maker orders in one trade are two fills", "[ingest][user]") {
    const std::string makers = maker("0xa", "us", kSame) + "," + maker("0xb", "us", kOther);
    const Batch batch = read(trade(kMaker, makers), owned_by("us"));
    CHECK(types(batch) == "fill fill fill_settlement fill_settlement");
    CHECK(body<Fill>(batch[0]).order != body<Fill>(batch[1]).order);
}

TEST_CASE("without configured accounts the frame's own side is ours", "[ingest][user]") {
    const std::string makers = maker("0xa", "them", kSame) + "," + maker("0xb", "b", kOther);
    const Batch batch = read(trade(kMaker, makers));  // the entry with the owner of the frame
    REQUIRE(types(batch) == "fill fill_settlement");
    CHECK(body<Fill>(batch[0]).order == "0xa");
    CHECK(batch[0].account == "main");
    CHECK(types(read(trade(kMaker, maker("0xa", "a", kSame) + "," + maker("0xb", "b", kOther)))) ==
          "unparsed");
}

TEST_CASE("fills belong to the account whose address they carry", "[ingest][user]") {
    const Settings two{{{"main", {"zz"}}, {"second", {"0xwB"}}}, false};
    const Batch batch =
        read(trade(kMaker, maker("0xa", "a", kSame) + "," + maker("0xb", "b", kOther)), two);
    REQUIRE(types(batch) == "fill fill_settlement");
    CHECK(batch[0].account == "second");
    CHECK(types(read(trade(kTaker, ""), two)) == "unparsed");
}

TEST_CASE("MATCHED settles nothing, and an unknown status is kept", "[ingest][user]") {
    const auto with = [](const std::string& status) {
        return trade(R"("trader_side":"TAKER","side":"SELL","size":"1","price":"0.6","status":")" +
                         status + '"',
                     "");
    };
    CHECK(types(read(with("MATCHED"))) == "fill");
    CHECK(body<FillSettlement>(read(with("FAILED"))[1]).status == SettlementStatus::failed);
    CHECK(body<FillSettlement>(read(with("RETRYING"))[1]).status == SettlementStatus::retrying);
    CHECK(why(read(with("SETTLED"))) == "unknown trade status 'SETTLED'");
}

TEST_CASE("the owner's API key id does not stay in what is kept", "[ingest][user]") {
    const Batch batch = read(trade(kTaker, maker("0xa", "secret-uuid", kSame) + "," +
                                               maker("0xb", "secret-uuid", kOther)),
                             owned_by("us"));
    CHECK(batch[0].raw.find("\"secret-uuid") == std::string::npos);
    CHECK(batch[0].raw.find("\"owner\":\"us\"") == std::string::npos);
    CHECK(batch[1].raw.empty());
}
