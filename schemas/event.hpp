#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schemas/enums.hpp"
#include "schemas/fixed.hpp"
#include "schemas/ids.hpp"
#include "schemas/time.hpp"

namespace daybook {

// Events as C++ values. The catalogue with the meaning of every field stands in schemas/README.md
// (source: the contract, §1). An empty string and an empty optional are "absent"; an optional
// vector tells absent from empty. `outcome` is a name, a token, or "0" / "1": as it was given.

struct Level {
    Price price;
    Shares shares;
    friend bool operator==(const Level&, const Level&) = default;
};
struct Change {  ///< one level of a book: its new total, or a signed difference
    Price price;
    Shares shares;
    Side side{};  ///< buy: the bids
    friend bool operator==(const Change&, const Change&) = default;
};
struct Outcome {
    std::string name;
    std::string token;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};
struct Fee {  ///< shares · rate · (p(1 − p))^exponent
    Ratio rate;
    std::uint8_t exponent{1};
    bool taker_only{true};
    Collected collected{};
    friend bool operator==(const Fee&, const Fee&) = default;
};
struct Span {  ///< [from, to)
    Time from;
    Time to;
    friend bool operator==(const Span&, const Span&) = default;
};
struct Leg {
    std::string outcome;
    std::optional<Price> price;
    std::optional<Shares> shares;
    std::optional<std::uint64_t> book_seq;  ///< the book the decision saw
    friend bool operator==(const Leg&, const Leg&) = default;
};
struct Expected {
    std::optional<Ratio> pair_cost;
    std::optional<Ratio> hedge_ratio;
    std::optional<Money> profit;
    friend bool operator==(const Expected&, const Expected&) = default;
};
struct OutcomeShares {
    std::string outcome;
    Shares shares;
    friend bool operator==(const OutcomeShares&, const OutcomeShares&) = default;
};
struct Named {
    std::string name;
    std::string value;  ///< decimal text
    friend bool operator==(const Named&, const Named&) = default;
};

struct MarketDefined {
    std::string title, asset, event;
    std::vector<std::string> aliases;
    std::vector<Outcome> outcomes;  ///< exactly two, in payout order
    std::optional<Time> opens, closes;
    std::optional<RefPrice> strike;
    std::optional<Price> tick;
    std::optional<Shares> min_shares;
    std::optional<Fee> fee;
    std::optional<bool> nets;      ///< the venue merges pairs by itself
    std::optional<bool> neg_risk;  ///< one of several markets of an event, of which one wins
    friend bool operator==(const MarketDefined&, const MarketDefined&) = default;
};
struct MarketChanged {
    std::optional<Price> tick, old_tick;
    std::optional<Fee> fee;
    std::optional<bool> accepting;
    std::string outcome;
    friend bool operator==(const MarketChanged&, const MarketChanged&) = default;
};
struct MarketResolved {
    std::vector<Ratio> payouts;  ///< in outcome order; empty when `winner` tells it
    std::string winner, evidence;
    friend bool operator==(const MarketResolved&, const MarketResolved&) = default;
};
struct Book {
    std::string outcome;
    std::optional<std::vector<Level>> bids, asks;  ///< absent: the venue publishes none
    std::string hash, stream;
    std::optional<std::uint64_t> stream_seq;
    friend bool operator==(const Book&, const Book&) = default;
};
struct BookChange {
    std::string outcome;
    std::optional<std::vector<Change>> changes;  ///< new totals; 0 removes the level
    std::optional<std::vector<Change>> deltas;   ///< signed differences
    std::string hash, stream;
    std::optional<std::uint64_t> stream_seq;
    friend bool operator==(const BookChange&, const BookChange&) = default;
};
struct Quote {
    std::string outcome;
    std::optional<Price> bid, ask;  ///< absent: no order on that side
    std::optional<Shares> bid_shares, ask_shares, bid_depth, ask_depth;
    friend bool operator==(const Quote&, const Quote&) = default;
};
struct Trade {  ///< a public print, not ours
    std::string outcome;
    std::optional<Side> side;
    std::optional<Price> price;
    std::optional<Shares> shares;
    std::string tx;
    friend bool operator==(const Trade&, const Trade&) = default;
};
struct ReferencePrice {
    std::string asset;
    RefPrice price;
    friend bool operator==(const ReferencePrice&, const ReferencePrice&) = default;
};
struct Feed {
    std::string channel;
    FeedState state{};
    std::string detail, outcome, stream;
    std::optional<std::uint64_t> stream_seq;  ///< used up by what this tells of
    friend bool operator==(const Feed&, const Feed&) = default;
};
struct OrderIntent {
    std::string order, outcome;
    std::optional<Side> side;
    std::optional<Price> price;
    std::optional<Shares> shares;
    std::string tif;
    std::optional<Purpose> purpose;
    std::string group;
    friend bool operator==(const OrderIntent&, const OrderIntent&) = default;
};
struct OrderStatus {  ///< changes no shares, no cash, no P&L
    std::string order, venue_order;
    OrderStatusCode status{};
    std::string raw_status;
    std::optional<Shares> claimed_matched;
    std::optional<Money> claimed_cost;
    std::string reason;
    std::vector<std::string> trades;
    std::string tx, outcome;
    std::optional<Side> side;
    std::optional<Price> price;
    std::optional<Shares> shares;
    std::string tif;
    friend bool operator==(const OrderStatus&, const OrderStatus&) = default;
};
struct Fill {  ///< the only order-side event that moves shares and cash
    std::string trade, order, outcome;
    Side side{};
    Shares shares;
    Money cost;  ///< paid, or received for a sale, before fee; never negative
    std::optional<Money> fee;
    std::optional<Shares> fee_shares;  ///< taken out of `shares`
    std::optional<Role> role;
    std::string tx;
    friend bool operator==(const Fill&, const Fill&) = default;
};
struct FillSettlement {
    std::string trade, order;
    SettlementStatus status{};
    std::string reason;
    friend bool operator==(const FillSettlement&, const FillSettlement&) = default;
};
struct FillCorrection {  ///< new absolute values
    std::string trade, order;
    std::optional<Shares> shares;
    std::optional<Money> cost, fee;
    std::optional<Shares> fee_shares;
    std::string why;
    friend bool operator==(const FillCorrection&, const FillCorrection&) = default;
};
struct Merge {
    Shares pairs;
    std::string tx;
    friend bool operator==(const Merge&, const Merge&) = default;
};
struct Split {
    Shares pairs;
    std::string tx;
    friend bool operator==(const Split&, const Split&) = default;
};
struct Redemption {
    Money cash;
    std::string outcome;
    std::optional<Shares> shares;  ///< burned
    std::string tx;
    friend bool operator==(const Redemption&, const Redemption&) = default;
};
struct Transfer {
    std::optional<Money> cash;
    std::string outcome;
    std::optional<Shares> shares;  ///< signed
    std::optional<Money> basis;    ///< cost carried along
    std::optional<TransferReason> reason;
    std::string tx;
    friend bool operator==(const Transfer&, const Transfer&) = default;
};
struct Balance {
    std::optional<Money> cash;
    std::vector<OutcomeShares> shares;
    friend bool operator==(const Balance&, const Balance&) = default;
};
struct Decision {
    std::string group;
    Verdict verdict{};  ///< go or no_go
    std::vector<std::string> reasons;
    std::vector<Leg> legs;
    std::optional<Expected> expected;
    friend bool operator==(const Decision&, const Decision&) = default;
};
struct Guard {
    std::string group, rule;
    Verdict verdict{Verdict::pass};  ///< pass or deny
    std::string actual, threshold;
    friend bool operator==(const Guard&, const Guard&) = default;
};
struct Claim {  ///< what a bot, dashboard or database said; compared, never believed
    std::string source, metric, value, outcome, order, group;
    std::optional<Span> about;
    friend bool operator==(const Claim&, const Claim&) = default;
};
struct Halt {
    std::string scope, reason, by;
    friend bool operator==(const Halt&, const Halt&) = default;
};
struct Resume {
    std::string scope, reason, by;
    friend bool operator==(const Resume&, const Resume&) = default;
};
struct Flag {
    std::string flag;
    bool on{};
    std::optional<Time> expires;
    std::string by, reason;
    friend bool operator==(const Flag&, const Flag&) = default;
};
struct Limits {
    std::vector<Named> values;
    friend bool operator==(const Limits&, const Limits&) = default;
};
struct Epoch {
    std::string name;
    friend bool operator==(const Epoch&, const Epoch&) = default;
};
struct Note {
    std::string text;
    friend bool operator==(const Note&, const Note&) = default;
};
struct Log {
    std::string level, text;
    friend bool operator==(const Log&, const Log&) = default;
};
struct Unparsed {  ///< input that could not be understood; the bytes are the event's `raw`
    std::string why;
    std::optional<std::uint32_t> part;  ///< 0, 1, … of a line longer than 1 MiB
    std::optional<bool> last;
    friend bool operator==(const Unparsed&, const Unparsed&) = default;
};
struct RecorderStarted {
    std::string version, detail;
    friend bool operator==(const RecorderStarted&, const RecorderStarted&) = default;
};
struct RecorderStopped {
    std::string reason;
    friend bool operator==(const RecorderStopped&, const RecorderStopped&) = default;
};
struct Recovered {  ///< what the journal set aside when it was opened
    std::string file;
    std::uint64_t offset{}, bytes{};
    std::string quarantine;
    friend bool operator==(const Recovered&, const Recovered&) = default;
};
struct ModelCalibrated {
    std::string model, value, detail;
    friend bool operator==(const ModelCalibrated&, const ModelCalibrated&) = default;
};

struct Lost {  ///< stands in a salvaged journal for an event whose bytes were damaged or missing
    std::string file;                     ///< of the journal that was salvaged: its segment
    std::optional<std::uint64_t> offset;  ///< in it, where the damage begins; absent: unknown
    std::string why;
    friend bool operator==(const Lost&, const Lost&) = default;
};

/// The position in this list + 1 is the event's type number in the journal: append only.
using Body =
    std::variant<MarketDefined, MarketChanged, MarketResolved, Book, BookChange, Quote, Trade,
                 ReferencePrice, Feed, OrderIntent, OrderStatus, Fill, FillSettlement,
                 FillCorrection, Merge, Split, Redemption, Transfer, Balance, Decision, Guard,
                 Claim, Halt, Resume, Flag, Limits, Epoch, Note, Log, Unparsed, RecorderStarted,
                 RecorderStopped, Recovered, ModelCalibrated, Lost>;

struct Event {
    // Made in event.cpp: a variant of 35 types costs each file that copies it a second to compile.
    Event() noexcept;
    Event(const Event& other);
    Event(Event&& other) noexcept;
    Event& operator=(const Event& other);
    Event& operator=(Event&& other) noexcept;
    ~Event();

