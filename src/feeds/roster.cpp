#include "src/feeds/roster.hpp"

#include <algorithm>

namespace daybook::feeds {
namespace {

constexpr std::int64_t kSoon = 2, kUnhurried = 15, kResolution = 10, kResolutionMost = 300;
constexpr std::int64_t kForgotten = 86'400;  ///< a day after its end nobody asks any more

Time later(Time time, std::int64_t seconds) { return {time.nanos + seconds * kNanosPerSecond}; }

}  // namespace

Roster::Roster(Wish wish) : wish_{std::move(wish)} {
    for (const std::string& slug : wish_.slugs) add("slug=" + slug, nullptr);
    for (const std::string& condition : wish_.conditions)
        add("condition_ids=" + condition, nullptr);
}

void Roster::add(const std::string& question, const Window* window) {
    const auto [at, is_new] = markets_.try_emplace(question);
    if (!is_new || window == nullptr) return;
    at->second.opens = window->opens;
    at->second.closes = window->closes;
}

void Roster::follow_windows(Time now) {
    for (const Series& series : wish_.series) {
        for (const Window& window : windows_at(series, now)) add("slug=" + window.slug, &window);
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
    return std::nullopt;
}

/// A market that is not known is asked for until it is; one that is known, from its end on.
Time Roster::ask_again(const Market& market, Time now) const {
    if (market.tokens.empty()) {
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
}

void Roster::answered(const std::string& question, const ingest::Batch& events, Time now) {
    const auto at = markets_.find(question);
    if (at == markets_.end()) return;
    Market& market = at->second;
    for (const Event& event : events) {
        if (std::holds_alternative<MarketResolved>(event.body)) market.resolved = true;
        const auto* defined = std::get_if<MarketDefined>(&event.body);
        if (defined == nullptr) continue;
        market.tokens.clear();
        for (const auto& outcome : defined->outcomes) market.tokens.push_back(outcome.token);
        if (!market.closes) market.closes = defined->closes;
    }
    if (market.closes && now >= *market.closes) ++market.fruitless;
    market.ask = ask_again(market, now);
}

std::set<std::string> Roster::tokens(Time now) const {
    std::set<std::string> tokens;
    for (const auto& [question, market] : markets_) {
        if (market.closes && now > later(*market.closes, wish_.linger_s)) continue;
        tokens.insert(market.tokens.begin(), market.tokens.end());
    }
    tokens.erase("");
    return tokens;
}

}  // namespace daybook::feeds
