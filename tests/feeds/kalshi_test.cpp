#include "src/ingest/kalshi.hpp"

#include "src/feeds/kalshi_protocol.hpp"
#include "src/feeds/session.hpp"
#include "src/feeds/signing_key.hpp"
#include "support/catch.hpp"

namespace daybook::feeds {
namespace {

Now at(std::int64_t millis) {
    return {Time{1'786'085'188 * kNanosPerSecond + millis * kNanosPerMilli}, milliseconds{millis}};
}

std::vector<FeedState> states(const Notes& notes) {
    std::vector<FeedState> states;
    for (const Feed& note : notes) states.push_back(note.state);
    return states;
}

using enum FeedState;

/// A session that hears frames as the venue writes them (venue page §12).
struct Listener {
    Session session{kalshi_market_protocol(milliseconds{60'000})};
    ingest::Kalshi reader{{}};

    ingest::Batch read(const std::string& frame) {
        ingest::Input input;
        input.payload = frame;
        return reader.read(input);
    }
    Notes hear(const std::string& frame, Now now) { return session.heard(read(frame), now); }
    Notes hear_book(std::uint64_t sid, std::uint64_t seq, const std::string& ticker, Now now) {
        return hear(R"({"type":"orderbook_snapshot","sid":)" + std::to_string(sid) + R"(,"seq":)" +
                        std::to_string(seq) + R"(,"msg":{"market_ticker":")" + ticker +
                        R"(","yes_dollars_fp":[["0.4300","10.00"]],"no_dollars_fp":[]}})",
                    now);
    }
    Notes hear_change(std::uint64_t seq, Now now) {
        return hear(R"({"type":"orderbook_delta","sid":1,"seq":)" + std::to_string(seq) +
                        R"(,"msg":{"market_ticker":"KX-1","price_dollars":"0.4300",)"
                        R"("delta_fp":"1.00","side":"yes","ts_ms":1786085188978}})",
                    now);
    }
};

constexpr const char* kSubscribed =
    R"({"type":"subscribed","id":1,"msg":{"channel":"orderbook_delta","sid":1}})";
constexpr const char* kUnsubscribed = R"({"type":"unsubscribed","id":3,"sid":1,"seq":5})";

/// Subscribed to KX-1 and KX-2, whose books have come as frames 1 and 2 of subscription 1.
Listener running() {
    Listener listener;
    listener.session.want({"KX-1", "KX-2"});
    (void)listener.session.opened(at(0));
    (void)listener.session.due(at(0));
    (void)listener.hear(kSubscribed, at(5));
    (void)listener.hear_book(1, 1, "KX-1", at(10));
    (void)listener.hear_book(1, 2, "KX-2", at(20));
    return listener;
}

TEST_CASE("Kalshi: books, tickers, trades of the tickers, and the life of all markets",
          "[feeds][kalshi]") {
    Session session{kalshi_market_protocol(milliseconds{60'000})};
    session.want({"KX-1"});
    (void)session.opened(at(0));
    const Due first = session.due(at(0));
    REQUIRE(first.texts.size() == 2);
    CHECK(first.texts[0] ==
          R"({"id":1,"cmd":"subscribe","params":{"channels":["orderbook_delta","ticker","trade"],)"
          R"("market_tickers":["KX-1"]}})");
    CHECK(first.texts[1] ==
          R"({"id":2,"cmd":"subscribe","params":{"channels":["market_lifecycle_v2"]}})");
    session.want({"KX-1", "KX-2"});
    CHECK(session.due(at(100)).texts ==
          Texts{R"({"id":3,"cmd":"subscribe","params":{"channels":)"
                R"(["orderbook_delta","ticker","trade"],"market_tickers":["KX-2"]}})"});
}

TEST_CASE("Kalshi: a market that is over is left, on each subscription", "[feeds][kalshi]") {
    Listener listener = running();
    listener.session.want({"KX-1"});
    CHECK(listener.session.due(at(100)).texts ==
          Texts{R"({"id":3,"cmd":"update_subscription","params":{"sids":[1],)"
                R"("market_tickers":["KX-2"],"action":"delete_markets"}})"});
}

TEST_CASE("Kalshi: a hole in the count ends the subscription and makes it anew; then it is whole",
          "[feeds][kalshi]") {
    Listener listener = running();
    CHECK(listener.hear_change(4, at(1'000)).empty());  // 3 is missing; ingest records the gap
    CHECK(listener.session.due(at(1'000)).texts ==
          Texts{R"({"id":3,"cmd":"unsubscribe","params":{"sids":[1]}})"});
    CHECK(listener.session.due(at(1'100)).texts.empty());
    (void)listener.hear(kUnsubscribed, at(1'200));
    CHECK(listener.session.due(at(1'200)).texts ==
          Texts{R"({"id":4,"cmd":"subscribe","params":{"channels":["orderbook_delta"],)"
                R"("market_tickers":["KX-1","KX-2"]}})"});
    (void)listener.hear(
        R"({"type":"subscribed","id":4,"msg":{"channel":"orderbook_delta","sid":9}})", at(1'300));
    CHECK(listener.hear_book(9, 1, "KX-1", at(1'310)).empty());
    const Notes whole = listener.hear_book(9, 2, "KX-2", at(1'320));
    REQUIRE(states(whole) == std::vector{resynced});
    CHECK(whole[0].channel == "orderbook_delta");
    CHECK(whole[0].stream == "sid:1");
    CHECK(whole[0].detail ==
          "whole again; not so from 2026-08-07T06:46:28.02Z to 2026-08-07T06:46:29.32Z (1.300 s)");
}

TEST_CASE("Kalshi: a hole that no book mends ends the connection", "[feeds][kalshi]") {
    Listener listener = running();
    (void)listener.hear_change(4, at(1'000));
    (void)listener.session.due(at(1'000));
    (void)listener.session.heard({}, at(20'999));
    CHECK_FALSE(listener.session.due(at(20'999)).cut);
    CHECK(listener.session.due(at(21'000)).cut == "no books after a hole in sid:1");
    (void)listener.session.ended("no books", at(21'000));
    const Notes opened = listener.session.opened(at(21'500));
    REQUIRE(states(opened) == std::vector{connected, gap});
    CHECK(opened[1].detail.find("from 2026-08-07T06:46:28.02Z ") != std::string::npos);
}

TEST_CASE("Kalshi: the life of markets nobody asked for is not recorded, all else is",
          "[feeds][kalshi]") {
    Listener listener = running();
    const auto life = [&](const std::string& ticker) {
        return listener.session.concerns(listener.read(
            R"({"type":"market_lifecycle_v2","sid":2,"msg":{"market_ticker":")" + ticker +
            R"(","event_type":"determined","result":"yes","determination_ts":1786085188}})"));
    };
    CHECK(life("KX-1"));
    CHECK_FALSE(life("ELSE-1"));
    CHECK_FALSE(listener.session.concerns(listener.read(
        R"({"type":"event_lifecycle","sid":2,"msg":{"event_ticker":"ELSE","title":"x"}})")));
    CHECK(listener.session.concerns(listener.read("{}")));
    listener.session.want({"KX-2"});
    (void)listener.session.due(at(100));
    (void)listener.session.heard({}, at(100));
    CHECK(listener.session.concerns(listener.read(  // its number counts, whosever it is
        R"({"type":"orderbook_delta","sid":1,"seq":3,"msg":{"market_ticker":"KX-1",)"
        R"("price_dollars":"0.4300","delta_fp":"1.00","side":"yes"}})")));
}

TEST_CASE("Kalshi: answers to commands are no data", "[feeds][kalshi]") {
    Listener listener = running();
    (void)listener.hear(kSubscribed, at(59'000));
    CHECK(listener.session.due(at(60'020)).cut);
}

TEST_CASE("Kalshi: it is asked by pings of WebSocket whether it lives", "[feeds][kalshi]") {
    Listener listener = running();
    const Due due = listener.session.due(at(10'000));
    CHECK(due.ping);
    CHECK(due.texts.empty());
}

TEST_CASE("what is no RSA key is refused", "[feeds][signing_key]") {
    for (const char* const bad : {"", "key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END"})
        CHECK_FALSE(SigningKey::parse(bad));
}

}  // namespace
}  // namespace daybook::feeds
