// Frames and answers as the venues sent them, through `ingest --venue` and `query`. Expected values
// come from expected.json beside each capture, or name their source.
#include "ingest/captures.hpp"

#include <algorithm>
#include <fstream>

#include "schemas/fixed.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

const Words kPolymarket{"--venue", "polymarket"};
const Words kKalshi{"--venue", "kalshi"};

std::string number(std::uint64_t value) { return std::to_string(value); }

const Json& book_of(const Json& answer, std::string_view market, std::string_view outcome) {
    const auto& books = rows(answer, "books");
    CAPTURE(market, outcome);
    const auto found = std::find_if(books.begin(), books.end(), [&](const Json& book) {
        return book.text_of("market") == market && book.text_of("outcome") == outcome;
    });
    REQUIRE(found != books.end());
    return *found;
}

std::string sum_of(const std::vector<Json>& levels) {
    std::int64_t micros = 0;
    for (const Json& level : levels) micros += parse_micros(level.items.at(1).text).value();
    return format_micros(micros);
}

/// Token -> (market, outcome), from the metadata of a run.
using Tokens = std::map<std::string, std::pair<std::string, std::string>, std::less<>>;
Tokens tokens_of(const std::string& markets) {
    Tokens tokens;
    for (const std::string& line : lines_of(markets)) {
        const Json market = parse_json(line).value();
        for (const Json& outcome : rows(market, "outcomes")) {
            tokens[std::string{outcome.text_of("token_id")}] = {
                std::string{market.text_of("condition_id")},
                std::string{outcome.text_of("outcome")}};
        }
    }
    return tokens;
}

void check_polymarket_book(const Json& book, const Json& expected) {
    CHECK(number(rows(book, "bids").size()) == expected.text_of("bid_levels"));
    CHECK(number(rows(book, "asks").size()) == expected.text_of("ask_levels"));
    CHECK(book.text_of("bid_levels") == expected.text_of("bid_levels"));
    CHECK(book.text_of("best_bid") == expected.text_of("best_bid"));
    CHECK(book.text_of("best_ask") == expected.text_of("best_ask"));
    CHECK(sum_of(rows(book, "bids")) == shortest(expected.text_of("bid_size_sum")));
    CHECK(book.text_of("bid_shares") == shortest(expected.text_of("bid_size_sum")));
    CHECK(book.text_of("ask_shares") == shortest(expected.text_of("ask_size_sum")));
    CHECK(book.text_of("hash") == expected.text_of("last_hash"));
    CHECK(member(book, "trusted").truth);
    CHECK(rows(book, "bids").front().items.at(0).text == book.text_of("best_bid"));
    CHECK(rows(book, "asks").front().items.at(0).text == book.text_of("best_ask"));
}

void check_session(const std::string& run, const Json& expected) {
    CAPTURE(run);
    const std::string folder = "pm-raw-15m-apr2026/";
    const std::string markets = capture(folder + "markets-" + run + ".jsonl").value();
    const std::string frames = capture(folder + "raw-" + run + ".jsonl.gz").value();
    const DataDirectory data;
    data.ingest(markets, kPolymarket);
    const Json tally = data.ingest(frames, kPolymarket);
    CHECK(tally.text_of("lines") == expected.text_of("lines"));
    CHECK(tally.text_of("unparsed") == "0");
    CHECK(tally.text_of("conflicting") == "0");

    std::map<std::string, std::uint64_t> types;
    for (const Json& event : data.stream({"query", "events"}))
        ++types[std::string{event.text_of("type")}];
    const Json& counts = member(expected, "messages_by_type");
    const auto said = [&counts](std::string_view name) -> std::uint64_t {
        const Json* count = counts.find(name);
        return count == nullptr ? 0 : std::stoull(count->text);
    };
    CHECK(types["book"] == said("polymarket_clob/book") + said("polymarket_clob/rest_book"));
    CHECK(types["book_change"] == 2 * said("polymarket_clob/price_change"));  // both tokens
    CHECK(types["market_defined"] == 3 + said("polymarket_clob/new_market"));

    const Json answer = data.ask({"query", "book"});
    const Tokens tokens = tokens_of(markets);
    const auto& finals = member(expected, "final_books").members;
    CHECK(rows(answer, "books").size() == finals.size());
    for (const auto& [token, book] : finals) {
        const auto& [market, outcome] = tokens.find(token)->second;
        CHECK(market == book.text_of("market"));
        check_polymarket_book(book_of(answer, market, outcome), book);
    }
}

std::string compact(const std::string& text) { return write_json(parse_json(text).value()); }

/// An answer to a POST says nothing of the order it answers: the recorder wraps it (contract §1).
std::string wrapped(const std::string& answer, const std::string& order) {
    return R"({"received":"2026-05-01T12:00:00Z","channel":"rest","order":")" + order +
           R"(","payload":)" + answer + "}";
}

}  // namespace

TEST_CASE("April 2026: every token's final book is the one computed elsewhere",
          "[program][captures]") {
    CAPTURE_OR_SKIP(figures, "pm-raw-15m-apr2026/expected.json");
    const Json expected = parse_json(figures).value();
    CHECK(expected.members.size() == 5);
    for (const auto& [run, session] : expected.members) check_session(run, session);
}

