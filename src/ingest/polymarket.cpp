#include "src/ingest/polymarket.hpp"

#include <algorithm>
#include <array>

#include "schemas/check.hpp"
#include "src/ingest/polymarket_parts.hpp"

namespace daybook::ingest {
namespace polymarket {

Event event_of(const Scope& scope, std::string market, std::optional<Time> time, Body body) {
    Event event;
    event.time = time;
    event.received = scope.input.received;
    event.mono = scope.input.mono;
    event.venue = "polymarket";
    event.origin = Origin::feed;
    event.market = std::move(market);
    event.body = std::move(body);
    return event;
}

Event own_event(const Scope& scope, std::string market, std::optional<Time> time, Body body,
                std::string account) {
    Event event = event_of(scope, std::move(market), time, std::move(body));
    event.mode = Mode::live;
    event.account = std::move(account);
    return event;
}

Event rejected(const Scope& scope, const Json& piece, std::string why) {
    Event kept = unparsed(write_json(piece), std::move(why));
    Event event = event_of(scope, text_in(piece, {"market"}), std::nullopt, std::move(kept.body));
    event.raw = std::move(kept.raw);
    return event;
}

std::optional<std::string> account_in(const Settings& settings, const Json& from, Names names) {
    for (const Account& account : settings.accounts) {
        for (const std::string_view name : names) {
            const std::string_view stated_name = from.text_of(name);
            const bool ours =
                !stated_name.empty() && std::ranges::any_of(account.addresses, [&](auto& address) {
                    return same_text(address, stated_name);
                });
            if (ours) return account.name;
        }
    }
    return std::nullopt;
}

namespace {

Result<Batch> log_of(const Scope& scope, std::string text) {
    return Batch{event_of(scope, scope.input.market, std::nullopt, Log{"info", std::move(text)})};
}

Result<Batch> read_request(const Json&, const Scope& scope) {
    return log_of(scope, "subscription request");
}

/// By the name the frame gives itself.
struct NamedFrame {
    std::string_view event_type;
    Read read;
};
constexpr std::array<NamedFrame, 9> kFrames{{
    {"book", read_book},
    {"price_change", read_price_change},
    {"last_trade_price", read_last_trade_price},
    {"tick_size_change", read_tick_size_change},
    {"best_bid_ask", read_best_bid_ask},
    {"new_market", read_new_market},
    {"market_resolved", read_market_resolved},
    {"order", read_order},
    {"trade", read_trade},
}};

bool has(const Json& piece, std::string_view name) { return piece.find(name) != nullptr; }
bool is_one_of(std::string_view text, std::initializer_list<std::string_view> names) {
    return std::ranges::any_of(names, [&](auto name) { return same_text(name, text); });
}

/// By its members, for everything that has no `event_type`. The first that fits reads it.
struct Shape {
    bool (*fits)(const Json&);
    Read read;
};
constexpr std::array kShapes = std::to_array<Shape>({
    {[](const Json& p) { return has(p, "topic"); }, read_rtds},
    {[](const Json& p) { return has(p, "stream") && has(p, "data"); }, read_binance},
    {[](const Json& p) {
         return is_one_of(p.text_of("type"), {"ticker", "subscriptions"});
     },
     read_coinbase},
    {[](const Json& p) { return has(p, "binary") && has(p, "parsed"); }, read_pyth},
    {[](const Json& p) { return has(p, "taker_order_id"); }, read_trade},
    {[](const Json& p) { return has(p, "original_size"); }, read_order},
    {[](const Json& p) { return has(p, "price_changes"); }, read_price_change},
    {[](const Json& p) { return has(p, "asset_id") && (has(p, "bids") || has(p, "buys")); },
     read_book},
    {[](const Json& p) { return has(p, "canceled") || has(p, "not_canceled"); },
     read_cancel_answer},
    {[](const Json& p) { return has(p, "clobTokenIds"); }, read_gamma_market},
    {[](const Json& p) { return has(p, "condition_id") && has(p, "tokens"); }, read_clob_market},
    {[](const Json& p) { return has(p, "condition_id") && has(p, "outcomes"); },
     read_capture_market},
    {[](const Json& p) { return has(p, "totalBought") && has(p, "realizedPnl"); },
     read_closed_position},
    {[](const Json& p) { return has(p, "usdcSize") && has(p, "type"); }, read_activity},
    {[](const Json& p) { return has(p, "transactionHash") && has(p, "conditionId"); },
     read_activity},
    {[](const Json& p) { return has(p, "balance"); }, read_cash},
    {[](const Json& p) { return has(p, "assets_ids") || has(p, "subscriptions"); }, read_request},
    {[](const Json& p) { return has(p, "auth") || has(p, "operation"); }, read_request},
    {[](const Json& p) { return has(p, "orderID") || has(p, "success") || has(p, "errorMsg"); },
     read_order_answer},
    {[](const Json& p) { return has(p, "error") || has(p, "client_error"); }, read_order_answer},
    {[](const Json& p) {
         const Json* status = p.find("status");
         return status != nullptr && status->is(Json::Kind::number);
     },
     read_order_answer},
});

Result<Batch> read_object(const Json& piece, const Scope& scope) {
    if (const Json* type = piece.find("event_type")) {
        const auto* const frame = std::ranges::find(kFrames, type->text, &NamedFrame::event_type);
        if (frame == kFrames.end()) return malformed("unknown event type " + quoted(type->text));
        return frame->read(piece, scope);
    }
    for (const Shape& shape : kShapes) {
        if (shape.fits(piece)) return shape.read(piece, scope);
    }
    return malformed("no message of this venue looks like that");
}

void read_piece(const Json& piece, const Scope& scope, Batch& out) {
    const bool object = piece.is(Json::Kind::object);
    Result<Batch> events = object ? read_object(piece, scope)
                                  : Result<Batch>{malformed("an object was expected here")};
    if (!events) {
        out.push_back(rejected(scope, piece, events.error().detail));
        return;
    }
    for (Event& event : events.value()) {  // the last word has the catalogue
        const auto why = why_invalid(event);
        out.push_back(why ? rejected(scope, piece, *why) : std::move(event));
    }
}

void read_pieces(const Json& array, Scope scope, Batch& out) {
    scope.alone = array.items.size() == 1;
    if (std::ranges::any_of(array.items, is_position)) {
        std::ranges::move(read_positions(array, scope), std::back_inserter(out));
        return;
    }
    for (const Json& piece : array.items) {
        const Json* markets = piece.find("markets");  // a Gamma event and its markets
        if (markets != nullptr && markets->is(Json::Kind::array) && has(piece, "slug")) {
            scope.event = piece.text_of("slug");
            for (const Json& market : markets->items) read_piece(market, scope, out);
        } else {
            read_piece(piece, scope, out);
        }
    }
}

void read_value(const Json& value, const Scope& scope, Batch& out) {
    const Json* page = value.find("data");  // {"data":[…],"next_cursor":…}
    if (value.is(Json::Kind::array)) {
        read_pieces(value, scope, out);
    } else if (page != nullptr && page->is(Json::Kind::array) && !has(value, "topic")) {
        read_pieces(*page, scope, out);
    } else if (is_position(value) || (has(value, "markets") && has(value, "slug"))) {
        Json one;
        one.kind = Json::Kind::array;
        one.items.push_back(value);
        read_pieces(one, scope, out);
    } else if (value.is_null() && scope.input.channel == Channel::rest) {
        out = log_of(scope, "not found: " + scope.input.order).value();  // says nothing more (#217)
    } else {
        read_piece(value, scope, out);
    }
}

bool is_keep_alive(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return true;
    text = text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
    return is_one_of(text, {"PING", "PONG"});
}

/// Text that is not JSON: an error page in the place of an answer leaves its order in doubt.
Event read_text(const Scope& scope, std::string why) {
    const std::string_view text = scope.input.payload;
    if (!scope.input.order.empty() && text.find('{') == std::string_view::npos &&
        tells_of_no_answer(text)) {
        return order_in_doubt(scope, std::string{text.substr(0, 200)});
    }
    Event event = event_of(scope, scope.input.market, std::nullopt, Body{});
    event.body = unparsed({}, std::move(why)).body;
    return event;
}

}  // namespace
}  // namespace polymarket

Batch Polymarket::read(const Input& input) {
    using namespace polymarket;
    const Scope scope{input, settings_, books_};
    if (is_keep_alive(input.payload)) {
        if (input.channel != Channel::rest || input.order.empty()) return {};
        return {order_in_doubt(scope, "the answer was empty")};
    }
    Batch out;
    const Result<Json> parsed = parse_json(input.payload);
    if (parsed) {
        read_value(parsed.value(), scope, out);
    } else {
        out.push_back(read_text(scope, parsed.error().detail));
    }
    if (out.empty()) out = log_of(scope, "an answer with nothing in it").value();
    out.front().raw = without_credentials(input.payload);
    return out;
}

}  // namespace daybook::ingest
