// Kalshi as it was captured. Expected numbers come from expected.json beside the captures, and from
// sums over the rows taken with another program (Python, decimal).
#include <map>
#include <random>
#include <set>

#include "ingest/captures.hpp"
#include "ingest/kalshi_reading.hpp"

using namespace daybook;
using namespace daybook::ingest;

namespace {

using Side_levels = std::map<Price, Shares>;
using Books = std::map<std::pair<std::string, std::string>, Side_levels>;  ///< market, outcome

std::string name_of(const Event& event) { return std::string{type_name(type_number(event))}; }

void apply(Books& books, const Event& event) {
    if (const auto* book = std::get_if<Book>(&event.body)) {
        Side_levels& levels = books[{event.market, book->outcome}];
        levels.clear();
        for (const Level& level : *book->bids) levels[level.price] = level.shares;
    }
    if (const auto* change = std::get_if<BookChange>(&event.body)) {
        Side_levels& levels = books[{event.market, change->outcome}];
        for (const Change& delta : *change->deltas) {
            const Shares now = levels[delta.price] += delta.shares;
            CHECK(now >= Shares{});
            if (now == Shares{}) levels.erase(delta.price);
        }
    }
}

std::vector<Event> read_all(const std::vector<std::string>& frames, std::size_t left_out) {
    Kalshi venue{Settings{}};
    std::vector<Event> events;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (i == left_out) continue;
        for (Event& event : read_with(venue, frames[i])) events.push_back(std::move(event));
    }
    return events;
}

constexpr auto kNone = static_cast<std::size_t>(-1);

long gaps(const std::vector<Event>& events) {
    return std::count_if(events.begin(), events.end(), [](const Event& event) {
        const auto* feed = std::get_if<Feed>(&event.body);
        return feed != nullptr && feed->state == FeedState::gap;
    });
}

void check_side(const Json& expected, const std::string& outcome, const Side_levels& levels) {
    REQUIRE_FALSE(levels.empty());
    CHECK(std::to_string(levels.size()) == expected.text_of(outcome + "_levels"));
    CHECK(format_rounded(levels.rbegin()->first.micros, 4) ==
          expected.text_of("best_" + outcome + "_bid"));
    Shares sum;
    for (const auto& [price, shares] : levels) sum += shares;
    CHECK(format_rounded(sum.micros, 2) == expected.text_of(outcome + "_size_sum"));
}

}  // namespace

TEST_CASE("every single message of Kalshi is understood", "[ingest][kalshi][captures]") {
    const std::map<std::string, std::vector<std::string>> expected{
        {"kalshi-ws-ok.json", {"feed"}},
        {"kalshi-ws-orderbook_delta.json", {"book_change"}},
        {"kalshi-ws-orderbook_snapshot.json", {"book", "book"}},
        {"kalshi-ws-subscribed.json", {"feed"}},
    };
    if (!std::filesystem::exists(captures())) {
        WARN("skipped: no captures");
        return;
    }
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{captures() / "messages"}) {
        const std::string file = entry.path().filename();
        if (!file.starts_with("kalshi-")) continue;
        CAPTURE(file);
        found.insert(file);
        std::vector<std::string> types;
        for (const Event& event : read_one(*capture(entry.path()))) types.push_back(name_of(event));
        REQUIRE(expected.contains(file));
        CHECK(types == expected.at(file));
    }
    CHECK(found.size() == expected.size());
}

TEST_CASE("150 captured frames give the books of all 12 markets", "[ingest][kalshi][captures]") {
    CAPTURE_OR_SKIP(packed, "kalshi-ws-aug2026/frames.jsonl.gz");
    CAPTURE_OR_SKIP(wanted, "kalshi-ws-aug2026/expected.json");
    const Json expected = parse_json(wanted).value();
    const std::vector<std::string> frames = lines_of(packed);
    CHECK(std::to_string(frames.size()) == expected.text_of("frames"));

    const std::vector<Event> events = read_all(frames, kNone);
    std::map<std::string, int> types;
    std::set<std::uint64_t> counted;
    Books books;
    for (const Event& event : events) {
        ++types[name_of(event)];
        if (const auto* book = std::get_if<Book>(&event.body)) counted.insert(*book->stream_seq);
        if (const auto* change = std::get_if<BookChange>(&event.body)) {
            counted.insert(*change->stream_seq);
        }
        CHECK(event.received);
        apply(books, event);
    }
    // 12 snapshots of two books, 126 deltas, 11 ok and one subscribed (expected.json, by_type)
    CHECK(types == std::map<std::string, int>{{"book", 24}, {"book_change", 126}, {"feed", 12}});
    CHECK(gaps(events) == 0);
    CHECK(std::to_string(*counted.begin()) == expected.text_of("first_seq"));
    CHECK(std::to_string(*counted.rbegin()) == expected.text_of("last_seq"));

    const Json& finals = *expected.find("final_books");
    REQUIRE(finals.members.size() == 12);
    for (const auto& [market, book] : finals.members) {
        CAPTURE(market);
        check_side(book, "yes", books[{market, "yes"}]);
        check_side(book, "no", books[{market, "no"}]);
        const Price best_no = books[{market, "no"}].rbegin()->first;
        CHECK(format_rounded(kMicro - best_no.micros, 4) == book.text_of("implied_yes_ask"));
    }
}

