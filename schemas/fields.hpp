#pragma once

#include <tuple>

#include "event_generated.h"
#include "schemas/event.hpp"

namespace daybook {

// The catalogue of fields, once: contract name, C++ member, place in the FlatBuffers table. The
// codec and the JSON form are both derived from it, so they cannot drift apart.
// Included by codec.cpp, event_json.cpp and their test only.

template <class Struct, class Member>
struct Field {
    const char* name;
    Member Struct::*member;
    flatbuffers::voffset_t place;
    bool null_when_absent{false};  ///< the contract writes `null`, not nothing
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(const char* name, Member Struct::*member,
                                      flatbuffers::voffset_t place) {
    return {name, member, place};
}
template <class Struct, class Member>
constexpr Field<Struct, Member> nullable(const char* name, Member Struct::*member,
                                         flatbuffers::voffset_t place) {
    return {name, member, place, true};
}

template <class Struct>
struct Fields;

template <>
struct Fields<Outcome> {
    using Wire = fb::Outcome;
    static constexpr auto list = std::tuple{field("name", &Outcome::name, Wire::VT_NAME),
                                            field("token", &Outcome::token, Wire::VT_TOKEN)};
};
template <>
struct Fields<Fee> {
    using Wire = fb::Fee;
    static constexpr auto list =
        std::tuple{field("rate", &Fee::rate, Wire::VT_RATE),
                   field("exponent", &Fee::exponent, Wire::VT_EXPONENT),
                   field("taker_only", &Fee::taker_only, Wire::VT_TAKER_ONLY),
                   field("collected", &Fee::collected, Wire::VT_COLLECTED)};
};
template <>
struct Fields<Span> {
    using Wire = fb::Span;
    static constexpr auto list =
        std::tuple{field("from", &Span::from, Wire::VT_FROM), field("to", &Span::to, Wire::VT_TO)};
};
template <>
struct Fields<Leg> {
    using Wire = fb::Leg;
    static constexpr auto list = std::tuple{field("outcome", &Leg::outcome, Wire::VT_OUTCOME),
                                            field("price", &Leg::price, Wire::VT_PRICE),
                                            field("shares", &Leg::shares, Wire::VT_SHARES),
                                            field("book_seq", &Leg::book_seq, Wire::VT_BOOK_SEQ)};
};
template <>
struct Fields<Expected> {
    using Wire = fb::Expected;
    static constexpr auto list =
        std::tuple{field("pair_cost", &Expected::pair_cost, Wire::VT_PAIR_COST),
                   field("hedge_ratio", &Expected::hedge_ratio, Wire::VT_HEDGE_RATIO),
                   field("profit", &Expected::profit, Wire::VT_PROFIT)};
};
template <>
struct Fields<OutcomeShares> {
    using Wire = fb::OutcomeShares;
    static constexpr auto list =
        std::tuple{field("outcome", &OutcomeShares::outcome, Wire::VT_OUTCOME),
                   field("shares", &OutcomeShares::shares, Wire::VT_SHARES)};
};
template <>
struct Fields<Named> {
    using Wire = fb::Named;
    static constexpr auto list = std::tuple{field("name", &Named::name, Wire::VT_NAME),
                                            field("value", &Named::value, Wire::VT_VALUE)};
};
template <>
struct Fields<MarketDefined> {
    using Wire = fb::MarketDefined;
    static constexpr auto list =
        std::tuple{field("title", &MarketDefined::title, Wire::VT_TITLE),
                   field("asset", &MarketDefined::asset, Wire::VT_ASSET),
                   field("event", &MarketDefined::event, Wire::VT_EVENT),
                   field("aliases", &MarketDefined::aliases, Wire::VT_ALIASES),
                   field("outcomes", &MarketDefined::outcomes, Wire::VT_OUTCOMES),
                   field("opens", &MarketDefined::opens, Wire::VT_OPENS),
                   field("closes", &MarketDefined::closes, Wire::VT_CLOSES),
                   field("strike", &MarketDefined::strike, Wire::VT_STRIKE),
                   field("tick", &MarketDefined::tick, Wire::VT_TICK),
                   field("min_shares", &MarketDefined::min_shares, Wire::VT_MIN_SHARES),
                   field("fee", &MarketDefined::fee, Wire::VT_FEE),
                   field("nets", &MarketDefined::nets, Wire::VT_NETS),
                   field("neg_risk", &MarketDefined::neg_risk, Wire::VT_NEG_RISK)};
};
template <>
struct Fields<MarketChanged> {
    using Wire = fb::MarketChanged;
    static constexpr auto list =
        std::tuple{field("tick", &MarketChanged::tick, Wire::VT_TICK),
                   field("old_tick", &MarketChanged::old_tick, Wire::VT_OLD_TICK),
                   field("fee", &MarketChanged::fee, Wire::VT_FEE),
                   field("accepting", &MarketChanged::accepting, Wire::VT_ACCEPTING),
                   field("outcome", &MarketChanged::outcome, Wire::VT_OUTCOME)};
};
template <>
struct Fields<MarketResolved> {
    using Wire = fb::MarketResolved;
    static constexpr auto list =
        std::tuple{field("payouts", &MarketResolved::payouts, Wire::VT_PAYOUTS),
                   field("winner", &MarketResolved::winner, Wire::VT_WINNER),
                   field("evidence", &MarketResolved::evidence, Wire::VT_EVIDENCE)};
};
template <>
struct Fields<Book> {
    using Wire = fb::Book;
    static constexpr auto list =
        std::tuple{field("outcome", &Book::outcome, Wire::VT_OUTCOME),
                   field("bids", &Book::bids, Wire::VT_BIDS),
                   field("asks", &Book::asks, Wire::VT_ASKS),
                   field("hash", &Book::hash, Wire::VT_HASH),
                   field("stream", &Book::stream, Wire::VT_STREAM),
                   field("stream_seq", &Book::stream_seq, Wire::VT_STREAM_SEQ)};
};
template <>
struct Fields<BookChange> {
    using Wire = fb::BookChange;
    static constexpr auto list =
        std::tuple{field("outcome", &BookChange::outcome, Wire::VT_OUTCOME),
                   field("changes", &BookChange::changes, Wire::VT_CHANGES),
                   field("deltas", &BookChange::deltas, Wire::VT_DELTAS),
                   field("hash", &BookChange::hash, Wire::VT_HASH),
                   field("stream", &BookChange::stream, Wire::VT_STREAM),
                   field("stream_seq", &BookChange::stream_seq, Wire::VT_STREAM_SEQ)};
};
template <>
struct Fields<Quote> {
    using Wire = fb::Quote;
    static constexpr auto list =
        std::tuple{field("outcome", &Quote::outcome, Wire::VT_OUTCOME),
                   nullable("bid", &Quote::bid, Wire::VT_BID),
                   nullable("ask", &Quote::ask, Wire::VT_ASK),
                   field("bid_shares", &Quote::bid_shares, Wire::VT_BID_SHARES),
                   field("ask_shares", &Quote::ask_shares, Wire::VT_ASK_SHARES),
                   field("bid_depth", &Quote::bid_depth, Wire::VT_BID_DEPTH),
                   field("ask_depth", &Quote::ask_depth, Wire::VT_ASK_DEPTH)};
};
template <>
struct Fields<Trade> {
    using Wire = fb::Trade;
    static constexpr auto list = std::tuple{
        field("outcome", &Trade::outcome, Wire::VT_OUTCOME),
        field("side", &Trade::side, Wire::VT_SIDE), field("price", &Trade::price, Wire::VT_PRICE),
        field("shares", &Trade::shares, Wire::VT_SHARES), field("tx", &Trade::tx, Wire::VT_TX)};
};
template <>
struct Fields<ReferencePrice> {
    using Wire = fb::RefPrice;
    static constexpr auto list = std::tuple{field("asset", &ReferencePrice::asset, Wire::VT_ASSET),
                                            field("price", &ReferencePrice::price, Wire::VT_PRICE)};
};
template <>
struct Fields<Feed> {
    using Wire = fb::Feed;
    static constexpr auto list =
        std::tuple{field("channel", &Feed::channel, Wire::VT_CHANNEL),
                   field("state", &Feed::state, Wire::VT_STATE),
                   field("detail", &Feed::detail, Wire::VT_DETAIL),
                   field("outcome", &Feed::outcome, Wire::VT_OUTCOME),
                   field("stream", &Feed::stream, Wire::VT_STREAM),
                   field("stream_seq", &Feed::stream_seq, Wire::VT_STREAM_SEQ)};
};
template <>
struct Fields<OrderIntent> {
    using Wire = fb::OrderIntent;
    static constexpr auto list =
        std::tuple{field("order", &OrderIntent::order, Wire::VT_ORDER),
                   field("outcome", &OrderIntent::outcome, Wire::VT_OUTCOME),
                   field("side", &OrderIntent::side, Wire::VT_SIDE),
                   field("price", &OrderIntent::price, Wire::VT_PRICE),
                   field("shares", &OrderIntent::shares, Wire::VT_SHARES),
                   field("tif", &OrderIntent::tif, Wire::VT_TIF),
                   field("purpose", &OrderIntent::purpose, Wire::VT_PURPOSE),
                   field("group", &OrderIntent::group, Wire::VT_GROUP)};
};
template <>
struct Fields<OrderStatus> {
    using Wire = fb::OrderStatus;
    static constexpr auto list = std::tuple{
        field("order", &OrderStatus::order, Wire::VT_ORDER),
        field("venue_order", &OrderStatus::venue_order, Wire::VT_VENUE_ORDER),
        field("status", &OrderStatus::status, Wire::VT_STATUS),
        field("raw_status", &OrderStatus::raw_status, Wire::VT_RAW_STATUS),
        field("claimed_matched", &OrderStatus::claimed_matched, Wire::VT_CLAIMED_MATCHED),
        field("claimed_cost", &OrderStatus::claimed_cost, Wire::VT_CLAIMED_COST),
        field("reason", &OrderStatus::reason, Wire::VT_REASON),
        field("trades", &OrderStatus::trades, Wire::VT_TRADES),
        field("tx", &OrderStatus::tx, Wire::VT_TX),
        field("outcome", &OrderStatus::outcome, Wire::VT_OUTCOME),
        field("side", &OrderStatus::side, Wire::VT_SIDE),
        field("price", &OrderStatus::price, Wire::VT_PRICE),
        field("shares", &OrderStatus::shares, Wire::VT_SHARES),
        field("tif", &OrderStatus::tif, Wire::VT_TIF)};
};
template <>
struct Fields<Fill> {
    using Wire = fb::Fill;
    static constexpr auto list =
        std::tuple{field("trade", &Fill::trade, Wire::VT_TRADE),
                   field("order", &Fill::order, Wire::VT_ORDER),
                   field("outcome", &Fill::outcome, Wire::VT_OUTCOME),
                   field("side", &Fill::side, Wire::VT_SIDE),
                   field("shares", &Fill::shares, Wire::VT_SHARES),
                   field("cost", &Fill::cost, Wire::VT_COST),
                   field("fee", &Fill::fee, Wire::VT_FEE),
                   field("fee_shares", &Fill::fee_shares, Wire::VT_FEE_SHARES),
                   field("role", &Fill::role, Wire::VT_ROLE),
                   field("tx", &Fill::tx, Wire::VT_TX)};
};
template <>
struct Fields<FillSettlement> {
    using Wire = fb::FillSettlement;
    static constexpr auto list =
        std::tuple{field("trade", &FillSettlement::trade, Wire::VT_TRADE),
                   field("order", &FillSettlement::order, Wire::VT_ORDER),
                   field("status", &FillSettlement::status, Wire::VT_STATUS),
                   field("reason", &FillSettlement::reason, Wire::VT_REASON)};
};
template <>
struct Fields<FillCorrection> {
    using Wire = fb::FillCorrection;
    static constexpr auto list =
        std::tuple{field("trade", &FillCorrection::trade, Wire::VT_TRADE),
                   field("order", &FillCorrection::order, Wire::VT_ORDER),
                   field("shares", &FillCorrection::shares, Wire::VT_SHARES),
                   field("cost", &FillCorrection::cost, Wire::VT_COST),
                   field("fee", &FillCorrection::fee, Wire::VT_FEE),
                   field("fee_shares", &FillCorrection::fee_shares, Wire::VT_FEE_SHARES),
                   field("why", &FillCorrection::why, Wire::VT_WHY)};
};
template <>
struct Fields<Merge> {
    using Wire = fb::Merge;
    static constexpr auto list = std::tuple{field("pairs", &Merge::pairs, Wire::VT_PAIRS),
                                            field("tx", &Merge::tx, Wire::VT_TX)};
};
template <>
struct Fields<Split> {
    using Wire = fb::Split;
    static constexpr auto list = std::tuple{field("pairs", &Split::pairs, Wire::VT_PAIRS),
                                            field("tx", &Split::tx, Wire::VT_TX)};
};
template <>
struct Fields<Redemption> {
    using Wire = fb::Redemption;
    static constexpr auto list =
        std::tuple{field("cash", &Redemption::cash, Wire::VT_CASH),
                   field("outcome", &Redemption::outcome, Wire::VT_OUTCOME),
                   field("shares", &Redemption::shares, Wire::VT_SHARES),
                   field("tx", &Redemption::tx, Wire::VT_TX)};
};
template <>
struct Fields<Transfer> {
    using Wire = fb::Transfer;
    static constexpr auto list = std::tuple{field("cash", &Transfer::cash, Wire::VT_CASH),
                                            field("outcome", &Transfer::outcome, Wire::VT_OUTCOME),
                                            field("shares", &Transfer::shares, Wire::VT_SHARES),
                                            field("basis", &Transfer::basis, Wire::VT_BASIS),
                                            field("reason", &Transfer::reason, Wire::VT_REASON),
                                            field("tx", &Transfer::tx, Wire::VT_TX)};
};
template <>
struct Fields<Balance> {
    using Wire = fb::Balance;
    static constexpr auto list = std::tuple{field("cash", &Balance::cash, Wire::VT_CASH),
                                            field("shares", &Balance::shares, Wire::VT_SHARES)};
};
template <>
struct Fields<Decision> {
    using Wire = fb::Decision;
    static constexpr auto list =
        std::tuple{field("group", &Decision::group, Wire::VT_GROUP),
                   field("verdict", &Decision::verdict, Wire::VT_VERDICT),
                   field("reasons", &Decision::reasons, Wire::VT_REASONS),
                   field("legs", &Decision::legs, Wire::VT_LEGS),
                   field("expected", &Decision::expected, Wire::VT_EXPECTED)};
};
template <>
struct Fields<Guard> {
    using Wire = fb::Guard;
    static constexpr auto list = std::tuple{
        field("group", &Guard::group, Wire::VT_GROUP), field("rule", &Guard::rule, Wire::VT_RULE),
        field("verdict", &Guard::verdict, Wire::VT_VERDICT),
        field("actual", &Guard::actual, Wire::VT_ACTUAL),
        field("threshold", &Guard::threshold, Wire::VT_THRESHOLD)};
};
template <>
struct Fields<Claim> {
    using Wire = fb::Claim;
    static constexpr auto list = std::tuple{field("source", &Claim::source, Wire::VT_SOURCE),
                                            field("metric", &Claim::metric, Wire::VT_METRIC),
                                            field("value", &Claim::value, Wire::VT_VALUE),
                                            field("outcome", &Claim::outcome, Wire::VT_OUTCOME),
                                            field("order", &Claim::order, Wire::VT_ORDER),
                                            field("group", &Claim::group, Wire::VT_GROUP),
                                            field("about", &Claim::about, Wire::VT_ABOUT)};
};
template <>
struct Fields<Halt> {
    using Wire = fb::Halt;
    static constexpr auto list = std::tuple{field("scope", &Halt::scope, Wire::VT_SCOPE),
                                            field("reason", &Halt::reason, Wire::VT_REASON),
                                            field("by", &Halt::by, Wire::VT_BY)};
};
template <>
struct Fields<Resume> {
    using Wire = fb::Resume;
    static constexpr auto list = std::tuple{field("scope", &Resume::scope, Wire::VT_SCOPE),
                                            field("reason", &Resume::reason, Wire::VT_REASON),
                                            field("by", &Resume::by, Wire::VT_BY)};
};
template <>
struct Fields<Flag> {
    using Wire = fb::Flag;
    static constexpr auto list = std::tuple{
        field("flag", &Flag::flag, Wire::VT_FLAG), field("on", &Flag::on, Wire::VT_ON),
        field("expires", &Flag::expires, Wire::VT_EXPIRES), field("by", &Flag::by, Wire::VT_BY),
        field("reason", &Flag::reason, Wire::VT_REASON)};
};
template <>
struct Fields<Limits> {
    using Wire = fb::Limits;
    static constexpr auto list = std::tuple{field("values", &Limits::values, Wire::VT_VALUES)};
};
template <>
struct Fields<Epoch> {
    using Wire = fb::Epoch;
    static constexpr auto list = std::tuple{field("name", &Epoch::name, Wire::VT_NAME)};
};
template <>
struct Fields<Note> {
    using Wire = fb::Note;
    static constexpr auto list = std::tuple{field("text", &Note::text, Wire::VT_TEXT)};
};
template <>
struct Fields<Log> {
    using Wire = fb::Log;
    static constexpr auto list = std::tuple{field("level", &Log::level, Wire::VT_LEVEL),
                                            field("text", &Log::text, Wire::VT_TEXT)};
};
template <>
struct Fields<Unparsed> {
    using Wire = fb::Unparsed;
    static constexpr auto list = std::tuple{field("why", &Unparsed::why, Wire::VT_WHY),
                                            field("part", &Unparsed::part, Wire::VT_PART),
                                            field("last", &Unparsed::last, Wire::VT_LAST)};
};
template <>
struct Fields<RecorderStarted> {
    using Wire = fb::RecorderStarted;
    static constexpr auto list =
        std::tuple{field("version", &RecorderStarted::version, Wire::VT_VERSION),
                   field("detail", &RecorderStarted::detail, Wire::VT_DETAIL)};
};
template <>
struct Fields<RecorderStopped> {
    using Wire = fb::RecorderStopped;
    static constexpr auto list =
        std::tuple{field("reason", &RecorderStopped::reason, Wire::VT_REASON)};
};
template <>
struct Fields<Recovered> {
    using Wire = fb::Recovered;
    static constexpr auto list =
        std::tuple{field("file", &Recovered::file, Wire::VT_FILE),
                   field("offset", &Recovered::offset, Wire::VT_OFFSET),
                   field("bytes", &Recovered::bytes, Wire::VT_BYTES),
                   field("quarantine", &Recovered::quarantine, Wire::VT_QUARANTINE)};
};
template <>
struct Fields<ModelCalibrated> {
    using Wire = fb::ModelCalibrated;
    static constexpr auto list =
        std::tuple{field("model", &ModelCalibrated::model, Wire::VT_MODEL),
                   field("value", &ModelCalibrated::value, Wire::VT_VALUE),
                   field("detail", &ModelCalibrated::detail, Wire::VT_DETAIL)};
};

template <>
struct Fields<Lost> {
    using Wire = fb::Lost;
    static constexpr auto list = std::tuple{field("file", &Lost::file, Wire::VT_FILE),
                                            field("offset", &Lost::offset, Wire::VT_OFFSET),
                                            field("why", &Lost::why, Wire::VT_WHY)};
};

template <class T>
concept Described = requires {
    Fields<T>::list;
};

/// Calls `use(field)` for every field of T in order.
template <Described T, class Use>
constexpr void for_each_field(Use&& use) {
    std::apply([&use](const auto&... each) { (use(each), ...); }, Fields<T>::list);
}

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
/// Integers of 1e-6 behind a strong type.
template <class T>
concept Micros = std::is_same_v<T, Price> || std::is_same_v<T, Shares> ||
    std::is_same_v<T, Money> || std::is_same_v<T, Ratio>;

}  // namespace daybook
