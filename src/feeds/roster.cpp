#include "src/feeds/roster.hpp"

#include <algorithm>

namespace daybook::feeds {
namespace {

constexpr std::int64_t kSoon = 2, kUnhurried = 15, kResolution = 10, kResolutionMost = 300;
constexpr std::int64_t kForgotten = 86'400;  ///< a day after its end nobody asks any more

Time later(Time time, std::int64_t seconds) { return {time.nanos + seconds * kNanosPerSecond}; }

}  // namespace

Roster::Roster(Wish wish) : wish_{std::move(wish)} {
    for (const std::string& question : wish_.markets) markets_.try_emplace(question);
    for (const std::string& question : wish_.lists) lists_.try_emplace(question);
}

void Roster::follow(const Window& window) {
    const auto [at, is_new] = markets_.try_emplace("/markets?slug=" + window.slug);
    if (!is_new) return;
    at->second.opens = window.opens;
    at->second.closes = window.closes;
}

void Roster::follow_windows(Time now) {
    for (const Series& series : wish_.series) {
        for (const Window& window : windows_at(series, now)) follow(window);
    }
    std::erase_if(markets_, [&](const auto& each) {
        const Market& market = each.second;
        return market.closes && (now > later(*market.closes, kForgotten) ||
                                 (market.resolved && now > later(*market.closes, wish_.linger_s)));
    });
}

std::optional<std::string> Roster::question(Time now) {
    follow_windows(now);
    for (const auto& [question, market] : markets_) {
        if (!market.resolved && market.ask <= now) return question;
    }
    for (const auto& [question, ask] : lists_) {
        if (ask <= now) return question;
    }
    return std::nullopt;
}

/// A market that is not known is asked for until it is; one that is known, from its end on.
Time Roster::ask_again(const Market& market, Time now) const {
    if (market.items.empty()) {
        const bool hurry = market.opens && now >= later(*market.opens, -wish_.ahead_s);
        return later(now, hurry ? kSoon : kUnhurried);
    }
    if (!market.closes) return later(now, kResolutionMost);
    const Time first = later(*market.closes, kResolution);
    if (now < first) return first;
    return later(now, std::min(kResolutionMost, kResolution << std::min(market.fruitless, 5)));
}

void Roster::failed(const std::string& question, Time now) {
    const auto at = markets_.find(question);
    if (at != markets_.end()) at->second.ask = later(now, kSoon);
    const auto list = lists_.find(question);
    if (list != lists_.end()) list->second = later(now, kSoon);
}

void Roster::learn(Market& market, const ingest::Batch& events) const {
    for (const Event& event : events) {
        if (std::holds_alternative<MarketResolved>(event.body)) market.resolved = true;
        const auto* defined = std::get_if<MarketDefined>(&event.body);
        if (defined == nullptr) continue;
        market.items.clear();
        for (const auto& outcome : defined->outcomes)
            market.items.insert(outcome.token.empty() ? event.market : outcome.token);
        if (!market.closes) market.closes = defined->closes;
    }
}

void Roster::learn_list(const ingest::Batch& events, Time now) {
    for (const Event& event : events) {
        if (!std::holds_alternative<MarketDefined>(event.body)) continue;
        const auto [at, is_new] = markets_.try_emplace(wish_.listed + event.market);
        if (!is_new) continue;
        learn(at->second, {event});
        at->second.ask = ask_again(at->second, now);
    }
}

void Roster::answered(const std::string& question, const ingest::Batch& events, Time now) {
    const auto list = lists_.find(question);
    if (list != lists_.end()) {
        list->second = later(now, kUnhurried);
        return learn_list(events, now);
    }
    const auto at = markets_.find(question);
    if (at == markets_.end()) return;
    Market& market = at->second;
    learn(market, events);
    if (market.closes && now >= *market.closes) ++market.fruitless;
    market.ask = ask_again(market, now);
}

std::set<std::string> Roster::items(Time now) const {
    std::set<std::string> items;
    for (const auto& [question, market] : markets_) {
        if (market.closes && now > later(*market.closes, wish_.linger_s)) continue;
        items.insert(market.items.begin(), market.items.end());
    }
    return items;
}

}  // namespace daybook::feeds
