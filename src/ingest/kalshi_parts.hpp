#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schemas/json.hpp"
#include "src/ingest/input.hpp"

namespace daybook::ingest::kalshi {

/// A WebSocket frame taken apart. References the parsed document: it does not outlive it.
struct Frame {
    const Json& body;  ///< `msg`; the frame itself where old forms have none
    std::string type;
    std::optional<std::uint64_t> sid;  ///< the subscription
    std::optional<std::uint64_t> seq;  ///< its count, shared by all markets of the subscription

    /// "sid:1"; empty when the frame belongs to no subscription.
    [[nodiscard]] std::string stream() const {
        return sid ? "sid:" + std::to_string(*sid) : std::string{};
    }
};

[[nodiscard]] Result<Frame> take_apart(const Json& document);

[[nodiscard]] Event market_event(std::string market, std::optional<Time> time, Body body);
/// The same for what is ours: orders, fills, cash. These are real accounts, so the mode is live.
[[nodiscard]] Event own_event(std::string market, std::optional<Time> time, Body body);

/// Reads one kind of frame. Fails with malformed when the frame is not what its type promises.
using FrameReader = Result<Batch> (*)(const Frame&);
/// nullptr for a type we do not know.
[[nodiscard]] FrameReader frame_reader(std::string_view type);

// Kinds of frames, by channel.
[[nodiscard]] Result<Batch> read_snapshot(const Frame& frame);
[[nodiscard]] Result<Batch> read_delta(const Frame& frame);
[[nodiscard]] Result<Batch> read_ticker(const Frame& frame);
[[nodiscard]] Result<Batch> read_trade(const Frame& frame);
[[nodiscard]] Result<Batch> read_subscribed(const Frame& frame);
[[nodiscard]] Result<Batch> read_unsubscribed(const Frame& frame);
[[nodiscard]] Result<Batch> read_ok(const Frame& frame);
[[nodiscard]] Result<Batch> read_error(const Frame& frame);
[[nodiscard]] Result<Batch> read_lifecycle(const Frame& frame);
[[nodiscard]] Result<Batch> read_event_lifecycle(const Frame& frame);
[[nodiscard]] Result<Batch> read_position_frame(const Frame& frame);
[[nodiscard]] Result<Batch> read_fill_frame(const Frame& frame);
[[nodiscard]] Result<Batch> read_order_frame(const Frame& frame);

/// Reads one kind of REST row.
using RowReader = Result<Batch> (*)(const Json& row);
[[nodiscard]] Result<Batch> read_fill(const Json& row);
[[nodiscard]] Result<Batch> read_order(const Json& row);
[[nodiscard]] Result<Batch> read_settlement(const Json& row);
[[nodiscard]] Result<Batch> read_market(const Json& row);
[[nodiscard]] Result<Batch> read_print(const Json& row);
[[nodiscard]] Result<Batch> read_balance(const Json& row);
/// The two books of `market` from their yes and no bids; a side that is not given is empty.
[[nodiscard]] Result<Batch> read_books(const Json& row, const std::string& market);

/// A REST answer: a page of rows, one wrapped row, or a bare row. A row of a page that cannot be
/// read becomes `unparsed` by itself and the others are read. `market` is the one the answer
/// answers, for answers that do not name it. Fails with malformed when the form is unknown.
[[nodiscard]] Result<Batch> read_answer(const Json& document, const std::string& market);

/// How a market paid out: by its result yes or no, else by what yes is worth. A void market without
/// a value gets a `winner` that is none of its outcomes: it is flagged and stays open.
[[nodiscard]] MarketResolved resolved_as(const std::string& result,
                                         std::optional<std::int64_t> yes_micros,
                                         std::string evidence);

}  // namespace daybook::ingest::kalshi
