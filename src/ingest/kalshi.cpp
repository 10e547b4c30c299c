#include "src/ingest/kalshi.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "schemas/check.hpp"
#include "src/ingest/kalshi_fields.hpp"
#include "src/ingest/kalshi_parts.hpp"

namespace daybook::ingest {
namespace kalshi {
namespace {

constexpr std::array<std::pair<std::string_view, FrameReader>, 14> kFrameReaders{{
    {"orderbook_snapshot", read_snapshot},
    {"orderbook_delta", read_delta},
    {"ticker", read_ticker},
    {"ticker_v2", read_ticker},
    {"trade", read_trade},
    {"fill", read_fill_frame},
    {"user_order", read_order_frame},
    {"market_position", read_position_frame},
    {"market_lifecycle_v2", read_lifecycle},
    {"event_lifecycle", read_event_lifecycle},
    {"subscribed", read_subscribed},
    {"unsubscribed", read_unsubscribed},
    {"ok", read_ok},
    {"error", read_error},
}};

/// A document taken out of what a recorder wrapped around it, and what the recorder knew.
/// To be replaced by the unwrapping that all venues share.
struct Unwrapped {
    Json document;
    Input about;
};

Result<Json> inner_document(const Json& inner) {
    if (inner.is(Json::Kind::text)) return parse_json(inner.text);
    return inner;
}

/// Takes {"received", …, "payload"} and {"received_ms", "frame"}; anything else stays as it is.
Result<Unwrapped> unwrap(Json document, const Input& input) {
    const Json* inner = given(document, {"payload", "frame"});
    const Json* received = given(document, {"received", "received_ms"});
    if (inner == nullptr || received == nullptr) return Unwrapped{std::move(document), input};
    Unwrapped out{{}, input};
    TRY(const std::optional<Time> when, time(document, {"received", "received_ms"}));
    if (when) out.about.received = when;
    if (out.about.order.empty()) out.about.order = text_or_empty(document, {"order"});
    if (out.about.market.empty()) out.about.market = text_or_empty(document, {"market"});
    TRY(out.document, inner_document(*inner));
    return out;
}

/// Orders and markets have a `type` too, but they name themselves.
bool is_frame(const Json& document) {
    if (document.find("msg") != nullptr) return true;
    return document.find("type") != nullptr && given(document, {"ticker", "order_id"}) == nullptr;
}

bool is_book_frame(const Frame& frame) { return frame.type.starts_with("orderbook_"); }

Event gap(const Frame& frame, std::string detail) {
    Feed body;
    body.state = FeedState::gap;
    body.detail = std::move(detail);
    body.stream = frame.stream();
    return market_event("", std::nullopt, std::move(body));
}

}  // namespace

Result<Frame> take_apart(const Json& document) {
    const Json* msg = given(document, {"msg"});
    const bool inside = msg != nullptr && msg->is(Json::Kind::object);
    const Json& body = inside ? *msg : document;
    TRY(std::string type, text(document, {"type"}));
    TRY(std::optional<std::uint64_t> sid, whole_number(document, "sid"));
    TRY(const std::optional<std::uint64_t> inner_sid, whole_number(body, "sid"));
    TRY(const std::optional<std::uint64_t> seq, whole_number(document, "seq"));
    if (!sid) sid = inner_sid;
    return Frame{body, std::move(type), sid, seq};
}

Event market_event(std::string market, std::optional<Time> time, Body body) {
    Event event;
    event.market = std::move(market);
    event.time = time;
    event.body = std::move(body);
    return event;
}

Event own_event(std::string market, std::optional<Time> time, Body body) {
    Event event = market_event(std::move(market), time, std::move(body));
    event.mode = Mode::live;
    return event;
}

FrameReader frame_reader(std::string_view type) {
    const auto* const found =
        std::ranges::find(kFrameReaders, type, [](const auto& entry) { return entry.first; });
    return found == kFrameReaders.end() ? nullptr : found->second;
}

}  // namespace kalshi

using kalshi::Frame;

Kalshi::Kalshi(Settings settings)
    : account_{settings.accounts.size() == 1 ? settings.accounts.front().name : "main"} {}

Batch Kalshi::read(const Input& input) {
    Result<Json> document = parse_json(input.payload);
    if (!document) return finished({unparsed(input.payload, document.error().detail)}, input);
    const auto unwrapped = kalshi::unwrap(std::move(document).value(), input);
    if (!unwrapped) return finished({unparsed(input.payload, unwrapped.error().detail)}, input);
    const Input& about = unwrapped.value().about;
    Batch events = finished(read_document(unwrapped.value().document, about), about);
    for (const Event& event : events) {
        if (const auto why = why_invalid(event)) {
            return finished({unparsed(input.payload, *why)}, about);
        }
    }
    return events;
}

Batch Kalshi::read_document(const Json& document, const Input& about) {
    if (kalshi::is_frame(document)) {
        const Result<Frame> frame = kalshi::take_apart(document);
        if (!frame) return {unparsed(about.payload, frame.error().detail)};
        return read_frame(frame.value(), about);
    }
    Result<Batch> answer = kalshi::read_answer(document, about.market);
    if (!answer) return {unparsed(about.payload, answer.error().detail)};
    return std::move(answer).value();
}

Batch Kalshi::read_frame(const Frame& frame, const Input& about) {
    const std::string channel = channel_of(frame);
    const kalshi::FrameReader reader = kalshi::frame_reader(frame.type);
    Result<Batch> events =
        reader != nullptr
            ? reader(frame)
            : Error{Errc::malformed, "frame type '" + frame.type.substr(0, 40) + "' is not known"};
    const std::optional<Event> hole = hole_before(frame);
    Batch batch;
    if (!events) batch.push_back(unparsed(about.payload, events.error().detail));
    if (hole) batch.push_back(*hole);
    if (events) std::ranges::move(events.value(), std::back_inserter(batch));
    const bool lost_change = !events && kalshi::is_book_frame(frame) && frame.sid;
    if (lost_change) batch.push_back(kalshi::gap(frame, "a book frame could not be read"));
    for (Event& event : batch) {
        auto* const feed = std::get_if<Feed>(&event.body);
        if (feed != nullptr && feed->channel.empty()) feed->channel = channel;
    }
    return batch;
}

/// What the subscription was made for; where that was not recorded, what the frame itself tells.
std::string Kalshi::channel_of(const Frame& frame) const {
    if (frame.sid) {
        const auto known = subscriptions_.find(*frame.sid);
        if (known != subscriptions_.end() && !known->second.channel.empty()) {
            return known->second.channel;
        }
    }
    return kalshi::is_book_frame(frame) ? "orderbook_delta" : frame.type;
}

std::optional<Event> Kalshi::hole_before(const Frame& frame) {
    if (!frame.sid) return std::nullopt;
    if (frame.type == "subscribed") {  // a new subscription counts from 1
        subscriptions_[*frame.sid] = {0, kalshi::text_or_empty(frame.body, {"channel"})};
        return std::nullopt;
    }
    if (!frame.seq) return std::nullopt;
    const auto known =
        subscriptions_.try_emplace(*frame.sid, Subscription{*frame.seq - 1, ""}).first;
    const std::uint64_t expected = known->second.seq + 1;
    known->second.seq = *frame.seq;
    if (frame.type == "unsubscribed") subscriptions_.erase(known);
    if (*frame.seq == expected) return std::nullopt;
    return kalshi::gap(
        frame, "expected " + std::to_string(expected) + ", found " + std::to_string(*frame.seq));
}

/// What all events of an input share. The first one carries the input itself.
Batch Kalshi::finished(Batch events, const Input& about) const {
    for (Event& event : events) {
        event.venue = "kalshi";
        event.origin = Origin::feed;
        event.received = about.received;
        event.mono = about.mono;
        if (event.mode != Mode::none) event.account = account_;
    }
    if (!events.empty() && events.front().raw.empty()) {
        events.front().raw = without_credentials(about.payload);
    }
    return events;
}

}  // namespace daybook::ingest
