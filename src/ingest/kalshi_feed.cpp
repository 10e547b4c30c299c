// Kalshi's answers to commands: they tell which subscriptions there are, and use up their count.
#include "src/ingest/kalshi_fields.hpp"
#include "src/ingest/kalshi_parts.hpp"

namespace daybook::ingest::kalshi {
namespace {

Batch feed(const Frame& frame, FeedState state, std::string detail) {
    Feed body;
    body.channel = text_or_empty(frame.body, {"channel"});
    body.state = state;
    body.detail = std::move(detail);
    body.stream = frame.stream();
    body.stream_seq = frame.seq;
    return {market_event("", std::nullopt, std::move(body))};
}

/// "ok, seq 20: KX…, KX…": the count this answer used up, and the markets it confirms.
std::string told(std::string what, const Frame& frame) {
    if (frame.seq) what += ", seq " + std::to_string(*frame.seq);
    const Json* markets = given(frame.body, {"market_tickers"});
    if (markets == nullptr) return what;
    std::string_view separator = ": ";
    for (const Json& market : markets->items) {
        what += separator;
        what += market.text;
        separator = ", ";
    }
    return what;
}

}  // namespace

Result<Batch> read_subscribed(const Frame& frame) {
    return feed(frame, FeedState::subscribed, told("subscribed", frame));
}

Result<Batch> read_ok(const Frame& frame) {
    return feed(frame, FeedState::subscribed, told("ok", frame));
}

Result<Batch> read_unsubscribed(const Frame& frame) {
    return feed(frame, FeedState::lost, told("unsubscribed", frame));
}

/// What the venue refused. It answers a command and says nothing of what is subscribed already: no
/// `feed` event, which would put every book in doubt.
Result<Batch> read_error(const Frame& frame) {
    std::string detail = "error " + text_or_empty(frame.body, {"code"});
    const std::string reason = text_or_empty(frame.body, {"msg", "message"});
    if (!reason.empty()) detail += ": " + reason;
    return Batch{market_event("", std::nullopt, Log{"warning", std::move(detail)})};
}

}  // namespace daybook::ingest::kalshi
