// Many quotes of thousands of markets. Capture: "Polymarket Order Book Dataset (2026), Dinesh
// Gopalakrishnan", CC BY 4.0. Speed and memory are printed, never asserted.
#include <cstdio>
#include <set>

#include "ingest/captures.hpp"
#include "schemas/fixed.hpp"
#include "schemas/time.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

/// The first `count` rows of the capture as lines of the contract, and what they come to.
struct Quotes {
    std::string lines;
    std::size_t count{};
    std::map<std::string, std::string, std::less<>> last_bid;  ///< of the last row; empty: none
    std::map<std::string, std::string, std::less<>> last_bid_not_empty;
};

Quotes quotes_of(const std::string& csv, std::size_t count) {
    Quotes quotes;
    std::size_t at = csv.find('\n') + 1;
    const auto cell = [&csv, &at](char end) {
        const std::size_t stop = csv.find(end, at);
        const std::string text = csv.substr(at, stop - at);
        at = stop + 1;
        return text;
    };
    const auto price = [&quotes](const char* name, const std::string& text) {
        quotes.lines += name;
        quotes.lines += text.empty() ? "null" : '"' + text + '"';
    };
    while (at < csv.size() && quotes.count < count) {
        const Time time{std::stoll(cell(',')) * 1'000'000};
        const std::string slug = cell(',');
        const std::string bid = cell(',');
        const std::string ask = cell('\n');
        quotes.lines += R"({"type":"quote","time":")" + format_time(time) +
                        R"(","venue":"polymarket","origin":"import","market":")" + slug +
                        R"(","outcome":"Yes")";
        price(R"(,"bid":)", bid);
        price(R"(,"ask":)", ask);
        quotes.lines += "}\n";
        quotes.last_bid[slug] = bid;
        if (!bid.empty()) quotes.last_bid_not_empty[slug] = bid;
        ++quotes.count;
    }
    return quotes;
}

std::string sum_of(const std::map<std::string, std::string, std::less<>>& bids) {
    std::int64_t micros = 0;
    for (const auto& [slug, bid] : bids) micros += bid.empty() ? 0 : parse_micros(bid).value();
    return format_micros(micros);
}

void print_speed(const char* what, std::size_t count, const Ran& ran) {
    std::printf("%-24s %7zu events  %6.2f s  %8.0f events/s  %6ld KiB at most\n", what, count,
                ran.took.count(), static_cast<double>(count) / ran.took.count(), ran.peak_kib);
}

/// Records the quotes, asks for the books and compares both with the rows.
void check_volume(const DataDirectory& data, const Quotes& quotes) {
    const Ran recorded = data.run({"ingest", "--json", "-"}, quotes.lines);
    REQUIRE(recorded.exit == 0);
    print_speed("ingest", quotes.count, recorded);
    const Json tally = parse_json(recorded.out).value();
    CHECK(tally.text_of("unparsed") == "0");
    // A row that says what an equal one said before it is another event: none is dropped.
    CHECK(tally.text_of("accepted") == std::to_string(quotes.count));

    const Ran first = data.run({"query", "book", "--json"});
    REQUIRE(first.exit == 0);
    print_speed("query book, from nothing", quotes.count, first);
    print_speed("query book, again", quotes.count, data.run({"query", "book", "--json"}));
    const Ran verified = data.run({"verify", "--json"});
    CHECK(verified.exit == 0);
    print_speed("verify", quotes.count, verified);

    const Json answer = parse_json(first.out).value();
    CHECK(rows(answer, "books").size() == quotes.last_bid.size());
    for (const Json& book : rows(answer, "books")) {
        const std::string& bid = quotes.last_bid.find(book.text_of("market"))->second;
        CHECK(book.text_of("quote_bid") == (bid.empty() ? "" : shortest(bid)));
    }
}

}  // namespace

TEST_CASE("20,000 quotes of thousands of markets: the last one of each is its quote", "[program]") {
    CAPTURE_OR_SKIP(csv, "pm-quotes-ccby-2026/quotes-2026-07-10-first500k.csv.gz");
    const DataDirectory data;
    check_volume(data, quotes_of(csv, 20'000));
}

TEST_CASE("500,000 quotes: as many markets and bids as counted elsewhere", "[.][volume]") {
    CAPTURE_OR_SKIP(csv, "pm-quotes-ccby-2026/quotes-2026-07-10-first500k.csv.gz");
    CAPTURE_OR_SKIP(figures, "pm-quotes-ccby-2026/expected.json");
    const Json expected = parse_json(figures).value();
    const Quotes quotes = quotes_of(csv, 1'000'000);
    CHECK(std::to_string(quotes.count) == expected.text_of("rows"));
    CHECK(std::to_string(quotes.last_bid.size()) == expected.text_of("slugs"));
    CHECK(sum_of(quotes.last_bid_not_empty) == expected.text_of("sum_last_bid"));
    const DataDirectory data;
    check_volume(data, quotes);
    // 549 markets end with no bid: the book shows none. What they had before is in the journal.
    const Ran all = data.run({"query", "events", "--type", "quote", "--json"});
    std::map<std::string, std::string, std::less<>> bids;
    for (std::size_t at = 0; at < all.out.size();) {
        const std::size_t end = all.out.find('\n', at);
        const Json event = parse_json(std::string_view{all.out}.substr(at, end - at)).value();
        const std::string_view bid = event.text_of("bid");
        if (!bid.empty()) bids[std::string{event.text_of("market")}] = bid;
        at = end + 1;
    }
    print_speed("query events", quotes.count, all);
    CHECK(sum_of(bids) == expected.text_of("sum_last_bid"));
}
