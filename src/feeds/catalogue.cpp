#include "src/feeds/catalogue.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace daybook::feeds {
namespace {

namespace asio = boost::asio;

constexpr milliseconds kTick{200};

}  // namespace

Catalogue::Catalogue(server::Service& service, std::shared_ptr<Trust> trust,
                     CatalogueSettings settings)
    : service_{service},
      trust_{std::move(trust)},
      settings_{std::move(settings)},
      roster_{settings_.wish},
      backlog_{std::make_shared<Backlog>(service, settings_.venue)} {}

void Catalogue::start() {
    asio::co_spawn(service_.network, run(shared_from_this()), asio::detached);
}

asio::awaitable<void> Catalogue::run(std::shared_ptr<Catalogue> self) {
    while (!self->service_.stopping) {
        const auto question = self->roster_.question(self->service_.now());
        if (question) co_await self->ask(*question);
        self->settings_.changed(self->roster_.items(self->service_.now()));
        if (!question) co_await wait_for(self->service_.network, kTick);
    }
}

asio::awaitable<void> Catalogue::ask(const std::string& question) {
    Question request{settings_.at, question};
    const Answer answer = co_await get(service_.network, *trust_, std::move(request));
    if (answer.status != 200) {
        roster_.failed(question, service_.now());
        co_await excuse(answer);
        co_return;
    }
    ingest::Input input;
    input.payload = answer.body;
    input.channel = ingest::Channel::rest;
    input.received = service_.now();
    ingest::Batch events = settings_.read(input);
    roster_.answered(question, events, service_.now());
    failures_ = 0;
    said_.clear();
    co_await backlog_->take(std::move(events), answer.body.size());
}

/// Recorded once for each reason.
asio::awaitable<void> Catalogue::excuse(const Answer& answer) {
    const std::string why = answer.trouble();
    if (why != said_) {
        said_ = why;
        service_.log(settings_.venue + ": " + settings_.at.host + ": " + why);
        co_await backlog_->take(remark(settings_.at.host + " does not tell of markets: " + why),
                                512);
    }
    co_await wait_for(service_.network, answer.patience(back_off(++failures_ + 1, random_())));
}

ingest::Batch Catalogue::remark(std::string text) const {
    ingest::Batch batch(1);
    batch[0].time = service_.now();
    batch[0].venue = settings_.venue;
    batch[0].origin = Origin::feed;
    batch[0].body = Log{"warning", std::move(text)};
    return batch;
}

}  // namespace daybook::feeds
