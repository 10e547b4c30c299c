#include "src/feeds/address.hpp"
#include "src/feeds/roster.hpp"
#include "src/feeds/subscriptions.hpp"
#include "support/catch.hpp"

namespace daybook::feeds {
namespace {

Time second(std::int64_t seconds) { return {seconds * kNanosPerSecond}; }
constexpr std::int64_t kOpens = 1'777'514'400;  // of btc-updown-15m-1777514400 (venue page §1)
const Series kBitcoin{"btc", "15m", 900};

ingest::Batch defined(const std::string& up, const std::string& down) {
    Event event;
    MarketDefined market;
    market.outcomes = {{"Up", up}, {"Down", down}};
    event.body = market;
    return {event};
}

TEST_CASE("the window that is open and the next one are followed", "[feeds][windows]") {
    for (const std::int64_t now : {kOpens, kOpens + 450, kOpens + 899}) {
        const auto windows = windows_at(kBitcoin, second(now));
        REQUIRE(windows.size() == 2);
        CHECK(windows[0].slug == "btc-updown-15m-1777514400");
        CHECK(windows[1].slug == "btc-updown-15m-1777515300");
        CHECK(windows[0].closes == windows[1].opens);
    }
    CHECK(windows_at(kBitcoin, second(kOpens + 900))[0].slug == "btc-updown-15m-1777515300");
}

TEST_CASE("a window is a number with its unit", "[feeds][windows]") {
    CHECK(window_seconds("15m").value() == 900);
    CHECK(window_seconds("4h").value() == 14'400);
    for (const char* bad :
         {"", "m", "15", "0m", "-5m", "1y", "15 m", "99999999999999999999m", "25h"})
        CHECK_FALSE(window_seconds(bad));
}

TEST_CASE("a market is asked for until it is known, then from its end until it is resolved",
          "[feeds][roster]") {
    Wish wish;
    wish.markets = {"/markets?slug=x-updown"};
    Roster roster{wish};
    const auto asked = roster.question(second(kOpens));
    REQUIRE(asked == "/markets?slug=x-updown");
    roster.answered(*asked, {}, second(kOpens));
    CHECK_FALSE(roster.question(second(kOpens + 14)));
    CHECK(roster.question(second(kOpens + 15)) == asked);
    auto batch = defined("1", "2");
    std::get<MarketDefined>(batch[0].body).closes = second(kOpens + 900);
    roster.answered(*asked, batch, second(kOpens + 15));
    CHECK(roster.items(second(kOpens + 15)) == std::set<std::string>{"1", "2"});
    CHECK_FALSE(roster.question(second(kOpens + 909)));
    CHECK(roster.question(second(kOpens + 910)) == asked);
    roster.answered(*asked, batch, second(kOpens + 910));
    CHECK(roster.question(second(kOpens + 940)) == asked);
    Event resolved;
    resolved.body = MarketResolved{};
    batch.push_back(resolved);
    roster.answered(*asked, batch, second(kOpens + 940));
    CHECK_FALSE(roster.question(second(kOpens + 80'000)));
    CHECK(roster.items(second(kOpens + 1'000)).empty());
}

TEST_CASE("the tokens of the next window are there before this one ends", "[feeds][roster]") {
    Wish wish;
    wish.series = {kBitcoin};
    Roster roster{wish};
    for (auto asked = roster.question(second(kOpens)); asked;
         asked = roster.question(second(kOpens))) {
        roster.answered(*asked, defined(*asked + "/up", *asked + "/down"), second(kOpens));
    }
    CHECK(roster.items(second(kOpens)).size() == 4);
    CHECK(roster.items(second(kOpens)).contains("/markets?slug=btc-updown-15m-1777515300/up"));
    CHECK(roster.items(second(kOpens + 950)).size() == 4);  // a minute longer: late trades
    CHECK(roster.items(second(kOpens + 961)).size() == 2);
}

TEST_CASE("a next window that Gamma does not know is asked for in a hurry when it opens",
          "[feeds][roster]") {
    Wish wish;
    wish.series = {kBitcoin};
    Roster roster{wish};
    const Time late = second(kOpens + 850);
    (void)roster.question(late);
    roster.answered("/markets?slug=btc-updown-15m-1777514400", defined("1", "2"), late);
    roster.answered("/markets?slug=btc-updown-15m-1777515300", {}, late);
    CHECK_FALSE(roster.question(second(kOpens + 851)));
    CHECK(roster.question(second(kOpens + 852)) == "/markets?slug=btc-updown-15m-1777515300");
}

TEST_CASE("a question without an answer is asked again soon, behind the others",
          "[feeds][roster]") {
    Wish wish;
    wish.markets = {"/a", "/b"};
    Roster roster{wish};
    REQUIRE(roster.question(second(kOpens)) == "/a");
    roster.failed("/a", second(kOpens));
    CHECK(roster.question(second(kOpens)) == "/b");
    roster.failed("/b", second(kOpens + 1));
    CHECK_FALSE(roster.question(second(kOpens + 1)));
    CHECK(roster.question(second(kOpens + 2)) == "/a");
}

ingest::Batch kalshi_market(const std::string& ticker, std::int64_t closes) {
    Event event;
    event.market = ticker;
    MarketDefined market;
    market.outcomes = {{"yes", ""}, {"no", ""}};
    market.closes = second(closes);
    event.body = market;
    return {event};
}

TEST_CASE("the markets of a list are followed by name, and the list is asked for again",
          "[feeds][roster]") {
    Wish wish;
    wish.lists = {"/markets?series_ticker=KX"};
    wish.listed = "/markets/";
    Roster roster{wish};
    REQUIRE(roster.question(second(kOpens)) == wish.lists[0]);
    roster.answered(wish.lists[0], kalshi_market("KX-1", kOpens + 900), second(kOpens));
    CHECK(roster.items(second(kOpens)) == Items{"KX-1"});
    CHECK_FALSE(roster.question(second(kOpens + 14)));
    REQUIRE(roster.question(second(kOpens + 15)) == wish.lists[0]);
    roster.answered(wish.lists[0], kalshi_market("KX-2", kOpens + 1'800), second(kOpens + 15));
    CHECK(roster.items(second(kOpens + 15)) == Items{"KX-1", "KX-2"});
    roster.answered(wish.lists[0], {}, second(kOpens + 905));
    CHECK(roster.question(second(kOpens + 910)) == "/markets/KX-1");  // how did it end?
    CHECK(roster.items(second(kOpens + 961)) == Items{"KX-2"});
}

TEST_CASE("no connection has more than it may, and nothing moves", "[feeds][subscriptions]") {
    Items wanted;
    for (int i = 0; i < 1'203; ++i) wanted.insert(std::to_string(i));
    const auto three = distribute({}, wanted, 500);
    REQUIRE(three.size() == 3);
    for (const Items& items : three) CHECK(items.size() <= 500);
    Items fewer = three[0];
    fewer.insert(three[2].begin(), three[2].end());
    fewer.insert("new");
    const auto after = distribute(three, fewer, 500);
    CHECK(after[0] == three[0]);
    CHECK(after[1] == Items{"new"});
    CHECK(after[2] == three[2]);
}

TEST_CASE("an address is TLS to a host and nothing else", "[feeds][address]") {
    const Address address = parse_address("wss://localhost:8443/ws/").value();
    CHECK(address.host == "localhost");
    CHECK(address.port == "8443");
    CHECK(address.path == "/ws");
    CHECK(parse_address("https://gamma-api.polymarket.com").value().port == "443");
    for (const char* bad : {"", "http://a", "ws://localhost", "https://", "https://a:b",
                            "https://user@a", "https://a/\r\nX: y", "https://a b"})
        CHECK_FALSE(parse_address(bad));
}

}  // namespace
}  // namespace daybook::feeds
