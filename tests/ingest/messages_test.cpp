#include <functional>

#include "ingest/support.hpp"
#include "support/captures.hpp"

using namespace daybook;
using namespace daybook::ingest;
using namespace daybook::test;

// Every single message of the venue we have (shared/data/messages) and what it becomes.

namespace {

const std::string kWallet = "0xa3d82ed56f4c68d2328fb8c29e568ba2caf7d7c8";  // "ours" in the samples

struct Row {
    const char* file;
    const char* types;
    std::function<bool(const Batch&)> decisive;
};

bool is_status(const Batch& batch, OrderStatusCode status, std::int64_t matched_micros) {
    const auto& order = body<OrderStatus>(batch[0]);
    return order.status == status && order.claimed_matched == Shares{matched_micros} &&
           batch[0].mode == Mode::live && order.side == Side::buy && order.tif == "GTC" &&
           order.outcome == "Yes" && !order.venue_order.empty();
}
bool is_fill(const Event& event, Role role, Side side, std::int64_t shares, std::int64_t cost) {
    const auto& fill = body<Fill>(event);
    return fill.role == role && fill.side == side && fill.shares.micros == shares &&
           fill.cost.micros == cost && fill.outcome == "Yes" && !fill.fee &&
           event.mode == Mode::live;
}
bool settles(const Batch& batch, SettlementStatus status) {
    const auto& fill = body<Fill>(batch[0]);
    const auto& settlement = body<FillSettlement>(batch[1]);
    return settlement.status == status && settlement.trade == fill.trade &&
           settlement.order == fill.order;
}

const std::vector<Row> kRows{
    {"pm-market-best_bid_ask", "quote",
     [](auto& b) {
         return body<Quote>(b[0]).bid == Price{730'000} && body<Quote>(b[0]).ask == Price{770'000};
     }},
    {"pm-market-book-2024", "book", [](auto& b) { return !body<Book>(b[0]).asks->empty(); }},
    {"pm-market-book-array-frame", "book book book book book book",
     [](auto& b) { return b[1].raw.empty() && !b[0].raw.empty(); }},
    {"pm-market-last_trade_price", "trade",
     [](auto& b) {
         return body<Trade>(b[0]).price == Price{491'000} && body<Trade>(b[0]).side == Side::sell &&
                b[0].mode == Mode::none;
     }},
    {"pm-market-new_market", "market_defined",
     [](auto& b) {
         const auto& m = body<MarketDefined>(b[0]);
         return m.outcomes[0].name == "Yes" && m.event == "nba-bos-phi-2026-04-30" &&
                m.fee->rate == Ratio{30'000} && m.aliases.size() == 2 && m.tick == Price{10'000};
     }},
    {"pm-market-price_change-complement-pair", "book_change book_change",
     [](auto& b) {
         const Change up{Price{370'000}, Shares{2'525'000'000}, Side::buy};
         return body<BookChange>(b[0]).changes->front() == up &&
                body<BookChange>(b[0]).hash != body<BookChange>(b[1]).hash;
     }},
    {"pm-market-price_change-level-removed", "book_change book_change",
     [](auto& b) { return body<BookChange>(b[0]).changes->front().shares == Shares{0}; }},
    {"pm-market-price_change-old", "book_change",
     [](auto& b) { return body<BookChange>(b[0]).hash.starts_with("bf32b374"); }},
    {"pm-market-resolved", "market_resolved",
     [](auto& b) { return body<MarketResolved>(b[0]).winner == "Yes"; }},
    {"pm-market-tick_size_change", "market_changed",
     [](auto& b) {
         return body<MarketChanged>(b[0]).tick == Price{1000} &&
                body<MarketChanged>(b[0]).old_tick == Price{10'000};
     }},
    {"pm-rest-book-2024", "book", [](auto& b) { return body<Book>(b[0]).bids->size() == 5; }},
    {"pm-rest-book-2026", "book", [](auto& b) { return b[0].market.starts_with("0xebe5"); }},
    {"pm-rest-cancel-ok", "order_status",
     [](auto& b) { return body<OrderStatus>(b[0]).status == OrderStatusCode::canceled; }},
    {"pm-rest-clob-market", "market_defined",
     [](auto& b) { return body<MarketDefined>(b[0]).neg_risk == true; }},
    {"pm-rest-clob-market-closed-winner", "market_defined market_resolved",
     [](auto& b) { return body<MarketResolved>(b[1]).winner == "No"; }},
    {"pm-rest-open-order", "order_status",
     [](auto& b) { return is_status(b, OrderStatusCode::live, 25'000'000); }},
    {"pm-rest-positions", "balance balance balance balance",
     [](auto& b) {
         return body<Balance>(b[0]).shares[0] == OutcomeShares{"Yes", Shares{150'500'000}};
     }},
    {"pm-rest-post-order-failed", "order_status",
     [](auto& b) {
         const auto& o = body<OrderStatus>(b[0]);
         return o.status == OrderStatusCode::rejected && o.order == "mine-1" &&
                o.reason == "Insufficient balance";
     }},
    {"pm-rest-post-order-live", "order_status",
     [](auto& b) {
         const auto& o = body<OrderStatus>(b[0]);
         return o.status == OrderStatusCode::live && !o.claimed_matched && !o.claimed_cost &&
                o.order == "mine-1" && o.venue_order.starts_with("0x4f30");
     }},
    {"pm-rest-post-order-matched", "order_status",
     [](auto& b) {
         const auto& o = body<OrderStatus>(b[0]);
         return o.status == OrderStatusCode::matched && o.claimed_matched == Shares{5'830'000} &&
                o.claimed_cost == Money{3'964'400} && o.tx.starts_with("0x77b6");
     }},
    {"pm-rest-trade", "fill fill_settlement",
     [](auto& b) {
         return is_fill(b[0], Role::taker, Side::buy, 5'000'000, 2'445'000) &&
                settles(b, SettlementStatus::confirmed);
     }},
    {"pm-rtds-chainlink-update", "price",
     [](auto& b) {
         return body<ReferencePrice>(b[0]).asset == "BTC" &&
                format_decimal(body<ReferencePrice>(b[0]).price.attos, 18) == "76568.78";
     }},
    {"pm-user-order-cancellation", "order_status",
     [](auto& b) { return is_status(b, OrderStatusCode::canceled, 0); }},
    {"pm-user-order-placement", "order_status",
     [](auto& b) { return is_status(b, OrderStatusCode::live, 0); }},
    {"pm-user-order-update-matched", "order_status",
     [](auto& b) { return is_status(b, OrderStatusCode::matched, 100'000'000); }},
    {"pm-user-order-update-partial", "order_status",
     [](auto& b) { return is_status(b, OrderStatusCode::live, 25'000'000); }},
    {"pm-user-trade-confirmed-maker-cross-outcome", "fill fill_settlement",
     [](auto& b) {  // the taker bought No, so both buy: 5 Yes at 0.513
         return is_fill(b[0], Role::maker, Side::buy, 5'000'000, 2'565'000) &&
                settles(b, SettlementStatus::confirmed);
     }},
    {"pm-user-trade-mined-maker-many-makers", "fill fill_settlement",
     [](auto& b) {  // one of six makers, no side given: the taker bought, so we sold
         return is_fill(b[0], Role::maker, Side::sell, 5'000'000, 2'590'000) &&
                settles(b, SettlementStatus::mined) &&
                body<Fill>(b[0]).order.starts_with("0xab679e56");
     }},
};

Batch read_file(const std::filesystem::path& path) {
    Polymarket door{owned_by(kWallet)};
    const std::string text = read_all(path);
    Input input;
    input.payload = text;
    input.order = "mine-1";
    return door.read(input);
}

}  // namespace

TEST_CASE("every message the venue is known to send becomes its events", "[ingest][polymarket]") {
    const auto folder = captures("messages");
    if (!folder) return;
    std::size_t seen = 0;
    for (const auto& file : std::filesystem::directory_iterator{*folder}) {
        const std::string name = file.path().stem().string();
        if (!name.starts_with("pm-")) continue;
        CAPTURE(name);
        const Batch batch = read_file(file.path());
        CHECK(why(batch).empty());
        CHECK(batch.front().raw.find("3e2c94ca-8124") == std::string::npos);
        if (name == "pm-rtds-crypto_prices-subscribe-dump") {
            CHECK(batch.size() > 50);
            CHECK(types({batch.back()}) == "price");
            continue;
        }
        const auto row = std::ranges::find(kRows, name, &Row::file);
        REQUIRE(row != kRows.end());
        CHECK(types(batch) == row->types);
        CHECK(row->decisive(batch));
        ++seen;
    }
    CHECK(seen == kRows.size());
}

TEST_CASE("2026 REST and feed books carry the hash we compute", "[ingest][polymarket]") {
    const auto folder = captures("messages");
    if (!folder) return;
    for (const char* name : {"pm-rest-book-2026.json", "pm-market-book-array-frame.json"}) {
        Polymarket door{{}};
        const std::string text = read_all(*folder / name);
        (void)door.read_line(text);
        CHECK(door.books().books().verified > 0);
        CHECK(door.books().books().mismatched + door.books().books().unverified == 0);
    }
}

TEST_CASE("a maker frame whose own entry cannot be told is kept, not guessed",
          "[ingest][polymarket]") {
    const auto folder = captures("messages");
    if (!folder) return;
    const std::string many = read_all(*folder / "pm-user-trade-mined-maker-many-makers.json");
    CHECK(types(read(many)) == "unparsed");
    const std::string one = read_all(*folder / "pm-user-trade-confirmed-maker-cross-outcome.json");
    CHECK(types(read(one)) == "fill fill_settlement");  // a maker frame with one maker: it is us
    CHECK(types(read(one, owned_by("0xsomebody"))) == "unparsed");
}
