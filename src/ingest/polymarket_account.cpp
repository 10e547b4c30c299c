#include <algorithm>
#include <array>

#include "src/ingest/polymarket_parts.hpp"

// The wallet as the Data API tells it (venue page §7): late and rounded, so evidence by default.
namespace daybook::ingest::polymarket {
namespace {

std::string account_of(const Scope& scope, const Json& row) {
    return account_in(scope.settings, row, {"proxyWallet", "user", "owner"}).value_or("main");
}

struct Row {  ///< one line of activity
    std::string type, market, outcome, asset, tx, account;
    Time time;
    Shares size;
    Money cash;                     ///< as stated, or size × price where nothing is stated
    std::optional<Money> at_price;  ///< size × price
    std::optional<Side> side;
    bool cash_stated{};
    std::string price;
};

/// Average prices have more decimals than Price holds: size × price is rounded once, half-even.
Result<std::optional<Money>> value_at_price(const Json& row, Shares size) {
    if (stated(row, {"price"}) == nullptr) return std::optional<Money>{};
    TRY(const std::string text, required_text(row, {"price"}));
    Result<Wide> price = parse_decimal(text, 18);
    constexpr Wide kOne = Wide{1'000'000'000} * 1'000'000'000;
    if (!price || price.value() < 0 || price.value() > kOne) {
        return malformed("price is not between 0 and 1: " + quoted(text));
    }
    // 1e18 times the largest int64 stays below 2^127.
    return std::optional{
        Money{static_cast<std::int64_t>(divide_half_even(price.value() * size.micros, kOne))}};
}

Result<Row> row_of(const Json& json, const Scope& scope) {
    Row row;
    row.type = upper(text_in(json, {"type"}));
    if (row.type.empty()) row.type = "TRADE";  // GET /trades has no type
    row.market = text_in(json, {"conditionId", "slug"});
    row.outcome = text_in(json, {"outcome"});
    row.asset = text_in(json, {"asset"});
    row.tx = text_in(json, {"transactionHash"});
    row.account = account_of(scope, json);
    row.price = text_in(json, {"price"});
    TRY(row.time, time_in(json, {"timestamp"}));
    TRY(const auto size, maybe_shares(json, {"size"}));
    row.size = size.value_or(Shares{});
    TRY(row.side, maybe_side(json, {"side"}));
    TRY(row.at_price, value_at_price(json, row.size));
    TRY(const auto cash, maybe_money(json, {"usdcSize"}));
    if (!cash && !row.at_price) return malformed("usdcSize is missing");
    row.cash_stated = cash.has_value();
    row.cash = cash ? *cash : *row.at_price;
    return row;
}

Batch as_claim(const Row& row, const Scope& scope) {
    Claim claim{"activity", lower(row.type), format_micros(row.cash.micros), row.outcome, {}, {},
                {}};
    return {own_event(scope, row.market, row.time, std::move(claim), row.account)};
}

/// What was paid beyond size × price is the taker's fee: a buy's usdcSize includes it (measured), a
/// sale's is taken to be without it. Equal means maker, or no fee.
void split_fee(const Row& row, Fill& fill) {
    fill.cost = row.cash;
    if (!row.cash_stated) return;
    const Money gross = row.at_price.value_or(row.cash);
    const Money fee = row.side == Side::buy ? row.cash - gross : gross - row.cash;
    const bool taker = fee > Money{};
    fill.role = taker ? Role::taker : Role::maker;
    fill.fee = taker ? fee : Money{};
    if (taker) fill.cost = gross;
}

Result<Batch> as_fill(const Row& row, const Scope& scope) {
    if (!row.side) return malformed("side is missing");
    if (row.tx.empty()) return malformed("transactionHash is missing");
    const std::string outcome = row.outcome.empty() ? row.asset : row.outcome;
    if (outcome.empty()) return malformed("outcome is missing");
    Fill fill;
    fill.trade = row.tx + "/" + (row.asset.empty() ? outcome : row.asset);
    // One transaction holds several rows of a token; what sets them apart stands in the order.
    fill.order = fill.trade + "/" + std::string{to_text(*row.side)} + "/" + row.price + "x" +
                 format_micros(row.size.micros);
    fill.outcome = outcome;
    fill.side = *row.side;
    fill.shares = row.size;
    split_fee(row, fill);
    fill.tx = row.tx;
    FillSettlement settled{fill.trade, fill.order, SettlementStatus::confirmed, {}};
    return Batch{own_event(scope, row.market, row.time, std::move(fill), row.account),
                 own_event(scope, row.market, row.time, std::move(settled), row.account)};
}

Result<Body> as_body(const Row& row) {
    const auto credit = [&](TransferReason reason) {
        Transfer transfer;
        transfer.cash = row.cash;
        transfer.reason = reason;
        transfer.tx = row.tx;
        return Body{transfer};
    };
    if (row.type == "SPLIT") return Body{Split{row.size, row.tx}};
    if (row.type == "MERGE") return Body{Merge{row.size, row.tx}};
    if (row.type == "REWARD") return credit(TransferReason::reward);
    if (row.type == "MAKER_REBATE") return credit(TransferReason::rebate);
    if (row.type == "REDEEM") {
        const auto burned = row.outcome.empty() ? std::nullopt : std::optional{row.size};
        return Body{Redemption{row.cash, row.outcome, burned, row.tx}};
    }
    if (row.type == "CONVERSION") {
        return malformed("a conversion moves shares between markets; the row does not say which");
    }
    return malformed("unknown activity " + quoted(row.type));
}

struct Position {
    std::string market, outcome, account;
    Shares shares;
};

Result<Position> position_of(const Json& row, const Scope& scope) {
    Position position;
    TRY(position.market, required_text(row, {"conditionId", "slug"}));
    TRY(position.outcome, required_text(row, {"outcome", "asset"}));
    TRY(position.shares, shares_in(row, {"size"}));
    position.account = account_of(scope, row);
    return position;
}

/// The balance of that market and account in `out`, made when there is none yet.
Balance& balance_of(const Position& position, const Scope& scope, Batch& out) {
    const auto same = std::ranges::find_if(out, [&](const Event& event) {
        return std::holds_alternative<Balance>(event.body) && event.market == position.market &&
               event.account == position.account;
    });
    if (same != out.end()) return std::get<Balance>(same->body);
    out.push_back(own_event(scope, position.market, std::nullopt, Balance{}, position.account));
    return std::get<Balance>(out.back().body);
}

}  // namespace

Result<Batch> read_activity(const Json& json, const Scope& scope) {
    constexpr std::array<std::string_view, 7> kTypes{
        "TRADE", "SPLIT", "MERGE", "REDEEM", "REWARD", "MAKER_REBATE", "CONVERSION"};
    TRY(const Row row, row_of(json, scope));
    if (std::ranges::find(kTypes, row.type) == kTypes.end()) {
        return malformed("unknown activity " + quoted(row.type));
    }
    if (!scope.settings.activity_as_fills) return as_claim(row, scope);
    if (row.type == "TRADE") return as_fill(row, scope);
    TRY(Body body, as_body(row));
    return Batch{own_event(scope, row.market, row.time, std::move(body), row.account)};
}

Result<Batch> read_closed_position(const Json& row, const Scope& scope) {
    TRY(const std::string market, required_text(row, {"conditionId", "slug"}));
    TRY(const auto time, maybe_time(row, {"timestamp"}));
    const Result<std::int64_t> realized = parse_micros(row.text_of("realizedPnl"));
    if (!realized) return malformed("realizedPnl: " + realized.error().detail);
    Claim claim{"closed_positions",
                "realized",
                format_micros(realized.value()),
                text_in(row, {"outcome"}),
                {},
                {},
                {}};
    return Batch{own_event(scope, market, time, std::move(claim), account_of(scope, row))};
}

/// GET /balance-allowance: integer text of 1e-6 dollars.
Result<Batch> read_cash(const Json& answer, const Scope& scope) {
    TRY(const std::string text, required_text(answer, {"balance"}));
    const Result<Wide> units = parse_decimal(text, 0);
    if (!units || units.value() < 0 || units.value() > INT64_MAX) {
        return malformed("balance is no count of micro-dollars: " + quoted(text));
    }
    if (!scope.input.market.empty()) return malformed("balance of a token that is not named");
    Balance balance{Money{static_cast<std::int64_t>(units.value())}, {}};
    return Batch{own_event(scope, {}, std::nullopt, std::move(balance), account_of(scope, answer))};
}

bool is_position(const Json& row) {
    return row.find("avgPrice") != nullptr && row.find("size") != nullptr;
}

Batch read_positions(const Json& rows, const Scope& scope) {
    Batch out;
    for (const Json& row : rows.items) {
        const Result<Position> position = position_of(row, scope);
        if (!position) {
            out.push_back(rejected(scope, row, "position: " + position.error().detail));
            continue;
        }
        const Position& held = position.value();
        balance_of(held, scope, out).shares.push_back({held.outcome, held.shares});
    }
    return out;
}

}  // namespace daybook::ingest::polymarket
