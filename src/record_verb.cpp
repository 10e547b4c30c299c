#include "src/record_verb.hpp"

#include <CLI/CLI.hpp>

#include "src/feeds_wish.hpp"

namespace daybook {

void add_record_options(CLI::App& verb, RecordWish& wish) {
    verb.add_option("venue", wish.venue, "polymarket or kalshi")
        ->required()
        ->check(CLI::IsMember({"polymarket", "kalshi"}));
    verb.add_option("--assets", wish.assets,
                    "BTC,ETH: their up-or-down markets, one by one (polymarket)")
        ->delimiter(',')
        ->allow_extra_args(false);
    verb.add_option("--window", wish.window, "how long such a market is: 5m, 15m, 4h (polymarket)");
    verb.add_option("--market", wish.markets, "condition id or ticker; may be repeated")
        ->delimiter(',')
        ->allow_extra_args(false);
    verb.add_option("--slug", wish.slugs, "slug of a market; may be repeated (polymarket)")
        ->delimiter(',')
        ->allow_extra_args(false);
    verb.add_option("--series", wish.series, "ticker of a series: all its markets (kalshi)")
        ->delimiter(',')
        ->allow_extra_args(false);
    verb.add_option("--silence", wish.silence_s,
                    "seconds without data after which a connection of market data is begun anew")
        ->check(CLI::Range(1, 3600));
    verb.add_option("--credentials", wish.credentials,
                    "file of mode 0600 with POLY_API_KEY=…, POLY_API_SECRET=…, POLY_PASSPHRASE=…, "
                    "or KALSHI_API_KEY_ID=…, KALSHI_PRIVATE_KEY_PATH=…; without it, the "
                    "environment");
    verb.add_option("--ca", wish.ca, "PEM file of the only authority to be trusted");
    verb.add_option("--endpoint-ws", wish.endpoint_ws, "another venue's WebSocket, wss://…");
    verb.add_option("--endpoint-rest", wish.endpoint_rest, "its REST interface, https://…");
    verb.add_option("--endpoint-prices", wish.endpoint_prices,
                    "its reference prices, wss://… (polymarket)");
}

Result<Exit> run_record(const Call& call) {
    TRY(Config config, read_config(call.data));
    RecordWish wish = call.wish;
    for (const RecordWish& configured : config.record) {
        if (configured.venue == wish.venue) wish = either(std::move(wish), configured);
    }
    return serve_with(call, std::move(config), {wish});
}

}  // namespace daybook
