#include "src/feeds/polymarket_protocol.hpp"

#include "schemas/json.hpp"

namespace daybook::feeds {
namespace {

/// Books of so many tokens fit into one frame that can be recorded (1 MiB).
constexpr std::size_t kItemsOfMessage = 40;

std::vector<Items> parts_of(const Items& items) {
    std::vector<Items> parts;
    for (const std::string& item : items) {
        if (parts.empty() || parts.back().size() == kItemsOfMessage) parts.emplace_back();
        parts.back().insert(item);
    }
    return parts;
}

JsonWriter& add_tokens(JsonWriter& out, const Items& tokens) {
    out.key("assets_ids").begin_array();
    for (const std::string& token : tokens) out.text(token);
    return out.end_array();
}

class MarketProtocol : public Protocol {
  public:
    using Protocol::Protocol;

    Texts begin(const Items& items) override {
        Texts texts;
        for (const Items& part : parts_of(items))
            texts.push_back(texts.empty() ? first(part) : subscribe(part));
        return texts;
    }

    Texts more(const Items& items) override {
        Texts texts;
        for (const Items& part : parts_of(items)) texts.push_back(subscribe(part));
        return texts;
    }

    Texts fewer(const Items& items) override {
        Texts texts;
        for (const Items& part : parts_of(items)) {
            JsonWriter out;
            add_tokens(out.begin_object(), part).key("operation").text("unsubscribe");
            texts.push_back(std::move(out.end_object()).str());
        }
        return texts;
    }

  private:
    static std::string first(const Items& tokens) {
        JsonWriter out;
        add_tokens(out.begin_object(), tokens).key("type").text("market");
        out.key("custom_feature_enabled").boolean(true).end_object();
        return std::move(out).str();
    }

    static std::string subscribe(const Items& tokens) {
        JsonWriter out;
        add_tokens(out.begin_object(), tokens).key("operation").text("subscribe");
        out.key("custom_feature_enabled").boolean(true).end_object();
        return std::move(out).str();
    }
};

class PriceProtocol : public Protocol {
  public:
    using Protocol::Protocol;
    Texts begin(const Items& items) override { return {say("subscribe", items)}; }
    Texts more(const Items& items) override { return say_of("subscribe", items); }
    Texts fewer(const Items& items) override { return say_of("unsubscribe", items); }

  private:
    static Texts say_of(const char* action, const Items& symbols) {
        return symbols.empty() ? Texts{} : Texts{say(action, symbols)};
    }

    static std::string say(const char* action, const Items& symbols) {
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
};

class UserProtocol : public Protocol {
  public:
    UserProtocol(Manner manner, Credentials credentials)
        : Protocol{std::move(manner)}, credentials_{std::move(credentials)} {}

    Texts begin(const Items& /*all*/) override {
        JsonWriter out;
        out.begin_object().key("auth").begin_object();
        out.key("apiKey").text(credentials_.key).key("secret").text(credentials_.secret);
        out.key("passphrase").text(credentials_.passphrase).end_object();
        out.key("markets").begin_array().end_array().key("type").text("user").end_object();
        return {std::move(out).str()};
    }
    Texts more(const Items& /*items*/) override { return {}; }
    Texts fewer(const Items& /*items*/) override { return {}; }

  private:
    Credentials credentials_;
};

}  // namespace

std::unique_ptr<Protocol> market_protocol(milliseconds silence) {
    Manner manner{"market", ingest::Channel::market};
    manner.silence = silence;
    manner.books = true;
    manner.made_good = "books, and trades by REST";
    return std::make_unique<MarketProtocol>(std::move(manner));
}

std::unique_ptr<Protocol> price_protocol(milliseconds silence) {
    Manner manner{"rtds", ingest::Channel::rtds};
    manner.ping = milliseconds{5'000};
    manner.silence = silence;
    return std::make_unique<PriceProtocol>(std::move(manner));
}

std::unique_ptr<Protocol> user_protocol(Credentials credentials) {
    return std::make_unique<UserProtocol>(Manner{"user", ingest::Channel::user},
                                          std::move(credentials));
}

}  // namespace daybook::feeds
