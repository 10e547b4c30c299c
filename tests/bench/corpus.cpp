#include "bench/corpus.hpp"

#include <random>

#include "journal/format.hpp"
#include "schemas/codec.hpp"

namespace daybook::bench {
namespace {

constexpr std::int64_t kBegin = 1'765'584'000'000'000'000;  // 2025-12-13, in nanoseconds
constexpr std::int64_t kStep = 250'000;
constexpr std::uint64_t kMarkets = 64;
constexpr std::size_t kLevels = 20;

class Source {
  public:
    Event next() {
        Event event;
        event.received = Time{kBegin + kStep * static_cast<std::int64_t>(count_)};
        event.time = Time{event.received->nanos - 800'000};
        event.venue = "polymarket";
        event.market = "btc-updown-15m-" + std::to_string(1'765'584'000 + 900 * below(kMarkets));
        const std::uint64_t dice = below(100);
        if (dice < 80)
            event.body = quote();
        else if (dice < 90)
            event.body = book();
        else if (dice < 98)
            event.body = status();
        else
            event.body = fill();
        ++count_;
        return event;
    }

  private:
    std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
    Price price() { return {static_cast<std::int64_t>(1 + below(99)) * 10'000}; }
    Shares shares() { return {static_cast<std::int64_t>(1 + below(50'000)) * 1'000}; }
    std::string outcome() { return below(2) == 0 ? "Up" : "Down"; }
    std::string name() {
        static constexpr char kHex[] = "0123456789abcdef";
        std::string text = "0x";
        while (text.size() < 66) text += kHex[below(16)];
        return text;
    }
    Quote quote() {
        return {.outcome = outcome(),
                .bid = price(),
                .ask = price(),
                .bid_shares = shares(),
                .ask_shares = shares(),
                .bid_depth = {},
                .ask_depth = {}};
    }
    Book book() {
        Book body;
        body.outcome = outcome();
        body.bids.emplace();
        body.asks.emplace();
        for (std::size_t level = 0; level < kLevels; ++level) {
            body.bids->push_back({price(), shares()});
            body.asks->push_back({price(), shares()});
        }
        return body;
    }
    OrderStatus status() {
        OrderStatus body;
        body.order = name();
        body.status = below(2) == 0 ? OrderStatusCode::live : OrderStatusCode::matched;
        body.claimed_matched = shares();
        return body;
    }
    Fill fill() {
        Fill body;
        body.trade = name();
        body.order = name();
        body.outcome = outcome();
        body.side = Side::buy;
        body.shares = shares();
        body.cost = {static_cast<std::int64_t>(1 + below(50'000'000))};
        return body;
    }

    std::mt19937_64 engine_{20251213};
    std::uint64_t count_{};
};

}  // namespace

Corpus::Corpus(std::size_t events) {
    Source source;
    Encoder encoder;
    for (std::size_t i = 0; i < events; ++i) {
        Event event = source.next();
        const auto payload = encoder.encode(event, false);
        begins_.push_back(payloads_.size());
        lengths_.push_back(static_cast<std::uint32_t>(payload.size()));
        types_.push_back(type_number(event));
        payloads_.insert(payloads_.end(), payload.begin(), payload.end());
        payloads_.resize((payloads_.size() + 7) / 8 * 8);
        if (events_.size() < kKept) events_.push_back(std::move(event));
    }
}

journal::Entry Corpus::entry(std::size_t i) const {
    const std::size_t at = i % size();
    return {.received = kBegin + kStep * static_cast<std::int64_t>(i),
            .key = 1 + i % kMarkets,
            .type = types_[at],
            .flags = 1,
            .payload = std::span{payloads_}.subspan(begins_[at], lengths_[at])};
}

double Corpus::mean_frame_bytes() const {
    std::uint64_t total = 0;
    for (const std::uint32_t length : lengths_) total += journal::frame_bytes(length);
    return static_cast<double>(total) / static_cast<double>(size());
}

}  // namespace daybook::bench
