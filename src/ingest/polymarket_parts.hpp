#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/ingest/book_check.hpp"
#include "src/ingest/fields.hpp"
#include "src/ingest/input.hpp"

// What polymarket.cpp tells apart, the other polymarket_*.cpp read. For them only.
namespace daybook::ingest::polymarket {

struct Scope {  ///< what every reader may look at beside its own piece of JSON
    const Input& input;
    const Settings& settings;
    BookCheck& books;
    bool alone{true};     ///< the piece is the whole answer, so the answered order is its order
    std::string event{};  ///< slug of the Gamma event around a market
};

[[nodiscard]] Event event_of(const Scope& scope, std::string market, std::optional<Time> time,
                             Body body);
/// The same for own orders and wallets: mode live, and whose.
[[nodiscard]] Event own_event(const Scope& scope, std::string market, std::optional<Time> time,
                              Body body, std::string account);
/// A piece of a frame that could not be read.
[[nodiscard]] Event rejected(const Scope& scope, const Json& piece, std::string why);

/// The account that one of `names` in `from` belongs to; nothing when none does.
[[nodiscard]] std::optional<std::string> account_in(const Settings& settings, const Json& from,
                                                    Names names);

// One piece each: all of its events, or why there are none.
using Read = Result<Batch> (*)(const Json&, const Scope&);

// polymarket_market.cpp: the market channel and REST books
Result<Batch> read_book(const Json& frame, const Scope& scope);
Result<Batch> read_price_change(const Json& frame, const Scope& scope);
Result<Batch> read_last_trade_price(const Json& frame, const Scope& scope);
Result<Batch> read_tick_size_change(const Json& frame, const Scope& scope);
Result<Batch> read_best_bid_ask(const Json& frame, const Scope& scope);
Result<Batch> read_market_resolved(const Json& frame, const Scope& scope);

// polymarket_define.cpp: what a market is, from any source
Result<Batch> read_new_market(const Json& frame, const Scope& scope);
Result<Batch> read_clob_market(const Json& market, const Scope& scope);
Result<Batch> read_gamma_market(const Json& market, const Scope& scope);
Result<Batch> read_capture_market(const Json& market, const Scope& scope);

// polymarket_order.cpp: what the venue says of orders
Result<Batch> read_order(const Json& order, const Scope& scope);
Result<Batch> read_order_answer(const Json& answer, const Scope& scope);
Result<Batch> read_cancel_answer(const Json& answer, const Scope& scope);
/// True when `text` tells of a time-out or a failing server: the order may or may not be there.
[[nodiscard]] bool tells_of_no_answer(std::string_view text);
[[nodiscard]] Event order_in_doubt(const Scope& scope, std::string text);

// polymarket_trade.cpp
Result<Batch> read_trade(const Json& trade, const Scope& scope);

// polymarket_account.cpp: wallet, positions, activity
Result<Batch> read_activity(const Json& row, const Scope& scope);
Result<Batch> read_closed_position(const Json& row, const Scope& scope);
Result<Batch> read_cash(const Json& answer, const Scope& scope);
[[nodiscard]] bool is_position(const Json& row);
/// All rows of a positions answer: one `balance` per market.
[[nodiscard]] Batch read_positions(const Json& rows, const Scope& scope);

// polymarket_price.cpp: reference prices
Result<Batch> read_rtds(const Json& frame, const Scope& scope);
Result<Batch> read_binance(const Json& frame, const Scope& scope);
Result<Batch> read_coinbase(const Json& frame, const Scope& scope);
Result<Batch> read_pyth(const Json& frame, const Scope& scope);

}  // namespace daybook::ingest::polymarket
