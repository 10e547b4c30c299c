#include "bench/market_days.hpp"

#include <xxhash.h>

#include <cstring>
#include <random>

#include "bench/rows.hpp"
#include "journal/format.hpp"
#include "schemas/codec.hpp"

namespace daybook::bench {
namespace {

constexpr std::int64_t kBegin = 1'765'584'000'000'000'000;  // 2025-12-13, in nanoseconds
constexpr std::int64_t kStep = 250'000;
constexpr std::size_t kLevels = 20;
constexpr std::size_t kWorking = 1000;  ///< orders that may be filled next
constexpr std::size_t kBatch = 1024;

class Source {
  public:
    Event next() {
        Event event;
        ++count_;
        event.seq = {count_};
        event.received = Time{kBegin + kStep * static_cast<std::int64_t>(count_)};
        event.time = Time{event.received->nanos - 800'000};
        event.venue = "polymarket";
        event.mode = Mode::live;
        const bool defines = count_ <= MarketDays::kMarkets;
        key_ = defines ? count_ : 1 + below(MarketDays::kMarkets);
        event.market = "updown-15m-" + std::to_string(1'765'584'000 + 900 * key_);
        if (defines) {
            MarketDefined market;
            market.title = "Up or Down?";
            market.outcomes = {{"Up", ""}, {"Down", ""}};
            event.body = market;
            return event;
        }
        const std::uint64_t dice = below(100);
        if (dice < 80)
            event.body = quote();
        else if (dice < 90)
            event.body = book();
        else if (dice < 98)
            event.body = status();
        else
            event.body = fill();
        return event;
    }
    [[nodiscard]] std::uint64_t key() const { return key_; }

  private:
    std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
    Price price() { return {static_cast<std::int64_t>(1 + below(99)) * 10'000}; }
    Shares shares() { return {static_cast<std::int64_t>(1 + below(50'000)) * 1'000}; }
    std::string outcome() { return below(2) == 0 ? "Up" : "Down"; }
    std::string name() {
        static constexpr char kHex[] = "0123456789abcdef";
        std::string text = "0x";
        while (text.size() < 66) {
            for (std::uint64_t bits = engine_(), i = 0; i < 16; ++i, bits >>= 4U)
                text += kHex[bits & 15U];
        }
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
    /// One in ten is told under the bot's name and the venue's.
    OrderStatus status() {
        OrderStatus body;
        std::string& order = working_.at(below(kWorking));
        order = name();
        const bool both = below(10) == 0;
        body.order = both ? "bot-" + std::to_string(count_) : order;
        if (both) body.venue_order = order;
        body.status = OrderStatusCode::live;
        body.claimed_matched = Shares{};
        return body;
    }
    Fill fill() {
        Fill body;
        body.trade = name();
        body.order = working_.at(below(kWorking));
        if (body.order.empty()) body.order = name();
        body.outcome = outcome();
        body.side = below(10) < 7 ? Side::buy : Side::sell;
        body.shares = shares();
        body.cost = {static_cast<std::int64_t>(1 + below(50'000'000))};
        body.fee = Money{static_cast<std::int64_t>(below(10'000))};
        return body;
    }

    std::mt19937_64 engine_{20251213};
    std::vector<std::string> working_ = std::vector<std::string>(kWorking);
    std::uint64_t count_{}, key_{};
};

std::vector<std::byte> raw_frame(const Event& event, std::uint64_t key,
                                 std::span<const std::byte> payload) {
    const MarketFrame header{XXH3_64bits_withSeed(payload.data(), payload.size(), event.seq.raw),
                             payload.size(),
                             event.seq.raw,
                             key,
                             type_number(event),
                             {}};
    std::vector<std::byte> frame(journal::frame_bytes(payload.size()));
    std::memcpy(frame.data(), &header, sizeof header);
    std::memcpy(frame.data() + sizeof header, payload.data(), payload.size());
    return frame;
}

}  // namespace

static_assert(sizeof(MarketFrame) == sizeof(journal::FrameHeader));

MarketDays::MarketDays(const std::filesystem::path& journal, const std::filesystem::path& raw,
                       std::uint64_t events)
    : journal_{journal}, log_{raw / "log", 0}, events_{events / kBatch * kBatch} {
    need(journal::create(journal_, {}));
    auto writer = need(journal::Writer::open(journal_, {}));
    Source source;
    Encoder encoder;
    const std::uint16_t fill = type_by_name("fill").value();
    const std::uint16_t status = type_by_name("order_status").value();
    std::vector<std::vector<std::byte>> payloads(kBatch);
    std::vector<journal::Entry> batch(kBatch);
    for (std::uint64_t i = 0; i < events_; i += kBatch) {
        for (std::size_t k = 0; k < kBatch; ++k) {
            const Event event = source.next();
            const auto payload = encoder.encode(event, event.seq.raw == source.key());
            payloads[k].assign(payload.begin(), payload.end());
            const std::uint16_t type = type_number(event);
            batch[k] = {.received = event.received->nanos,
                        .key = source.key(),
                        .type = type,
                        .flags = static_cast<std::uint16_t>(event.mode),
                        .payload = payloads[k]};
            const Place place{raw_end_, event.seq.raw};
            if (type == fill) fills_.push_back(place);
            if (type == fill || type == status) own_.push_back(place);
            const auto frame = raw_frame(event, source.key(), payload);
            log_.add(frame);
            raw_end_ += frame.size();
        }
        need(writer.append(batch));
        log_.write();
    }
    need(writer.close());
    need(journal::Writer::open(journal_, {}).value().close());  // seals what is left to seal
    log_.sync();
}

}  // namespace daybook::bench
