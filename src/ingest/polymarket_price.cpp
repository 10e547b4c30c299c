#include "src/ingest/polymarket_parts.hpp"

// Reference prices: the venue's own price channel (venue page §11), and the exchanges that
// recorders keep beside it. `venue` names whose price it is: RTDS repeats Chainlink's as "btc/usd"
// and Binance's as "btcusdt", and one must not overwrite the other.
namespace daybook::ingest::polymarket {
namespace {

struct Symbol {
    std::string asset, venue;
};

Result<Symbol> symbol_of(std::string_view text) {
    const std::string name = upper(text);
    const std::size_t slash = name.find_first_of("/-");
    if (slash != std::string::npos && slash > 0) return Symbol{name.substr(0, slash), "polymarket"};
    for (const std::string_view quote : {"USDT", "USDC", "USD"}) {
        if (name.size() > quote.size() && name.ends_with(quote)) {
            return Symbol{name.substr(0, name.size() - quote.size()), "binance"};
        }
    }
    return malformed("unknown symbol " + quoted(text));
}

Event price_event(const Scope& scope, Symbol symbol, Time time, RefPrice price) {
    Event event = event_of(scope, {}, time, ReferencePrice{std::move(symbol.asset), price});
    event.venue = std::move(symbol.venue);
    return event;
}

/// The price with all its digits: an integer of 1e-18 dollars when the venue gives one.
Result<RefPrice> full_price(const Json& update) {
    const std::string full = text_in(update, {"full_accuracy_value"});
    if (full.empty() || full.find('.') != std::string::npos) {
        return ref_price_in(update, {"value"});
    }
    Result<Wide> attos = parse_decimal(full, 0);
    if (!attos) return malformed("full_accuracy_value: " + attos.error().detail);
    if (attos.value() <= 0) return malformed("full_accuracy_value is not above 0");
    return RefPrice{attos.value()};
}

Result<Event> read_update(const Json& update, const Symbol& symbol, const Scope& scope) {
    TRY(const RefPrice price, full_price(update));
    TRY(const Time time, time_in(update, {"timestamp"}));
    return price_event(scope, symbol, time, price);
}

}  // namespace

Result<Batch> read_rtds(const Json& frame, const Scope& scope) {
    const std::string_view topic = frame.text_of("topic");
    if (!topic.starts_with("crypto_prices")) return malformed("unknown topic " + quoted(topic));
    const Json* payload = frame.find("payload");
    if (payload == nullptr) return malformed("payload is missing");
    TRY(const std::string name, required_text(*payload, {"symbol"}));
    TRY(const Symbol symbol, symbol_of(name));
    const Json* dump = payload->find("data");
    if (dump == nullptr) {
        TRY(Event event, read_update(*payload, symbol, scope));
        return Batch{std::move(event)};
    }
    if (!dump->is(Json::Kind::array)) return malformed("payload.data is no array");
    Batch out;
    for (const Json& update : dump->items) {
        Result<Event> event = read_update(update, symbol, scope);
        out.push_back(event ? std::move(event).value()
                            : rejected(scope, update, event.error().detail));
    }
    return out;
}

Result<Batch> read_binance(const Json& frame, const Scope& scope) {
    const Json& data = *frame.find("data");
    if (data.text_of("e") != "trade") {
        return malformed("unknown Binance event " + quoted(data.text_of("e")));
    }
    TRY(const std::string name, required_text(data, {"s"}));
    TRY(Symbol symbol, symbol_of(name));
    TRY(const RefPrice price, ref_price_in(data, {"p"}));
    TRY(const Time time, time_in(data, {"T", "E"}));
    return Batch{price_event(scope, std::move(symbol), time, price)};
}

Result<Batch> read_coinbase(const Json& frame, const Scope& scope) {
    if (frame.text_of("type") == "subscriptions") {
        Event event =
            event_of(scope, {}, {}, Feed{"ticker", FeedState::subscribed, {}, {}, {}, {}});
        event.venue = "coinbase";
        return Batch{std::move(event)};
    }
    TRY(const std::string name, required_text(frame, {"product_id"}));
    TRY(Symbol symbol, symbol_of(name));
    TRY(const RefPrice price, ref_price_in(frame, {"price"}));
    TRY(const Time time, time_in(frame, {"time"}));
    symbol.venue = "coinbase";
    return Batch{price_event(scope, std::move(symbol), time, price)};
}

/// Signed updates of Pyth: kept as they came; nothing of ours needs their prices.
Result<Batch> read_pyth(const Json&, const Scope& scope) {
    Event event = event_of(scope, {}, {}, Log{"info", "Pyth price update, kept as received"});
    event.venue = "pyth";
    return Batch{std::move(event)};
}

}  // namespace daybook::ingest::polymarket