    Sequence seq{};                    ///< 0 until the journal has given one
    std::optional<Time> time;          ///< the venue's or bot's clock
    std::optional<Time> received;      ///< the recorder's clock; absent until recorded
    std::optional<std::int64_t> mono;  ///< monotonic nanoseconds of whoever received it
    std::string venue;
    std::string account{"main"};
    Mode mode{Mode::none};  ///< none for market data, reference and resolution
    Origin origin{Origin::bot};
    std::string market;  ///< any name of the market, as it was given
    std::string id, correlation;
    std::optional<std::uint64_t> cause;
    std::uint32_t occurrence{};  ///< how many equal ones stood before it in its input
    Sequence conflicts_with{};   ///< 0, or whose identity key it repeats with other content
    std::string extra;           ///< unknown fields: `"a":1,"b":2`, verbatim
    std::string raw;             ///< received bytes without credentials; empty when none
    Body body;

    friend bool operator==(const Event& a, const Event& b);
};

inline constexpr std::size_t kEventTypes = std::variant_size_v<Body>;

/// 1 .. kEventTypes.
[[nodiscard]] inline std::uint16_t type_number(const Event& event) {
    return static_cast<std::uint16_t>(event.body.index() + 1);
}
/// "market_defined", …; nothing for a number outside 1 .. kEventTypes.
[[nodiscard]] std::string_view type_name(std::uint16_t number);
[[nodiscard]] std::optional<std::uint16_t> type_by_name(std::string_view name);
/// Whether events of this type carry a mode: orders, fills, wallet, decisions, guards, claims.
[[nodiscard]] bool has_mode(std::uint16_t type);

/// The clock of an event: `received`, for imported ones `time` (contract §2).
[[nodiscard]] inline std::optional<Time> clock_of(const Event& event) {
    return event.origin == Origin::import_ && event.time ? event.time : event.received;
}
/// When it happened: `time`, else `received`.
[[nodiscard]] inline std::optional<Time> happened(const Event& event) {
    return event.time ? event.time : event.received;
}

}  // namespace daybook
