#include "projections/fold/ledger.hpp"

#include "projections/fold/fees.hpp"
#include "projections/fold/hedge.hpp"
#include "schemas/event_json.hpp"
#include "support/catch.hpp"

using namespace daybook;

namespace {

/// A ledger that reads contract lines; `seq` counts up by itself.
struct Desk {
    MemoryRows rows;
    Ledger ledger{rows};
    std::uint64_t next{1};

    void operator()(std::string_view members) {
        const auto json = parse_json(R"({"venue":"polymarket","mode":"live","market":"m",)" +
                                     std::string{members} + "}");
        REQUIRE(json.has_value());
        auto event = from_json(json.value());
        INFO(members << (event ? "" : event.error().detail));
        REQUIRE(event.has_value());
        event.value().seq = {next++};
        ledger.apply(event.value());
    }
    void define() {
        (*this)(
            R"("type":"market_defined","outcomes":[{"name":"Up","token":"11"},{"name":"Down","token":"22"}])");
    }
    void fill(std::string_view trade, std::string_view outcome, std::string_view side,
              std::string_view shares, std::string_view cost,
              std::string_view more = R"("fee":"0")") {
        (*this)(R"("type":"fill","trade":")" + std::string{trade} + R"(","order":"o","outcome":")" +
                std::string{outcome} + R"(","side":")" + std::string{side} + R"(","shares":")" +
                std::string{shares} + R"(","cost":")" + std::string{cost} + R"(",)" +
                std::string{more});
    }
    void settle(std::string_view trade, std::string_view status) {
        (*this)(R"("type":"fill_settlement","order":"o","trade":")" + std::string{trade} +
                R"(","status":")" + std::string{status} + '"');
    }
    void resolve(std::string_view payouts) {
        (*this)(R"("type":"market_resolved","payouts":)" + std::string{payouts});
    }
    [[nodiscard]] Position position() {
        const auto market = ledger.markets().lookup("polymarket", "m");
        return ledger.position({"main", Mode::live, market.value()});
    }
};

std::string up(const Position& p) { return format_micros(p.sides[0].matched.shares.micros); }
std::string down(const Position& p) { return format_micros(p.sides[1].matched.shares.micros); }
std::string text(Money money) { return format_micros(money.micros); }

}  // namespace

TEST_CASE("ETH 10:15 of 2025-12-13: pair cost 0.9303, edge 1.174578, direction -7.144578",
          "[fold][ledger][regression]") {
    Desk desk;
    desk.define();
    desk.fill("1", "Up", "buy", "14.32", "7.59");
    desk.fill("2", "Down", "buy", "16.84", "6.74");
    desk.fill("3", "Up", "buy", "16.00", "8.48");
    CHECK(format_pair_cost(*pair_cost(desk.position())) == "0.9303");
    CHECK(format_ratio(*hedge_ratio(desk.position())) == "0.5554");
    CHECK(verdict(desk.position(), {}) == HedgeVerdict::imbalanced);
    CHECK(critical(desk.position(), {}));
    desk.resolve(R"(["0","1"])");
    CHECK(text(desk.position().realized) == "-5.97");
    CHECK(text(desk.position().edge) == "1.174578");
    CHECK(text(desk.position().direction()) == "-7.144578");
}

TEST_CASE("a sale takes its share of the average cost, the last one all of it", "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk.fill("1", "Up", "buy", "3", "1");
    desk.fill("2", "Up", "sell", "1", "0.5");
    CHECK(text(desk.position().sides[0].matched.cost) == "0.666667");
    CHECK(text(desk.position().realized) == "0.166667");
    desk.fill("3", "Up", "sell", "2", "1");
    CHECK(text(desk.position().sides[0].matched.cost) == "0");
    CHECK(text(desk.position().realized) == "0.5");
}

TEST_CASE("selling more than is held goes short, is flagged, and buying back realises",
          "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk.fill("1", "Up", "sell", "10", "6");
    CHECK(up(desk.position()) == "-10");
    CHECK(desk.position().flags.has(PositionFlag::oversold));
    CHECK_FALSE(hedge_ratio(desk.position()).has_value());
    desk.fill("2", "Up", "buy", "10", "4");
    CHECK(text(desk.position().realized) == "2");
    CHECK(text(desk.position().sides[0].matched.cost) == "0");
}

TEST_CASE("a fill that fails to settle is as if it had never been", "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk.fill("1", "Up", "buy", "10", "5");
    desk.fill("2", "Up", "buy", "10", "6");
    desk.fill("3", "Up", "sell", "10", "7");
    desk.settle("1", "mined");
    desk.settle("1", "retrying");
    CHECK(up(desk.position()) == "10");
    desk.settle("1", "failed");
    CHECK(up(desk.position()) == "0");
    CHECK(text(desk.position().realized) == "1");
    CHECK(format_micros(desk.position().sides[0].failed.micros) == "10");
    desk.settle("1", "confirmed");  // contradicts: the final status stands
    CHECK(up(desk.position()) == "0");
}

