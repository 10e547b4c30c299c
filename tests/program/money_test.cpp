// Cases whose money is known to the micro-dollar, through the programs.
#include <algorithm>
#include <sstream>

#include "ingest/captures.hpp"
#include "schemas/fixed.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

/// "10070772" of the venue's smallest units as dollars.
std::string dollars(std::string_view units) {
    return format_micros(std::stoll(std::string{units}));
}

const Json& only_position(const Json& answer) {
    REQUIRE(rows(answer, "positions").size() == 1);
    return rows(answer, "positions").front();
}

/// The market of the case with the fee schedule it names ("taker fee 0.072*C*p*(1-p)").
std::string market_line(const std::string& market) {
    return R"({"type":"market_defined","venue":"polymarket","market":")" + market +
           R"(","outcomes":[{"name":"Up","token":"1"},{"name":"Down","token":"2"}],)"
           R"("fee":{"rate":"0.072","exponent":1,"taker_only":true,"collected":"cash"}})"
           "\n";
}

std::string live_line(const std::string& market, const std::string& members) {
    return R"({"venue":"polymarket","mode":"live","market":")" + market + "\"," + members + "}\n";
}

std::string balance_line(const std::string& cash) {
    return R"({"type":"balance","venue":"polymarket","mode":"live","cash":")" + cash + "\"}\n";
}

struct Steps {
    std::string market, before, order, answer, trade, after_fill, after_redeem, redeemed, shares,
        cost;
};
Steps steps_of(const Json& document) {
    const auto& events = rows(document, "events");
    return {std::string{document.text_of("case")},
            dollars(events.at(0).text_of("collateral_units")),
            std::string{events.at(1).text_of("order_id")},
            write_json(member(events.at(1), "response")),
            std::string{events.at(2).text_of("trade_id")},
            dollars(events.at(3).text_of("collateral_units")),
            dollars(events.at(6).text_of("collateral_units")),
            std::string{events.at(5).text_of("usdcSize")},
            std::string{events.at(2).text_of("size")},
            std::string{events.at(1).text_of("amount_collateral")}};
}

}  // namespace

TEST_CASE("2026-05-04: an order bought, charged and redeemed adds up to the micro-dollar",
          "[program][money]") {
    CAPTURE_OR_SKIP(text, "golden-cash/fak-buy-redeem-2026-05-04.json");
    const Json document = parse_json(text).value();
    const Json& expected = member(document, "expected");
    const Steps s = steps_of(document);
    const DataDirectory data;
    data.ingest(market_line(s.market) + balance_line(s.before) +
                live_line(s.market, R"("type":"order_intent","order":")" + s.order +
                                        R"(","outcome":"Down","side":"buy","price":"0.51",)"
                                        R"("shares":"5.12","tif":"FAK")"));
    data.ingest(R"({"received":"2026-05-04T19:42:05Z","channel":"rest","order":")" + s.order +
                    R"(","market":")" + s.market + R"(","payload":)" + s.answer + "}\n",
                {"--venue", "polymarket"});
    CHECK(outcome(only_position(data.ask({"query", "positions"})), "Down").text_of("matched") ==
          "0");  // MATCHED is a claim, no share

    data.ingest(live_line(s.market, R"("type":"fill","trade":")" + s.trade + R"(","order":")" +
                                        s.order + R"(","outcome":"Down","side":"buy","shares":")" +
                                        s.shares + R"(","cost":")" + s.cost +
                                        R"(","role":"taker")") +
                balance_line(s.after_fill));
    const Json open = data.ask({"query", "pnl"});
    CHECK(open.text_of("fees") == dollars(expected.text_of("fee_units")));
    CHECK(open.text_of("fees_estimated") == dollars(expected.text_of("fee_units")));
    CHECK(rows(data.ask({"query", "cash"}), "accounts").front().text_of("unexplained") == "0");
    CHECK(rows(data.ask({"query", "orders"}), "orders").front().text_of("state") == "filled");

    data.ingest(R"({"type":"market_resolved","venue":"polymarket","market":")" + s.market +
                R"(","payouts":["0","1"]})"
                "\n" +
                live_line(s.market, R"("type":"redemption","cash":")" + s.redeemed +
                                        R"(","outcome":"Down","shares":")" + s.shares + '"') +
                balance_line(s.after_redeem));
    const Json pnl = data.ask({"query", "pnl"});
    CHECK(pnl.text_of("realized") == dollars(expected.text_of("realized_pnl_units")));
    CHECK(pnl.text_of("redeemed") == "5.12");
    const Json cash = data.ask({"query", "cash"});
    const Json& account = rows(cash, "accounts").front();
    CHECK(account.text_of("opening") == s.before);
    CHECK(account.text_of("observed") == dollars(expected.text_of("balance_after_redeem_units")));
    CHECK(account.text_of("expected") == account.text_of("observed"));
    CHECK(account.text_of("unexplained") == "0");
    CHECK(outcome(only_position(data.ask({"query", "positions"})), "Down").text_of("held") == "0");
}

