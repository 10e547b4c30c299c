#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "projections/fold/flags.hpp"
#include "projections/fold/markets.hpp"

namespace daybook {

/// Why a book is not trusted.
enum class Distrust : std::uint8_t {
    none,
    no_book,    ///< changes only: no whole book has been seen
    feed_lost,  ///< the recorder or adapter said so
    feed_stale,
    feed_gap,
    stream_gap,    ///< a number of the venue's stream is missing
    tick_changed,  ///< prices may be on another grid
    inconsistent,  ///< a difference took more shares off a level than it had
    joined,        ///< seen under two names of the outcome before it was known to be one
};
template <>
struct EnumText<Distrust> {
    static constexpr std::array<std::string_view, 9> names{
        "none",       "no_book",      "feed_lost",    "feed_stale", "feed_gap",
        "stream_gap", "tick_changed", "inconsistent", "joined"};
};

enum class BookFlag : std::uint8_t {
    change_before_book,  ///< kept, but what it changes is unknown
};
template <>
struct EnumText<BookFlag> {
    static constexpr std::array<std::string_view, 1> names{"change_before_book"};
};

/// From `seq` on, books whose last whole book came before `seq` are not trusted.
struct Doubt {
    Sequence seq;
    Distrust reason{};
    auto fields() { return std::tie(seq, reason); }
    friend bool operator==(const Doubt&, const Doubt&) = default;
};

/// One outcome's book but for its levels.
struct BookRow {
    std::string venue, outcome;  ///< outcome: as first given
    std::string hash, stream;
    std::optional<std::uint64_t> stream_seq;
    Sequence book_seq;         ///< of the last whole book; 0: none yet
    Sequence seq;              ///< of the last event that changed it
    std::optional<Time> time;  ///< when that happened
    bool publishes_bids{true}, publishes_asks{true};
    Doubt doubt;  ///< about this book alone; see also the stream's and the venue's
    Flags<BookFlag> flags;
    auto fields() {
        return std::tie(venue, outcome, hash, stream, stream_seq, book_seq, seq, time,
                        publishes_bids, publishes_asks, doubt, flags);
    }
};

inline auto row_fields(Level& e) { return std::tie(e.price, e.shares); }
inline auto row_fields(Quote& e) {
    return std::tie(e.outcome, e.bid, e.ask, e.bid_shares, e.ask_shares, e.bid_depth, e.ask_depth);
}
inline auto row_fields(Trade& e) { return std::tie(e.outcome, e.side, e.price, e.shares, e.tx); }

template <class Said>
struct LastSaid {  ///< the last quote or public trade
    Sequence seq;
    std::optional<Time> time;
    Said said;
    auto fields() { return std::tie(seq, time, said); }
};

struct BookView {
    BookRow row;
    std::vector<Level> bids, asks;  ///< best first; as of the last event, trusted or not
    Distrust distrust{Distrust::no_book};
    std::optional<LastSaid<Quote>> quote;  ///< the venue's own word on the top; never the levels
    std::optional<LastSaid<Trade>> trade;
    [[nodiscard]] bool trusted() const { return distrust == Distrust::none; }
};

/// The cheapest offer of an outcome. A venue that publishes bids only (Kalshi) sells an outcome at
/// 1 − the best bid of the `other`. Nothing when there is no offer.
[[nodiscard]] std::optional<Level> best_ask(const BookView& own, const BookView& other);

/// The books, kept in the rows of the projection that uses them. The levels of each side are a row
/// of their own, so that a quote or a trade does not write the book again.
class Books {
  public:
    explicit Books(Rows& rows);

    void apply(const Event& event);

    /// The book of an outcome, named in any way; nothing was said of it: empty, not trusted.
    [[nodiscard]] BookView find(MarketKey market, std::string_view outcome) const;
    /// The outcomes of which anything was said, as they were named. Before a definition joins them
    /// several names may mean one outcome.
    [[nodiscard]] std::vector<std::string> outcomes(MarketKey market) const;
    [[nodiscard]] const Markets& markets() const { return markets_; }

  private:
    struct SideRow {
        std::vector<Level> levels;  ///< by price, ascending
        auto fields() { return std::tie(levels); }
    };
    struct StreamRow {
        std::uint64_t last{};
        Doubt doubt;
        auto fields() { return std::tie(last, doubt); }
    };

    [[nodiscard]] std::string slot_of(MarketKey market, std::string_view outcome) const;
    static void touch(BookRow& row, const Event& event, std::string_view outcome);
    void take(const Event& event, const Book& book);
    void take(const Event& event, const BookChange& change);
    void take(const Event& event, const Feed& feed);
    template <class Said>
    void keep_last(const Event& event, Table<LastSaid<Said>>& table, const Said& said);
    void follow(const Event& event, const std::string& stream,
                const std::optional<std::uint64_t>& stream_seq);
    void replace_side(const std::string& key, Side side,
                      const std::optional<std::vector<Level>>& levels);
    bool change_level(const std::string& key, const Change& change, bool difference);
    void doubt_market(MarketKey market, std::string_view outcome, const Doubt& doubt);
    void rename(MarketKey from, MarketKey to, Sequence seq);
    void move_book(const std::string& from, const std::string& to, Sequence seq);
    [[nodiscard]] std::vector<Level> side_of(const std::string& key, Side side) const;
    [[nodiscard]] Distrust distrust_of(const BookRow& row) const;

    Markets markets_;
    Table<BookRow> books_;           ///< (market, outcome)
    Table<SideRow> levels_;          ///< (market, outcome, side)
    Table<LastSaid<Quote>> quotes_;  ///< (market, outcome)
    Table<LastSaid<Trade>> trades_;  ///< (market, outcome)
    Table<StreamRow> streams_;       ///< (venue, stream)
    Table<Doubt> venues_;            ///< (venue)
};

/// What does each order book look like, and can it be trusted?
[[nodiscard]] const Projection& books_projection();

}  // namespace daybook
