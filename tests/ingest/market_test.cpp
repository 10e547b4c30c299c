#include "ingest/support.hpp"
#include "src/ingest/polymarket_tape.hpp"
#include "support/catch.hpp"

using namespace daybook;
using namespace daybook::ingest;
using namespace daybook::test;

namespace {

std::string book(const std::string& sides) {
    return R"({"event_type":"book","market":"0xm","asset_id":"11","timestamp":"1766789469958",)" +
           sides + "}";
}
std::string change(const std::string& members) {
    return R"({"event_type":"price_change","market":"0xm","timestamp":"1766789469958",)" + members +
           "}";
}

}  // namespace

TEST_CASE("null and old names of a book's sides are understood, a missing side is not",
          "[ingest][market]") {
    const Batch empty = read(book(R"("bids":null,"asks":[])"));
    REQUIRE(types(empty) == "book");
    CHECK(body<Book>(empty[0]).bids == std::vector<Level>{});
    const Batch old = read(book(R"("buys":[{"price":"0.4","size":"3"}],"sells":[])"));
    CHECK(body<Book>(old[0]).bids->front() == Level{Price{400'000}, Shares{3'000'000}});
    CHECK(why(read(book(R"("bids":[])"))) == "asks is missing");
}

TEST_CASE("every form of price_change gives one event per entry", "[ingest][market]") {
    const Batch between = read(
        change(R"("asset_id":"11","hash":"ab","changes":[{"price":"0.4","side":"BUY","size":"1"},)"
               R"({"price":"0.5","side":"SELL","size":"0"}])"));
    REQUIRE(types(between) == "book_change book_change");
    CHECK(body<BookChange>(between[1]).hash == "ab");
    CHECK(body<BookChange>(between[1]).outcome == "11");
    const Batch mixed = read(change(
        R"("price_changes":[{"asset_id":"11","price":"0.4","side":"BUY","size":"1","hash":"a"},)"
        R"({"asset_id":"22","price":"1.4","side":"BUY","size":"1","hash":"b"},)"
        R"({"asset_id":"22","price":"0.6","side":"SELL","size":"1","hash":"c"}])"));
    REQUIRE(types(mixed) == "book_change unparsed book_change");
    CHECK(why(mixed) == "price_change: price is not between 0 and 1: '1.4'");
    CHECK(mixed[1].raw.find("1.4") != std::string::npos);
}

TEST_CASE("a wrong snapshot hash is told right behind the book", "[ingest][market]") {
    const Batch batch =
        read(R"([{"market":"0xm","asset_id":"11","timestamp":"1","hash":"00","bids":[],"asks":[],)"
             R"("min_order_size":"5","tick_size":"0.01","neg_risk":false,"last_trade_price":""}])");
    CHECK(types(batch) == "unparsed");  // "1" is no time
    const Batch timed = read(
        R"({"market":"0xm","asset_id":"11","timestamp":"1766789469958","hash":"00","bids":[],"asks":[],)"
        R"("min_order_size":"5","tick_size":"0.01","neg_risk":false,"last_trade_price":""})");
    REQUIRE(types(timed) == "book feed");
    CHECK(body<Feed>(timed[1]).channel == "market");
    CHECK(body<Feed>(timed[1]).state == FeedState::stale);
    CHECK(body<Feed>(timed[1]).outcome == "11");
    CHECK(body<Feed>(timed[1]).detail.starts_with("book hash mismatch: expected 00 found "));
}

TEST_CASE("keep-alive text is nothing, any other frame is something", "[ingest][market]") {
    for (const char* text : {"", " \n", "PING", "PONG", "pong\n"}) CHECK(read(text).empty());
    CHECK(types(read("INVALID OPERATION")) == "unparsed");
    CHECK(types(read(R"({"type":"market","assets_ids":["11"]})")) == "log");
    CHECK(why(read(R"({"event_type":"comet","market":"0xm"})")) == "unknown event type 'comet'");
    CHECK(types(read("[1,null,{}]")) == "unparsed unparsed unparsed");
}

TEST_CASE("a subscription keeps no credentials", "[ingest][market]") {
    const Batch batch = read(
        R"({"auth":{"apiKey":"K","secret":"S","passphrase":"P"},"markets":["0xm"],"type":"user"})");
    REQUIRE(types(batch) == "log");
    CHECK(batch[0].raw == R"j({"auth":"(removed)","markets":["0xm"],"type":"user"})j");
}

TEST_CASE("wrapped lines tell when, where and what for", "[ingest][unwrap]") {
    std::string storage;
    const Input own =
        unwrap(
            R"({"received":"2026-04-28T10:00:00.5Z","channel":"rest","order":"o","market":"m","payload":{"a": [1,"}"] }})",
            storage)
            .value();
    CHECK(own.payload == R"({"a": [1,"}"] })");
    CHECK(own.channel == Channel::rest);
    CHECK(own.order == "o");
    CHECK(format_time(*own.received) == "2026-04-28T10:00:00.5Z");
    const Input capture =
        unwrap(
            R"({"run_id":"r","source":"polymarket_clob","recv_wall_ts":1777366911692,"recv_mono_ns":5,"payload":"PONG"})",
            storage)
            .value();
    CHECK(capture.payload == "PONG");
    CHECK(capture.mono == 5);
    const std::string rtds =
        R"({"payload":{"symbol":"btc/usd"},"topic":"crypto_prices","type":"x"})";
    CHECK(unwrap(rtds, storage).value().payload == rtds);
    CHECK_FALSE(unwrap(R"({"channel":"smoke","payload":1})", storage));
    Polymarket door{{}};
    const Batch bad = door.read_line(R"({"received":"soon","payload":"PING"})");
    CHECK(types(bad) == "unparsed");
    CHECK(bad[0].raw == R"({"received":"soon","payload":"PING"})");
}

TEST_CASE("reference prices keep all their digits and say whose they are", "[ingest][price]") {
    const Batch batch = read(
        R"({"topic":"crypto_prices","type":"update","payload":{"symbol":"btcusdt","timestamp":1777428654000,"value":76568.123456789012345678}})");
    REQUIRE(types(batch) == "price");
    CHECK(format_decimal(body<ReferencePrice>(batch[0]).price.attos, 18) ==
          "76568.123456789012345678");
    CHECK(body<ReferencePrice>(batch[0]).asset == "BTC");
    CHECK(batch[0].venue == "binance");
    const Batch dump = read(
        R"({"topic":"crypto_prices","type":"subscribe","payload":{"symbol":"eth/usd","data":[)"
        R"({"timestamp":1777428654000,"value":2000.5},{"timestamp":1777428655000,"value":"NaN"}]}})");
    CHECK(types(dump) == "price unparsed");
    CHECK(dump[0].venue == "polymarket");
}

TEST_CASE("the Data API's trades are prints of the tape, whoever traded", "[ingest][tape]") {
    // Fields as venue page §7 lists them.
    const std::string row =
        R"({"proxyWallet":"0x9d84","side":"SELL","asset":"2174","conditionId":"0xebe5",)"
        R"("size":219.217767,"price":0.456,"timestamp":1750428146,"outcome":"Up",)"
        R"("transactionHash":"0x77b6"})";
    const std::string page = '[' + row + R"(,{"side":"BUY"}])";
    Input input;
    input.payload = page;
    const Batch batch = read_polymarket_tape(input);
    REQUIRE(batch.size() == 2);
    CHECK(batch[0].raw == page);
    CHECK(batch[0].market == "0xebe5");
    CHECK(batch[0].time == parse_time("2025-06-20T14:02:26Z").value());
    CHECK(std::get<Trade>(batch[0].body) ==
          Trade{"2174", Side::sell, Price{456'000}, Shares{219'217'767}, "0x77b6"});
    CHECK(std::get<Unparsed>(batch[1].body).why == "conditionId is missing");
    input.payload = R"({"error":"no"})";
    CHECK(std::holds_alternative<Unparsed>(read_polymarket_tape(input).at(0).body));
}
