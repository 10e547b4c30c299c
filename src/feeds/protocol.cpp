#include "src/feeds/protocol.hpp"

#include "schemas/json.hpp"

namespace daybook::feeds {
namespace {

JsonWriter& add_items(JsonWriter& out, const Items& items) {
    out.key("assets_ids").begin_array();
    for (const std::string& item : items) out.text(item);
    return out.end_array();
}

std::string first_tokens(const Items& tokens) {
    JsonWriter out;
    add_items(out.begin_object(), tokens).key("type").text("market");
    out.key("custom_feature_enabled").boolean(true).end_object();
    return std::move(out).str();
}

std::string more_tokens(const Items& tokens) {
    JsonWriter out;
    add_items(out.begin_object(), tokens).key("operation").text("subscribe");
    out.key("custom_feature_enabled").boolean(true).end_object();
    return std::move(out).str();
}

std::string fewer_tokens(const Items& tokens) {
    JsonWriter out;
    add_items(out.begin_object(), tokens).key("operation").text("unsubscribe").end_object();
    return std::move(out).str();
}

std::string prices(const char* action, const Items& symbols) {
    JsonWriter out;
    out.begin_object().key("action").text(action).key("subscriptions").begin_array();
    for (const std::string& symbol : symbols) {
        JsonWriter filter;
        filter.begin_object().key("symbol").text(symbol).end_object();
        out.begin_object().key("topic").text("crypto_prices_chainlink").key("type").text("*");
        out.key("filters").text(filter.str()).end_object();
    }
    out.end_array().end_object();
    return std::move(out).str();
}

std::string log_on(const Credentials& credentials) {
    JsonWriter out;
    out.begin_object().key("auth").begin_object();
    out.key("apiKey").text(credentials.key).key("secret").text(credentials.secret);
    out.key("passphrase").text(credentials.passphrase).end_object();
    out.key("markets").begin_array().end_array().key("type").text("user").end_object();
    return std::move(out).str();
}

}  // namespace

Protocol market_protocol(milliseconds silence) {
    Protocol protocol{"market", ingest::Channel::market, first_tokens, more_tokens, fewer_tokens};
    protocol.silence = silence;
    protocol.books = true;
    return protocol;
}

Protocol price_protocol(milliseconds silence) {
    const auto subscribe = [](const Items& symbols) { return prices("subscribe", symbols); };
    const auto leave = [](const Items& symbols) { return prices("unsubscribe", symbols); };
    Protocol protocol{"rtds", ingest::Channel::rtds, subscribe, subscribe, leave};
    protocol.ping = milliseconds{5'000};
    protocol.silence = silence;
    return protocol;
}

Protocol user_protocol(const Credentials& credentials) {
    const auto subscribe = [credentials](const Items&) { return log_on(credentials); };
    const auto nothing = [](const Items&) { return std::string{}; };
    return {"user", ingest::Channel::user, subscribe, nothing, nothing};
}

std::vector<Items> parts_of(const Items& items) {
    std::vector<Items> parts;
    for (const std::string& item : items) {
        if (parts.empty() || parts.back().size() == kItemsOfMessage) parts.emplace_back();
        parts.back().insert(item);
    }
    return parts;
}

}  // namespace daybook::feeds
