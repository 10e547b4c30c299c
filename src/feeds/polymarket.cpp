#include "src/feeds/polymarket.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "src/feeds/channel.hpp"
#include "src/feeds/subscriptions.hpp"

namespace daybook::feeds {
namespace {

namespace asio = boost::asio;

constexpr milliseconds kTick{200};

/// Asks Gamma which markets there are, and gives their tokens to as many channels as it takes.
class Feeds : public std::enable_shared_from_this<Feeds> {
  public:
    Feeds(server::Service& service, std::shared_ptr<Trust> trust, PolymarketSettings settings)
        : service_{service},
          trust_{std::move(trust)},
          settings_{std::move(settings)},
          roster_{settings_.wish},
          reader_{service.accounts},
          backlog_{std::make_shared<Backlog>(service)} {}

    void start() {
        service_.at_stop.push_back([self = shared_from_this()] { self->end(); });
        if (settings_.credentials)
            open({user_protocol(*settings_.credentials), settings_.user}, {"all"});
        if (settings_.prices && !symbols().empty())
            open({price_protocol(settings_.silence), *settings_.prices}, symbols());
        asio::co_spawn(service_.network, follow(shared_from_this()), asio::detached);
    }

  private:
    using Channels = std::vector<std::shared_ptr<Channel>>;

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

    static asio::awaitable<void> follow(std::shared_ptr<Feeds> self) {
        while (!self->service_.stopping) {
            const auto question = self->roster_.question(self->service_.now());
            if (question) co_await self->ask(*question);
            self->assign();
            if (!question) co_await wait_for(self->service_.network, kTick);
        }
    }

    asio::awaitable<void> ask(const std::string& question) {
        const Answer answer =
            co_await get(service_.network, *trust_, settings_.gamma, "/markets?" + question);
        if (answer.status != 200) {
            roster_.failed(question, service_.now());
            co_await excuse(answer);
            co_return;
        }
        ingest::Batch events = read(answer.body);
        roster_.answered(question, events, service_.now());
        failures_ = 0;
        said_.clear();
        co_await backlog_->take(std::move(events), answer.body.size());
    }

    /// Gamma did not answer: recorded once for each reason, then it is left alone for a while.
    asio::awaitable<void> excuse(const Answer& answer) {
        const std::string why = answer.trouble();
        if (why != said_) {
            said_ = why;
            service_.log("polymarket: Gamma: " + why);
            co_await backlog_->take(remark("Gamma does not tell of markets: " + why), 512);
        }
        co_await wait_for(service_.network, answer.patience(back_off(++failures_ + 1, random_())));
    }

    [[nodiscard]] ingest::Batch remark(std::string text) const {
        ingest::Batch batch(1);
        batch[0].time = service_.now();
        batch[0].venue = "polymarket";
        batch[0].origin = Origin::feed;
        batch[0].body = Log{"warning", std::move(text)};
        return batch;
    }

    [[nodiscard]] ingest::Batch read(const std::string& body) {
        ingest::Input input;
        input.payload = body;
        input.channel = ingest::Channel::rest;
        input.received = service_.now();
        return reader_.read(input);
    }

    void assign() {
        spread_ = distribute(std::move(spread_), roster_.tokens(service_.now()));
        for (std::size_t i = 0; i < spread_.size(); ++i) {
            if (i < markets_.size()) {
                markets_[i]->want(spread_[i]);
            } else {
                markets_.push_back(open({market_protocol(settings_.silence), settings_.market,
                                         settings_.clob, [this] { doubt(); }},
                                        spread_[i]));
            }
        }
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
    Roster roster_;
    ingest::Polymarket reader_;
    std::shared_ptr<Backlog> backlog_;
    std::minstd_rand random_{std::random_device{}()};
    Channels all_, markets_;
    std::vector<Items> spread_;
    std::string said_;
    int failures_{};
};

}  // namespace

Result<std::function<void(server::Service&)>> polymarket(PolymarketSettings settings) {
    TRY(auto trust, Trust::load(settings.ca));
    return [trust, settings = std::move(settings)](server::Service& service) {
        std::make_shared<Feeds>(service, trust, settings)->start();
    };
}

}  // namespace daybook::feeds