TEST_CASE("April 2026: books of markets that nobody defined are shown by their tokens",
          "[program][captures]") {
    CAPTURE_OR_SKIP(figures, "pm-raw-15m-apr2026/expected.json");
    CAPTURE_OR_SKIP(frames, "pm-raw-15m-apr2026/raw-20260427b.jsonl.gz");
    const Json expected = parse_json(figures).value();
    const DataDirectory data;
    data.ingest(frames, kPolymarket);
    const Json answer = data.ask({"query", "book"});
    for (const auto& [token, book] : member(member(expected, "20260427b"), "final_books").members) {
        check_polymarket_book(book_of(answer, book.text_of("market"), token), book);
    }
}

TEST_CASE("every single message of a venue becomes events, and none is left unparsed",
          "[program][captures]") {
    if (!std::filesystem::exists(captures() / "messages")) {
        WARN("skipped: no captures");
        return;
    }
    const DataDirectory data;
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{captures() / "messages"}) {
        const std::string name = entry.path().filename();
        if (!name.ends_with(".json")) continue;
        CAPTURE(name);
        const std::string message = compact(*capture(entry.path()));
        Words options = name.starts_with("kalshi-") ? kKalshi : kPolymarket;
        options.insert(options.end(), {"--own", "0xa3d82ed56f4c68d2328fb8c29e568ba2caf7d7c8"});
        const bool answers = name.starts_with("pm-rest-post-order");
        const Json tally = data.ingest(answers ? wrapped(message, name) : message, options);
        CHECK(tally.text_of("unparsed") == "0");
        CHECK(tally.text_of("accepted") != "0");
        ++files;
    }
    CHECK(files == 33);  // README of the capture: its table
    CHECK(data.stream({"query", "events", "--type", "unparsed"}).empty());
    // README: two samples of trades CONFIRMED, one MINED; the wallet is one of the makers in two.
    const auto fills = rows(data.ask({"query", "fills"}), "fills");
    REQUIRE(fills.size() == 3);
    CHECK(std::count_if(fills.begin(), fills.end(),
                        [](const Json& fill) { return fill.text_of("role") == "maker"; }) == 2);
    const auto orders = rows(data.ask({"query", "orders"}), "orders");
    CHECK(row(orders, "order", "pm-rest-post-order-live.json").text_of("state") == "live");
    CHECK(row(orders, "order", "pm-rest-post-order-failed.json").text_of("state") == "rejected");
    CHECK(row(orders, "order", "pm-rest-post-order-matched.json").text_of("filled") == "0");
}

TEST_CASE("an address behind --own is one address: the file behind it is read",
          "[program][captures]") {
    CAPTURE_OR_SKIP(message, "messages/pm-rest-trade.json");
    const DataDirectory data;
    const TemporaryFolder folder;
    const std::string file = folder.path() / "trade.jsonl";
    std::ofstream{file} << compact(message) << '\n';
    const Ran ran =
        data.run({"ingest", "--json", "--venue", "polymarket", "--own",
                  "0xa3d82ed56f4c68d2328fb8c29e568ba2caf7d7c8", "--own", "0x0000", file});
    CHECK(ran.exit == 0);
    CHECK(parse_json(ran.out).value().text_of("accepted") == "2");  // fill and its settlement
}

TEST_CASE("December 2025: thirteen live answers and two matched ones move no share",
          "[program][captures]") {
    CAPTURE_OR_SKIP(submissions, "pm-order-responses-dec2025/submissions.jsonl");
    const DataDirectory data;
    std::string answers, intents;
    std::size_t count = 0, live = 0;
    for (const std::string& line : lines_of(submissions)) {
        const Json row = parse_json(line).value();
        const std::string order = "mine-" + number(++count);
        if (member(row, "http_response").text_of("status") == "live") ++live;
        JsonWriter answer;
        answer.begin_object().key("received").text(row.text_of("submitted_at"));
        answer.key("channel").text("rest").key("order").text(order);
        answer.key("market").text(row.text_of("market"));
        answer.key("payload").verbatim(write_json(member(row, "http_response"))).end_object();
        answers += answer.str() + '\n';
        JsonWriter intent;
        intent.begin_object().key("type").text("order_intent").key("order").text(order);
        intent.key("time").text(row.text_of("submitted_at")).key("venue").text("polymarket");
        intent.key("mode").text("live").key("market").text(row.text_of("market"));
        intent.key("outcome").text(row.text_of("outcome")).key("side").text("buy");
        // Prices of that program went through doubles: 0.6599999999999999.
        intent.key("price").text(format_rounded(
            static_cast<std::int64_t>(parse_decimal(row.text_of("limit_price"), 18).value() /
                                      1'000'000'000'000),
            4));
        intent.key("shares").text(row.text_of("size_shares")).end_object();
        intents += intent.str() + '\n';
    }
    CHECK(count == 15);
    CHECK(live == 13);
    data.ingest(answers, kPolymarket);
    // Nobody has said yet what these orders are: nothing rests that could be shown.
    CHECK(data.run({"query", "positions", "--json"}).exit == 4);
    for (const Json& order : rows(data.ask({"query", "orders"}), "orders")) {
        CHECK(order.text_of("filled") == "0");
        CHECK(order.text_of("open") == "0");
    }

    data.ingest(intents);
    const Json positions = data.ask({"query", "positions"});
    std::size_t resting = 0;
    for (const Json& position : rows(positions, "positions")) {
        for (const Json& side : rows(position, "outcomes")) {
            CHECK(side.text_of("matched") == "0");
            CHECK(side.text_of("held") == "0");
            CHECK(side.text_of("cost") == "0");
            if (side.text_of("resting") != "0") ++resting;
        }
        CHECK(position.text_of("verdict") == "flat");
    }
    CHECK(resting >= live);
    CHECK(data.run({"query", "fills", "--json"}).exit == 4);
}

