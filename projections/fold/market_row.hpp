#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "projections/fold/flags.hpp"
#include "schemas/event.hpp"

namespace daybook {

inline auto row_fields(Outcome& outcome) { return std::tie(outcome.name, outcome.token); }
inline auto row_fields(Fee& fee) {
    return std::tie(fee.rate, fee.exponent, fee.taker_only, fee.collected);
}

enum class MarketFlag : std::uint8_t {
    conflicting_definition,  ///< a later definition says otherwise; the first one stands
    resolution_changed,      ///< a later, different resolution replaced an earlier one
    bad_payouts,             ///< not two, negative, or their sum is not 1: still open
    unknown_winner,          ///< the winner is no outcome of this market: still open
};
template <>
struct EnumText<MarketFlag> {
    static constexpr std::array<std::string_view, 4> names{
        "conflicting_definition", "resolution_changed", "bad_payouts", "unknown_winner"};
};

struct FeeSince {  ///< the fee in force from `since` on
    Sequence since;
    Fee fee;
    auto fields() { return std::tie(since, fee); }
    friend bool operator==(const FeeSince&, const FeeSince&) = default;
};

struct Resolution {
    Sequence seq;              ///< of the event that told it first
    std::optional<Time> time;  ///< when it happened
    std::vector<Ratio> payouts;
    std::string winner, evidence;
    auto fields() { return std::tie(seq, time, payouts, winner, evidence); }
    friend bool operator==(const Resolution&, const Resolution&) = default;
};

/// What is known of one market of one venue.
struct MarketRow {
    MarketKey key;
    std::string venue;
    std::string name;                  ///< shown: the first name defined, else the first seen
    std::vector<std::string> aliases;  ///< every other name, in the order they were learned
    Sequence first_seq;                ///< of the first event that names it
    Sequence defined_at;               ///< of its first definition; 0: named, never defined
    std::string title, asset, event;
    std::vector<Outcome> outcomes;  ///< two, in payout order; empty until defined
    std::optional<Time> opens, closes;
    std::optional<RefPrice> strike;
    std::optional<Price> tick;
    std::optional<Shares> min_shares;
    std::optional<bool> nets, neg_risk, accepting;
    std::vector<FeeSince> fees;  ///< ascending
    std::optional<Resolution> resolution;
    Flags<MarketFlag> flags;

    [[nodiscard]] bool defined() const { return defined_at.raw != 0; }
    auto fields() {
        return std::tie(key, venue, name, aliases, first_seq, defined_at, title, asset, event,
                        outcomes, opens, closes, strike, tick, min_shares, nets, neg_risk,
                        accepting, fees, resolution, flags);
    }
    friend bool operator==(const MarketRow&, const MarketRow&) = default;
};

/// 0 or 1: the outcome called `outcome`, by name (ASCII case is ignored), token, "0" or "1".
/// Before the outcomes are defined Yes and Up are 0, No and Down are 1; a definition may move
/// them, so keep the text and ask again after one. Nothing when it cannot be told.
[[nodiscard]] std::optional<int> outcome_index(const MarketRow& market, std::string_view outcome);

/// What one share of each outcome pays: two ratios, none negative, their sum exactly 1; told by
/// payouts, else by the winner. Nothing while the market is open, or when what was said of its
/// resolution cannot be used (flagged). A definition can change the answer: it names the winner.
[[nodiscard]] std::optional<std::array<Ratio, 2>> payouts(const MarketRow& market);

/// The fee in force for an event at `seq`; nothing when no schedule was known then.
[[nodiscard]] std::optional<Fee> fee_at(const MarketRow& market, Sequence seq);

/// Whether both can be the same market: no outcome, close or strike that both state differs.
[[nodiscard]] bool agree(const MarketRow& a, const MarketRow& b);
[[nodiscard]] MarketRow row_of(const Event& event, const MarketDefined& definition);

/// `market` after what somebody said of it at `seq`. The first statement of a field stands, except
/// for the things a venue changes while a market runs (tick, smallest order, fee): there the last.
void define(MarketRow& market, const MarketRow& definition);
void change(MarketRow& market, const MarketChanged& changed, Sequence seq);
void resolve(MarketRow& market, const Resolution& resolution);
/// `into` and `from` as one market, as if every event had named `into` from the start.
void join(MarketRow& into, const MarketRow& from);

}  // namespace daybook
