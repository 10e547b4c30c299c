#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "projections/fold/claims.hpp"
#include "projections/fold/order_row.hpp"

namespace daybook {

inline auto row_fields(Leg& e) { return std::tie(e.outcome, e.price, e.shares, e.book_seq); }
inline auto row_fields(Expected& e) { return std::tie(e.pair_cost, e.hedge_ratio, e.profit); }
inline auto row_fields(Decision& e) {
    return std::tie(e.group, e.verdict, e.reasons, e.legs, e.expected);
}
inline auto row_fields(Halt& e) { return std::tie(e.scope, e.reason, e.by); }
inline auto row_fields(Resume& e) { return std::tie(e.scope, e.reason, e.by); }
inline auto row_fields(Flag& e) { return std::tie(e.flag, e.on, e.expires, e.by, e.reason); }

/// What was known of a leg's book when a decision was taken.
struct BookSight {
    std::string outcome;            ///< of the leg, as it was given
    std::uint64_t book_seq{};       ///< the book the decision says it saw
    Sequence last;                  ///< the last event of that book; 0: none was recorded
    std::optional<Time> last_time;  ///< when that was
    Sequence doubt;  ///< last gap or loss of the feed no whole book came after; 0: none
    /// Offered up to the leg's price in the book it saw. Nothing: that was no whole book, or not
    /// the last one when the decision came.
    std::optional<Shares> offered;
    auto fields() { return std::tie(outcome, book_seq, last, last_time, doubt, offered); }
    friend bool operator==(const BookSight&, const BookSight&) = default;
};

/// An event that the rules look at, with what had to be asked when it came.
struct CaseEvent {
    Sequence seq;
    std::optional<Time> time;          ///< when it happened
    std::optional<std::int64_t> mono;  ///< of whoever received it
    Origin origin{};
    std::uint64_t cause{};          ///< 0: none was told
    Mode cause_mode{Mode::none};    ///< of the event that caused it, where that carries one
    std::string correlation, fill;  ///< fill: fill_name() of what it is about
    bool confirmed{};               ///< the venue or mode confirms fills when they are recorded
    std::vector<BookSight> sights;  ///< of a decision
    std::variant<OrderIntent, OrderStatus, Fill, FillSettlement, FillCorrection, Decision, Claim>
        what;
    auto fields() {
        return std::tie(seq, time, mono, origin, cause, cause_mode, correlation, fill, confirmed,
                        sights, what);
    }
};

/// Something said that holds for many markets until it is taken back.
struct Standing {
    Sequence seq;
    std::optional<Time> time;
    std::variant<Halt, Resume, Flag> what;
    auto fields() { return std::tie(seq, time, what); }
};

/// The events behind findings, by case: what one account did in one market in one mode. Of books
/// only when they last spoke is kept, and what the last whole one offered.
class Cases {
  public:
    explicit Cases(Rows& rows);

    void apply(const Event& event);

    [[nodiscard]] const Markets& markets() const { return markets_; }
    /// Every case, by market in the order in which they were first named.
    void for_each(const std::function<void(const Holder&)>& visit) const;
    /// Those of them whose events reach into `span`; the others are not read.
    void for_each_in(const Span& span, const std::function<void(const Holder&)>& visit) const;
    /// The events of a case in sequence order.
    [[nodiscard]] std::vector<CaseEvent> events(const Holder& holder) const;
    /// Halts, resumes and flags in sequence order.
    [[nodiscard]] std::vector<Standing> standing() const;

  private:
    struct BookRow {
        std::string outcome;
        Sequence last;
        std::optional<Time> time;
        Sequence whole;  ///< the last whole book
        auto fields() { return std::tie(outcome, last, time, whole); }
    };
    struct AsksRow {
        Sequence seq;  ///< of the last whole book
        std::optional<std::vector<Level>> asks;
        auto fields() { return std::tie(seq, asks); }
    };
    struct DoubtRow {
        Sequence seq;
        auto fields() { return std::tie(seq); }
    };
    struct PlaceRow {
        MarketKey market;
        auto fields() { return std::tie(market); }
    };
    struct ModeRow {
        Mode mode{};
        auto fields() { return std::tie(mode); }
    };
    struct HolderRow {
        Holder holder;
        std::optional<Time> first, last;  ///< when the earliest and latest of its events happened
        auto fields() { return std::tie(holder, first, last); }
    };

    void see_book(const Event& event);
    void doubt(const Event& event, const Feed& feed);
    void keep(const Event& event, CaseEvent what);
    void move(const Join& join);
    [[nodiscard]] MarketKey place_of(const Event& event, const CaseEvent& what);
    /// What the asks kept under `place` offer a leg that names them; see BookSight.
    [[nodiscard]] std::optional<Shares> offered(const std::string& place, const Leg& leg) const;
    [[nodiscard]] std::vector<BookSight> sights_of(const Event& event, const Decision& decision);

    Markets markets_;
    Table<CaseEvent> events_;   ///< (market, account, mode, seq)
    Table<HolderRow> holders_;  ///< (market, account, mode)
    Table<Standing> standing_;  ///< seq
    Table<BookRow> books_;      ///< (market, outcome)
    Table<AsksRow> asks_;       ///< (market, outcome)
    Table<DoubtRow> doubts_;    ///< venue
    Table<PlaceRow> orders_;    ///< (venue, account, mode, order): in which market
    Table<ModeRow> modes_;      ///< seq of a kept event
};

/// Which rules were broken, by which events, and what did it cost?
[[nodiscard]] const Projection& findings_projection();

}  // namespace daybook
