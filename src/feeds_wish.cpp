#include "src/feeds_wish.hpp"

#include <algorithm>
#include <array>

#include "src/credentials.hpp"
#include "src/feeds/polymarket.hpp"
#include "src/ingest/fields.hpp"

namespace daybook {
namespace {

constexpr const char* kGamma = "https://gamma-api.polymarket.com";
constexpr const char* kClob = "https://clob.polymarket.com";
constexpr const char* kData = "https://data-api.polymarket.com";
constexpr const char* kWebSocket = "wss://ws-subscriptions-clob.polymarket.com";
constexpr const char* kPrices = "wss://ws-live-data.polymarket.com";
constexpr const char* kKalshiWebSocket = "wss://api.elections.kalshi.com";
constexpr const char* kKalshiRest = "https://api.elections.kalshi.com";
constexpr const char* kKalshiSocketPath = "/trade-api/ws/v2";
constexpr const char* kKalshiRestPath = "/trade-api/v2";

constexpr const char* kPolymarketExample =
    "daybook record polymarket --assets BTC,ETH --window 15m; or --market, --slug";
constexpr const char* kKalshiExample =
    "daybook record kalshi --market KXBTC15M-26AUG071815-15; or --series KXBTC15M";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Names of assets and markets become parts of addresses: nothing that means more there.
bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 200 && std::ranges::all_of(text, [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

using Names = std::vector<std::string>;

/// Each of `given` as the venue writes it, behind `before`.
Result<Names> names_of(const Names& given, const char* before, std::string (*as)(std::string_view),
                       const char* example) {
    Names names;
    for (const std::string& each : given) {
        if (!is_name(each))
            return Error{Errc::usage, "'" + each + "' is no name of an asset or a market", example};
        names.push_back(before + as(each));
    }
    return names;
}

void append(Names& to, Names more) { std::ranges::move(more, std::back_inserter(to)); }

const std::string& either(const std::string& given, const std::string& otherwise) {
    return given.empty() ? otherwise : given;
}

Result<feeds::Wish> polymarket_wish(const RecordWish& asked) {
    if (asked.assets.empty() && asked.markets.empty() && asked.slugs.empty())
        return Error{Errc::usage, "no market of Polymarket is named", kPolymarketExample};
    feeds::Wish wish;
    const std::string window = either(asked.window, "15m");
    TRY(const std::int64_t seconds, feeds::window_seconds(window));
    TRY(const Names assets, names_of(asked.assets, "", ingest::lower, kPolymarketExample));
    for (const std::string& asset : assets) wish.series.push_back({asset, window, seconds});
    TRY(wish.markets, names_of(asked.slugs, "/markets?slug=", ingest::lower, kPolymarketExample));
    TRY(Names conditions,
        names_of(asked.markets, "/markets?condition_ids=", ingest::lower, kPolymarketExample));
    append(wish.markets, std::move(conditions));
    return wish;
}

Result<Attach> polymarket(const RecordWish& wish) {
    feeds::PolymarketSettings settings;
    TRY(settings.wish, polymarket_wish(wish));
    TRY(const feeds::Address web_socket,
        feeds::parse_address(either(wish.endpoint_ws, kWebSocket)));
    TRY(settings.gamma, feeds::parse_address(either(wish.endpoint_rest, kGamma)));
    TRY(settings.clob, feeds::parse_address(either(wish.endpoint_rest, kClob)));
    TRY(settings.data, feeds::parse_address(either(wish.endpoint_rest, kData)));
    settings.market = below(web_socket, "/ws/market");
    settings.user = below(web_socket, "/ws/user");
    const bool prices = wish.endpoint_ws.empty() || !wish.endpoint_prices.empty();
    if (prices) {
        TRY(settings.prices, feeds::parse_address(either(wish.endpoint_prices, kPrices)));
    }
    TRY(settings.credentials, polymarket_credentials(wish.credentials));
    if (wish.silence_s) settings.silence = std::chrono::seconds{*wish.silence_s};
    settings.ca = wish.ca;
    return feeds::polymarket(std::move(settings));
}

/// What opens and what is open of a series, 1000 each at most: both, so that a market is subscribed
/// when it opens.
Names lists_of(const Names& series) {
    Names lists;
    for (const char* const status : {"open", "unopened"}) {
        for (const std::string& each : series)
            lists.push_back("/markets?limit=1000&status=" + std::string{status} +
                            "&series_ticker=" + each);
    }
    return lists;
}

Result<Attach> kalshi(const RecordWish& wish) {
    if (wish.markets.empty() && wish.series.empty())
        return Error{Errc::usage, "no market of Kalshi is named", kKalshiExample};
    feeds::KalshiSettings settings;
    settings.wish.listed = "/markets/";
    TRY(settings.wish.markets,
        names_of(wish.markets, settings.wish.listed.c_str(), ingest::upper, kKalshiExample));
    TRY(const Names series, names_of(wish.series, "", ingest::upper, kKalshiExample));
    settings.wish.lists = lists_of(series);
    TRY(const feeds::Address web_socket,
        feeds::parse_address(either(wish.endpoint_ws, kKalshiWebSocket)));
    TRY(const feeds::Address rest, feeds::parse_address(either(wish.endpoint_rest, kKalshiRest)));
    settings.web_socket = below(web_socket, kKalshiSocketPath);
    settings.rest = below(rest, kKalshiRestPath);
    TRY(settings.key, kalshi_key(wish.credentials));
    if (wish.silence_s) settings.silence = std::chrono::seconds{*wish.silence_s};
    settings.ca = wish.ca;
    return feeds::kalshi(std::move(settings));
}

/// An option of the other venue is a slip of the hand, never silently left out.
Result<void> has_only(const RecordWish& wish, bool polymarkets, const char* example) {
    const std::array<std::pair<const char*, bool>, 5> foreign{
        {{"assets", !polymarkets && !wish.assets.empty()},
         {"slug", !polymarkets && !wish.slugs.empty()},
         {"window", !polymarkets && !wish.window.empty()},
         {"endpoint-prices", !polymarkets && !wish.endpoint_prices.empty()},
         {"series", polymarkets && !wish.series.empty()}}};
    for (const auto& [name, given] : foreign) {
        if (given)
            return Error{Errc::usage, "--" + std::string{name} + " is not for " + wish.venue,
                         example};
    }
    return ok();
}

}  // namespace

Result<Attach> feeds_of(const RecordWish& wish) {
    const bool polymarkets = wish.venue == "polymarket";
    TRYV(has_only(wish, polymarkets, polymarkets ? kPolymarketExample : kKalshiExample));
    return polymarkets ? polymarket(wish) : kalshi(wish);
}

RecordWish either(RecordWish given, const RecordWish& otherwise) {
    const bool names_markets = !given.assets.empty() || !given.markets.empty() ||
                               !given.slugs.empty() || !given.series.empty();
    if (!names_markets) {
        given.assets = otherwise.assets;
        given.markets = otherwise.markets;
        given.slugs = otherwise.slugs;
        given.series = otherwise.series;
    }
    if (given.window.empty()) given.window = otherwise.window;
    if (!given.silence_s) given.silence_s = otherwise.silence_s;
    for (const auto text : {&RecordWish::credentials, &RecordWish::ca, &RecordWish::endpoint_ws,
                            &RecordWish::endpoint_rest, &RecordWish::endpoint_prices}) {
        if ((given.*text).empty()) given.*text = otherwise.*text;
    }
    return given;
}

}  // namespace daybook
