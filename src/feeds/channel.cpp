#include "src/feeds/channel.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace daybook::feeds {
namespace {

namespace asio = boost::asio;

constexpr milliseconds kTick{100}, kBookPatience{2'000};
constexpr int kBookAttempts = 6;

}  // namespace

Channel::Channel(server::Service& service, std::shared_ptr<Trust> trust, ChannelSettings settings)
    : service_{service},
      trust_{std::move(trust)},
      settings_{std::move(settings)},
      manner_{settings_.protocol->manner()},
      session_{std::move(settings_.protocol)},
      backlog_{std::make_shared<Backlog>(service, settings_.venue)},
      run_{manner_.channel + '-' + std::to_string(service.now().nanos) + '-'} {}

void Channel::start() { asio::co_spawn(service_.network, run(shared_from_this()), asio::detached); }

asio::awaitable<void> Channel::run(Self self) {
    while (!self->service_.stopping) {
        if (self->session_.idle()) {
            co_await wait_for(self->service_.network, kTick);
            continue;
        }
        co_await self->once();
        if (!self->service_.stopping)
            co_await wait_for(self->service_.network, self->session_.pause(self->random_()));
    }
}

asio::awaitable<void> Channel::once() {
    const auto link = std::make_shared<Link>(service_.network, *trust_, settings_.at);
    Headers headers;
    if (settings_.headers) headers = settings_.headers();
    std::function<void()> alive = [channel = weak_from_this()] {
        if (const auto self = channel.lock()) (void)self->session_.heard({}, self->now());
    };
    const std::string refused = co_await link->open(std::move(headers), std::move(alive));
    if (service_.stopping) co_return;
    if (!refused.empty()) {
        co_await backlog_->take(session_.ended(refused, now()));
        co_return;
    }
    const Notes notes = session_.opened(now());
    co_await backlog_->take(notes);
    if (const auto since = session_.gap_since()) {
        if (settings_.doubted) settings_.doubted();
        for (const auto& backfill : settings_.backfills) backfill->missed({*since, now().wall});
    }
    link_ = link;
    asio::co_spawn(service_.network, tend(shared_from_this(), link), asio::detached);
    co_await read_all(link);
}

/// Until the connection ends, by whom ever; then says why, and since when nothing is known.
asio::awaitable<void> Channel::read_all(OpenLink link) {
    std::string frame, why;
    std::optional<Backlog::Refusal> refusal;
    why_.clear();
    while (why.empty() && !refusal) {
        why = co_await link->read(frame);
        if (why.empty()) co_await take(frame);
        refusal = backlog_->refused();
    }
    link->cut();
    link_.reset();
    if (service_.stopping) co_return;
    if (!why_.empty()) why = why_;
    if (refusal) why = "not recorded: " + refusal->why;
    std::optional<Time> since;
    if (refusal) since = refusal->since;
    co_await backlog_->take(session_.ended(why, now(), since));
}

ingest::Batch Channel::read(std::string_view payload, ingest::Channel channel) {
    ingest::Input input;
    input.payload = payload;
    input.channel = channel;
    input.received = service_.now();
    const auto steady = std::chrono::steady_clock::now().time_since_epoch();
    input.mono = std::chrono::duration_cast<std::chrono::nanoseconds>(steady).count();
    ingest::Batch batch = settings_.read(input);
    if (!manner_.books) return batch;
    // A book that is sent again after a gap says that nothing changed: it is another event than the
    // one before, with the same content. So are two equal trades of one millisecond.
    const std::string frame = run_ + std::to_string(++frames_) + '.';
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (batch[i].id.empty()) batch[i].id = frame + std::to_string(i);
    }
    return batch;
}

asio::awaitable<void> Channel::take(const std::string& frame) {
    ingest::Batch batch = read(frame, manner_.frames);
    if (!session_.concerns(batch)) batch.clear();
    const Notes notes = session_.heard(batch, now());
    for (const auto& backfill : settings_.backfills) backfill->heard(batch, now().wall);
    co_await backlog_->take(std::move(batch), frame.size());
    if (!notes.empty()) co_await backlog_->take(notes);
}

asio::awaitable<void> Channel::tend(Self self, OpenLink link) {
    while (self->link_ == link && !self->service_.stopping) {
        if (self->backlog_->waits()) self->session_.not_read(self->now());
        co_await self->send(self->session_.due(self->now()), link);
        Items missing = self->session_.missing_books(self->now(), kBookPatience);
        if (!missing.empty() && self->settings_.books)
            asio::co_spawn(self->service_.network, fetch_books(self, std::move(missing)),
                           asio::detached);
        co_await wait_for(self->service_.network, kTick);
    }
}

asio::awaitable<void> Channel::send(Due due, OpenLink link) {
    if (!due.notes.empty()) co_await backlog_->take(due.notes);
    if (due.cut) {
        why_ = *due.cut;
        link->cut();
        co_return;
    }
    co_await say(std::move(due), link);
}

asio::awaitable<void> Channel::say(Due due, OpenLink link) {
    std::string why;
    for (std::size_t i = 0; i < due.texts.size() && why.empty(); ++i)
        why = co_await link->write(due.texts[i]);
    if (due.ping && why.empty()) why = co_await link->ping();
    if (why.empty()) co_return;
    why_ = "cannot write: " + why;
    link->cut();
}

asio::awaitable<void> Channel::fetch_books(Self self, Items items) {
    for (const std::string& item : items) {
        for (int attempt = 1; attempt <= kBookAttempts && !self->service_.stopping; ++attempt) {
            const bool over = co_await self->fetch_book(item, attempt);
            if (over) break;
        }
    }
}

/// True when nothing more is to be asked about it.
asio::awaitable<bool> Channel::fetch_book(const std::string& item, int attempt) {
    Question question{settings_.books->at, settings_.books->target + item};
    const Answer answer = co_await get(service_.network, *trust_, std::move(question));
    if (service_.stopping) co_return true;
    if (answer.status == 200) {
        ingest::Batch batch = read(answer.body, ingest::Channel::rest);
        const Notes notes = session_.fetched(batch, now());
        co_await backlog_->take(std::move(batch), answer.body.size());
        co_await backlog_->take(notes);
        co_return true;
    }
    service_.log(settings_.venue + ": no book of " + item.substr(0, 20) + "…: " + answer.trouble());
    if (answer.is_final()) {
        session_.no_book(item);
        co_return true;
    }
    co_await wait_for(service_.network, answer.patience(back_off(attempt + 1, random_())));
    co_return false;
}

void Channel::end() {
    if (!link_) return;
    backlog_->leave(session_.ended("the recorder stops", now()));
    link_->cut();
}

}  // namespace daybook::feeds
