#include "support/captures.hpp"

#include <array>
#include <map>

#include "ingest/support.hpp"
#include "src/ingest/fields.hpp"

using namespace daybook;
using namespace daybook::ingest;
using namespace daybook::test;

// Real captures against figures computed outside this code (their expected.json).

namespace {

/// "polymarket_clob/book": what the capture's own counting calls a message.
void count_types(const Json& line, const Json& payload, std::map<std::string, int>& counts) {
    const std::string source{line.text_of("source")};
    const auto count = [&](std::string_view what) { ++counts[source + "/" + std::string{what}]; };
    if (payload.is(Json::Kind::array)) {
        for (const Json& item : payload.items) count(item.text_of("event_type"));
    } else if (source == "binance") {
        count(payload.find("data")->text_of("e"));
    } else if (source == "pyth_proxy") {
        count("other");
    } else if (source == "polymarket_clob") {
        const std::string type = text_in(payload, {"event_type"});
        count(type.empty() ? "rest_book" : type);
    } else {
        count(text_in(payload, {"topic", "type"}));
    }
}

std::string sum_of(const std::vector<WireLevel>& levels) {
    std::int64_t sum = 0;
    for (const WireLevel& level : levels) sum += parse_micros(level.size).value();
    return format_micros(sum);
}
std::string as_micros(std::string_view text) { return format_micros(parse_micros(text).value()); }

void check_book(const WireBook* book, const Json& expected) {
    REQUIRE(book != nullptr);
    CHECK(book->market == expected.text_of("market"));
    CHECK(book->timestamp == expected.text_of("last_ts_ms"));
    CHECK(std::to_string(book->bids.size()) == expected.text_of("bid_levels"));
    CHECK(std::to_string(book->asks.size()) == expected.text_of("ask_levels"));
    CHECK(book->bids.back().price == expected.text_of("best_bid"));
    CHECK(book->asks.back().price == expected.text_of("best_ask"));
    CHECK(sum_of(book->bids) == as_micros(expected.text_of("bid_size_sum")));
    CHECK(sum_of(book->asks) == as_micros(expected.text_of("ask_size_sum")));
    CHECK(book->hash == expected.text_of("last_hash"));
}

std::string number(std::uint64_t value) { return std::to_string(value); }

void check_capture(const std::filesystem::path& file, const Json& expected) {
    Polymarket door{{}};
    std::map<std::string, int> counts, kinds;
    const std::vector<std::string> lines = lines_of(read_unpacked(file));
    for (const std::string& line : lines) {
        const Json wrapper = parse_json(line).value();
        count_types(wrapper, parse_json(wrapper.text_of("payload")).value(), counts);
        for (const Event& event : door.read_line(line)) {
            ++kinds[std::string{type_name(type_number(event))}];
            CHECK(event.received);
        }
    }
    CHECK(number(lines.size()) == expected.text_of("lines"));
    for (const auto& [type, count] : expected.find("messages_by_type")->members) {
        CAPTURE(type);
        CHECK(std::to_string(counts[type]) == count.text);
    }
    CHECK(kinds["unparsed"] == 0);
    const int books = counts["polymarket_clob/book"] + counts["polymarket_clob/rest_book"];
    CHECK(kinds["book"] == books);
    CHECK(kinds["book_change"] == 2 * counts["polymarket_clob/price_change"]);
    CHECK(kinds["market_defined"] == counts["polymarket_clob/new_market"]);
    CHECK(kinds["feed"] == counts["coinbase/subscriptions"]);  // no book is stale

    CHECK(number(door.books().books().verified) == expected.text_of("book_hash_verified"));
    CHECK(number(door.books().books().mismatched) == expected.text_of("book_hash_mismatch"));
    const BookCheck::Counts& changes = door.books().changes();
    CHECK(number(changes.verified) == expected.text_of("price_change_hash_verified"));
    CHECK(number(changes.unverified) == expected.text_of("price_change_hash_unverified"));
    CHECK(changes.mismatched == 0);
    for (const auto& [token, book] : expected.find("final_books")->members) {
        check_book(door.books().book(token), book);
    }
}

Settings as_fills() { return {{}, true}; }

}  // namespace

