#include "src/feeds/backfill.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace daybook::feeds {
namespace {

namespace asio = boost::asio;

constexpr int kAttempts = 6, kPagesMost = 20;
constexpr std::int64_t kRemembered = 600 * kNanosPerSecond;
constexpr std::size_t kPrintsMost = 50'000;  ///< beyond it, those no longer needed are forgotten

std::string key_of(const Event& event, const Trade& trade) {
    if (!event.id.empty() && trade.tx.empty()) return event.id;
    const std::int64_t price = trade.price ? trade.price->micros : 0;
    const std::int64_t shares = trade.shares ? trade.shares->micros : 0;
    return trade.tx + '/' + trade.outcome + '/' + std::to_string(price) + '/' +
           std::to_string(shares);
}

/// The moment of an event at the venue lies in the span, whose ends are of our clock.
bool within(const Event& event, Span span) {
    constexpr std::int64_t kClocks = 2 * kNanosPerSecond;
    return !event.time || (event.time->nanos >= span.from.nanos - kClocks &&
                           event.time->nanos <= span.to.nanos + kClocks);
}

}  // namespace

Backfill::Backfill(server::Service& service, std::shared_ptr<Trust> trust, std::string venue,
                   BackfillSettings settings)
    : service_{service},
      trust_{std::move(trust)},
      venue_{std::move(venue)},
      settings_{std::move(settings)},
      backlog_{std::make_shared<Backlog>(service, venue_)} {}

void Backfill::heard(const ingest::Batch& events, Time now) {
    for (const Event& event : events) {
        if (!event.market.empty() && !std::holds_alternative<MarketDefined>(event.body))
            markets_[event.market] = now;
        const auto* const trade = std::get_if<Trade>(&event.body);
        if (trade == nullptr) continue;
        auto& [count, last] = tape_[key_of(event, *trade)];
        ++count;
        last = now;
    }
    if (tape_.size() < kPrintsMost) return;
    const auto is_old = [&](Time time) { return now.nanos - time.nanos > kRemembered; };
    std::erase_if(tape_, [&](const auto& each) { return is_old(each.second.second); });
}

void Backfill::missed(Span span) {
    asio::co_spawn(service_.network, run(shared_from_this(), span), asio::detached);
}

Texts Backfill::targets_of(Span span) const {
    if (!settings_.markets) return settings_.targets(span, "");
    Texts targets;
    for (const auto& [market, last] : markets_) {
        if (span.from.nanos - last.nanos > kRemembered) continue;
        std::ranges::move(settings_.targets(span, market), std::back_inserter(targets));
    }
    return targets;
}

asio::awaitable<void> Backfill::run(std::shared_ptr<Backfill> self, Span span) {
    Search search{span, {}};
    for (std::size_t i = 0; i < self->settings_.delays.size(); ++i) {
        co_await wait_for(self->service_.network, self->settings_.delays[i]);
        if (self->service_.stopping) co_return;
        // Until the new subscription was served, something was missed.
        if (i == 0) search.span.to = self->service_.now();
        co_await self->ask_all(search);
    }
}

asio::awaitable<void> Backfill::ask_all(Search& search) {
    search.heard = tape_;
    for (const auto& [key, print] : search.found) search.heard[key].first += print.first;
    search.recorded = search.known = 0;
    search.trouble.clear();
    const Texts targets = targets_of(search.span);
    for (std::size_t i = 0; i < targets.size() && !service_.stopping; ++i)
        co_await ask(targets[i], search);
    if (const auto refusal = backlog_->refused()) search.trouble = "not recorded: " + refusal->why;
    if (!service_.stopping) co_await tell(search);
}

/// All pages of one answer.
asio::awaitable<void> Backfill::ask(std::string target, Search& search) {
    int failures = 0;
    for (int pages = 0; pages < kPagesMost && !service_.stopping;) {
        Question question{settings_.at, target};
        if (settings_.headers) question.headers = settings_.headers(target);
        const Answer answer = co_await get(service_.network, *trust_, std::move(question));
        if (answer.status == 200) {
            ++pages;
            ingest::Batch events = read(answer.body);
            auto next = settings_.next({target, answer.body, events}, search.span);
            co_await backlog_->take(unheard(std::move(events), search), answer.body.size());
            if (!next) co_return;
            target = std::move(*next);
            continue;
        }
        if (answer.is_final() || ++failures == kAttempts) {
            search.trouble = answer.trouble();
            co_return;
        }
        co_await wait_for(service_.network, answer.patience(back_off(failures + 1, random_())));
    }
    search.trouble = "more than " + std::to_string(kPagesMost) + " pages";
}

ingest::Batch Backfill::read(const std::string& body) {
    ingest::Input input;
    input.payload = body;
    input.channel = ingest::Channel::rest;
    input.received = service_.now();
    return settings_.read(input);
}

ingest::Batch Backfill::unheard(ingest::Batch events, Search& search) {
    if (events.empty()) return events;
    std::string page = std::exchange(events.front().raw, {});
    std::erase_if(events, [&](const Event& event) {
        const auto* const trade = std::get_if<Trade>(&event.body);
        if (trade == nullptr) return false;
        if (!within(event, search.span)) return true;
        const std::string key = key_of(event, *trade);
        const auto heard = search.heard.find(key);
        if (heard == search.heard.end() || heard->second.first == 0) {
            ++search.found[key].first;
            return false;
        }
        --heard->second.first;
        ++search.known;
        return true;
    });
    const auto unread = static_cast<std::size_t>(std::ranges::count_if(
        events, [](const Event& event) { return std::holds_alternative<Unparsed>(event.body); }));
    if (unread > 0) search.trouble = std::to_string(unread) + " could not be read";
    search.recorded += events.size() - unread;
    if (!events.empty() && events.front().raw.empty()) events.front().raw = std::move(page);
    return events;
}

asio::awaitable<void> Backfill::tell(const Search& search) {
    const bool whole = search.trouble.empty();
    std::string text = settings_.what + " from " + format_time(search.span.from) + " to " +
                       format_time(search.span.to) +
                       " by REST: " + std::to_string(search.recorded) + " told, " +
                       std::to_string(search.known) + " more heard before";
    if (!whole) text += "; not all: " + search.trouble;
    service_.log(venue_ + ": " + text);
    ingest::Batch batch(1);
    batch[0].time = service_.now();
    batch[0].venue = venue_;
    batch[0].origin = Origin::feed;
    batch[0].body = Log{whole ? "info" : "warning", std::move(text)};
    return backlog_->take(std::move(batch), 512);
}

}  // namespace daybook::feeds
