// What was wrong with the day, and with the minute after it. Which markets and how many: ux.md §6.3
// and the table of trading.md §8; direction and edge from expected.json.
#include <map>
#include <set>

#include "ingest/captures.hpp"
#include "schemas/fixed.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

std::vector<Json> of_rule(const Json& answer, std::string_view rule) {
    std::vector<Json> found;
    for (const Json& finding : rows(answer, "findings")) {
        if (finding.text_of("rule") == rule) found.push_back(finding);
    }
    return found;
}

std::set<std::string> markets(const std::vector<Json>& findings) {
    std::set<std::string> names;
    for (const Json& finding : findings) names.insert(std::string{finding.text_of("title")});
    return names;
}

std::string total(const std::vector<Json>& findings) {
    std::int64_t sum = 0;
    for (const Json& finding : findings) {
        if (!member(finding, "cost").is_null())
            sum += parse_micros(finding.text_of("cost")).value();
    }
    return format_micros(sum);
}
using Titles = std::set<std::string>;

/// A finding as text: rule, market and events.
std::string text_of(const Json& finding) {
    return std::string{finding.text_of("rule")} + ' ' + std::string{finding.text_of("title")} +
           ' ' + write_json(member(finding, "seqs"));
}

/// Where `daybook replay --until-finding` stops, over and over, and with which findings.
std::map<std::uint64_t, std::set<std::string>> stops(const DataDirectory& data) {
    std::map<std::uint64_t, std::set<std::string>> stops;
    for (std::uint64_t from = 1;;) {
        const Ran ran =
            data.run({"replay", "--until-finding", "--from", std::to_string(from), "--json"});
        if (ran.exit != 3) return stops;
        const Json last = parse_json(lines_of(ran.out).back()).value();
        from = std::stoull(std::string{member(last, "as_of").text_of("seq")});
        for (const Json& finding : rows(last, "findings")) stops[from].insert(text_of(finding));
        ++from;
    }
}

}  // namespace

TEST_CASE("2025-12-13: the findings of the day, and which events show them",
          "[program][findings][regression]") {
    CAPTURE_OR_SKIP(events, "day-2025-12-13/events.jsonl");
    const DataDirectory data;
    data.ingest(events);
    const Json answer = data.ask({"query", "findings"});
    const auto one_sided = of_rule(answer, "one_sided");
    CHECK(one_sided.size() == 10);
    CHECK(total(one_sided) == "-9.59");  // direction +9.59, of it +15.34 of BTC 10:15
    const auto below = of_rule(answer, "below_min_hedge");
    CHECK(markets(below) ==
          Titles{"BTC 10:30AM", "BTC 2:45PM", "BTC 3:00PM", "ETH 10:15AM", "SOL 2:15PM"});
    CHECK(total(below) == "17.796723");  // 7.144578 - 0.071485 + 8.669358 + 2.054272
    const auto dear = of_rule(answer, "pair_cost_ge_one");
    CHECK(markets(dear) == Titles{"BTC 10:30AM", "ETH 2:30PM"});
    CHECK(total(dear) == "1.301876");
    CHECK(markets(of_rule(answer, "stacked")) == Titles{"BTC 10:15AM", "BTC 2:45PM", "BTC 3:00PM",
                                                        "ETH 10:15AM", "ETH 2:15PM", "ETH 2:30PM"});
    const auto claims = of_rule(answer, "claim_mismatch");
    REQUIRE(claims.size() == 2);
    CHECK(claims[0].text_of("text") == "dashboard says pnl 13.00, events say -4.61");
    CHECK(claims[1].text_of("text") == "next-day analysis says shares 25.02 Up, events say 0");
    CHECK(member(claims[0], "seqs").items.at(0).text == "172");
    for (const char* never : {"voided_fill", "stuck_matched", "live_as_filled", "wallet_mismatch",
                              "order_without_outcome", "settle_pending", "unexplained_result"})
        CHECK(of_rule(answer, never).empty());
}

TEST_CASE("2025-12-13: expected and realised of each group leave nothing over",
          "[program][findings][regression]") {
    CAPTURE_OR_SKIP(events, "day-2025-12-13/events.jsonl");
    CAPTURE_OR_SKIP(figures, "day-2025-12-13/expected.json");
    const Json expected = parse_json(figures).value();
    const DataDirectory data;
    data.ingest(events);
    const Json answer = data.ask({"query", "groups"});
    CHECK(rows(answer, "groups").size() == 16);
    std::int64_t sum = 0;
    for (const Json& group : rows(answer, "groups")) {
        CAPTURE(group.text_of("group"));
        const Json& market = row(rows(expected, "markets"), "market", group.text_of("market"));
        if (market.text_of("state") == "open") {
            CHECK(member(group, "realized").is_null());
            CHECK(rows(group, "if_outcome")[0].text == market.text_of("if_up"));
            CHECK(rows(group, "if_outcome")[1].text == market.text_of("if_down"));
            continue;
        }
        CHECK(group.text_of("realized") == shortest(market.text_of("realized")));
        CHECK(group.text_of("residual") == "0");
        sum += parse_micros(group.text_of("realized")).value();
    }
    CHECK(format_micros(sum) == member(expected, "totals").text_of("realized"));
    // 12.51 Up for 3.38, sold for 2.13; 44.75 Down for 28.16 paid 44.75.
    const Json& sold = row(rows(answer, "groups"), "title", "BTC 10:15AM");
    CHECK(sold.text_of("unwind") == "-1.25");
    CHECK(sold.text_of("direction") == "16.59");
}