TEST_CASE("a failure told before its fill waits for it", "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk.settle("1", "failed");
    desk.fill("1", "Up", "buy", "10", "5");
    CHECK(up(desk.position()) == "0");
    CHECK(text(desk.position().flows.bought) == "0");
}

TEST_CASE("only confirmed fills are settled", "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk.fill("1", "Up", "buy", "10", "5");
    CHECK(desk.position().sides[0].settled == Shares{});
    desk.settle("1", "confirmed");
    CHECK(desk.position().sides[0].settled == Shares{10'000'000});
}

TEST_CASE("a correction sets new absolute values where the fill stood", "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk.fill("1", "Up", "buy", "5", "1.45");
    desk.fill("2", "Up", "sell", "4", "1.6");
    desk(R"("type":"fill_correction","trade":"1","order":"o","shares":"4.8935","why":"observed")");
    CHECK(up(desk.position()) == "0.8935");
    CHECK(text(desk.position().realized) == "0.414754");  // 1.6 - 1.45 * 4 / 4.8935 = 1.185246
}

TEST_CASE("merged pairs give a dollar each and are edge at once", "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk.fill("1", "Up", "buy", "10", "4");
    desk.fill("2", "Down", "buy", "10", "5");
    desk(R"("type":"merge","pairs":"6")");
    CHECK(up(desk.position()) == "4");
    CHECK(down(desk.position()) == "4");
    CHECK(text(desk.position().realized) == "0.6");
    CHECK(text(desk.position().edge) == "0.6");
    CHECK(format_pair_cost(*pair_cost(desk.position())) == "0.9");
    CHECK(text(net_cash(desk.position().flows)) == "-3");
}

TEST_CASE("a split costs a dollar a pair, half on each outcome", "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk(R"("type":"split","pairs":"10")");
    CHECK(text(desk.position().sides[0].matched.cost) == "5");
    desk.fill("1", "Up", "sell", "10", "6");
    desk.resolve(R"(["0","1"])");
    CHECK(text(desk.position().realized) == "6");
    CHECK(text(net_cash(desk.position().flows)) == "-4");
}

TEST_CASE("a void market pays half on each side", "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk.fill("1", "Up", "buy", "10", "4");
    desk.resolve(R"(["0.5","0.5"])");
    CHECK(text(desk.position().realized) == "1");
}

TEST_CASE("redeeming takes from what is held and makes no profit; matched stays frozen",
          "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk.fill("1", "Up", "buy", "9.43", "5");
    desk.resolve(R"(["1","0"])");
    desk(R"("type":"redemption","cash":"9.43")");
    CHECK(desk.position().held(0) == Shares{});
    CHECK(up(desk.position()) == "9.43");
    CHECK(text(desk.position().realized) == "4.43");
    CHECK(text(net_cash(desk.position().flows)) == "4.43");
}

TEST_CASE("a fill recorded after the resolution is realised at once", "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk.fill("1", "Up", "buy", "10", "4");
    desk.resolve(R"(["1","0"])");
    desk.fill("2", "Up", "buy", "5", "2");
    CHECK(text(desk.position().realized) == "9");
    CHECK(up(desk.position()) == "10");
    CHECK(desk.position().held(0) == Shares{15'000'000});
    CHECK(desk.position().flags.has(PositionFlag::late_fill));
}

TEST_CASE("a resolution that is replaced folds the market again", "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk.fill("1", "Up", "buy", "10", "4");
    desk.resolve(R"(["1","0"])");
    desk.resolve(R"(["0","1"])");
    CHECK(text(desk.position().realized) == "-4");
}

TEST_CASE("what is recorded before its market is defined counts once the definition comes",
          "[fold][ledger]") {
    Desk desk;
    desk.fill("1", "22", "buy", "10", "4");
    CHECK(desk.position().flags.has(PositionFlag::unknown_outcome));
    desk.define();
    CHECK(down(desk.position()) == "10");
    CHECK_FALSE(desk.position().flags.has(PositionFlag::unknown_outcome));
}

TEST_CASE("fills under two names of one market are one position", "[fold][ledger]") {
    Desk desk;
    desk.fill("1", "Up", "buy", "10", "4");
    desk(
        R"("type":"fill","market":"0xc","trade":"2","order":"o","outcome":"Down","side":"buy","shares":"8","cost":"4","fee":"0")");
    desk(
        R"("type":"market_defined","aliases":["0xc"],"outcomes":[{"name":"Up","token":"11"},{"name":"Down","token":"22"}])");
    CHECK(up(desk.position()) == "10");
    CHECK(down(desk.position()) == "8");
    desk.settle("2", "failed");
    CHECK(down(desk.position()) == "0");
}

