#include "src/feeds/kalshi_protocol.hpp"

#include <algorithm>
#include <map>

#include "schemas/json.hpp"
#include "schemas/whole_number.hpp"

namespace daybook::feeds {
namespace {

constexpr std::string_view kBooks = "orderbook_delta", kLife = "market_lifecycle_v2";
constexpr std::string_view kStream = "sid:";  // how ingest names a subscription

void add_list(JsonWriter& out, std::string_view name, const Items& items) {
    out.key(name).begin_array();
    for (const std::string& item : items) out.text(item);
    out.end_array();
}

/// Numbers what is said, as the venue wants it.
class Commands {
  public:
    void restart() { id_ = 0; }

    /// All markets when there are no `tickers`.
    std::string subscribe(const Items& channels, const Items& tickers) {
        JsonWriter out = begin("subscribe");
        add_list(out, "channels", channels);
        if (!tickers.empty()) add_list(out, "market_tickers", tickers);
        return end(std::move(out));
    }

    std::string unsubscribe(std::uint64_t sid) {
        JsonWriter out = begin("unsubscribe");
        out.key("sids").begin_array().number(sid).end_array();
        return end(std::move(out));
    }

    std::string leave(std::uint64_t sid, const Items& tickers) {
        JsonWriter out = begin("update_subscription");
        out.key("sids").begin_array().number(sid).end_array();
        add_list(out, "market_tickers", tickers);
        out.key("action").text("delete_markets");
        return end(std::move(out));
    }

  private:
    JsonWriter begin(const char* command) {
        JsonWriter out;
        out.begin_object().key("id").number(++id_).key("cmd").text(command);
        out.key("params").begin_object();
        return out;
    }
    static std::string end(JsonWriter out) {
        return std::move(out.end_object().end_object()).str();
    }

    std::uint64_t id_{};
};

std::optional<std::uint64_t> sid_of(const Feed& feed) {
    if (!feed.stream.starts_with(kStream)) return std::nullopt;
    return whole_number<std::uint64_t>(std::string_view{feed.stream}.substr(kStream.size()));
}

bool tells_of_life(const Event& event) {
    return std::holds_alternative<MarketDefined>(event.body) ||
           std::holds_alternative<MarketChanged>(event.body) ||
           std::holds_alternative<MarketResolved>(event.body) ||
           std::holds_alternative<Note>(event.body);
}

class KalshiMarkets : public Protocol {
  public:
    using Protocol::Protocol;

    Texts begin(const Items& items) override {
        commands_.restart();
        channels_.clear();
        ending_.clear();
        return {commands_.subscribe({std::string{kBooks}, "ticker", "trade"}, items),
                commands_.subscribe({std::string{kLife}}, {})};
    }

    /// A second subscription of a channel extends the first one (capture of 2026-08-07).
    Texts more(const Items& items) override {
        if (items.empty()) return {};
        return {commands_.subscribe({std::string{kBooks}, "ticker", "trade"}, items)};
    }

    Texts fewer(const Items& items) override {
        Texts texts;
        for (const auto& [sid, channel] : channels_) {
            if (channel != kLife && !items.empty()) texts.push_back(commands_.leave(sid, items));
        }
        return texts;
    }

    Texts answer(const ingest::Batch& heard, const Items& subscribed) override {
        Texts texts;
        for (const Event& event : heard) {
            const auto* const feed = std::get_if<Feed>(&event.body);
            const auto sid = feed == nullptr ? std::nullopt : sid_of(*feed);
            if (!sid) continue;
            if (feed->state == FeedState::subscribed) channels_[*sid] = feed->channel;
            if (feed->state == FeedState::gap && ending_.insert(*sid).second)
                texts.push_back(commands_.unsubscribe(*sid));
            if (feed->state == FeedState::lost && ending_.erase(*sid) > 0)
                texts.push_back(again(*sid, feed->channel, subscribed));
        }
        return texts;
    }

    std::string item_of(const Event& event, const Book& /*book*/) const override {
        return event.market;
    }

    /// The life of some markets cannot be had without that of all.
    bool concerns(const ingest::Batch& heard, const Items& subscribed) const override {
        return heard.empty() || std::ranges::any_of(heard, [&](const Event& event) {
                   return !tells_of_life(event) || subscribed.contains(event.market);
               });
    }

  private:
    std::string again(std::uint64_t sid, const std::string& channel, const Items& subscribed) {
        channels_.erase(sid);
        return commands_.subscribe({channel}, channel == kLife ? Items{} : subscribed);
    }

    Commands commands_;
    std::map<std::uint64_t, std::string> channels_;  ///< by sid
    std::set<std::uint64_t> ending_;                 ///< sids: a hole was seen, the end asked for
};

class KalshiUser : public Protocol {
  public:
    using Protocol::Protocol;
    Texts begin(const Items& /*all*/) override {
        Commands commands;
        return {commands.subscribe({"fill", "market_positions", "user_orders"}, {})};
    }
    Texts more(const Items& /*items*/) override { return {}; }
    Texts fewer(const Items& /*items*/) override { return {}; }
};

}  // namespace

std::unique_ptr<Protocol> kalshi_market_protocol(milliseconds silence) {
    Manner manner{"market", ingest::Channel::any};
    manner.ping_text.clear();
    manner.silence = silence;
    manner.books = true;
    manner.counted = kBooks;
    manner.made_good = "books, and trades by REST";
    return std::make_unique<KalshiMarkets>(std::move(manner));
}

std::unique_ptr<Protocol> kalshi_user_protocol() {
    Manner manner{"user", ingest::Channel::any};
    manner.ping_text.clear();
    manner.made_good = "fills and the last word on orders, by REST";
    return std::make_unique<KalshiUser>(std::move(manner));
}

}  // namespace daybook::feeds
