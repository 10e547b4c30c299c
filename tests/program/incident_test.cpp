// The reset of 2025-12-13, as the post-mortem tells it: to clear a wrong profit from a dashboard,
// 25,202 order-book snapshots and 18 fill records were deleted beside 26 trades, 5 daily statistics
// and 3,849 log lines. Here is the same evening with the same numbers of everything, and a reset
// that takes nothing.
#include <sys/stat.h>

#include <array>
#include <filesystem>

#include "schemas/fixed.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

constexpr std::size_t kSnapshots = 25'202;
constexpr std::size_t kFills = 18;
constexpr std::size_t kTrades = 26;
constexpr std::size_t kDailyStatistics = 5;
constexpr std::size_t kLogs = 3'849;
constexpr std::size_t kMarkets = 9;

const Words kDashboards{"pnl", "positions", "cash", "daily", "hedge", "claims"};

std::string market(std::size_t number) { return "btc-updown-15m-" + std::to_string(number); }

/// 13 December, `seconds` behind nine in the morning.
std::string at(std::size_t seconds) {
    const auto two = [](std::size_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return "2025-12-13T" + two(9 + seconds / 3600) + ':' + two(seconds / 60 % 60) + ':' +
           two(seconds % 60) + 'Z';
}

/// A line of the contract: what every one has, then `rest`.
std::string line(const char* type, std::size_t seconds, const std::string& rest) {
    return std::string{R"({"type":")"} + type + R"(","venue":"polymarket","time":")" + at(seconds) +
           "\"," + rest + "}\n";
}
std::string member_text(const char* name, const std::string& value) {
    return '"' + std::string{name} + "\":\"" + value + '"';
}
std::string in_market(std::size_t number) { return member_text("market", market(number)) + ','; }

std::string definitions() {
    std::string lines;
    for (std::size_t i = 0; i < kMarkets; ++i)
        lines += line("market_defined", i,
                      in_market(i) + R"("outcomes":[{"name":"Up"},{"name":"Down"}])");
    return lines;
}

/// Snapshot `i`: the outcomes of all markets in turn, each with a price of its own.
std::string snapshot(std::size_t i) {
    const std::size_t cents = 20 + i % 60;
    const auto level = [](std::size_t price, std::size_t shares) {
        return "[\"0." + std::to_string(price) + "\",\"" + std::to_string(shares) + "\"]";
    };
    return line("book", 60 + i / 4,
                in_market(i % kMarkets) + member_text("outcome", i / kMarkets % 2 ? "Down" : "Up") +
                    ",\"bids\":[" + level(cents, i % 97 + 1) + ',' + level(cents - 1, 40) +
                    "],\"asks\":[" + level(cents + 2, i % 89 + 1) + "]");
}

struct Purchase {
    std::size_t market;
    const char *outcome, *shares, *cost;
};

/// Two in each market. By hand: six markets with 10 pairs that cost 1.03 each lose 0.30 whoever
/// wins, edge -1.80. Of the others, all Up, the first wins 15.00 - 7.80, the second loses 7.80, the
/// third 2.21: direction -2.81. Together -4.61, as that day.
std::array<Purchase, kFills> purchases() {
    std::array<Purchase, kFills> all{};
    for (std::size_t i = 0; i < 6; ++i) {
        all.at(2 * i) = {i, "Up", "10", "5.20"};
        all.at(2 * i + 1) = {i, "Down", "10", "5.10"};
    }
    const char* const costs[3][2] = {{"5.20", "2.60"}, {"5.20", "2.60"}, {"1.21", "1.00"}};
    for (std::size_t i = 6; i < 9; ++i) {
        all.at(2 * i) = {i, "Up", "10", costs[i - 6][0]};
        all.at(2 * i + 1) = {i, "Up", "5", costs[i - 6][1]};
    }
    return all;
}

std::string fill(std::size_t number, const Purchase& bought) {
    const std::string name = std::to_string(number);
    return line("fill", 6400 + number,
                in_market(bought.market) + member_text("mode", "live") + ',' +
                    member_text("trade", 't' + name) + ',' + member_text("order", 'o' + name) +
                    ',' + member_text("outcome", bought.outcome) + R"(,"side":"buy",)" +
                    member_text("shares", bought.shares) + ',' + member_text("cost", bought.cost));
}

std::string resolutions() {
    std::string lines;
    for (std::size_t i = 0; i < kMarkets; ++i)
        lines += line("market_resolved", 6500,
                      in_market(i) + (i < 7 ? R"("winner":"Up")" : R"("winner":"Down")"));
    return lines;
}

std::string claim(const char* table, const std::string& value, const std::string& scope = {}) {
    return line("claim", 6600,
                scope + R"("mode":"live","metric":"pnl",)" + member_text("source", table) + ',' +
                    member_text("value", value));
}

/// What the bot's own tables said: four of them, four profits (the seed's `trades` come to +13.00).
std::string claims() {
    std::string lines;
    for (std::size_t i = 0; i < kTrades; ++i)
        lines += claim("trades", "0.50", in_market(i % kMarkets));
    for (std::size_t i = 0; i < kDailyStatistics; ++i) lines += claim("daily_stats", "1.37");
    return lines + claim("realized_pnl_ledger", "-23.48") + claim("dashboard", "13.00");
}

std::string logs() {
    std::string lines;
    for (std::size_t i = 0; i < kLogs; ++i)
        lines += line("log", 6700 + i / 100,
                      R"("level":"debug","text":"loop )" + std::to_string(i) + '"');
    return lines;
}

/// The evening as it was recorded.
std::string evening() {
    std::string lines = definitions();
    for (std::size_t i = 0; i < kSnapshots; ++i) lines += snapshot(i);
    std::size_t number = 0;
    for (const Purchase& bought : purchases()) lines += fill(number++, bought);
    return lines + resolutions() + claims() + logs();
}

const std::map<std::string, std::string>& recorded() {
    static const std::map<std::string, std::string> counts{
        {"market_defined", "9"},  {"book", "25202"}, {"fill", "18"},
        {"market_resolved", "9"}, {"claim", "33"},   {"log", "3849"}};
    return counts;
}

std::map<std::string, std::string> counts_of(const Json& object) {
    std::map<std::string, std::string> counts;
    for (const auto& [type, count] : object.members) counts[type] = count.text;
    return counts;
}

std::uint64_t number_of(const Json& object, std::string_view name) {
    return std::stoull(std::string{object.text_of(name)});
}

std::uint64_t bytes_on_disk(const std::filesystem::path& folder) {
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        struct stat status {};
        REQUIRE(::stat(entry.path().c_str(), &status) == 0);
        bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
    return bytes;
}

/// Whatever was seen of the books and fills is there to be asked.
void check_sources(const DataDirectory& data) {
    const Json liquidity = data.ask({"query", "liquidity"});
    CHECK(rows(liquidity, "totals").size() == 2 * kMarkets);
    std::uint64_t snapshots = 0;
    for (const Json& outcome : rows(liquidity, "totals")) snapshots += number_of(outcome, "books");
    CHECK(snapshots == kSnapshots);
    const Json first = data.ask({"query", "liquidity", "--market", market(0)});
    std::uint64_t told = 0;
    for (const Json& outcome : rows(first, "totals")) told += number_of(outcome, "books");
    CHECK(rows(first, "snapshots").size() == told);
    CHECK(rows(first, "snapshots").front().text_of("bid") == "0.2");
    CHECK(rows(data.ask({"query", "fills"}), "fills").size() == kFills);
    CHECK(data.stream({"query", "events", "--type", "fill"}).size() == kFills);
}

/// What the four tables say is still there, each beside the one figure that comes from fills.
void check_claims(const DataDirectory& data) {
    const Json answer = data.ask({"query", "claims"});
    std::map<std::string, std::int64_t> profits;
    for (const Json& each : rows(answer, "claims"))
        profits[std::string{each.text_of("source")}] += parse_micros(each.text_of("value")).value();
    CHECK(profits == std::map<std::string, std::int64_t>{{"trades", 13'000'000},
                                                         {"daily_stats", 6'850'000},
                                                         {"realized_pnl_ledger", -23'480'000},
                                                         {"dashboard", 13'000'000}});
    const Json& dashboard = row(rows(answer, "claims"), "source", "dashboard");
    CHECK(dashboard.text_of("fact") == "-4.61");
    CHECK(dashboard.text_of("difference") == "17.61");
}

Json plan_of(const DataDirectory& data, const Words& names) {
    Words words{"projections", "reset"};
    words.insert(words.end(), names.begin(), names.end());
    return data.ask(words);
}

}  // namespace