TEST_CASE("April 2026: every frame of the raw captures is understood and every book rebuilt",
          "[ingest][captures]") {
    const auto folder = captures("pm-raw-15m-apr2026");
    if (!folder) return;
    const Json expected = parse_json(read_all(*folder / "expected.json")).value();
    CHECK(expected.members.size() == 5);
    for (const auto& [name, figures] : expected.members) {
        CAPTURE(name);
        check_capture(*folder / ("raw-" + name + ".jsonl.gz"), figures);
    }
}

TEST_CASE("April 2026: the markets of the captures are defined", "[ingest][captures]") {
    const auto folder = captures("pm-raw-15m-apr2026");
    if (!folder) return;
    Polymarket door{{}};
    for (const std::string& line : lines_of(read_all(*folder / "markets-20260427b.jsonl"))) {
        const Batch batch = door.read_line(line);
        REQUIRE(types(batch) == "market_defined");
        const auto& market = body<MarketDefined>(batch[0]);
        CHECK(market.outcomes[0].name == "Up");
        CHECK(market.outcomes[1].name == "Down");
        CHECK(market.closes->nanos - market.opens->nanos == 900 * kNanosPerSecond);
        CHECK(market.tick == Price{10'000});
        CHECK(market.min_shares == Shares{5 * kMicro});
        CHECK(market.fee == Fee{Ratio{72'000}, 1, true, Collected::cash});
        CHECK(market.aliases.size() == 2);
        CHECK(market.asset.size() == 3);
    }
}

TEST_CASE("December 2025: LIVE answers stay live and no answer is a fill", "[ingest][captures]") {
    const auto folder = captures("pm-order-responses-dec2025");
    if (!folder) return;
    int live = 0;
    int matched = 0;
    for (const std::string& line : lines_of(read_all(*folder / "submissions.jsonl"))) {
        const Json row = parse_json(line).value();
        const Batch batch = answer(write_json(*row.find("http_response")));
        REQUIRE(types(batch) == "order_status");
        const auto& order = body<OrderStatus>(batch[0]);
        CHECK(order.order == "mine-1");
        live += order.status == OrderStatusCode::live ? 1 : 0;
        matched += order.status == OrderStatusCode::matched ? 1 : 0;
        CHECK(order.claimed_matched.has_value() == (order.status == OrderStatusCode::matched));
    }
    CHECK(live == 13);
    CHECK(matched == 2);
    for (const std::string& line : lines_of(read_all(*folder / "closed_positions.jsonl"))) {
        CHECK(types(read(line)) == "claim");
    }
}

TEST_CASE("September 2026: activity rows are evidence, and fills on request",
          "[ingest][captures]") {
    const auto folder = captures("golden-cash");
    if (!folder) return;
    struct Sum {
        std::int64_t bought[2]{}, paid{}, fee{}, payout{};
        int takers{};
    };
    std::map<std::string, Sum> sums;
    for (const std::string& line : lines_of(read_all(*folder / "activity.jsonl"))) {
        CHECK(types(read(line)) == "claim");
        const std::string slug{parse_json(line).value().text_of("slug")};
        for (const Event& event : read(line, as_fills())) {
            Sum& sum = sums[slug];
            CHECK(event.mode == Mode::live);
            if (const auto* fill = std::get_if<Fill>(&event.body)) {
                sum.bought[fill->outcome == "Up" ? 0 : 1] += fill->shares.micros;
                sum.paid += fill->cost.micros + fill->fee->micros;
                sum.fee += fill->fee->micros;
                sum.takers += fill->role == Role::taker ? 1 : 0;
            } else if (const auto* redemption = std::get_if<Redemption>(&event.body)) {
                sum.payout += redemption->cash.micros;
            } else {
                CHECK(body<FillSettlement>(event).status == SettlementStatus::confirmed);
            }
        }
    }
    const Json expected = parse_json(read_all(*folder / "activity-expected.json")).value();
    CHECK(sums.size() == expected.members.size());
    for (const auto& [slug, figures] : expected.members) {
        CAPTURE(slug);
        const Sum& sum = sums[slug];
        const auto is = [&](std::int64_t micros, const char* name) {
            CHECK(format_micros(micros) == as_micros(figures.text_of(name)));
        };
        is(sum.bought[0], "bought_up");
        is(sum.bought[1], "bought_down");
        is(sum.paid, "cost_usdc_incl_fee");
        is(sum.fee, "taker_fee_usdc");
        is(sum.payout, "payout_usdc");
        is(sum.payout - sum.paid, "realized_pnl_usdc");
    }
    CHECK(sums["btc-updown-5m-1789944300"].takers == 1);
}
