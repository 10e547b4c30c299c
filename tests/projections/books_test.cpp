#include "projections/fold/books.hpp"

#include "support/catch.hpp"
#include "support/events.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

Book book(std::string outcome, std::vector<Level> bids,
          std::optional<std::vector<Level>> asks = {}) {
    Book body;
    body.outcome = std::move(outcome);
    body.bids = std::move(bids);
    body.asks = std::move(asks);
    return body;
}
Book streamed(Book body, std::string stream, std::uint64_t number) {
    body.stream = std::move(stream);
    body.stream_seq = number;
    return body;
}
BookChange totals(std::string outcome, std::vector<Change> changes) {
    BookChange body;
    body.outcome = std::move(outcome);
    body.changes = std::move(changes);
    return body;
}
BookChange deltas(std::string outcome, std::vector<Change> differences) {
    BookChange body;
    body.outcome = std::move(outcome);
    body.deltas = std::move(differences);
    return body;
}
Feed feed(FeedState state, std::string channel = "market") {
    Feed body;
    body.channel = std::move(channel);
    body.state = state;
    return body;
}
MarketDefined up_down(std::vector<std::string> aliases = {}) {
    MarketDefined defined;
    defined.outcomes = {{"Up", "111"}, {"Down", "222"}};
    defined.aliases = std::move(aliases);
    return defined;
}
Event at(std::uint64_t seq, Body body) { return event_at(seq, "m", std::move(body)); }
/// The book of `outcome` in the first market named.
BookView view(const std::vector<Event>& events, std::string_view outcome = "Up") {
    MemoryRows rows;
    fold(books_projection(), rows, events);
    const Books books{rows};
    return books.find(books.markets().lookup("polymarket", "m").value(), outcome);
}
std::vector<Level> levels(std::initializer_list<std::pair<int, int>> pairs) {
    std::vector<Level> out;
    for (const auto& [price, size] : pairs) out.push_back({cents(price), shares(size)});
    return out;
}
const Book kBook = book("Up", levels({{40, 10}, {42, 5}}), levels({{45, 7}, {44, 3}}));

}  // namespace

TEST_CASE("a book is shown best price first and is trusted", "[fold][books]") {
    const BookView up = view({at(1, kBook)});
    REQUIRE(up.bids == levels({{42, 5}, {40, 10}}));
    REQUIRE(up.asks == levels({{44, 3}, {45, 7}}));
    REQUIRE(up.trusted());
}

TEST_CASE("a book replaces the whole book before it", "[fold][books]") {
    const BookView up = view({at(1, kBook), at(2, book("Up", levels({{42, 6}}), levels({})))});
    REQUIRE(up.bids == levels({{42, 6}}));
    REQUIRE(up.asks.empty());
}

TEST_CASE("changes set totals, and nothing left removes the level", "[fold][books]") {
    const BookView up =
        view({at(1, kBook), at(2, totals("Up", {{cents(42), {}, Side::buy},
                                                {cents(41), shares(2), Side::buy},
                                                {cents(44), shares(9), Side::sell}}))});
    REQUIRE(up.bids == levels({{41, 2}, {40, 10}}));
    REQUIRE(up.asks == levels({{44, 9}, {45, 7}}));
    REQUIRE(up.row.seq == Sequence{2});
    REQUIRE(up.row.book_seq == Sequence{1});
}

TEST_CASE("deltas add to a level, and one below nothing makes the book doubtful", "[fold][books]") {
    const Event less = at(2, deltas("Up", {{cents(40), shares(-4), Side::buy}}));
    REQUIRE(view({at(1, kBook), less}).bids == levels({{42, 5}, {40, 6}}));
    REQUIRE(view({at(1, kBook), less}).trusted());
    const BookView broken =
        view({at(1, kBook), at(2, deltas("Up", {{cents(40), shares(-11), Side::buy}}))});
    REQUIRE(broken.bids == levels({{42, 5}}));
    REQUIRE(broken.distrust == Distrust::inconsistent);
}

TEST_CASE("a change before any book is kept and flagged", "[fold][books]") {
    const BookView up = view({at(1, totals("Up", {{cents(42), shares(3), Side::buy}}))});
    REQUIRE(up.bids == levels({{42, 3}}));
    REQUIRE(up.distrust == Distrust::no_book);
    REQUIRE(up.row.flags.has(BookFlag::change_before_book));
}

TEST_CASE("quotes and public trades never touch the levels", "[fold][books]") {
    Quote quote;
    quote.outcome = "Up";
    quote.bid = cents(43);
    Trade trade;
    trade.outcome = "Up";
    trade.price = cents(44);
    trade.shares = shares(100);
    const BookView up = view({at(1, kBook), at(2, quote), at(3, trade)});
    REQUIRE(up.bids == view({at(1, kBook)}).bids);
    REQUIRE(up.asks == view({at(1, kBook)}).asks);
    REQUIRE(up.row.seq == Sequence{1});
    REQUIRE(up.quote->said.bid == cents(43));
    REQUIRE(up.trade->said.shares == shares(100));
}

TEST_CASE("a lost, stale or broken feed makes books doubtful until the next book",
          "[fold][books]") {
    for (const FeedState state : {FeedState::lost, FeedState::stale, FeedState::gap}) {
        Event trouble = event_at(2, "", feed(state));
        REQUIRE_FALSE(view({at(1, kBook), trouble}).trusted());
        const Event back = event_at(3, "", feed(FeedState::resynced));
        REQUIRE_FALSE(view({at(1, kBook), trouble, back}).trusted());
        REQUIRE(view({at(1, kBook), trouble, at(3, kBook)}).trusted());
        trouble.venue = "kalshi";
        REQUIRE(view({at(1, kBook), trouble}).trusted());
    }
    REQUIRE(view({at(1, kBook), event_at(2, "", feed(FeedState::lost, "user"))}).trusted());
    REQUIRE(view({at(1, kBook), event_at(2, "", feed(FeedState::connected))}).trusted());
}

