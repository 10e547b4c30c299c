#include "src/record_verb.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "src/credentials.hpp"
#include "src/feeds/polymarket.hpp"

namespace daybook {
namespace {

constexpr const char* kRest = "https://gamma-api.polymarket.com";
constexpr const char* kClob = "https://clob.polymarket.com";
constexpr const char* kWebSocket = "wss://ws-subscriptions-clob.polymarket.com";
constexpr const char* kPrices = "wss://ws-live-data.polymarket.com";

/// Names of assets and markets become parts of addresses: nothing that means more there.
bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 200 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return text;
}

Result<std::vector<std::string>> names_of(const std::vector<std::string>& given) {
    std::vector<std::string> names;
    for (const std::string& each : given) {
        names.push_back(lower(each));
        if (!is_name(names.back()))
            return Error{Errc::usage, "'" + each + "' is no name of an asset or a market",
                         "daybook record polymarket --assets BTC,ETH --window 15m"};
    }
    return names;
}

Result<feeds::Wish> wish_of(const RecordWish& asked) {
    if (asked.assets.empty() && asked.markets.empty() && asked.slugs.empty())
        return Error{
            Errc::usage, "no market is named",
            "daybook record polymarket --assets BTC,ETH --window 15m; or --market, --slug"};
    feeds::Wish wish;
    TRY(const std::int64_t seconds, feeds::window_seconds(asked.window));
    TRY(const auto assets, names_of(asked.assets));
    TRY(wish.slugs, names_of(asked.slugs));
    TRY(wish.conditions, names_of(asked.markets));
    for (const std::string& asset : assets) wish.series.push_back({asset, asked.window, seconds});
    return wish;
}

const std::string& either(const std::string& given, const std::string& otherwise) {
    return given.empty() ? otherwise : given;
}

/// What attaches the wished feeds to a service.
Result<std::function<void(server::Service&)>> feeds_of(const RecordWish& wish) {
    feeds::PolymarketSettings settings;
    TRY(settings.wish, wish_of(wish));
    TRY(const feeds::Address web_socket,
        feeds::parse_address(either(wish.endpoint_ws, kWebSocket)));
    TRY(settings.gamma, feeds::parse_address(either(wish.endpoint_rest, kRest)));
    TRY(settings.clob, feeds::parse_address(either(wish.endpoint_rest, kClob)));
    settings.market = below(web_socket, "/ws/market");
    settings.user = below(web_socket, "/ws/user");
    const bool prices = wish.endpoint_ws.empty() || !wish.endpoint_prices.empty();
    if (prices) {
        TRY(settings.prices, feeds::parse_address(either(wish.endpoint_prices, kPrices)));
    }
    TRY(settings.credentials, read_credentials(wish.credentials));
    settings.silence = std::chrono::seconds{wish.silence_s};
    settings.ca = wish.ca;
    return feeds::polymarket(std::move(settings));
}

}  // namespace

void add_record_options(CLI::App& verb, RecordWish& wish) {
    verb.add_option("venue", wish.venue, "polymarket")
        ->required()
        ->check(CLI::IsMember({"polymarket"}));
    verb.add_option("--assets", wish.assets, "BTC,ETH: their up-or-down markets, one by one")
        ->delimiter(',')
        ->allow_extra_args(false);
    verb.add_option("--window", wish.window, "how long such a market is: 5m, 15m, 4h");
    verb.add_option("--market", wish.markets, "condition id; may be repeated")
        ->allow_extra_args(false);
    verb.add_option("--slug", wish.slugs, "slug of a market; may be repeated")
        ->allow_extra_args(false);
    verb.add_option("--silence", wish.silence_s, "seconds without data after which it reconnects")
        ->check(CLI::Range(1, 3600));
    verb.add_option("--credentials", wish.credentials,
                    "file of mode 0600 with POLY_API_KEY=…, POLY_API_SECRET=…, POLY_PASSPHRASE=…; "
                    "without it, the environment")
        ->type_name("FILE");
    verb.add_option("--ca", wish.ca, "PEM file of the only authority to be trusted")
        ->type_name("FILE");
    verb.add_option("--endpoint-ws", wish.endpoint_ws, "another venue's WebSocket, wss://…");
    verb.add_option("--endpoint-rest", wish.endpoint_rest, "its REST interface, https://…");
    verb.add_option("--endpoint-prices", wish.endpoint_prices, "its reference prices, wss://…");
}

Result<Exit> run_record(const Call& call) {
    TRY(auto attach, feeds_of(call.wish));
    return serve_with(call, std::move(attach));
}

}  // namespace daybook
