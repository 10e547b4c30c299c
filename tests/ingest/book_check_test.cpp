#include "src/ingest/book_check.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace daybook;
using namespace daybook::ingest;

namespace {

WireBook small_book() {
    WireBook book{"0xaabbcc", "100", "123456789", "", {}, {}, "100", "0.01", "false", "0.5"};
    book.bids = {{"0.3", "100", 300'000}, {"0.4", "100", 400'000}};
    book.asks = {{"0.7", "100", 700'000}, {"0.6", "100", 600'000}};
    return book;
}

/// The change that turns `before` into what is hashed, with the right hash.
WireChange right_change(WireBook& book, const char* price, std::int64_t micros, const char* size,
                        const char* timestamp) {
    book.bids.insert(book.bids.begin(), {price, size, micros});
    book.timestamp = timestamp;
    return {"100", timestamp, *book_hash(book), Side::buy, {price, size, micros}, false};
}

}  // namespace

TEST_CASE("the hash of a book is the one the venue's own client computes", "[ingest][book_check]") {
    // Vectors: py-clob-client tests/test_utilities.py, quoted on the venue page §3.1.
    WireBook book = small_book();
    std::swap(book.asks[0], book.asks[1]);
    CHECK(book_hash(book) == "0458ea5755c9f73d64a14636fa5c36ed460ec394");
    book.bids.clear();
    book.asks.clear();
    book.timestamp = "";
    CHECK(book_hash(book) == "74c6a7c81c1d572f1c877b7d3e25b80c336d8a6e");
}

TEST_CASE("a book of which a hashed field is unknown has no hash", "[ingest][book_check]") {
    WireBook book = small_book();
    book.last_trade_price.reset();
    book.hash = "00";
    CHECK_FALSE(book_hash(book));
    BookCheck check;
    CHECK_FALSE(check.snapshot(book));
    CHECK(check.books() == BookCheck::Counts{0, 0, 1});
}

TEST_CASE("a snapshot whose hash does not fit makes its book stale", "[ingest][book_check]") {
    BookCheck check;
    WireBook book = small_book();
    book.hash = "00";
    const auto finding = check.snapshot(book);
    REQUIRE(finding);
    CHECK(finding->state == FeedState::stale);
    CHECK(finding->detail == "book hash mismatch: expected 00 found " + *book_hash(book));
    CHECK(check.books() == BookCheck::Counts{0, 1, 0});
}

TEST_CASE("a feed book takes what it lacks from an earlier REST book of its market",
          "[ingest][book_check]") {
    BookCheck check;
    check.learn_market("0xaabbcc", "100", false);
    WireBook book = small_book();
    book.hash = *book_hash(book);
    book.min_order_size.reset();
    book.neg_risk.reset();
    CHECK_FALSE(check.snapshot(book));
    CHECK(check.books() == BookCheck::Counts{1, 0, 0});
}

TEST_CASE("without metadata the usual one is tried, and a hash that fits proves it",
          "[ingest][book_check]") {
    BookCheck check;
    WireBook book = small_book();
    book.min_order_size = "5";
    book.neg_risk = "true";
    book.hash = *book_hash(book);
    book.min_order_size.reset();
    book.neg_risk.reset();
    CHECK_FALSE(check.snapshot(book));
    CHECK(check.books().verified == 1);
    CHECK(check.book("100")->neg_risk == "true");
}

TEST_CASE("changes are verified against the rebuilt book", "[ingest][book_check]") {
    BookCheck check;
    WireBook book = small_book();
    book.hash = *book_hash(book);
    REQUIRE_FALSE(check.snapshot(book));
    CHECK_FALSE(check.change(right_change(book, "0.2", 200'000, "7", "2")));
    CHECK_FALSE(check.change(right_change(book, "0.1", 100'000, "8", "3")));
    CHECK(check.changes() == BookCheck::Counts{2, 0, 0});
    CHECK(check.book("100")->bids.size() == 4);
}

TEST_CASE("changes of one batch are verified by the last of them", "[ingest][book_check]") {
    BookCheck check;
    WireBook book = small_book();
    book.hash = *book_hash(book);
    REQUIRE_FALSE(check.snapshot(book));
    WireChange first = right_change(book, "0.2", 200'000, "7", "2");
    const WireChange second = right_change(book, "0.1", 100'000, "8", "2");
    first.hash = second.hash;  // the venue hashes once, after the whole batch
    CHECK_FALSE(check.change(first));
    CHECK(check.changes() == BookCheck::Counts{0, 0, 1});
    CHECK_FALSE(check.change(second));
    CHECK(check.changes() == BookCheck::Counts{1, 0, 1});
}

TEST_CASE("after a lost message the next batches do not fit and the book is stale, once",
          "[ingest][book_check]") {
    BookCheck check;
    WireBook book = small_book();
    book.hash = *book_hash(book);
    REQUIRE_FALSE(check.snapshot(book));
    const WireChange lost = right_change(book, "0.25", 250'000, "7", "2");
    const WireChange after = right_change(book, "0.2", 200'000, "7", "3");
    const WireChange later = right_change(book, "0.1", 100'000, "8", "4");
    const WireChange last = right_change(book, "0.05", 50'000, "9", "5");
    CHECK_FALSE(check.change(after));  // its batch may go on
    const auto finding = check.change(later);
    REQUIRE(finding);
    CHECK(finding->state == FeedState::stale);
    CHECK(finding->detail.find("expected " + after.hash) != std::string::npos);
    CHECK_FALSE(check.change(last));
    CHECK(check.changes() == BookCheck::Counts{0, 2, 1});

    SECTION("a hash that fits again resynchronises it") {
        book.timestamp = "6";
        WireChange repair = lost;
        repair.timestamp = "6";
        repair.hash = *book_hash([&] {
            WireBook sorted = book;
            std::ranges::sort(sorted.bids, std::ranges::less{}, &WireLevel::price_micros);
            return sorted;
        }());
        const auto resynced = check.change(repair);
        REQUIRE(resynced);
        CHECK(resynced->state == FeedState::resynced);
    }
    SECTION("and so does a snapshot, silently") {
        WireBook fresh = small_book();
        fresh.hash = *book_hash(fresh);
        CHECK_FALSE(check.snapshot(fresh));
    }
}

TEST_CASE("a change that fits once the last trade is known is verified", "[ingest][book_check]") {
    BookCheck check;
    WireBook book = small_book();
    book.hash = *book_hash(book);
    REQUIRE_FALSE(check.snapshot(book));
    book.last_trade_price = "0.4";
    CHECK_FALSE(check.change(right_change(book, "0.2", 200'000, "7", "2")));
    CHECK(check.changes().unverified == 1);
    CHECK_FALSE(check.last_trade("100", "0.4"));
    CHECK(check.changes() == BookCheck::Counts{1, 0, 0});
}

TEST_CASE("changes before the first book are unverified", "[ingest][book_check]") {
    BookCheck check;
    CHECK_FALSE(check.change({"100", "1", "aa", Side::buy, {"0.1", "1", 100'000}, false}));
    CHECK(check.changes() == BookCheck::Counts{0, 0, 1});
}