TEST_CASE("a fill told under both names of its order counts once", "[fold][ledger]") {
    Desk desk;
    desk.define();
    const std::string rest = R"(,"outcome":"Up","side":"buy","shares":"10","cost":"4","fee":"0")";
    desk(R"("type":"fill","trade":"t","order":"bot-1")" + rest);
    desk(R"("type":"fill","trade":"t","order":"0xv")" + rest);
    desk(R"("type":"order_status","order":"bot-1","venue_order":"0xv","status":"matched")");
    CHECK(up(desk.position()) == "10");
    CHECK(text(desk.position().flows.bought) == "4");
    desk(R"("type":"fill_settlement","trade":"t","order":"0xv","status":"failed")");
    CHECK(up(desk.position()) == "0");
}

TEST_CASE("a fee nobody stated follows the market's schedule: golden values of the venue",
          "[fold][fees]") {
    // Sources: venue page section 9 (measured): 5.12 at 0.50 and 0.072; 10 at 0.70, 80 at 0.72, 35
    // at 0.74 and 0.07; 25 at 0.13 and 0.05.
    CHECK(estimated_fee({.rate = {72'000}}, {5'120'000}, {2'560'000}) == Money{92'160});
    CHECK(estimated_fee({.rate = {70'000}}, {10'000'000}, {7'000'000}) == Money{147'000});
    CHECK(estimated_fee({.rate = {70'000}}, {80'000'000}, {57'600'000}) == Money{1'128'960});
    CHECK(estimated_fee({.rate = {70'000}}, {35'000'000}, {25'900'000}) == Money{471'380});
    CHECK(estimated_fee({.rate = {50'000}}, {25'000'000}, {3'250'000}) == Money{141'375});
    // 0.25 · (p(1 − p))² at 0.50: 1.56 % of notional (venue page section 9).
    CHECK(estimated_fee({.rate = {250'000}, .exponent = 2}, {100'000'000}, {50'000'000}) ==
          Money{1'562'500});
}

TEST_CASE("an estimated fee is paid by the taker only and shown as estimated", "[fold][ledger]") {
    Desk desk;
    desk(
        R"("type":"market_defined","outcomes":[{"name":"Up"},{"name":"Down"}],"fee":{"rate":"0.072","exponent":1,"taker_only":true,"collected":"cash"})");
    desk.fill("1", "Down", "buy", "5.12", "2.56", R"("role":"taker")");
    desk.fill("2", "Down", "buy", "5.12", "2.56", R"("role":"maker")");
    CHECK(text(desk.position().flows.fees) == "0.09216");
    CHECK(text(desk.position().flows.fees_estimated) == "0.09216");
    CHECK(text(desk.position().sides[1].matched.cost) == "5.21216");
}

TEST_CASE("a venue that nets turns pairs into cash by itself", "[fold][ledger]") {
    Desk desk;
    desk(R"("type":"market_defined","outcomes":[{"name":"yes"},{"name":"no"}],"nets":true)");
    desk.fill("1", "yes", "buy", "10", "4");
    desk.fill("2", "no", "buy", "6", "3");
    CHECK(up(desk.position()) == "4");
    CHECK(down(desk.position()) == "0");
    CHECK(text(desk.position().edge) == "0.6");
}

TEST_CASE(
    "shares that come in without a cost cost nothing and are flagged; going out takes the average",
    "[fold][ledger]") {
    Desk desk;
    desk.define();
    desk(R"("type":"transfer","outcome":"Up","shares":"10")");
    CHECK(desk.position().flags.has(PositionFlag::unpriced_transfer));
    desk(R"("type":"transfer","outcome":"Up","shares":"10","basis":"4")");
    desk(R"("type":"transfer","outcome":"Up","shares":"-5")");
    CHECK(text(desk.position().sides[0].matched.cost) == "3");
    CHECK(text(desk.position().realized) == "0");
}

TEST_CASE("thresholds compare exact values: 0.80 passes, 0.60 is not critical, 5 shares pass",
          "[fold][hedge]") {
    const auto of = [](std::int64_t first, std::int64_t second) {
        Position p;
        p.sides[0].matched = {{first}, {first / 3}};
        p.sides[1].matched = {{second}, {second / 3}};
        return p;
    };
    CHECK(verdict(of(20'000'000, 25'000'000), {}) == HedgeVerdict::good);
    CHECK(verdict(of(19'999'999, 25'000'000), {}) == HedgeVerdict::imbalanced);
    CHECK(format_ratio(*hedge_ratio(of(19'999'999, 25'000'000))) == "0.7999");
    CHECK_FALSE(critical(of(15'000'000, 25'000'000), {}));
    CHECK(critical(of(14'999'999, 25'000'000), {}));
    CHECK(verdict(of(40'000'000, 45'000'001), {}) == HedgeVerdict::acceptable);
    CHECK(verdict(of(0, 0), {}) == HedgeVerdict::flat);
    CHECK_FALSE(critical(of(0, 0), {}));
    CHECK(verdict(of(0, 1), {}) == HedgeVerdict::one_sided);
}
