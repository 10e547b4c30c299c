#pragma once

#include "src/ingest/input.hpp"

namespace daybook::ingest {

/// The rows of an answer of the Data API's /trades as public prints of the tape, whoever traded:
/// the same prints the market channel tells as `last_trade_price` (venue page §3, §7). Times are in
/// seconds there, in milliseconds here. A row that cannot be read is `unparsed`.
[[nodiscard]] Batch read_polymarket_tape(const Input& input);

}  // namespace daybook::ingest
