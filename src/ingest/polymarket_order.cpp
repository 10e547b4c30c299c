#include <algorithm>
#include <array>

#include "src/ingest/polymarket_parts.hpp"

// What the venue says of orders: user channel frames, open orders, answers to POST and DELETE
// (venue page §4.1, §5). Nothing here becomes a fill.
namespace daybook::ingest::polymarket {
namespace {

using enum OrderStatusCode;

struct StatusWord {
    std::string_view word;
    OrderStatusCode code;
};
/// Longest first, so that the first prefix that fits is the longest.
constexpr std::array<StatusWord, 10> kStatusWords{{
    {"CANCELED_MARKET_RESOLVED", expired},
    {"UNMATCHED", live},  // the venue's word for "on the book"
    {"CANCELLED", canceled},
    {"CANCELED", canceled},
    {"REJECTED", OrderStatusCode::rejected},
    {"MATCHED", matched},
    {"DELAYED", delayed},
    {"EXPIRED", expired},
    {"INVALID", OrderStatusCode::rejected},
    {"LIVE", live},
}};

struct Status {
    OrderStatusCode code{};
    std::string reason;
};

/// A known word, or one with a reason glued on: "CANCELED_order couldn't be fully filled".
Result<Status> status_of(std::string_view text) {
    constexpr std::string_view kRestPrefix = "ORDER_STATUS_";
    const std::string whole = upper(text);
    const bool prefixed = whole.starts_with(kRestPrefix);
    const std::string_view name = std::string_view{whole}.substr(prefixed ? kRestPrefix.size() : 0);
    for (const StatusWord& known : kStatusWords) {
        if (name == known.word) return Status{known.code, {}};
        const bool glued = name.starts_with(known.word) && name[known.word.size()] == '_';
        if (!glued) continue;
        const std::size_t reason = text.size() - name.size() + known.word.size() + 1;
        return Status{known.code, std::string{text.substr(reason)}};
    }
    return malformed("unknown order status " + quoted(text));
}

/// A frame's `type` speaks when there is no status, and says so when the order is gone.
Result<Status> order_state(const Json& order, const OrderStatus& body) {
    const std::string text = text_in(order, {"status"});
    const std::string type = upper(order.text_of("type"));
    if (!text.empty()) {
        TRY(Status status, status_of(text));
        const bool standing =
            status.code == live || status.code == matched || status.code == delayed;
        if (type == "CANCELLATION" && standing) status.code = canceled;
        return status;
    }
    if (type == "CANCELLATION") return Status{canceled, {}};
    const bool all = body.claimed_matched && body.shares && *body.claimed_matched >= *body.shares;
    if (type == "UPDATE") return Status{all ? matched : live, {}};
    if (type == "PLACEMENT") return Status{live, {}};
    return malformed("status is missing");
}

Result<std::vector<std::string>> texts_in(const Json& from, Names names) {
    std::vector<std::string> out;
    const Json* array = stated(from, names);
    if (array == nullptr) return out;
    if (!array->is(Json::Kind::array))
        return malformed(std::string{*names.begin()} + " is no array");
    for (const Json& item : array->items) {
        if (!item.is(Json::Kind::text)) {
            return malformed(std::string{*names.begin()} + " holds something that is no text");
        }
        out.push_back(item.text);
    }
    return out;
}

/// The name under which the order that was answered is known here.
std::string answered_order(const Scope& scope) {
    return scope.alone ? scope.input.order : std::string{};
}

/// An answer that names no order, asked by nobody we know of, changes nothing; it is kept as text.
Batch status_event(const Scope& scope, OrderStatus body) {
    if (body.order.empty() && body.venue_order.empty()) {
        std::string text = "an order nobody named is " + std::string{to_text(body.status)};
        if (!body.reason.empty()) text += ": " + body.reason;
        return {event_of(scope, scope.input.market, std::nullopt, Log{"warning", std::move(text)})};
    }
    return {own_event(scope, scope.input.market, std::nullopt, std::move(body), "main")};
}

/// Of making and taking the smaller is dollars and the larger shares: a share costs at most 1.
Result<OrderStatus> with_amounts(OrderStatus body, const Json& answer) {
    TRY(const auto making, maybe_shares(answer, {"makingAmount", "making_amount"}));
    TRY(const auto taking, maybe_shares(answer, {"takingAmount", "taking_amount"}));
    if (body.status != matched || !making || !taking) return body;
    body.claimed_cost = Money{std::min(making->micros, taking->micros)};
    body.claimed_matched = std::max(*making, *taking);
    return body;
}

/// 0 when the answer tells no HTTP status.
std::int64_t http_status(const Json& answer) {
    for (const std::string_view name : {"status", "status_code", "statusCode", "code"}) {
        const Json* value = answer.find(name);
        if (value == nullptr || !value->is(Json::Kind::number)) continue;
        const Result<std::int64_t> micros = parse_micros(value->text);
        return micros ? micros.value() / kMicro : 0;
    }
    return 0;
}

std::string error_text(const Json& answer) {
    const Json* error = stated(answer, {"errorMsg", "error", "client_error", "message"});
    if (error == nullptr) return {};
    return error->is(Json::Kind::object) || error->is(Json::Kind::array) ? write_json(*error)
                                                                         : error->text;
}

bool tells_of_delay(std::string_view text) {
    const std::string whole = upper(text);
    return whole.find("MATCH DELAYED") != std::string::npos || whole == "ORDER_DELAYED";
}

/// An answer without an order: refused, unless it says that nobody knows.
Batch refusal(const Json& answer, const Scope& scope) {
    OrderStatus body;
    body.order = answered_order(scope);
    body.venue_order = text_in(answer, {"orderID", "order_id"});
    body.raw_status = text_in(answer, {"status", "status_code"});
    body.reason = without_credentials(error_text(answer));
    const std::int64_t status = http_status(answer);
    const bool told = status >= 400 && status < 500 && status != 408;
    const bool in_doubt = status >= 500 || status == 408 ||
                          answer.find("client_error") != nullptr || tells_of_no_answer(body.reason);
    body.status = in_doubt && !told ? unknown : OrderStatusCode::rejected;
    // "success": false beside a standing order, or a delay: believing the refusal would stack
    // orders.
    const Result<Status> said = status_of(body.raw_status);
    if (said && (said.value().code == live || said.value().code == matched)) body.status = unknown;
    if ((said && said.value().code == delayed) || tells_of_delay(body.reason))
        body.status = delayed;
    return status_event(scope, std::move(body));
}

Result<Batch> acceptance(const Json& answer, const Scope& scope) {
    OrderStatus body;
    body.order = answered_order(scope);
    body.venue_order = text_in(answer, {"orderID", "order_id"});
    body.raw_status = text_in(answer, {"status"});
    body.reason = without_credentials(error_text(answer));
    body.status = unknown;
    if (!body.raw_status.empty()) {
        TRY(const Status status, status_of(body.raw_status));
        body.status = status.code;
        if (!status.reason.empty()) body.reason = status.reason;
    }
    TRY(const auto hashes, texts_in(answer, {"transactionsHashes", "transaction_hashes"}));
    if (!hashes.empty()) body.tx = hashes.front();
    TRY(body.trades, texts_in(answer, {"tradeIDs", "trade_ids"}));
    TRY(body, with_amounts(std::move(body), answer));
    return status_event(scope, std::move(body));
}

}  // namespace

bool tells_of_no_answer(std::string_view text) {
    constexpr std::array<std::string_view, 15> kSigns{"TIMEOUT",
                                                      "TIMED OUT",
                                                      "TIME-OUT",
                                                      "TIME OUT",
                                                      "INTERNAL SERVER ERROR",
                                                      "BAD GATEWAY",
                                                      "GATEWAY",
                                                      "UNAVAILABLE",
                                                      "CONNECTION",
                                                      "REQUEST EXCEPTION",
                                                      "STATUS_CODE=5",
                                                      "STATUS_CODE=NONE",
                                                      "COULD NOT RUN THE EXECUTION",
                                                      "DISCONNECTED",
                                                      "UPSTREAM"};
    const std::string whole = upper(text);
    return std::ranges::any_of(kSigns,
                               [&](auto sign) { return whole.find(sign) != std::string::npos; });
}

Event order_in_doubt(const Scope& scope, std::string text) {
    OrderStatus body;
    body.order = scope.input.order;
    body.status = unknown;
    body.reason = without_credentials(text);
    return status_event(scope, std::move(body)).front();
}

Result<Batch> read_order(const Json& order, const Scope& scope) {
    OrderStatus body;
    TRY(body.venue_order, required_text(order, {"id", "order_id", "orderID"}));
    body.order = answered_order(scope);
    body.raw_status = text_in(order, {"status", "type"});
    TRY(body.claimed_matched, maybe_shares(order, {"size_matched", "sizeMatched"}));
    TRY(body.trades, texts_in(order, {"associate_trades"}));
    body.outcome = text_in(order, {"outcome", "asset_id"});
    TRY(body.side, maybe_side(order, {"side"}));
    TRY(body.price, maybe_price(order, {"price"}));
    TRY(body.shares, maybe_shares(order, {"original_size", "originalSize"}));
    body.tif = upper(text_in(order, {"order_type", "orderType"}));
    TRY(Status status, order_state(order, body));
    body.status = status.code;
    body.reason = std::move(status.reason);
    TRY(const auto time, maybe_time(order, {"timestamp"}));
    std::string market = text_in(order, {"market"});
    if (market.empty()) market = scope.input.market;
    std::string account =
        account_in(scope.settings, order, {"owner", "order_owner", "maker_address"})
            .value_or("main");
    return Batch{own_event(scope, std::move(market), time, std::move(body), std::move(account))};
}

Result<Batch> read_order_answer(const Json& answer, const Scope& scope) {
    TRY(const auto success, maybe_bool(answer, {"success"}));
    const bool has_order = stated(answer, {"orderID", "order_id"}) != nullptr;
    if (success.value_or(has_order) && has_order && http_status(answer) < 400) {
        return acceptance(answer, scope);
    }
    return refusal(answer, scope);
}

Result<Batch> read_cancel_answer(const Json& answer, const Scope& scope) {
    TRY(const std::vector<std::string> gone, texts_in(answer, {"canceled"}));
    Json nothing;
    const Json* kept = stated(answer, {"not_canceled"});
    if (kept == nullptr) kept = &nothing;
    if (!kept->is(Json::Kind::object) && !kept->is_null()) {
        return malformed("not_canceled is no object");
    }
    const bool one = gone.size() + kept->members.size() == 1;
    Batch out;
    const auto add = [&](const std::string& id, OrderStatusCode code, const std::string& text) {
        OrderStatus body;
        body.order = one ? answered_order(scope) : std::string{};
        body.venue_order = id;
        body.status = code;
        body.raw_status = text;
        if (code == cancel_rejected) body.reason = text;
        std::ranges::move(status_event(scope, std::move(body)), std::back_inserter(out));
    };
    for (const std::string& id : gone) add(id, canceled, "canceled");
    for (const auto& [id, reason] : kept->members) add(id, cancel_rejected, reason.text);
    return out;
}

}  // namespace daybook::ingest::polymarket
