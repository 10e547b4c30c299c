#include "src/feeds/session.hpp"

#include "src/feeds/polymarket_protocol.hpp"
#include "support/catch.hpp"

namespace daybook::feeds {
namespace {

constexpr std::int64_t kStart = 1'777'514'400;

Now at(std::int64_t millis) {
    return {Time{kStart * kNanosPerSecond + millis * kNanosPerMilli}, milliseconds{millis}};
}

ingest::Batch book_of(const std::string& token) {
    Event event;
    event.body = Book{token, {}, {}, "", "", {}};
    return {event};
}

std::vector<FeedState> states(const Notes& notes) {
    std::vector<FeedState> states;
    for (const Feed& note : notes) states.push_back(note.state);
    return states;
}

/// Open since 0 ms, subscribed to two tokens, whose books have come.
Session running() {
    Session session{market_protocol(milliseconds{5'000})};
    session.want({"1", "2"});
    (void)session.opened(at(0));
    (void)session.due(at(0));
    (void)session.heard(book_of("1"), at(10));
    (void)session.heard(book_of("2"), at(20));
    return session;
}

using enum FeedState;

TEST_CASE("a connection first subscribes all that is wanted, later what changed",
          "[feeds][session]") {
    Session session{market_protocol(milliseconds{5'000})};
    session.want({"1", "2"});
    CHECK(states(session.opened(at(0))) == std::vector{connected});
    const Due first = session.due(at(0));
    REQUIRE(first.texts.size() == 1);
    CHECK(first.texts[0] ==
          R"({"assets_ids":["1","2"],"type":"market","custom_feature_enabled":true})");
    CHECK(states(first.notes) == std::vector{subscribed});
    CHECK(session.due(at(100)).texts.empty());
    session.want({"2", "3"});
    const Due later = session.due(at(200));
    REQUIRE(later.texts.size() == 2);
    CHECK(later.texts[0] ==
          R"({"assets_ids":["3"],"operation":"subscribe","custom_feature_enabled":true})");
    CHECK(later.texts[1] == R"({"assets_ids":["1"],"operation":"unsubscribe"})");
}

TEST_CASE("PING is sent every 10 s", "[feeds][session]") {
    Session session{user_protocol({"key", "secret", "phrase"})};
    session.want({"all"});
    (void)session.opened(at(0));
    (void)session.due(at(0));
    CHECK(session.due(at(9'999)).texts.empty());
    CHECK(session.due(at(10'000)).texts == std::vector<std::string>{"PING"});
    CHECK(session.due(at(10'100)).texts.empty());
}

TEST_CASE("PONG alone does not keep a connection from being stale", "[feeds][session]") {
    Session session = running();
    (void)session.heard({}, at(4'000));
    CHECK_FALSE(session.due(at(5'019)).cut);
    const Due due = session.due(at(5'020));
    REQUIRE(due.cut);
    CHECK(*due.cut == "stale: open, but no data for 5.000 s");
    CHECK(states(due.notes) == std::vector{stale});
    CHECK(due.notes[0].detail ==
          "from 2026-04-30T02:00:00.02Z to 2026-04-30T02:00:05.02Z (5.000 s)");
}

TEST_CASE("new markets that everybody is told of are no data", "[feeds][session]") {
    Session session = running();
    Event broadcast;
    broadcast.body = MarketDefined{};
    (void)session.heard({broadcast}, at(5'000));
    CHECK(session.due(at(5'020)).cut);
}

TEST_CASE("a market that stays quiet is doubted ever more seldom, one with news as before",
          "[feeds][session]") {
    Session session = running();  // 5 s of silence
    std::int64_t now = 20;
    for (const std::int64_t patience : {5'000, 10'000, 20'000}) {
        (void)session.heard({}, at(now + patience - 1));
        CHECK_FALSE(session.due(at(now + patience - 1)).cut);
        CHECK(session.due(at(now + patience)).cut);
        now += patience;
        (void)session.ended("stale", at(now));
        (void)session.opened(at(now));
        (void)session.due(at(now));
        (void)session.heard(book_of("1"), at(now));
        (void)session.heard(book_of("2"), at(now));
    }
    Event change;
    change.body = BookChange{};
    (void)session.heard({change}, at(now));
    CHECK(session.due(at(now + 5'000)).cut);
}

TEST_CASE("while nobody reads, silence says nothing", "[feeds][session]") {
    Session session = running();
    session.not_read(at(5'000));
    CHECK_FALSE(session.due(at(5'020)).cut);
}

TEST_CASE("a user channel may be silent, but must answer", "[feeds][session]") {
    Session session{user_protocol({"key", "secret", "phrase"})};
    session.want({"all"});
    (void)session.opened(at(0));
    (void)session.due(at(0));
    CHECK_FALSE(session.due(at(29'999)).cut);
    CHECK(session.due(at(30'000)).cut == "no answer to PING for 30.000 s");
}

TEST_CASE("an outage is lost, then a gap with its bounds, then resynced when every book is here",
          "[feeds][session]") {
    Session session = running();
    const Notes lost_notes = session.ended("reset", at(1'000));
    CHECK(states(lost_notes) == std::vector{lost});
    CHECK(lost_notes[0].detail == "reset; open for 1.000 s");
    const Notes opened = session.opened(at(3'020));
    REQUIRE(states(opened) == std::vector{connected, gap});
    CHECK(opened[1].detail ==
          "nothing was recorded from 2026-04-30T02:00:00.02Z to 2026-04-30T02:00:03.02Z (3.000 s): "
          "reset; made good: books, and trades by REST");
    (void)session.due(at(3'020));
    CHECK(session.heard(book_of("1"), at(3'030)).empty());
    const Notes again = session.heard(book_of("2"), at(3'050));
    REQUIRE(states(again) == std::vector{resynced});
    CHECK(session.heard(book_of("2"), at(3'060)).empty());
}

TEST_CASE("own orders that were missed are never told to be whole again", "[feeds][session]") {
    Session session{user_protocol({"key", "secret", "phrase"})};
    session.want({"all"});
    (void)session.opened(at(0));
    (void)session.due(at(0));
    (void)session.ended("reset", at(1'000));
    CHECK(states(session.opened(at(2'000))) == std::vector{connected, gap});
    (void)session.due(at(2'000));
    CHECK(session.heard(book_of("1"), at(2'100)).empty());
    (void)session.ended("reset", at(3'000));
    const Notes opened = session.opened(at(4'000));  // a gap of its own, behind what came meanwhile
    CHECK(opened.back().detail.starts_with("nothing was recorded from 2026-04-30T02:00:02.1Z"));
}

TEST_CASE("an outage during an outage is one gap from the first moment on", "[feeds][session]") {
    Session session = running();
    (void)session.ended("reset", at(1'000));
    (void)session.opened(at(2'000));
    (void)session.due(at(2'000));
    (void)session.ended("reset", at(2'100));
    const Notes opened = session.opened(at(4'000));
    REQUIRE(states(opened) == std::vector{connected, gap});
    CHECK(opened[1].detail.starts_with("nothing was recorded from 2026-04-30T02:00:00.02Z"));
}

TEST_CASE("what was not recorded makes the gap longer", "[feeds][session]") {
    Session session = running();
    (void)session.heard(book_of("1"), at(2'000));
    (void)session.ended("the disk is full", at(2'100), at(15).wall);
    const Notes opened = session.opened(at(4'000));
    CHECK(opened.back().detail.starts_with("nothing was recorded from 2026-04-30T02:00:00.015Z"));
}

TEST_CASE("a venue that cannot be reached is told once for each reason", "[feeds][session]") {
    Session session{market_protocol(milliseconds{5'000})};
    CHECK(session.ended("refused", at(0)).size() == 1);
    CHECK(session.ended("refused", at(300)).empty());
    CHECK(session.ended("no name", at(900)).size() == 1);
}

TEST_CASE("books that do not come are asked for once, those the venue lacks are not awaited",
          "[feeds][session]") {
    Session session{market_protocol(milliseconds{5'000})};
    session.want({"1", "2"});
    (void)session.opened(at(0));
    (void)session.due(at(0));
    (void)session.heard(book_of("1"), at(10));
    CHECK(session.missing_books(at(1'999), milliseconds{2'000}).empty());
    CHECK(session.missing_books(at(2'000), milliseconds{2'000}) == Items{"2"});
    CHECK(session.missing_books(at(2'100), milliseconds{2'000}).empty());
}

TEST_CASE("a book that was asked for ends no silence and no gap", "[feeds][session]") {
    Session session = running();
    CHECK(session.fetched(book_of("1"), at(4'000)).empty());
    CHECK(session.due(at(5'020)).cut);
    (void)session.ended("stale", at(5'020));
    CHECK(session.fetched(book_of("1"), at(5'030)).empty());
    CHECK(states(session.opened(at(6'000))) == std::vector{connected, gap});
}

TEST_CASE("a connection that ends at once every time is opened ever more seldom",
          "[feeds][session]") {
    Session session{market_protocol(milliseconds{60'000})};
    session.want({"1"});
    for (std::int64_t round = 1; round <= 8; ++round) {
        const std::int64_t start = round * 60'000;
        (void)session.opened(at(start));
        (void)session.due(at(start));
        (void)session.heard(book_of("1"), at(start + 10));
        (void)session.ended("the disk is full", at(start + 20));
    }
    CHECK(session.pause(0) >= milliseconds{15'000});
    (void)session.opened(at(600'000));
    (void)session.due(at(600'000));
    (void)session.heard(book_of("1"), at(610'001));
    (void)session.ended("reset", at(620'000));
    CHECK(session.pause(0) == milliseconds{250});
}

TEST_CASE("waiting doubles up to 30 s and never falls below 0.25 s", "[feeds][session]") {
    for (std::uint64_t random = 0; random < 1'000; ++random) {
        milliseconds most{};
        for (int failures = 0; failures < 40; ++failures) {
            const milliseconds pause = back_off(failures, random);
            CHECK(pause >= milliseconds{250});
            CHECK(pause <= milliseconds{30'000});
            most = std::max(most, pause);
        }
        CHECK(most >= milliseconds{15'000});
    }
}

}  // namespace
}  // namespace daybook::feeds
