#include "ingest/kalshi_reading.hpp"

using namespace daybook;
using namespace daybook::ingest;

TEST_CASE("a snapshot is a yes book and a no book of bids without asks", "[ingest][kalshi]") {
    const Batch batch =
        read_one(R"({"type":"orderbook_snapshot","sid":1,"seq":1,"msg":{"market_ticker":"KX-1",)"
                 R"("yes_dollars_fp":[["0.0100","966425.00"],[0.02,"1.5"]]}})");
    REQUIRE(batch.size() == 2);
    const auto& yes = std::get<Book>(batch[0].body);
    CHECK(yes.outcome == "yes");
    CHECK(yes.stream == "sid:1");
    CHECK(yes.stream_seq == 1U);
    REQUIRE(yes.bids);
    CHECK(*yes.bids == std::vector<Level>{{{10'000}, {966'425'000'000}}, {{20'000}, {1'500'000}}});
    CHECK_FALSE(yes.asks);
    const auto& no = std::get<Book>(batch[1].body);
    CHECK(no.outcome == "no");
    REQUIRE(no.bids);
    CHECK(no.bids->empty());
    CHECK_FALSE(no.asks);
    CHECK(batch[0].market == "KX-1");
    CHECK(batch[0].mode == Mode::none);
    CHECK_FALSE(batch[0].raw.empty());
    CHECK(batch[1].raw.empty());
}

TEST_CASE("the integer cents of older frames mean the same", "[ingest][kalshi]") {
    const Batch books =
        read_one(R"({"type":"orderbook_snapshot","sid":2,"seq":1,"msg":{"market_ticker":"KX-1",)"
                 R"("yes":[[8,300],[22,333]],"no":[[54,20]]}})");
    REQUIRE(books.size() == 2);
    CHECK(std::get<Book>(books[0].body).bids->at(1) == Level{{220'000}, {333'000'000}});
    CHECK(std::get<Book>(books[1].body).bids->at(0) == Level{{540'000}, {20'000'000}});

    const Batch delta = read_one(
        R"({"type":"orderbook_delta","sid":2,"seq":3,"msg":{"market_ticker":"KX-1","price":96,)"
        R"("delta":-54,"side":"no"}})");
    const auto& change = only<BookChange>(delta);
    CHECK(change.outcome == "no");
    REQUIRE(change.deltas);
    CHECK(*change.deltas == std::vector<Change>{{{960'000}, {-54'000'000}, Side::buy}});
    CHECK_FALSE(change.changes);
}

TEST_CASE("a delta is a signed change of the bids of its side", "[ingest][kalshi]") {
    const Batch batch =
        read_one(R"({"type":"orderbook_delta","sid":1,"seq":24,"msg":{"market_ticker":"KX-1",)"
                 R"("price_dollars":"0.4300","delta_fp":"-100.00","side":"yes",)"
                 R"("ts":"2026-08-07T06:46:28.97871Z","ts_ms":1786085188978}})");
    const auto& change = only<BookChange>(batch);
    CHECK(*change.deltas == std::vector<Change>{{{430'000}, {-100'000'000}, Side::buy}});
    CHECK(change.stream_seq == 24U);
    CHECK(batch[0].time == at("2026-08-07T06:46:28.97871Z"));
}

TEST_CASE("a hole in the count of a subscription is a gap before its events", "[ingest][kalshi]") {
    Kalshi venue{Settings{}};
    const auto ok = [&venue](int seq) {
        const std::string frame = R"({"type":"ok","id":1,"sid":1,"seq":)" + std::to_string(seq) +
                                  R"(,"msg":{"market_tickers":["A","B"]}})";
        return read_with(venue, frame);
    };
    CHECK(ok(18).size() == 1);
    CHECK(only<Feed>(ok(19)).detail == "ok, seq 19: A, B");
    const Batch batch = ok(23);
    REQUIRE(batch.size() == 2);
    const auto& gap = std::get<Feed>(batch[0].body);
    CHECK(gap.state == FeedState::gap);
    CHECK(gap.stream == "sid:1");
    CHECK(gap.detail == "expected 20, found 23");
    CHECK(std::get<Feed>(batch[1].body).state == FeedState::subscribed);
    CHECK(ok(24).size() == 1);
    CHECK(ok(24).size() == 2);
}

TEST_CASE("a new subscription counts from 1", "[ingest][kalshi]") {
    const std::string subscribed =
        R"({"type":"subscribed","id":2,"msg":{"channel":"orderbook_delta","sid":1}})";
    Kalshi venue{Settings{}};
    const auto take = [&venue](const std::string& frame) { return read_with(venue, frame); };
    const Batch first = take(subscribed);
    CHECK(only<Feed>(first).channel == "orderbook_delta");
    CHECK(only<Feed>(first).stream == "sid:1");
    CHECK(take(R"({"type":"ok","sid":1,"seq":1,"msg":{}})").size() == 1);
    CHECK(take(R"({"type":"ok","sid":1,"seq":2,"msg":{}})").size() == 1);
    CHECK(take(subscribed).size() == 1);
    const Batch late = take(R"({"type":"ok","sid":1,"seq":2,"msg":{}})");
    REQUIRE(late.size() == 2);
    CHECK(std::get<Feed>(late[0].body).detail == "expected 1, found 2");
    CHECK(std::get<Feed>(late[0].body).channel == "orderbook_delta");
}

TEST_CASE("a book frame that cannot be read is kept and puts its books in doubt",
          "[ingest][kalshi]") {
    const Batch batch =
        read_one(R"({"type":"orderbook_delta","sid":1,"seq":2,"msg":{"market_ticker":"KX-1",)"
                 R"("price_dollars":"1.4300","delta_fp":"-100.00","side":"yes"}})");
    REQUIRE(batch.size() == 2);
    CHECK(std::get<Unparsed>(batch[0].body).why == "price: not between 0 and 1: '\"1.4300\"'");
    CHECK(std::get<Feed>(batch[1].body).state == FeedState::gap);
}

TEST_CASE("commands are answered by feed events, a refused one by a log", "[ingest][kalshi]") {
    const Batch gone = read_one(R"({"id":5,"sid":42,"seq":100,"type":"unsubscribed"})");
    CHECK(only<Feed>(gone).state == FeedState::lost);
    CHECK(only<Feed>(gone).stream == "sid:42");
    const Batch refused =
        read_one(R"({"id":9,"type":"error","msg":{"code":6,"msg":"Already subscribed"}})");
    CHECK(only<Log>(refused).text == "error 6: Already subscribed");
}

TEST_CASE("ticker and trade are a quote and a public print", "[ingest][kalshi]") {
    const Batch ticker = read_one(
        R"({"type":"ticker","sid":11,"msg":{"market_ticker":"KX-1","price_dollars":"0.480",)"
        R"("yes_bid_dollars":"0.450","yes_ask_dollars":"1.0000","yes_bid_size_fp":"300.00",)"
        R"("yes_ask_size_fp":"0.00","ts":1669149841,"ts_ms":1669149841000}})");
    const auto& quote = only<Quote>(ticker);
    CHECK(quote.bid == Price{450'000});
    CHECK(quote.bid_shares == Shares{300'000'000});
    CHECK_FALSE(quote.ask);
    CHECK_FALSE(quote.ask_shares);
    CHECK(ticker[0].time == at("2022-11-22T20:44:01Z"));

    const Batch print = read_one(
        R"({"type":"trade","sid":1,"seq":42,"msg":{"trade_id":"t9","market_ticker":"KX-1",)"
        R"("yes_price":55,"count":10,"taker_side":"no","ts":1707667200}})");
    const auto& trade = only<Trade>(print);
    CHECK(trade.outcome == "no");
    CHECK(trade.side == Side::buy);
    CHECK(trade.price == Price{450'000});
    CHECK(trade.shares == Shares{10'000'000});
    CHECK(print[0].id == "t9");
}

TEST_CASE("a market has outcomes yes and no, nets, and may be resolved", "[ingest][kalshi]") {
    const Batch batch = read_one(
        R"({"market":{"ticker":"KX-1","event_ticker":"KX","title":"BTC up?","status":"finalized",)"
        R"("open_time":"2026-03-01T00:00:00Z","close_time":"2026-03-01T00:15:00Z",)"
        R"("floor_strike":65000.5,"tick_size":1,"result":"no"}})");
    REQUIRE(batch.size() == 2);
    const auto& market = std::get<MarketDefined>(batch[0].body);
    CHECK(market.title == "BTC up?");
    CHECK(market.event == "KX");
    CHECK(market.outcomes == std::vector<Outcome>{{"yes", ""}, {"no", ""}});
    CHECK(market.nets == true);
    CHECK_FALSE(market.fee);
    CHECK(market.tick == Price{10'000});
    CHECK(market.closes == at("2026-03-01T00:15:00Z"));
    CHECK(format_decimal(market.strike->attos, 18) == "65000.5");
    const auto& resolved = std::get<MarketResolved>(batch[1].body);
    CHECK(resolved.payouts == std::vector<Ratio>{{0}, {kMicro}});
    CHECK(resolved.evidence == "market finalized");

    const Batch open = read_one(R"({"markets":[{"ticker":"A","result":""},{"ticker":"B"}]})");
    CHECK(open.size() == 2);
}

TEST_CASE("an order book answer is the book of the market it names or answers",
          "[ingest][kalshi]") {
    constexpr std::string_view kAnswer =
        R"({"orderbook_fp":{"yes_dollars":[["0.1500","100.00"]],"no_dollars":null}})";
    Kalshi venue{Settings{}};
    const Batch batch = read_with(venue, kAnswer, "KX-1");
    REQUIRE(batch.size() == 2);
    CHECK(batch[0].market == "KX-1");
    CHECK(std::get<Book>(batch[0].body).bids->size() == 1);
    CHECK(why(read_one(kAnswer)) == "a book without market");
}

TEST_CASE("what is not known is kept with a reason", "[ingest][kalshi]") {
    CHECK(why(read_one(R"({"type":"multivariate","sid":3,"msg":{}})")) ==
          "frame type 'multivariate' is not known");
    CHECK(why(read_one(R"({"a":1})")) == "no known Kalshi frame or answer");
    CHECK(why(read_one("garbage")).starts_with("not JSON at byte"));
    CHECK(read_one("garbage")[0].raw == "garbage");
}

TEST_CASE("balances and life of a market are told as they were observed", "[ingest][kalshi]") {
    CHECK(only<Balance>(read_one(R"({"balance":12345,"updated_ts":1786085189})")).cash ==
          Money{123'450'000});
    const Batch ended =
        read_one(R"({"type":"market_lifecycle_v2","sid":13,"msg":{"market_ticker":"KX-1",)"
                 R"("event_type":"determined","result":"yes","determination_ts":1786085189}})");
    CHECK(only<MarketResolved>(ended).payouts == std::vector<Ratio>{{kMicro}, {0}});
    const Batch paused =
        read_one(R"({"type":"market_lifecycle_v2","sid":13,"msg":{"market_ticker":"KX-1",)"
                 R"("event_type":"deactivated","is_deactivated":true}})");
    CHECK(only<MarketChanged>(paused).accepting == false);
}
