#include "projections/fold/liquidity.hpp"

#include <rapidcheck.h>

#include "projections/answers/liquidity.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"
#include "support/generator.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

Book book_of(const std::string& outcome, std::vector<Level> bids, std::vector<Level> asks) {
    Book book;
    book.outcome = outcome;
    book.bids = std::move(bids);
    book.asks = std::move(asks);
    return book;
}

/// "market outcome" and the sequences of its snapshots, as the answer has them.
std::map<std::string, std::vector<std::string>> snapshots(Rows& rows) {
    std::map<std::string, std::vector<std::string>> found;
    for (const auto& row : list_depth(rows, {}, 0).rows)
        found[row.at(2).value() + ' ' + row.at(4).value()].push_back(row.at(0).value());
    return found;
}

}  // namespace

TEST_CASE("a snapshot tells best price, shares there, depth and levels of both sides",
          "[fold][liquidity]") {
    MemoryRows rows;
    fold(liquidity_projection(), rows,
         {event_at(7, "m",
                   book_of("Up", {{cents(40), shares(3)}, {cents(42), shares(5)}},
                           {{cents(45), shares(7)}, {cents(44), shares(2)}, {cents(43), {}}}))});
    const Liquidity liquidity{rows};
    liquidity.totals([&](const Liquidity::Place& place, const DepthTotals& totals) {
        CHECK(totals == DepthTotals{1, 0, {7}, {7}});
        liquidity.for_each(place, [&](Sequence seq, const DepthRow& row) {
            CHECK(seq == Sequence{7});
            CHECK(row.bid == SideDepth{cents(42), shares(5), shares(8), 2});
            CHECK(row.ask == SideDepth{cents(44), shares(2), shares(9), 2});
            return true;
        });
    });
}

TEST_CASE("a side that the venue does not publish is absent, an empty one is empty",
          "[fold][liquidity]") {
    CHECK(side_depth(std::nullopt, Side::buy) == SideDepth{});
    CHECK(side_depth(std::vector<Level>{}, Side::buy) ==
          SideDepth{std::nullopt, std::nullopt, Shares{}, 0});
}

TEST_CASE("snapshots from before the definition are found under the outcome's name",
          "[fold][liquidity]") {
    MarketDefined defined;
    defined.aliases = {"0xc"};
    defined.outcomes = {{"Up", "111"}, {"Down", "222"}};
    MemoryRows rows;
    fold(liquidity_projection(), rows,
         {event_at(1, "0xc", book_of("222", {{cents(40), shares(3)}}, {})),
          event_at(2, "slug", book_of("Down", {{cents(41), shares(3)}}, {})),
          event_at(3, "slug", defined),
          event_at(4, "0xc", book_of("1", {{cents(42), shares(3)}}, {}))});
    CHECK(snapshots(rows) ==
          std::map<std::string, std::vector<std::string>>{{"slug Down", {"1", "2", "4"}}});
    const Listing first = list_depth(rows, {}, 2);
    CHECK(first.rows.size() == 2);
}

TEST_CASE("every book and quote is a snapshot, and the totals count them",
          "[fold][liquidity][law]") {
    CHECK(rc::check([](std::uint64_t seed) {
        MemoryRows rows;
        const auto events = story(seed);
        fold(liquidity_projection(), rows, events);
        std::size_t books = 0;
        for (const Event& event : events)
            books += std::holds_alternative<Book>(event.body) ? 1U : 0U;
        std::uint64_t counted = 0;
        Liquidity{rows}.totals([&](const Liquidity::Place&, const DepthTotals& totals) {
            counted += totals.books + totals.quotes;
        });
        RC_ASSERT(counted == books);
        RC_ASSERT(list_depth(rows, {}, 0).rows.size() == books);
    }));
}
