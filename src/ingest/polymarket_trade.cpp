#include <algorithm>

#include "src/ingest/polymarket_parts.hpp"

// Trades: the only frames that say shares changed hands (venue page §4.2). Side, price, outcome and
// size at the top are the taker's; a maker's stand in its own entry of `maker_orders`.
namespace daybook::ingest::polymarket {
namespace {

constexpr std::int64_t kDustMicros = kMicro / 100;  // the venue's rounding leaves up to 0.01 share

struct Maker {  ///< an entry of maker_orders
    const Json* entry{};
    Price price;
    Shares amount;
    bool taker_outcome{};  ///< on the outcome the taker traded
};

struct Head {
    std::string id, market, tx;
    Side side{};
    std::optional<Time> matched, updated;
    std::optional<SettlementStatus> settlement;
    std::vector<Maker> makers;
};

struct Owned {  ///< one fill of ours, and whose account it is
    Fill fill;
    std::string account;
};

Result<std::optional<SettlementStatus>> settlement_of(const Json& trade) {
    std::string text = upper(text_in(trade, {"status"}));
    constexpr std::string_view kRestPrefix = "TRADE_STATUS_";
    if (text.starts_with(kRestPrefix)) text.erase(0, kRestPrefix.size());
    if (text == "MATCHED") return std::optional<SettlementStatus>{};
    if (text == "MINED") return std::optional{SettlementStatus::mined};
    if (text == "RETRYING") return std::optional{SettlementStatus::retrying};
    if (text == "CONFIRMED") return std::optional{SettlementStatus::confirmed};
    if (text == "FAILED") return std::optional{SettlementStatus::failed};
    return malformed("unknown trade status " + quoted(text_in(trade, {"status"})));
}

bool same_outcome(const Json& entry, const Json& trade) {
    const std::string_view token = entry.text_of("asset_id");
    if (!token.empty() && !trade.text_of("asset_id").empty()) {
        return token == trade.text_of("asset_id");
    }
    return entry.text_of("outcome") == trade.text_of("outcome");
}

Result<std::vector<Maker>> makers_of(const Json& trade) {
    std::vector<Maker> makers;
    const Json* entries = stated(trade, {"maker_orders"});
    if (entries == nullptr) return makers;
    if (!entries->is(Json::Kind::array)) return malformed("maker_orders is no array");
    for (const Json& entry : entries->items) {
        TRY(const Price price, price_in(entry, {"price"}));
        TRY(const Shares amount, shares_in(entry, {"matched_amount"}));
        if (stated(entry, {"asset_id", "outcome"}) == nullptr) {
            return malformed("a maker order without outcome");
        }
        makers.push_back({&entry, price, amount, same_outcome(entry, trade)});
    }
    return makers;
}

Result<Head> head_of(const Json& trade) {
    Head head;
    TRY(head.id, required_text(trade, {"id", "trade_id"}));
    TRY(head.market, required_text(trade, {"market"}));
    TRY(head.side, side_in(trade, {"side"}));
    TRY(head.matched, maybe_time(trade, {"match_time", "matchtime"}));
    TRY(head.updated, maybe_time(trade, {"last_update", "timestamp"}));
    TRY(head.settlement, settlement_of(trade));
    TRY(head.makers, makers_of(trade));
    head.tx = text_in(trade, {"transaction_hash"});
    return head;
}

/// Σ matched_amount × (price on the taker's outcome, else 1 − price), rounded once.
Result<Money> taker_cost(const Head& head, Price price, Shares size) {
    if (head.makers.empty()) return cost(price, size);
    Wide exact = 0;
    Wide matched = 0;
    for (const Maker& maker : head.makers) {
        const std::int64_t each =
            maker.taker_outcome ? maker.price.micros : kMicro - maker.price.micros;
        exact += Wide{maker.amount.micros} * each;
        matched += maker.amount.micros;
    }
    const Wide apart = matched - size.micros;
    if (apart > kDustMicros || apart < -kDustMicros) {
        return malformed("size is " + format_micros(size.micros) +
                         ", but the maker orders add up to " + format_decimal(matched, 6));
    }
    const Wide micros = divide_half_even(exact, kMicro);
    if (micros > INT64_MAX) return malformed("the cost does not fit");
    return Money{static_cast<std::int64_t>(micros)};
}

Result<Fill> taker_fill(const Json& trade, const Head& head) {
    Fill fill;
    fill.trade = head.id;
    TRY(fill.order, required_text(trade, {"taker_order_id"}));
    TRY(fill.outcome, required_text(trade, {"outcome", "asset_id"}));
    fill.side = head.side;
    TRY(fill.shares, shares_in(trade, {"size"}));
    TRY(const Price price, price_in(trade, {"price"}));
    TRY(fill.cost, taker_cost(head, price, fill.shares));
    fill.role = Role::taker;
    fill.tx = head.tx;
    return fill;
}

/// A maker on the taker's outcome stands on the other side; on the other outcome both buy (a pair
/// is minted) or both sell (a pair is merged).
Result<Side> maker_side(const Maker& maker, Side taker) {
    TRY(const auto side, maybe_side(*maker.entry, {"side"}));
    if (side) return *side;
    if (!maker.taker_outcome) return taker;
    return taker == Side::buy ? Side::sell : Side::buy;
}

Result<Fill> maker_fill(const Maker& maker, const Head& head) {
    Fill fill;
    fill.trade = head.id;
    TRY(fill.order, required_text(*maker.entry, {"order_id"}));
    fill.outcome = text_in(*maker.entry, {"outcome", "asset_id"});
    TRY(fill.side, maker_side(maker, head.side));
    fill.shares = maker.amount;
    TRY(fill.cost, cost(maker.price, maker.amount));
    fill.role = Role::maker;
    fill.tx = head.tx;
    return fill;
}

bool owner_is(const Json& entry, const Json& trade) {
    const std::string_view owner = entry.text_of("owner");
    return !owner.empty() &&
           (owner == trade.text_of("owner") || owner == trade.text_of("trade_owner"));
}

/// Whose maker order `maker` is; nothing when it is not ours. Without configured accounts it is
/// ours when it has the owner of the frame, or when a MAKER frame has no other.
std::optional<std::string> maker_account(const Maker& maker, const Json& trade, const Head& head,
                                         const Settings& settings) {
    if (!settings.accounts.empty()) {
        return account_in(settings, *maker.entry, {"owner", "maker_address"});
    }
    const bool only = head.makers.size() == 1 && same_text(trade.text_of("trader_side"), "MAKER");
    if (only || owner_is(*maker.entry, trade)) return "main";
    return std::nullopt;
}

/// The taker's order is ours when the venue says TAKER and, with configured accounts, the names at
/// the top are ours: in a frame for a maker they are still the taker's (measured on the samples).
std::optional<std::string> taker_account(const Json& trade, const Settings& settings) {
    const std::string_view trader = trade.text_of("trader_side");
    if (same_text(trader, "MAKER")) return std::nullopt;
    if (!settings.accounts.empty()) {
        return account_in(settings, trade, {"owner", "trade_owner", "maker_address"});
    }
    if (same_text(trader, "TAKER")) return "main";
    return std::nullopt;
}

Result<std::vector<Owned>> own_fills(const Json& trade, const Head& head, const Scope& scope) {
    std::vector<Owned> fills;
    if (const auto account = taker_account(trade, scope.settings)) {
        TRY(Fill fill, taker_fill(trade, head));
        fills.push_back({std::move(fill), *account});
    }
    for (const Maker& maker : head.makers) {
        const auto account = maker_account(maker, trade, head, scope.settings);
        if (!account) continue;
        TRY(Fill fill, maker_fill(maker, head));
        fills.push_back({std::move(fill), *account});
    }
    if (fills.empty())
        return malformed("no order of this trade is known to be ours: tell the address");
    return fills;
}

}  // namespace

Result<Batch> read_trade(const Json& trade, const Scope& scope) {
    TRY(const Head head, head_of(trade));
    TRY(std::vector<Owned> fills, own_fills(trade, head, scope));
    Batch out;
    for (const Owned& own : fills) {
        out.push_back(own_event(scope, head.market, head.matched, own.fill, own.account));
    }
    if (!head.settlement) return out;
    for (const Owned& own : fills) {
        FillSettlement body{own.fill.trade, own.fill.order, *head.settlement, {}};
        out.push_back(own_event(scope, head.market, head.updated, std::move(body), own.account));
    }
    return out;
}

}  // namespace daybook::ingest::polymarket
