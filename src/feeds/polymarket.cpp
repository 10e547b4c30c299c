#include "src/feeds/polymarket.hpp"

#include <array>

#include "schemas/whole_number.hpp"
#include "src/feeds/catalogue.hpp"
#include "src/feeds/channel.hpp"
#include "src/feeds/subscriptions.hpp"
#include "src/ingest/polymarket.hpp"
#include "src/ingest/polymarket_tape.hpp"

namespace daybook::feeds {
namespace {

constexpr const char* kVenue = "polymarket";
/// A book may rest for 6 minutes (§3), Chainlink's prices for some (§11): a connection that is
/// silent for longer than these is begun anew, which costs a fresh set of books.
constexpr milliseconds kMarketSilence{120'000}, kPriceSilence{300'000};

/// The Data API lags by seconds to minutes (§7).
constexpr std::array kTapeDelays{milliseconds{5'000}, milliseconds{55'000}, milliseconds{240'000}};
/// Its pages, newest first.
constexpr std::size_t kPageOfTape = 500;
constexpr const char* kOffset = "&offset=";

/// The page behind this one, unless it is past the beginning of what was missed.
std::optional<std::string> next_page(const Page& page, Span span) {
    const auto full = page.events.size() == kPageOfTape;
    const auto& oldest = full ? page.events.back().time : std::nullopt;
    if (!oldest || *oldest < span.from) return std::nullopt;
    const std::size_t at = page.target.find(kOffset) + std::string_view{kOffset}.size();
    const auto offset = whole_number<std::size_t>(std::string_view{page.target}.substr(at));
    return page.target.substr(0, at) + std::to_string(offset.value_or(0) + kPageOfTape);
}

/// The channels of the venue, and what each of them subscribes.
class Feeds : public std::enable_shared_from_this<Feeds> {
  public:
    Feeds(server::Service& service, std::shared_ptr<Trust> trust, PolymarketSettings settings)
        : service_{service}, trust_{std::move(trust)}, settings_{std::move(settings)} {}

    void start() {
        service_.at_stop.push_back([self = shared_from_this()] { self->end(); });
        if (settings_.credentials)
            open(at(user_protocol(*settings_.credentials), settings_.user), {"all"});
        if (settings_.prices && !symbols().empty())
            open(at(price_protocol(settings_.silence.value_or(kPriceSilence)), *settings_.prices),
                 symbols());
        std::make_shared<Catalogue>(
            service_, trust_,
            CatalogueSettings{
                kVenue, settings_.wish, settings_.gamma, reader(),
                [self = shared_from_this()](const Items& items) { self->assign(items); }})
            ->start();
    }

  private:
    [[nodiscard]] Reader reader() const {
        return [reader = std::make_shared<ingest::Polymarket>(service_.accounts)](
                   const ingest::Input& input) { return reader->read(input); };
    }

    [[nodiscard]] ChannelSettings at(std::unique_ptr<Protocol> protocol, Address address) const {
        return {kVenue, std::move(protocol), reader(), std::move(address)};
    }

    std::shared_ptr<Channel> open(ChannelSettings settings, const Items& items) {
        auto channel = std::make_shared<Channel>(service_, trust_, std::move(settings));
        channel->want(items);
        channel->start();
        all_.push_back(channel);
        return channel;
    }

    [[nodiscard]] Items symbols() const {
        Items symbols;
        for (const Series& series : settings_.wish.series) symbols.insert(series.asset + "/usd");
        return symbols;
    }

    void assign(const Items& tokens) {
        spread_ = distribute(std::move(spread_), tokens, kItemsOfConnection);
        for (std::size_t i = 0; i < spread_.size(); ++i) {
            if (i == markets_.size()) markets_.push_back(open(market(), {}));
            markets_[i]->want(spread_[i]);
        }
    }

    [[nodiscard]] BackfillSettings tape() const {
        BackfillSettings tape{"trades", settings_.data, ingest::read_polymarket_tape};
        tape.delays = {kTapeDelays.begin(), kTapeDelays.end()};
        tape.targets = [](Span, const std::string& market) {
            return Texts{"/trades?limit=" + std::to_string(kPageOfTape) + "&market=" + market +
                         kOffset + '0'};
        };
        tape.next = next_page;
        return tape;
    }

    [[nodiscard]] ChannelSettings market() {
        ChannelSettings settings =
            at(market_protocol(settings_.silence.value_or(kMarketSilence)), settings_.market);
        settings.books = BookSource{settings_.clob, "/book?token_id="};
        settings.doubted = [this] { doubt(); };
        settings.backfills.push_back(std::make_shared<Backfill>(service_, trust_, kVenue, tape()));
        return settings;
    }

    /// A gap of one connection casts doubt on the books of all (projections/fold/books).
    void doubt() {
        if (markets_.size() < 2) return;  // the new connection sends its books by itself
        for (const auto& channel : markets_) channel->doubt();
    }

    void end() {
        for (const auto& channel : all_) channel->end();
    }

    server::Service& service_;
    std::shared_ptr<Trust> trust_;
    PolymarketSettings settings_;
    std::vector<std::shared_ptr<Channel>> all_, markets_;
    std::vector<Items> spread_;
};

}  // namespace

Result<std::function<void(server::Service&)>> polymarket(PolymarketSettings settings) {
    TRY(auto trust, Trust::load(settings.ca));
    return [trust, settings = std::move(settings)](server::Service& service) {
        std::make_shared<Feeds>(service, trust, settings)->start();
    };
}

}  // namespace daybook::feeds
