#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/enums.hpp"

namespace daybook::ingest {

// The feeds of Polymarket carry no sequence numbers: the hash of a book is the only sign that no
// message was missed. It is the SHA-1 of the book as compact JSON with its wire text, so the check
// keeps the text (source: venue page §3.1, py-clob-client utilities).

struct WireLevel {
    std::string price, size;
    std::int64_t price_micros{};
};

/// One token's book as the venue wrote it. A missing field was not told yet.
struct WireBook {
    std::string market, token, timestamp, hash;
    std::vector<WireLevel> bids, asks;
    std::optional<std::string> min_order_size, tick_size, neg_risk, last_trade_price;
};

struct WireChange {  ///< one entry of a price_change: the new total of a level
    std::string token, timestamp, hash;
    Side side{};
    WireLevel level;
    bool removes{};  ///< the new total is 0
};

/// The hash the venue gives such a book, in hex; nothing when one of its inputs is not known.
[[nodiscard]] std::optional<std::string> book_hash(const WireBook& book);

/// Something to say about a book: it is `stale`, or `resynced`.
struct BookFinding {
    FeedState state{};
    std::string detail;
};

/// Rebuilds the book of every token and compares it with the hashes of the venue.
///
/// A change's hash is that of the book after the whole batch it came from: messages of one batch
/// share timestamp and hash (measured: pm-raw-15m-apr2026, 20260428d lines 92 to 95). Therefore a
/// change that does not fit stays open while its batch may go on, and counts as a mismatch when a
/// change of another batch comes that does not fit either.
class BookCheck {
  public:
    struct Counts {
        /// Unverified: not all inputs known, or not the last change of its batch.
        std::uint64_t verified{}, mismatched{}, unverified{};
        friend bool operator==(const Counts&, const Counts&) = default;
    };

    /// What the books of `market` are hashed with; "" leaves it as it is.
    void learn_market(std::string_view market, std::string_view min_order_size,
                      std::optional<bool> neg_risk);
    std::optional<BookFinding> snapshot(WireBook book);
    std::optional<BookFinding> change(const WireChange& change);
    std::optional<BookFinding> last_trade(std::string_view token, std::string_view price);
    /// The book of `token` cannot be followed until its next snapshot.
    void forget(std::string_view token);

    [[nodiscard]] const Counts& books() const { return books_; }
    [[nodiscard]] const Counts& changes() const { return changes_; }
    /// Bids ascending, asks descending, as the venue sends them; nullptr when it is not known.
    [[nodiscard]] const WireBook* book(std::string_view token) const;

  private:
    struct MarketFacts {
        std::optional<std::string> min_order_size, neg_risk;
    };
    struct Tracked {
        WireBook book;
        std::uint64_t open{};    ///< changes of the current batch that do not fit yet
        std::string open_found;  ///< our hash after the last of them
        bool stale{};
    };
    void complete(WireBook& book) const;
    bool guess_facts(WireBook& book);
    std::optional<BookFinding> settle(Tracked& tracked);

    std::map<std::string, MarketFacts, std::less<>> markets_;
    std::map<std::string, Tracked, std::less<>> tokens_;
    Counts books_, changes_;
};

}  // namespace daybook::ingest