TEST_CASE("August 2026: 150 frames of Kalshi give the twelve books computed elsewhere",
          "[program][captures]") {
    CAPTURE_OR_SKIP(frames, "kalshi-ws-aug2026/frames.jsonl.gz");
    CAPTURE_OR_SKIP(figures, "kalshi-ws-aug2026/expected.json");
    const Json expected = parse_json(figures).value();
    const DataDirectory data;
    const Json tally = data.ingest(frames, kKalshi);
    CHECK(tally.text_of("lines") == expected.text_of("frames"));
    const Json answer = data.ask({"query", "book"});
    const auto& finals = member(expected, "final_books").members;
    CHECK(rows(answer, "books").size() == 2 * finals.size());
    std::uint64_t last = 0;
    for (const auto& [market, book] : finals) {
        const Json& yes = book_of(answer, market, "yes");
        const Json& no = book_of(answer, market, "no");
        CHECK(yes.text_of("bid_levels") == book.text_of("yes_levels"));
        CHECK(no.text_of("bid_levels") == book.text_of("no_levels"));
        CHECK(yes.text_of("best_bid") == shortest(book.text_of("best_yes_bid")));
        CHECK(no.text_of("best_bid") == shortest(book.text_of("best_no_bid")));
        CHECK(yes.text_of("best_ask") == shortest(book.text_of("implied_yes_ask")));
        CHECK(yes.text_of("bid_shares") == shortest(book.text_of("yes_size_sum")));
        CHECK(no.text_of("bid_shares") == shortest(book.text_of("no_size_sum")));
        CHECK(member(yes, "asks").is_null());  // the venue publishes none
        for (const Json* side : {&yes, &no}) {
            CHECK(member(*side, "trusted").truth);
            last = std::max<std::uint64_t>(last,
                                           std::stoull(std::string{side->text_of("stream_seq")}));
        }
    }
    CHECK(number(last) == expected.text_of("last_seq"));
}

TEST_CASE("August 2026: a frame of Kalshi left out is seen in every book behind it",
          "[program][captures]") {
    CAPTURE_OR_SKIP(frames, "kalshi-ws-aug2026/frames.jsonl.gz");
    std::string without;
    const auto lines = lines_of(frames);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i != 100) without += lines[i] + '\n';
    }
    const DataDirectory data;
    data.ingest(without, kKalshi);
    for (const Json& book : rows(data.ask({"query", "book"}), "books"))
        CHECK_FALSE(member(book, "trusted").truth);
}

TEST_CASE("August 2026: fills of Kalshi cost and settlements redeem to the micro-dollar",
          "[program][captures]") {
    CAPTURE_OR_SKIP(fills, "kalshi-ws-aug2026/portfolio_fills.jsonl");
    CAPTURE_OR_SKIP(settlements, "kalshi-ws-aug2026/portfolio_settlements.jsonl");
    // Sums over the rows by another program (Python, decimal), as in tests/ingest.
    const DataDirectory bought;
    CHECK(bought.ingest(fills, kKalshi).text_of("accepted") == "22");
    const Json pnl = bought.ask({"query", "pnl"});
    CHECK(pnl.text_of("bought") == "40.49504");
    CHECK(pnl.text_of("fees") == "1.78986");
    CHECK(pnl.text_of("realized") == "0");
    CHECK(pnl.text_of("open_worst") == "-42.2849");
    for (const Json& fill : rows(bought.ask({"query", "fills"}), "fills"))
        CHECK(fill.text_of("settlement") == "confirmed");  // contract §1: as recorded

    const DataDirectory settled;
    CHECK(settled.ingest(settlements, kKalshi).text_of("accepted") == "42");
    const Json redeemed = settled.ask({"query", "pnl"});
    CHECK(redeemed.text_of("redeemed") == "28");  // 1500 + 300 + 1000 cents
    CHECK(redeemed.text_of("realized") == "0");   // nothing was recorded of what was bought
    CHECK(redeemed.text_of("fees") == "0");       // a settlement's fee is a claim
    CHECK(redeemed.text_of("resolved_markets") == "14");
    std::int64_t claimed = 0;
    for (const Json& claim : settled.stream({"query", "events", "--type", "claim"}))
        claimed += parse_micros(claim.text_of("value")).value();
    CHECK(format_micros(claimed) == "1.5118");
}
