#include "support/generator.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace daybook::test {
namespace {

/// splitmix64: the same numbers with every standard library.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_{seed} {}
    std::uint64_t roll() {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    int below(int bound) { return static_cast<int>(roll() % static_cast<std::uint64_t>(bound)); }
    bool chance(int percent) { return below(100) < percent; }

  private:
    std::uint64_t state_;
};

void number(std::vector<Event>& events) {
    std::uint64_t seq = 0;
    for (Event& event : events) event.seq = {++seq};
}

class Story {
  public:
    Story(std::uint64_t seed, const StoryOptions& options) : dice_{seed}, options_{options} {}

    std::vector<Event> tell() {
        if (options_.wallet) opening();
        for (int i = 0; i < options_.orders; ++i) {
            if (i % 4 == 0 && defined_ < options_.markets) define(defined_++);
            if (options_.books) tick(dice_.below(options_.markets));
            order(i, dice_.below(options_.markets));
            if (options_.wallet && dice_.chance(20)) convert(dice_.below(options_.markets));
        }
        while (defined_ < options_.markets) define(defined_++);
        for (int i = 0; i < options_.markets; ++i) resolve(i);
        shift();
        number(events_);
        return std::move(events_);
    }

  private:
    std::string name(int market) {
        return (dice_.chance(50) ? "market" : "0x") + std::to_string(market);
    }
    std::string outcome(int index) {
        if (dice_.chance(30)) return std::to_string(index);
        return index == 0 ? "Up" : "Down";
    }
    void add(int market, Body body, bool mode = true) {
        Event event;
        now_ += 50'000'000 * (1 + dice_.below(40));
        event.time = Time{now_};
        event.received = Time{now_ + 1'000'000 * dice_.below(300)};
        event.venue = "polymarket";
        event.mode = mode ? Mode::live : Mode::none;
        if (market >= 0) event.market = name(market);
        event.body = std::move(body);
        events_.push_back(std::move(event));
    }
    void add_maybe_twice(int market, const Body& body) {
        add(market, body);
        if (dice_.chance(options_.repeat)) events_.push_back(events_.back());
    }

