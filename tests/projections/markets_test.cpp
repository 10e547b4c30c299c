#include "projections/fold/markets.hpp"

#include "projections/fold/catalogue.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

MarketDefined up_down(std::vector<std::string> aliases = {}) {
    MarketDefined defined;
    defined.title = "BTC 3:00PM";
    defined.aliases = std::move(aliases);
    defined.outcomes = {{"Up", "111"}, {"Down", "222"}};
    return defined;
}
MarketResolved paid(std::int64_t first, std::int64_t second) {
    return {{{first}, {second}}, "", "oracle"};
}
MarketRow only_market(const Rows& rows) {
    std::vector<MarketRow> all;
    Markets{const_cast<Rows&>(rows)}.for_each([&](const MarketRow& row) { all.push_back(row); });
    REQUIRE(all.size() == 1);
    return all.front();
}

}  // namespace

TEST_CASE("every alias of a definition leads to its market, shown by the first name defined",
          "[fold][markets]") {
    MemoryRows rows;
    Markets markets{rows};
    markets.apply(event_at(3, "btc-3pm", up_down({"0xabc", "btc-3pm", "517310"})));
    REQUIRE(markets.lookup("polymarket", "0xabc") == MarketKey{3});
    REQUIRE(markets.lookup("polymarket", "517310") == MarketKey{3});
    REQUIRE(markets.find({3})->name == "btc-3pm");
    REQUIRE(markets.find({3})->aliases == std::vector<std::string>{"0xabc", "517310"});
    REQUIRE(markets.find({3})->defined());
}

TEST_CASE("what is named before it is defined is kept and joined by the definition",
          "[fold][markets]") {
    MemoryRows rows;
    Markets markets{rows};
    REQUIRE(markets.id_of(event_at(1, "0xabc", Trade{})) == MarketKey{1});
    REQUIRE(markets.id_of(event_at(2, "517310", Trade{})) == MarketKey{2});
    REQUIRE_FALSE(markets.find({2})->defined());
    markets.apply(event_at(4, "517310", paid(kMicro, 0)));
    const auto joins = markets.apply(event_at(9, "btc-3pm", up_down({"517310", "0xabc"})));
    REQUIRE(joins == std::vector<Join>{{{2}, {1}}});
    const MarketRow market = only_market(rows);
    REQUIRE(market.name == "btc-3pm");
    REQUIRE(market.first_seq == Sequence{1});
    REQUIRE(market.defined_at == Sequence{9});
    REQUIRE(market.aliases == std::vector<std::string>{"0xabc", "517310"});
    REQUIRE(Markets::payouts(market).value()[0] == Ratio{kMicro});
    REQUIRE(markets.current({2}) == MarketKey{1});
    REQUIRE(markets.find({2}) == markets.find({1}));
}

TEST_CASE("a name means another market on another venue", "[fold][markets]") {
    MemoryRows rows;
    Markets markets{rows};
    Event kalshi = event_at(2, "BTC", Trade{});
    kalshi.venue = "kalshi";
    REQUIRE(markets.id_of(event_at(1, "BTC", Trade{})) == MarketKey{1});
    REQUIRE(markets.id_of(kalshi) == MarketKey{2});
    REQUIRE(markets.id_of(event_at(3, "", Trade{})) == MarketKey{0});
}

TEST_CASE("an outcome is a name in any case, a token, or a place", "[fold][markets]") {
    MemoryRows rows;
    Markets markets{rows};
    markets.apply(event_at(1, "m", up_down()));
    const MarketRow market = markets.find({1}).value();
    REQUIRE(Markets::outcome_index(market, "DOWN") == 1);
    REQUIRE(Markets::outcome_index(market, "111") == 0);
    REQUIRE(Markets::outcome_index(market, "1") == 1);
    REQUIRE_FALSE(Markets::outcome_index(market, "Yes"));
    REQUIRE_FALSE(Markets::outcome_index(market, ""));
    REQUIRE(Markets::outcome_index({}, "no") == 1);
    REQUIRE(Markets::outcome_index({}, "Up") == 0);
    REQUIRE_FALSE(Markets::outcome_index({}, "222"));
}

TEST_CASE("tokens and the order of outcomes stand as first defined", "[fold][markets]") {
    MemoryRows rows;
    MarketDefined swapped = up_down();
    std::swap(swapped.outcomes[0], swapped.outcomes[1]);
    swapped.asset = "BTC";
    swapped.tick = cents(1);
    fold(markets_projection(), rows, {event_at(1, "m", up_down()), event_at(2, "m", swapped)});
    const MarketRow market = only_market(rows);
    REQUIRE(market.outcomes == up_down().outcomes);
    REQUIRE(market.asset == "BTC");
    REQUIRE(market.tick == cents(1));
    REQUIRE(market.flags.names() == std::vector<std::string_view>{"conflicting_definition"});
}