TEST_CASE("2025-12-14: LIVE counted as filled, one leg only, the unwind refused",
          "[program][findings][regression]") {
    CAPTURE_OR_SKIP(events, "day-2025-12-13/live-is-not-filled.jsonl");
    const DataDirectory data;
    data.ingest(events);
    const Json answer = data.ask({"query", "findings"});
    const auto seqs = [&](std::string_view rule) {
        std::string text;
        const auto found = of_rule(answer, rule);
        REQUIRE(found.size() == 1);
        for (const Json& seq : member(found[0], "seqs").items) text += seq.text + ' ';
        return text;
    };
    CHECK(seqs("live_as_filled") == "8 16 ");    // LIVE, and the claim
    CHECK(seqs("unwind_unfilled") == "14 15 ");  // the order, and HTTP 400
    CHECK(seqs("legged_group") == "2 3 4 9 14 ");
    CHECK(seqs("one_sided") == "9 ");
    CHECK(data.run({"query", "findings", "--market", "nowhere"}).exit == 4);
}

// Of BTC 10:15AM, trading.md §8: Up bought 10:16:15, Down 47 s later, Down again, Up sold.
TEST_CASE("a replay stops at each event that brought a finding which lasts, and at no other",
          "[program][findings]") {
    CAPTURE_OR_SKIP(events, "day-2025-12-13/events.jsonl");
    const DataDirectory data;
    data.ingest(events);
    std::set<std::string> asked, told;
    for (const Json& finding : rows(data.ask({"query", "findings"}), "findings"))
        asked.insert(text_of(finding));
    const auto found = stops(data);
    for (const auto& [at, findings] : found) told.insert(findings.begin(), findings.end());
    CHECK(told == asked);
    const auto at = [&](std::uint64_t seq) {
        return found.contains(seq) ? found.at(seq) : Titles{};
    };
    CHECK(at(34).empty());  // the first leg alone
    CHECK(at(40) == Titles{"sequential BTC 10:15AM [32,40]"});
    CHECK(at(48) == Titles{"stacked BTC 10:15AM [40,48]"});
    CHECK(at(55) == Titles{"one_sided BTC 10:15AM [34,42,50,55]"});  // the sale
}

TEST_CASE("a finding names a fill as people know it", "[program][findings]") {
    const auto own = [](const std::string& type, const std::string& members) {
        return R"({"type":")" + type +
               R"(","venue":"polymarket","origin":"import","mode":"live","market":"a","order":"o",)"
               R"("time":"2026-01-05T10:00:00Z",)" +
               members + "}\n";
    };
    const DataDirectory data;
    data.ingest(own("fill", R"("trade":"t7","outcome":"Up","side":"buy","shares":"5","cost":"2")") +
                own("fill_settlement", R"("trade":"t7","status":"failed")"));
    const auto voided = of_rule(data.ask({"query", "findings"}), "voided_fill");
    REQUIRE(voided.size() == 1);
    CHECK(voided[0].text_of("text") == "fill t7 of 5 shares failed to settle after 0 ms");
}

// By hand: 10 pairs decided at 0.48 and 0.49, both legs sent and filled at 0.53 (the price of the
// public log of 2025-12-14): 10 × (0.05 + 0.04) = 0.90 more than decided.
TEST_CASE("legs sent at one price are told with what that cost and the events",
          "[program][findings]") {
    const auto own = [](const std::string& type, const std::string& members) {
        return R"({"type":")" + type +
               R"(","venue":"polymarket","origin":"import","mode":"live","market":"a",)"
               R"("time":"2026-01-05T10:00:00Z",)" +
               members + "}\n";
    };
    const auto leg = [&](const std::string& order, const std::string& outcome) {
        const std::string common = R"("order":")" + order + R"(","outcome":")" + outcome +
                                   R"(","side":"buy","shares":"10",)";
        return own("order_intent", common + R"("price":"0.53","purpose":"open","group":"g")") +
               own("fill", common + R"("cost":"5.3","fee":"0","trade":"t)" + order + '"');
    };
    const DataDirectory data;
    data.ingest(own("market_defined", R"("outcomes":[{"name":"Up"},{"name":"Down"}])") +
                own("decision", R"("group":"g","verdict":"go","legs":[)"
                                R"({"outcome":"Up","price":"0.48","shares":"10"},)"
                                R"({"outcome":"Down","price":"0.49","shares":"10"}])") +
                leg("o1", "Up") + leg("o2", "Down"));
    const auto found = of_rule(data.ask({"query", "findings"}), "same_price_legs");
    REQUIRE(found.size() == 1);
    CHECK(found[0].text_of("cost") == "0.9");
    std::string seqs;
    for (const Json& seq : member(found[0], "seqs").items) seqs += seq.text + ' ';
    CHECK(seqs == "2 3 5 ");
    CHECK(found[0].text_of("severity") == "high");
}