    void opening() {
        Balance balance;
        balance.cash = Money{1'000 * kMicro};
        add(-1, balance);
    }
    void define(int market) {
        MarketDefined defined;
        const std::string id = std::to_string(market);
        defined.title = "Market " + id;
        defined.aliases = {"market" + id, "0x" + id};
        defined.outcomes = {{"Up", "1000" + id}, {"Down", "2000" + id}};
        defined.tick = Price{10'000};
        if (dice_.chance(50)) defined.fee = Fee{{20'000}, 1, true, Collected::cash};
        add(market, defined, false);
        events_.back().market = "market" + id;
    }
    void tick(int market) {
        const std::int64_t bid = 10'000 * (10 + dice_.below(70));
        if (dice_.chance(30)) {
            Book book;
            book.outcome = outcome(dice_.below(2));
            book.bids = {{{{bid}, {5 * kMicro}}, {{bid - 10'000}, {9 * kMicro}}}};
            book.asks = {{{{bid + 20'000}, {7 * kMicro}}}};
            return add(market, book, false);
        }
        BookChange change;
        change.outcome = outcome(dice_.below(2));
        change.changes = {
            {{{bid}, {kMicro * dice_.below(4)}, dice_.chance(50) ? Side::buy : Side::sell}}};
        add(market, change, false);
    }

    void status(int market, const std::string& ours, const std::string& venues,
                OrderStatusCode code) {
        OrderStatus said;
        said.order = ours;
        said.venue_order = venues;
        said.status = code;
        if (dice_.chance(30)) said.claimed_matched = Shares{kMicro * dice_.below(30)};
        if (code == OrderStatusCode::rejected) said.reason = "not enough balance";
        add_maybe_twice(market, said);
    }
    void order(int place, int market) {
        const std::string ours = "c" + std::to_string(place);
        const std::string venues = "v" + std::to_string(place);
        const Side side = dice_.chance(80) ? Side::buy : Side::sell;
        const std::string bought = dice_.chance(50) ? "Up" : "Down";
        const Price price{10'000 * (20 + dice_.below(60))};
        const Shares size{kMicro * (5 + dice_.below(20)) + 10'000 * dice_.below(100)};
        if (dice_.chance(90)) intend(market, ours, bought, side, price, size);
        if (dice_.chance(60)) status(market, ours, "", OrderStatusCode::submitted);
        if (dice_.chance(15)) status(market, ours, "", OrderStatusCode::unknown);
        if (dice_.chance(40)) status(market, "", venues, OrderStatusCode::live);
        if (dice_.chance(10)) status(market, ours, "", OrderStatusCode::rejected);
        const bool canceled = dice_.chance(30);
        if (canceled) status(market, ours, "", OrderStatusCode::cancel_requested);
        const int fills = dice_.below(4);
        for (int i = 0; i < fills; ++i)
            fill(market, place * 10 + i, i % 2 == 0 ? ours : venues, bought, side, price, size);
        if (canceled)
            status(market, "", venues,
                   dice_.chance(80) ? OrderStatusCode::canceled : OrderStatusCode::cancel_rejected);
        status(market, ours, venues, OrderStatusCode::matched);
    }
    void intend(int market, const std::string& ours, const std::string& bought, Side side,
                Price price, Shares size) {
        OrderIntent intent;
        intent.order = ours;
        intent.outcome = bought;
        intent.side = side;
        intent.price = price;
        intent.shares = size;
        intent.tif = "GTC";
        intent.purpose = Purpose::open;
        add(market, intent);
    }
    void fill(int market, int trade, const std::string& of, const std::string& bought, Side side,
              Price price, Shares size) {
        Fill fill;
        fill.trade = "t" + std::to_string(trade);
        fill.order = of;
        fill.outcome = bought;
        fill.side = side;
        fill.shares = Shares{size.micros / (1 + dice_.below(4))};
        fill.cost = cost(price, fill.shares).value();
        if (dice_.chance(30)) fill.fee = Money{fill.cost.micros / 50};
        add_maybe_twice(market, fill);
        if (dice_.chance(options_.correct)) {
            FillCorrection correction;
            correction.trade = fill.trade;
            correction.order = of;
            correction.shares = Shares{fill.shares.micros - 1'000};
            correction.why = "rounding of the venue";
            add(market, correction);
        }
        if (dice_.chance(40)) settle(market, fill, SettlementStatus::mined);
        if (dice_.chance(20)) settle(market, fill, SettlementStatus::retrying);
        const bool fails = dice_.chance(options_.fail);
        settle(market, fill, fails ? SettlementStatus::failed : SettlementStatus::confirmed);
        if (options_.contradictions && dice_.chance(20))
            settle(market, fill, fails ? SettlementStatus::confirmed : SettlementStatus::failed);
    }
    void settle(int market, const Fill& fill, SettlementStatus status) {
        add_maybe_twice(market, FillSettlement{fill.trade, fill.order, status, ""});
    }

    void convert(int market) {
        const Shares pairs{kMicro * (1 + dice_.below(5))};
        const std::string tx = "0xtx" + std::to_string(events_.size());
        add(market, dice_.chance(50) ? Body{Merge{pairs, tx}} : Body{Split{pairs, tx}});
    }
    void resolve(int market) {
        MarketResolved resolved;
        const int kind = dice_.below(10);
        if (kind == 0) return;
        if (kind == 1) resolved.payouts = {{500'000}, {500'000}};
        if (kind > 1 && kind < 6) resolved.payouts = {{kMicro}, {0}};
        if (kind >= 6) resolved.winner = "Down";
        add(market, resolved, false);
        if (!options_.wallet || dice_.chance(40)) return;
        Redemption redemption;
        redemption.cash = Money{kMicro * dice_.below(20)};
        redemption.tx = "0xred" + std::to_string(market);
        add(market, redemption);
    }
    void shift() {
        for (std::size_t i = 0; i + 1 < events_.size(); ++i) {
            if (!dice_.chance(options_.shift)) continue;
            const std::size_t to =
                std::min(events_.size() - 1, i + static_cast<std::size_t>(1 + dice_.below(12)));
            const auto begin = events_.begin() + static_cast<std::ptrdiff_t>(i);
            std::rotate(begin, begin + 1, events_.begin() + static_cast<std::ptrdiff_t>(to) + 1);
        }
    }

    Dice dice_;
    StoryOptions options_;
    std::vector<Event> events_;
    std::int64_t now_{1'765'656'000 * kNanosPerSecond};  // 2025-12-13T20:00:00Z
    int defined_{};
};

}  // namespace

std::vector<Event> story(std::uint64_t seed, const StoryOptions& options) {
    return Story{seed, options}.tell();
}

std::vector<Event> shuffled(std::vector<Event> events, std::uint64_t seed) {
    Dice dice{seed};
    for (std::size_t i = events.size(); i > 1; --i) {
        std::swap(events[i - 1], events[dice.roll() % i]);
    }
    number(events);
    return events;
}

}  // namespace daybook::test