TEST_CASE("two markets that are defined differently are not joined by an alias",
          "[fold][markets]") {
    MemoryRows rows;
    Markets markets{rows};
    MarketDefined other = up_down({"a"});
    other.outcomes = {{"Up", "333"}, {"Down", "444"}};
    markets.apply(event_at(1, "a", up_down()));
    REQUIRE(markets.apply(event_at(2, "b", other)).empty());
    REQUIRE(markets.lookup("polymarket", "a") == MarketKey{1});
    REQUIRE(markets.find({2})->flags.has(MarketFlag::conflicting_definition));
    REQUIRE(markets.find({2})->aliases.empty());
}

TEST_CASE("a market is resolved by two payouts whose sum is exactly 1, or by its winner",
          "[fold][markets]") {
    MemoryRows rows;
    Markets markets{rows};
    markets.apply(event_at(1, "m", up_down()));
    markets.apply(event_at(2, "m", paid(500'000, 500'001)));
    REQUIRE_FALSE(Markets::payouts(*markets.find({1})));
    REQUIRE(markets.find({1})->flags.has(MarketFlag::bad_payouts));
    markets.apply(event_at(3, "m", MarketResolved{{}, "Maybe", ""}));
    REQUIRE(markets.find({1})->flags.has(MarketFlag::unknown_winner));
    REQUIRE_FALSE(Markets::payouts(*markets.find({1})));
    markets.apply(event_at(4, "m", MarketResolved{{}, "down", ""}));
    REQUIRE(Markets::payouts(*markets.find({1})).value()[1] == Ratio{kMicro});
    markets.apply(event_at(5, "m", paid(2 * kMicro, -kMicro)));
    REQUIRE(markets.find({1})->resolution->seq == Sequence{4});
}

TEST_CASE("a later, different resolution replaces the earlier one and is flagged",
          "[fold][markets]") {
    MemoryRows rows;
    Markets markets{rows};
    markets.apply(event_at(1, "m", paid(kMicro, 0)));
    markets.apply(event_at(2, "m", paid(kMicro, 0)));
    REQUIRE(markets.find({1})->resolution->seq == Sequence{1});
    REQUIRE(markets.find({1})->flags == Flags<MarketFlag>{});
    markets.apply(event_at(3, "m", paid(500'000, 500'000)));
    REQUIRE(Markets::payouts(*markets.find({1})).value()[0] == Ratio{500'000});
    REQUIRE(markets.find({1})->flags.has(MarketFlag::resolution_changed));
}

TEST_CASE("a winner named before the outcomes are known counts once they are", "[fold][markets]") {
    MemoryRows rows;
    Markets markets{rows};
    MarketDefined teams;
    teams.outcomes = {{"Reds", "1001"}, {"Blues", "1002"}};
    markets.apply(event_at(1, "m", MarketResolved{{}, "Blues", ""}));
    REQUIRE_FALSE(Markets::payouts(*markets.find({1})));
    markets.apply(event_at(2, "m", teams));
    REQUIRE(Markets::payouts(*markets.find({1})).value()[1] == Ratio{kMicro});
    REQUIRE(markets.find({1})->flags == Flags<MarketFlag>{});
}

TEST_CASE("the fee of an event is the one in force at its sequence", "[fold][markets]") {
    MemoryRows rows;
    MarketDefined defined = up_down();
    defined.fee = Fee{{20'000}, 1, true, Collected::cash};
    MarketChanged changed;
    changed.fee = Fee{{30'000}, 2, true, Collected::cash};
    changed.accepting = false;
    fold(markets_projection(), rows, {event_at(5, "m", defined), event_at(8, "m", changed)});
    const MarketRow market = only_market(rows);
    REQUIRE_FALSE(fee_at(market, {4}));
    REQUIRE(fee_at(market, {7})->rate == Ratio{20'000});
    REQUIRE(fee_at(market, {8})->rate == Ratio{30'000});
    REQUIRE(market.accepting == false);
}

TEST_CASE("the catalogue finds its projections by name", "[fold][catalogue]") {
    REQUIRE(find_projection("markets") != nullptr);
    REQUIRE(find_projection("nonsense") == nullptr);
}