TEST_CASE("one captured frame left out is exactly one gap", "[ingest][kalshi][captures]") {
    CAPTURE_OR_SKIP(packed, "kalshi-ws-aug2026/frames.jsonl.gz");
    const std::vector<std::string> frames = lines_of(packed);
    // Frame 0 is `subscribed` and has no seq; after the last one there is nothing to compare with.
    for (std::size_t i = 1; i + 1 < frames.size(); ++i) {
        CAPTURE(i);
        CHECK(gaps(read_all(frames, i)) == 1);
    }
    CHECK(gaps(read_all(frames, 0)) == 0);
}

TEST_CASE("22 captured fills are booked to the micro-dollar", "[ingest][kalshi][captures]") {
    CAPTURE_OR_SKIP(rows, "kalshi-ws-aug2026/portfolio_fills.jsonl");
    const std::vector<Event> events = read_all(lines_of(rows), kNone);
    REQUIRE(events.size() == 22);
    Money paid;
    Money fees;
    int on_no = 0;
    for (const Event& event : events) {
        const auto& fill = std::get<Fill>(event.body);
        CHECK(event.mode == Mode::live);
        CHECK(fill.side == Side::buy);
        CHECK(fill.role == Role::taker);
        const Json row = parse_json(event.raw).value();
        const std::string price = std::string{row.text_of(fill.outcome + "_price_dollars")};
        // price and count have at most 4 and 2 decimals: their product is exact
        const auto exact =
            parse_micros(price).value() * parse_micros(row.text_of("count_fp")).value();
        CHECK(exact % kMicro == 0);
        CHECK(fill.cost == Money{exact / kMicro});
        CHECK(format_micros(fill.fee->micros) ==
              format_micros(parse_micros(row.text_of("fee_cost")).value()));
        CHECK(event.market == row.text_of("ticker"));
        paid += fill.cost;
        fees += *fill.fee;
        on_no += fill.outcome == "no" ? 1 : 0;
    }
    CHECK(on_no == 2);
    CHECK(format_micros(paid.micros) == "40.49504");
    CHECK(format_micros(fees.micros) == "1.78986");
}

TEST_CASE("14 captured settlements bring their revenue and claim their fees",
          "[ingest][kalshi][captures]") {
    CAPTURE_OR_SKIP(rows, "kalshi-ws-aug2026/portfolio_settlements.jsonl");
    const std::vector<Event> events = read_all(lines_of(rows), kNone);
    REQUIRE(events.size() == 14 * 3);
    Money redeemed;
    std::int64_t fees = 0;
    int yes = 0;
    for (std::size_t i = 0; i < events.size(); i += 3) {
        const Json row = parse_json(events[i].raw).value();
        const auto& resolved = std::get<MarketResolved>(events[i].body);
        const bool won = row.text_of("market_result") == "yes";
        yes += won ? 1 : 0;
        CHECK(resolved.payouts ==
              (won ? std::vector<Ratio>{{kMicro}, {0}} : std::vector<Ratio>{{0}, {kMicro}}));
        CHECK(resolved.evidence == "settlement");
        const auto& redemption = std::get<Redemption>(events[i + 1].body);
        CHECK(redemption.shares->micros ==
              parse_micros(row.text_of(redemption.outcome + "_count_fp")).value());
        redeemed += redemption.cash;
        fees += parse_micros(std::get<Claim>(events[i + 2].body).value).value();
        for (std::size_t j = i; j < i + 3; ++j) CHECK(events[j].time == events[i].time);
    }
    CHECK(yes == 3);
    CHECK(redeemed == Money{28'000'000});  // 1500 + 300 + 1000 cents
    CHECK(format_micros(fees) == "1.5118");
}

TEST_CASE("no damage to a frame crashes or loses it", "[ingest][kalshi][captures]") {
    CAPTURE_OR_SKIP(fills, "kalshi-ws-aug2026/portfolio_fills.jsonl");
    CAPTURE_OR_SKIP(settlements, "kalshi-ws-aug2026/portfolio_settlements.jsonl");
    CAPTURE_OR_SKIP(packed, "kalshi-ws-aug2026/frames.jsonl.gz");
    const std::vector<std::string> frames = lines_of(packed);
    for (const std::string& whole :
         {lines_of(fills)[0], lines_of(settlements)[0], frames[0], frames[2], frames[149]}) {
        for (std::size_t cut = 0; cut < whole.size(); ++cut) {
            const Batch batch = read_one(whole.substr(0, cut));
            REQUIRE(batch.size() == 1);
            REQUIRE(std::holds_alternative<Unparsed>(batch[0].body));
            REQUIRE(batch[0].raw == whole.substr(0, cut));
        }
    }
    const auto seed = daybook::test::random_seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 20'000; ++round) {
        std::string frame = random() % 2 == 0 ? lines_of(fills)[0] : frames[100 + random() % 50];
        frame[random() % frame.size()] = static_cast<char>(random() % 256);
        REQUIRE_FALSE(read_one(frame).empty());
    }
}

TEST_CASE("captured depth and settled markets of others are understood",
          "[ingest][kalshi][captures]") {
    CAPTURE_OR_SKIP(depth, "kalshi-depth-settlement-jul2026/orderbook_depth-2026-07-23.jsonl.gz");
    CAPTURE_OR_SKIP(ledger,
                    "kalshi-depth-settlement-jul2026/settlement_ledger-2026-07-17.jsonl.gz");
    std::map<std::string, int> types;
    for (const Event& event : read_all(lines_of(depth), kNone)) ++types[name_of(event)];
    CHECK(types == std::map<std::string, int>{{"book", 2 * 3938}});  // README: 3938 records
    types.clear();
    for (const Event& event : read_all(lines_of(ledger), kNone)) ++types[name_of(event)];
    CHECK(types["market_defined"] == 5605);  // README: 5605 records
    CHECK(types["unparsed"] == 0);
}