TEST_CASE("a feed that names an outcome or a stream makes only its books doubtful",
          "[fold][books]") {
    Feed down = feed(FeedState::stale);
    down.outcome = "Down";
    const std::vector<Event> two = {at(1, kBook), at(2, book("Down", levels({{50, 1}}))),
                                    at(3, down)};
    REQUIRE(view(two, "Up").trusted());
    REQUIRE(view(two, "Down").distrust == Distrust::feed_stale);
    Feed stream = feed(FeedState::gap);
    stream.stream = "7";
    const std::vector<Event> streams = {at(1, streamed(kBook, "6", 1)),
                                        at(2, streamed(book("Down", {}), "7", 1)),
                                        event_at(3, "", stream)};
    REQUIRE(view(streams, "Up").trusted());
    REQUIRE(view(streams, "Down").distrust == Distrust::feed_gap);
}

// Kalshi answers commands with `ok` frames that use up a number (kalshi-ws-aug2026, README).
TEST_CASE("an answer to a command uses up its number of the stream", "[fold][books]") {
    Feed answer = feed(FeedState::subscribed);
    answer.stream = "sid";
    answer.stream_seq = 2;
    const Event up = at(1, streamed(kBook, "sid", 1));
    const Event down = at(3, streamed(book("Down", levels({{50, 1}})), "sid", 3));
    REQUIRE(view({up, event_at(2, "", answer), down}, "Up").trusted());
    answer.stream_seq = 3;
    REQUIRE(view({up, event_at(2, "", answer), down}, "Up").distrust == Distrust::stream_gap);
}

TEST_CASE("a missing number of a stream makes every book of the stream doubtful", "[fold][books]") {
    const Event up = at(1, streamed(kBook, "sid", 1));
    const Event down = at(2, streamed(book("Down", levels({{50, 1}})), "sid", 1));
    BookChange change = deltas("Up", {{cents(40), shares(1), Side::buy}});
    change.stream = "sid";
    change.stream_seq = 2;
    REQUIRE(view({up, down, at(3, change)}, "Down").trusted());
    change.stream_seq = 3;
    REQUIRE(view({up, down, at(3, change)}, "Down").distrust == Distrust::stream_gap);
    REQUIRE(view({up, down, at(3, change)}, "Up").distrust == Distrust::stream_gap);
    const Event again = at(4, streamed(kBook, "sid", 4));
    REQUIRE(view({up, down, at(3, change), again}, "Up").trusted());
    REQUIRE_FALSE(view({up, down, at(3, change), again}, "Down").trusted());
}

TEST_CASE("another tick makes the books of a market doubtful", "[fold][books]") {
    MarketChanged changed;
    changed.old_tick = cents(1);
    changed.tick = Price{1'000};
    REQUIRE(view({at(1, kBook), at(2, changed)}).distrust == Distrust::tick_changed);
    REQUIRE(view({at(1, kBook), at(2, changed), at(3, kBook)}).trusted());
    changed.tick = {};
    changed.accepting = false;
    REQUIRE(view({at(1, kBook), at(2, changed)}).trusted());
}

TEST_CASE("a book named by a token before its market is defined is found by its name after",
          "[fold][books]") {
    const Event early = event_at(1, "0xabc", book("111", levels({{42, 5}}), levels({{44, 3}})));
    Quote quote;
    quote.outcome = "down";
    quote.bid = cents(55);
    const std::vector<Event> events = {early, at(2, quote), at(3, up_down({"0xabc"})),
                                       at(4, totals("Up", {{cents(41), shares(1), Side::buy}}))};
    REQUIRE(view(events, "UP").bids == levels({{42, 5}, {41, 1}}));
    REQUIRE(view(events, "111").trusted());
    REQUIRE(view(events, "0").row.outcome == "111");
    REQUIRE(view(events, "222").quote->said.bid == cents(55));
}

TEST_CASE("of two books that turn out to be one the later whole book stays", "[fold][books]") {
    const Event by_token = at(1, book("111", levels({{42, 5}}), levels({})));
    const Event by_name = at(2, book("Up", levels({{43, 6}}), levels({})));
    const BookView whole = view({by_token, by_name, at(3, up_down())});
    REQUIRE(whole.bids == levels({{43, 6}}));
    REQUIRE(whole.trusted());
    const Event change = at(3, totals("111", {{cents(42), shares(9), Side::buy}}));
    REQUIRE(view({by_token, by_name, change, at(4, up_down())}).distrust == Distrust::joined);
}

TEST_CASE("where only bids are published the ask is 1 less the other's best bid", "[fold][books]") {
    const std::vector<Event> events = {at(1, book("Yes", levels({{40, 10}, {42, 5}}))),
                                       at(2, book("No", levels({{55, 8}})))};
    const BookView yes = view(events, "Yes");
    const BookView no = view(events, "No");
    REQUIRE(best_ask(yes, no) == Level{cents(45), shares(8)});
    REQUIRE(best_ask(no, yes) == Level{cents(58), shares(5)});
    REQUIRE_FALSE(best_ask(yes, BookView{}));
    const BookView up = view({at(1, kBook)});
    REQUIRE(best_ask(up, no) == Level{cents(44), shares(3)});
}
