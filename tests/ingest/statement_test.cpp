#include "src/ingest/statement.hpp"

#include "ingest/captures.hpp"
#include "support/catch.hpp"

using namespace daybook;
using namespace daybook::ingest;

namespace {

constexpr const char* kTrade =
    R"({"type":"TRADE","timestamp":1789944392,"conditionId":"0xm","outcome":"Up","side":"BUY",)"
    R"("size":"10","usdcSize":"7.147","price":"0.7","transactionHash":"0xt"})";
constexpr const char* kSettlement =
    R"({"ticker":"KX","market_result":"no","yes_count_fp":"10.00","yes_total_cost_dollars":"0.4",)"
    R"("no_count_fp":"0.00","no_total_cost_dollars":"0","revenue":250,"fee_cost":"0.0269",)"
    R"("settled_time":"2026-08-17T14:00:00Z"})";

Statement read(const std::string& text) { return read_statement(text).value(); }
StatementLine only(const std::string& text) {
    const Statement statement = read(text);
    REQUIRE(statement.unread.empty());
    REQUIRE(statement.lines.size() == 1);
    return statement.lines.front();
}

}  // namespace

TEST_CASE("a row of activity is a fill whose cost is told apart from the taker's fee",
          "[ingest][statement]") {
    // 0.07 · 10 · 0.7 · 0.3 = 0.147: what the venue charged that day (captures, golden-cash).
    const StatementLine line = only(kTrade);
    CHECK(line.kind == LineKind::fill);
    CHECK(line.shares == Shares{10'000'000});
    CHECK(line.cost == Money{7'000'000});
    CHECK(line.fee == Money{147'000});
    CHECK(line.tx == "0xt");
}

TEST_CASE("an export is an array, an object that holds one, or an object a line",
          "[ingest][statement]") {
    const std::string row{kTrade};
    for (const std::string& text :
         {row, "[" + row + "]", R"({"data":[)" + row + "]}", row + "\n\n"})
        CHECK(only(text).market == "0xm");
    CHECK(read(row + "\n" + std::string{kSettlement}).unread.size() == 1);
}

TEST_CASE("a row that is word for word one before counts once", "[ingest][statement]") {
    const std::string row{kTrade};
    const Statement statement = read("[" + row + "," + row + "]");
    CHECK(statement.rows == 2);
    CHECK(statement.repeated == 1);
    CHECK(statement.lines.size() == 1);
}

TEST_CASE("a settlement says what was held of each outcome, its fee and its result",
          "[ingest][statement]") {
    const StatementLine line = only(kSettlement);
    CHECK(line.kind == LineKind::settled);
    CHECK(line.outcome == "yes");
    CHECK(line.cost == Money{400'000});
    CHECK(line.fee == Money{26'900});
    CHECK(line.pnl == Money{2'500'000 - 400'000 - 26'900});  // revenue is in cents
}

TEST_CASE("positions in JSON and settlements in CSV are told by their first row",
          "[ingest][statement]") {
    const std::string position =
        R"({"conditionId":"0xm","outcome":"Yes","size":4,"totalBought":10,"avgPrice":0.333333333})";
    CHECK(read(position).kind == StatementKind::positions);
    CHECK(only(position).shares == Shares{4'000'000});
    CHECK(only(position).cost == Money{3'333'333});  // 10 · 0.333333333, half-even to 1e-6
    const Statement csv = read(
        "ticker,settled_time,market_result,our_side,contracts,total_cost_usd,revenue_usd,fee_usd\n"
        "KX,2026-02-28T22:01:16Z,no,no,7,3.36,7.0,0.13\n");
    CHECK(csv.kind == StatementKind::settlements);
    CHECK(csv.lines.front().cost == Money{3'360'000});
    CHECK(csv.lines.front().pnl == Money{3'510'000});
}

TEST_CASE("what is no export is refused, and a row that makes no sense is kept",
          "[ingest][statement]") {
    CHECK(read_statement("").error().code == Errc::malformed);
    CHECK(read_statement("{\"a\":1}").error().code == Errc::malformed);
    CHECK(read_statement("a,b\n1,2,3\n").error().code == Errc::malformed);
    const Statement statement =
        read(std::string{kTrade} + "\n" +
             R"({"type":"TRADE","timestamp":1,"conditionId":"0xm","outcome":"Up","side":"BUY",)"
             R"("size":"-10","usdcSize":"7","transactionHash":"0xt"})");
    CHECK(statement.lines.size() == 1);
    CHECK(statement.unread.size() == 1);
}

// The row's own figures: 5 Yes bought at 0.489 beside one maker order of 5 at 0.489.
TEST_CASE("a row of the CLOB's trades is a fill of the taker, with what its makers were paid",
          "[ingest][statement]") {
    CAPTURE_OR_SKIP(row, "messages/pm-rest-trade.json");
    const StatementLine line = only(row);
    CHECK(read(row).kind == StatementKind::trades);
    CHECK(line.kind == LineKind::fill);
    CHECK(line.outcome == "Yes");
    CHECK(line.side == Side::buy);
    CHECK(line.trade == "0c357886-b9d3-44bb-9aa9-72d8abc90e6e");
    CHECK(line.shares == Shares{5'000'000});
    CHECK(line.cost == Money{2'445'000});
    CHECK(line.time == Time{1'726'043'102 * kNanosPerSecond});
    CHECK_FALSE(line.fee);
    CHECK(only(R"({"data":[)" + row + R"(],"next_cursor":"LTE="})").cost == line.cost);
}

// The same frame as the user channel has it: 5 of its maker orders are others', at 0.518.
TEST_CASE("of a trade with many makers the order of an own address is read",
          "[ingest][statement]") {
    CAPTURE_OR_SKIP(row, "messages/pm-user-trade-mined-maker-many-makers.json");
    const Account own{"main", {"0xa3D82Ed56F4c68d2328Fb8c29e568Ba2cAF7d7c8"}};
    const Statement statement = read_statement(row, {own}).value();
    REQUIRE(statement.lines.size() == 1);
    CHECK(statement.lines.front().shares == Shares{5'000'000});
    CHECK(statement.lines.front().cost == Money{2'590'000});
    const Statement strangers = read_statement(row, {{"main", {"0x1"}}}).value();
    CHECK(strangers.lines.empty());
    REQUIRE(strangers.unread.size() == 1);
    CHECK(strangers.unread.front().find("tell the address") != std::string::npos);
}

TEST_CASE("a trade of the CLOB that failed moves nothing", "[ingest][statement]") {
    const auto row = [](const std::string& status) {
        return R"({"id":"t","taker_order_id":"o","market":"0xm","asset_id":"1","outcome":"Up",)"
               R"("side":"BUY","size":"5","price":"0.5","match_time":"1789943400",)"
               R"("trader_side":"TAKER","transaction_hash":"0xt","status":")" +
               status + "\"}";
    };
    for (const char* moves : {"MATCHED", "MINED", "RETRYING", "CONFIRMED"}) {
        CAPTURE(moves);
        CHECK(read(row(moves)).lines.size() == 1);
    }
    const Statement failed = read(row("FAILED"));
    CHECK(failed.lines.empty());
    CHECK(failed.other == 1);
    CHECK(failed.unread.empty());
}
