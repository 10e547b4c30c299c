#pragma once

#include <memory>

#include "src/feeds/protocol.hpp"

namespace daybook::feeds {

// The connections of Kalshi (venue page §12). A subscription there has a number, `sid`, and counts
// its frames by `seq`; ingest::Kalshi tells a hole in the count as a `feed` gap of that stream.

/// Books, trades, tickers and the life of markets; items are tickers. A subscription with a hole is
/// ended, and made anew once the venue says that it ended: a fresh snapshot follows.
[[nodiscard]] std::unique_ptr<Protocol> kalshi_market_protocol(milliseconds silence);
/// Own orders, fills and positions, whatever their market; silence is no sign of anything.
[[nodiscard]] std::unique_ptr<Protocol> kalshi_user_protocol();

}  // namespace daybook::feeds