TEST_CASE("a reset of P&L and dashboards takes none of 25,202 snapshots and 18 fills",
          "[program][incident]") {
    const DataDirectory data;
    CHECK(data.ingest(evening()).text_of("accepted") == "29120");
    const auto journal = data.journal_files();
    const auto digests = data.digests();
    check_sources(data);
    check_claims(data);

    const Json plan = plan_of(data, kDashboards);
    CHECK(plan.text_of("source_events_deleted") == "0");
    CHECK(plan.text_of("source_bytes_deleted") == "0");
    CHECK(counts_of(member(plan, "keep")) == recorded());
    CHECK(member(plan, "replay").text_of("events") == "29120");
    const auto replayed = counts_of(member(member(plan, "replay"), "by_type"));
    CHECK(replayed.count("book") == 0);  // these projections never look at a book
    CHECK(replayed.at("fill") == "18");
    const auto listed = data.ask({"projections", "list"});
    CHECK(rows(plan, "drop").size() == kDashboards.size());
    for (const Json& drop : rows(plan, "drop")) {
        const std::string name{drop.text_of("projection")};
        CAPTURE(name);
        const Json& standing = row(rows(listed, "projections"), "name", name);
        std::uint64_t in_tables = 0;
        for (const Json& table : rows(drop, "tables")) in_tables += number_of(table, "rows");
        CHECK(in_tables > 0);
        CHECK(drop.text_of("rows") == std::to_string(in_tables));
        CHECK(standing.text_of("rows") == drop.text_of("rows"));
        CHECK(drop.text_of("bytes") ==
              std::to_string(bytes_on_disk(data.path() + "/projections/" + name + "/g1")));
    }
    CHECK(data.journal_files() == journal);

    const Json done = data.ask({"projections", "apply", std::string{plan.text_of("plan")}});
    CHECK(done.text_of("source_events_deleted") == "0");
    for (const Json& outcome : rows(done, "projections")) {
        CAPTURE(outcome.text_of("projection"));
        CHECK(outcome.text_of("generation") == "2");
        CHECK(outcome.text_of("rows_before") == outcome.text_of("rows_after"));
        CHECK_FALSE(member(outcome, "changed").truth);
    }
    CHECK(data.journal_files() == journal);
    CHECK(data.digests() == digests);
    CHECK(data.ask({"verify"}).text_of("events") == "29120");
    const Json pnl = data.ask({"query", "pnl"});
    CHECK(pnl.text_of("realized") == "-4.61");
    CHECK(pnl.text_of("edge") == "-1.8");
    CHECK(pnl.text_of("direction") == "-2.81");
    check_sources(data);
    check_claims(data);

    // Even the readings of books and fills may go: they are made again from what was recorded.
    const Json harsh = plan_of(data, {"liquidity", "fills", "books"});
    CHECK(harsh.text_of("source_events_deleted") == "0");
    static_cast<void>(data.ask({"projections", "apply", std::string{harsh.text_of("plan")}}));
    std::filesystem::remove_all(data.path() + "/projections");
    check_sources(data);
    CHECK(data.digests() == digests);
    CHECK(data.journal_files() == journal);
    CHECK(data.run({"projections", "reset", "--all"}).exit == 2);  // nobody there to type the names
}