TEST_CASE("September 2026: activity booked as fills gives the cost, fee and result of each market",
          "[program][money]") {
    CAPTURE_OR_SKIP(activity, "golden-cash/activity.jsonl");
    CAPTURE_OR_SKIP(figures, "golden-cash/activity-expected.json");
    const Json expected = parse_json(figures).value();
    std::map<std::string, std::string> conditions;
    for (const std::string& line : lines_of(activity)) {
        const Json row = parse_json(line).value();
        conditions[std::string{row.text_of("slug")}] = row.text_of("conditionId");
    }
    std::string markets, resolutions;
    for (const auto& [slug, market] : expected.members) {
        const bool up_won = market.text_of("payout_usdc") != "0";
        // Which side paid is told by the payouts; any winner is right where both are held alike.
        resolutions += R"({"type":"market_resolved","venue":"polymarket","market":")" + slug +
                       R"(","winner":")" + (up_won ? "Up" : "Down") + "\"}\n";
        markets += R"({"type":"market_defined","venue":"polymarket","market":")" + slug +
                   R"(","aliases":[")" + conditions.at(slug) +
                   R"("],"outcomes":[{"name":"Up"},{"name":"Down"}]})"
                   "\n";
    }
    const DataDirectory data;
    data.ingest(markets);
    data.ingest(activity, {"--venue", "polymarket", "--as", "fills"});
    data.ingest(resolutions);
    const Json positions = data.ask({"query", "positions"});
    const Json pnl = data.ask({"query", "pnl"});
    CHECK(rows(positions, "positions").size() == expected.members.size());
    for (const auto& [slug, market] : expected.members) {
        CAPTURE(slug);
        const Json& sums = row(rows(pnl, "markets"), "market", slug);
        const Json& position = row(rows(positions, "positions"), "market", slug);
        CHECK(sums.text_of("realized") == shortest(market.text_of("realized_pnl_usdc")));
        CHECK(sums.text_of("fees") == shortest(market.text_of("taker_fee_usdc")));
        CHECK(sums.text_of("redeemed") == shortest(market.text_of("payout_usdc")));
        std::int64_t cost = 0;
        for (const char* side : {"Up", "Down"})
            cost += parse_micros(outcome(position, side).text_of("cost")).value();
        CHECK(format_micros(cost) == shortest(market.text_of("cost_usdc_incl_fee")));
        CHECK(outcome(position, "Up").text_of("matched") == shortest(market.text_of("bought_up")));
        CHECK(outcome(position, "Down").text_of("matched") ==
              shortest(market.text_of("bought_down")));
        CHECK(outcome(position, "Up").text_of("held") == market.text_of("final_up"));
        CHECK(outcome(position, "Down").text_of("held") == market.text_of("final_down"));
        CHECK(position.text_of("hedge_ratio") == shortest(market.text_of("hedge_ratio")));
    }
}

// By hand: split 10 (10.00 out, 5.00 a side), buy 5 Up for 2.00 (Up: 15 shares, 7.00), merge 8
// pairs: takes 8/15 of 7.00 = 3.733333 and 8/10 of 5.00 = 4.00 out, brings 8.00.
// Realised 8 - 3.733333 - 4 = 0.266667, all of it edge. Left: Up 7 at 3.266667, Down 2 at 1.00.
TEST_CASE("a split and a merge move both sides and the cash alike", "[program][money]") {
    const DataDirectory data;
    const std::string market = "m";
    data.ingest(market_line(market) + balance_line("100") +
                live_line(market, R"("type":"split","pairs":"10","tx":"0x1")") +
                live_line(market, R"("type":"fill","trade":"t","order":"o","outcome":"Up",)"
                                  R"("side":"buy","shares":"5","cost":"2","fee":"0")") +
                live_line(market, R"("type":"merge","pairs":"8","tx":"0x2")") + balance_line("96"));
    const Json positions = data.ask({"query", "positions"});
    const Json& position = only_position(positions);
    CHECK(outcome(position, "Up").text_of("matched") == "7");
    CHECK(outcome(position, "Up").text_of("cost") == "3.266667");
    CHECK(outcome(position, "Down").text_of("matched") == "2");
    CHECK(outcome(position, "Down").text_of("cost") == "1");
    CHECK(position.text_of("realized") == "0.266667");
    CHECK(position.text_of("edge") == "0.266667");
    CHECK(position.text_of("direction") == "0");
    const Json pnl = data.ask({"query", "pnl"});
    CHECK(pnl.text_of("split") == "10");
    CHECK(pnl.text_of("merged") == "8");
    CHECK(pnl.text_of("bought") == "2");
    const Json cash = data.ask({"query", "cash"});
    CHECK(rows(cash, "accounts").front().text_of("unexplained") == "0");
}

