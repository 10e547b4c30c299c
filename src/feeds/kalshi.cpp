#include "src/feeds/kalshi.hpp"

#include "src/feeds/catalogue.hpp"
#include "src/feeds/channel.hpp"
#include "src/feeds/kalshi_protocol.hpp"
#include "src/ingest/kalshi.hpp"

namespace daybook::feeds {
namespace {

constexpr const char* kVenue = "kalshi";
/// The venue pings every 10 s, so a dead connection is found at once; a frozen one is not, and a
/// market may well be quiet for minutes.
constexpr milliseconds kSilence{300'000};

/// A request at `now`, as the venue wants it signed (§12).
Headers signed_by(const KalshiKey& key, Time now, const std::string& method_and_path) {
    const std::string millis = std::to_string(now.nanos / kNanosPerMilli);
    return {{"KALSHI-ACCESS-KEY", key.id},
            {"KALSHI-ACCESS-SIGNATURE", key.key->sign(millis + method_and_path)},
            {"KALSHI-ACCESS-TIMESTAMP", millis}};
}

/// Two connections: when the one of the markets is begun anew, own fills come on.
class Feeds : public std::enable_shared_from_this<Feeds> {
  public:
    Feeds(server::Service& service, std::shared_ptr<Trust> trust, KalshiSettings settings)
        : service_{service}, trust_{std::move(trust)}, settings_{std::move(settings)} {}

    void start() {
        const auto self = shared_from_this();
        service_.at_stop.push_back([self] {
            for (const auto& channel : {self->market_, self->user_}) channel->end();
        });
        market_ = open(kalshi_market_protocol(settings_.silence.value_or(kSilence)));
        user_ = open(kalshi_user_protocol());
        user_->want({"all"});
        const auto changed = [self](const Items& tickers) { self->market_->want(tickers); };
        std::make_shared<Catalogue>(
            service_, trust_,
            CatalogueSettings{kVenue, settings_.wish, settings_.rest, reader(), changed})
            ->start();
    }

  private:
    [[nodiscard]] Reader reader() const {
        return [reader = std::make_shared<ingest::Kalshi>(service_.accounts)](
                   const ingest::Input& input) { return reader->read(input); };
    }

    std::shared_ptr<Channel> open(std::unique_ptr<Protocol> protocol) {
        ChannelSettings settings{kVenue, std::move(protocol), reader(), settings_.web_socket};
        settings.headers = [this] {
            return signed_by(settings_.key, service_.now(), "GET" + settings_.web_socket.path);
        };
        auto channel = std::make_shared<Channel>(service_, trust_, std::move(settings));
        channel->start();
        return channel;
    }

    server::Service& service_;
    std::shared_ptr<Trust> trust_;
    KalshiSettings settings_;
    std::shared_ptr<Channel> market_, user_;
};

}  // namespace

Result<std::function<void(server::Service&)>> kalshi(KalshiSettings settings) {
    TRY(auto trust, Trust::load(settings.ca));
    return [trust, settings = std::move(settings)](server::Service& service) {
        std::make_shared<Feeds>(service, trust, settings)->start();
    };
}

}  // namespace daybook::feeds
