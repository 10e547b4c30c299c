#include "src/feeds/kalshi.hpp"

#include "schemas/json.hpp"
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

/// Whole seconds around the span: what is outside it is told apart by its time.
std::string bounds(Span span) {
    return "limit=1000&min_ts=" + std::to_string(span.from.nanos / kNanosPerSecond - 1) +
           "&max_ts=" + std::to_string(span.to.nanos / kNanosPerSecond + 1);
}

/// Pages follow one another by the cursor of the one before; the last has none.
std::optional<std::string> next_page(const Page& page, Span /*span*/) {
    const Result<Json> body = parse_json(page.body);
    const std::string cursor{body ? body.value().text_of("cursor") : ""};
    if (cursor.empty()) return std::nullopt;
    return page.target.substr(0, page.target.find("&cursor=")) + "&cursor=" + cursor;
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
        market_ = open(kalshi_market_protocol(settings_.silence.value_or(kSilence)), tape());
        user_ = open(kalshi_user_protocol(), own());
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

    [[nodiscard]] BackfillSettings tape() const {
        BackfillSettings tape{"trades", settings_.rest, reader()};
        tape.targets = [](Span span, const std::string& market) {
            return Texts{"/markets/trades?" + bounds(span) + "&ticker=" + market};
        };
        tape.next = next_page;
        return tape;
    }

    [[nodiscard]] BackfillSettings own() {
        BackfillSettings own{"fills and orders", settings_.rest, reader()};
        own.markets = false;
        own.targets = [](Span span, const std::string&) {
            return Texts{"/portfolio/fills?" + bounds(span), "/portfolio/orders?" + bounds(span)};
        };
        own.next = next_page;
        own.headers = [this](const std::string& target) {
            return signed_by(settings_.key, service_.now(),
                             "GET" + settings_.rest.path + target.substr(0, target.find('?')));
        };
        return own;
    }

    std::shared_ptr<Channel> open(std::unique_ptr<Protocol> protocol, BackfillSettings missed) {
        ChannelSettings settings{kVenue, std::move(protocol), reader(), settings_.web_socket};
        settings.headers = [this] {
            return signed_by(settings_.key, service_.now(), "GET" + settings_.web_socket.path);
        };
        settings.backfills.push_back(
            std::make_shared<Backfill>(service_, trust_, kVenue, std::move(missed)));
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