namespace {

/// A row of a CSV without quotes, by the names of its first line.
using CsvRow = std::map<std::string, std::string, std::less<>>;
std::vector<CsvRow> csv_rows(const std::string& text) {
    const auto cells = [](const std::string& line) {
        std::vector<std::string> out;
        std::string cell;
        for (std::istringstream stream{line + ','}; std::getline(stream, cell, ',');)
            out.push_back(cell);
        return out;
    };
    const auto lines = lines_of(text);
    const auto names = cells(lines.front());
    std::vector<CsvRow> all;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto values = cells(lines[i]);
        CsvRow line;
        for (std::size_t c = 0; c < names.size(); ++c) line[names[c]] = values.at(c);
        all.push_back(std::move(line));
    }
    return all;
}

JsonWriter line_of(const CsvRow& trade, std::string_view type, std::string_view when) {
    std::string time = trade.find(when)->second + 'Z';
    time.at(10) = 'T';
    JsonWriter out;
    out.begin_object().key("type").text(type).key("time").text(time).key("venue").text("kalshi");
    out.key("market").text(trade.find("ticker")->second).key("origin").text("import");
    return out;
}

/// What the bot's ledger says of one trade, as lines of the contract.
std::string lines_of_trade(const CsvRow& trade) {
    const auto cell = [&trade](std::string_view name) { return trade.find(name)->second; };
    const auto end = [](JsonWriter& out) { return std::move(out.end_object()).str() + '\n'; };
    const std::int64_t cost = std::stoll(cell("count")) * std::stoll(cell("price_cents")) * 10'000;
    const std::string fee = cell("kalshi_fee_usd");
    JsonWriter defined = line_of(trade, "market_defined", "placed_at");
    defined.key("nets").boolean(true).key("outcomes").verbatim(R"([{"name":"yes"},{"name":"no"}])");
    JsonWriter intent = line_of(trade, "order_intent", "placed_at");
    intent.key("mode").text("live").key("order").text(cell("client_order_id"));
    intent.key("outcome").text(cell("side")).key("side").text(cell("action"));
    intent.key("price").text(format_micros(std::stoll(cell("price_cents")) * 10'000));
    intent.key("shares").text(cell("count"));
    JsonWriter fill = line_of(trade, "fill", "placed_at");
    fill.key("mode").text("live").key("order").text(cell("client_order_id"));
    fill.key("trade").text(cell("server_order_id")).key("outcome").text(cell("side"));
    fill.key("side").text(cell("action")).key("shares").text(cell("count"));
    fill.key("cost").text(format_micros(cost)).key("fee").text(fee.empty() ? "0" : fee);
    JsonWriter resolved = line_of(trade, "market_resolved", "settled_at");
    resolved.key("winner").text(cell("result"));
    JsonWriter claim = line_of(trade, "claim", "settled_at");
    claim.key("mode").text("live").key("source").text("bot").key("metric").text("pnl");
    claim.key("value").text(cell("pnl_usd"));
    return end(defined) + end(intent) + end(fill) + end(resolved) + end(claim);
}

std::string series_of(std::string_view ticker) {
    return std::string{ticker.substr(0, ticker.find('-'))};
}

}  // namespace

TEST_CASE("2026: 616 trades of a Kalshi bot, P&L from fills beside what the bot claimed",
          "[program][money]") {
    CAPTURE_OR_SKIP(csv, "kalshi-bot-ledger-2026/live-trades.csv");
    CAPTURE_OR_SKIP(figures, "kalshi-bot-ledger-2026/expected.json");
    const Json expected = parse_json(figures).value();
    std::string lines;
    const auto trades = csv_rows(csv);
    CHECK(std::to_string(trades.size()) == expected.text_of("trades"));
    for (const CsvRow& trade : trades) lines += lines_of_trade(trade);
    const DataDirectory data;
    CHECK(data.ingest(lines).text_of("accepted") == std::to_string(5 * trades.size()));

    const Json pnl = data.ask({"query", "pnl"});
    std::map<std::string, std::int64_t> earned, claimed;
    for (const Json& market : rows(pnl, "markets")) {
        CHECK(market.text_of("state") == "resolved");
        earned[series_of(market.text_of("market"))] +=
            parse_micros(market.text_of("realized")).value();
    }
    for (const auto& [series, value] : member(expected, "pnl_from_fills_by_series").members) {
        CAPTURE(series);
        CHECK(format_micros(earned[series]) == shortest(value.text));
    }
    for (const Json& claim : data.stream({"query", "events", "--type", "claim"})) {
        claimed[series_of(claim.text_of("market"))] += parse_micros(claim.text_of("value")).value();
    }
    for (const auto& [series, value] : member(expected, "bot_claimed_pnl_usd_by_series").members) {
        CAPTURE(series);
        CHECK(format_micros(claimed[series]) == shortest(value.text));
    }
    CHECK(pnl.text_of("fees") == shortest(expected.text_of("fees_usd")));
    // cost_usd is what the bot wrote down: the same as count x cents, to the cent.
    CHECK(pnl.text_of("bought") == shortest(expected.text_of("cost_usd")));
    CHECK(pnl.text_of("edge") == "0");  // README: all positions are one-sided
}
