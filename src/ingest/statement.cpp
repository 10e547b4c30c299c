#include "src/ingest/statement.hpp"

#include <algorithm>
#include <set>

#include "src/ingest/export_rows.hpp"
#include "src/ingest/fields.hpp"
#include "src/ingest/kalshi.hpp"
#include "src/ingest/polymarket.hpp"

// Rows that are movements are read as the door reads them (`--as fills`), so that what is compared
// is what would have been recorded. Rows that are sums have no event and are read here.
namespace daybook::ingest {
namespace {

using Lines = std::vector<StatementLine>;

bool has(const Json& row, std::string_view name) { return stated(row, {name}) != nullptr; }

struct What {
    std::string_view venue;
    StatementKind kind;
};
std::optional<What> what_of(const Json& row) {
    if (has(row, "market_result")) return What{"kalshi", StatementKind::settlements};
    if (has(row, "taker_order_id")) return What{"polymarket", StatementKind::trades};
    if (has(row, "order_id") && (has(row, "trade_id") || has(row, "fill_id")))
        return What{"kalshi", StatementKind::fills};
    if (!has(row, "conditionId") && !has(row, "slug")) return std::nullopt;
    if (has(row, "type")) return What{"polymarket", StatementKind::activity};
    if (has(row, "transactionHash")) return What{"polymarket", StatementKind::trades};
    if (!has(row, "avgPrice")) return std::nullopt;
    return What{"polymarket",
                has(row, "size") ? StatementKind::positions : StatementKind::closed_positions};
}

/// A line from the event that the door makes of a row; nothing where it moves no market's shares.
struct LineOf {
    StatementLine& line;

    bool operator()(const Fill& fill) const {
        line.kind = LineKind::fill;
        line.outcome = fill.outcome;
        line.side = fill.side;
        line.trade = fill.trade;
        line.tx = fill.tx;
        line.shares = fill.shares;
        line.cost = fill.cost;
        line.fee = fill.fee;
        return true;
    }
    bool operator()(const Merge& merge) const { return pairs(LineKind::merge, merge); }
    bool operator()(const Split& split) const { return pairs(LineKind::split, split); }
    bool operator()(const Redemption& redemption) const {
        line.kind = LineKind::redemption;
        line.outcome = redemption.outcome;
        line.tx = redemption.tx;
        line.shares = redemption.shares.value_or(Shares{});
        line.cost = redemption.cash;
        return true;
    }
    template <class Other>
    bool operator()(const Other&) const {
        return false;
    }

  private:
    template <class Body>
    bool pairs(LineKind kind, const Body& body) const {
        line.kind = kind;
        line.tx = body.tx;
        line.shares = body.pairs;
        return true;
    }
};

/// The venue's last word on a trade is that it failed: it moved nothing.
bool failed(const Batch& events) {
    return std::ranges::any_of(events, [](const Event& event) {
        const auto* settled = std::get_if<FillSettlement>(&event.body);
        return settled != nullptr && settled->status == SettlementStatus::failed;
    });
}

Result<Lines> moved_lines(const Batch& events) {
    Lines lines;
    if (failed(events)) return lines;
    for (const Event& event : events) {
        if (const auto* strange = std::get_if<Unparsed>(&event.body))
            return malformed(strange->why);
        StatementLine line;
        if (!std::visit(LineOf{line}, event.body)) continue;
        line.market = event.market;
        line.time = event.time;
        lines.push_back(std::move(line));
    }
    return lines;
}

/// `number` of `names` as millionths; a sign is free.
Result<std::optional<std::int64_t>> micros_in(const Json& row, std::string_view name) {
    const std::string text = text_in(row, {name});
    if (text.empty()) return std::optional<std::int64_t>{};
    auto micros = parse_micros(text);
    if (!micros) return malformed(std::string{name} + ": " + micros.error().detail);
    return std::optional{micros.value()};
}

std::optional<Money> money_of(const std::optional<std::int64_t>& micros) {
    return micros ? std::optional{Money{*micros}} : std::nullopt;
}

/// size × average price; the venue's average has up to 18 decimals.
Result<std::optional<Money>> at_average(const Json& row, const std::optional<Shares>& shares) {
    const std::string text = text_in(row, {"avgPrice"});
    if (text.empty() || !shares) return std::optional<Money>{};
    const auto price = parse_decimal(text, 18);
    constexpr Wide kOne = Wide{1'000'000'000} * 1'000'000'000;
    if (!price || price.value() < 0 || price.value() > kOne)
        return malformed("avgPrice is not between 0 and 1: " + quoted(text));
    return std::optional{
        Money{static_cast<std::int64_t>(divide_half_even(price.value() * shares->micros, kOne))}};
}

Result<Lines> position_line(const Json& row, LineKind kind) {
    StatementLine line;
    line.kind = kind;
    TRY(line.market, required_text(row, {"conditionId", "slug"}));
    TRY(line.outcome, required_text(row, {"outcome", "asset"}));
    TRY(line.time, maybe_time(row, {"timestamp"}));
    TRY(const auto bought, maybe_shares(row, {"totalBought"}));
    TRY(line.cost, at_average(row, bought));
    TRY(const auto realized, micros_in(row, "realizedPnl"));
    line.pnl = money_of(realized);
    if (kind == LineKind::held) {
        TRY(line.shares, shares_in(row, {"size"}));
    } else {
        if (!bought) return malformed("totalBought is missing");
        line.shares = *bought;
    }
    return Lines{line};
}

/// The settled contracts of one outcome, and what they had cost.
struct SettledNames {
    std::string_view outcome, count, whole_count, cost;
};
constexpr SettledNames kSettled[]{
    {"yes", "yes_count_fp", "yes_count", "yes_total_cost_dollars"},
    {"no", "no_count_fp", "no_count", "no_total_cost_dollars"},
};

/// Fee and result are the market's: they stand in the first line of a settlement.
Result<void> sum_up(const Json& row, Lines& lines) {
    TRY(const auto fee, micros_in(row, has(row, "fee_cost") ? "fee_cost" : "fee_usd"));
    const bool dollars = has(row, "revenue_dollars") || has(row, "revenue_usd");
    TRY(auto revenue, micros_in(row, has(row, "revenue_dollars") ? "revenue_dollars"
                                     : dollars                   ? "revenue_usd"
                                                                 : "revenue"));
    if (revenue && !dollars) *revenue /= 100;  // whole cents
    Money cost;
    for (const StatementLine& line : lines) cost += line.cost.value_or(Money{});
    lines.front().fee = money_of(fee);
    if (revenue && fee) lines.front().pnl = Money{*revenue} - cost - Money{*fee};
    return ok();
}

Result<Lines> settlement_lines(const Json& row) {
    StatementLine whole;
    whole.kind = LineKind::settled;
    TRY(whole.market, required_text(row, {"ticker", "market_ticker"}));
    TRY(whole.time, maybe_time(row, {"settled_time"}));
    Lines lines;
    for (const SettledNames& names : kSettled) {
        TRY(const auto count, maybe_shares(row, {names.count, names.whole_count}));
        if (!count || *count == Shares{}) continue;
        lines.push_back(whole);
        lines.back().outcome = names.outcome;
        lines.back().shares = *count;
        TRY(lines.back().cost, maybe_money(row, {names.cost}));
    }
    if (const std::string side = text_in(row, {"our_side"}); !side.empty()) {
        lines.push_back(whole);
        lines.back().outcome = side;
        TRY(lines.back().shares, shares_in(row, {"contracts"}));
        TRY(lines.back().cost, maybe_money(row, {"total_cost_usd"}));
    }
    if (lines.empty()) return lines;  // flat when it paid: nothing to hold against anything
    TRYV(sum_up(row, lines));
    return lines;
}

Result<Lines> read_row(const Json& row, StatementKind kind, const std::vector<Account>& accounts) {
    switch (kind) {
        case StatementKind::positions:
            return position_line(row, LineKind::held);
        case StatementKind::closed_positions:
            return position_line(row, LineKind::bought);
        case StatementKind::settlements:
            return settlement_lines(row);
        case StatementKind::fills: {
            Input input;
            const std::string text = write_json(row);
            input.payload = text;
            return moved_lines(Kalshi{Settings{}}.read(input));
        }
        case StatementKind::activity:
        case StatementKind::trades:
            return moved_lines(Polymarket{Settings{accounts, true}}.read_line(write_json(row)));
    }
    return malformed("no known row");
}

}  // namespace

Result<Statement> read_statement(std::string_view text, const std::vector<Account>& accounts) {
    TRY(const auto rows, export_rows(text));
    Statement statement;
    const auto known =
        std::ranges::find_if(rows, [](const Json& row) { return what_of(row).has_value(); });
    if (known == rows.end())
        return Error{Errc::malformed, "no row is one of a venue's export",
                     "Polymarket positions, activity, trades, closed positions; Kalshi fills, "
                     "settlements"};
    statement.venue = what_of(*known)->venue;
    statement.kind = what_of(*known)->kind;
    std::set<std::string> seen;
    for (const Json& row : rows) {
        ++statement.rows;
        if (!seen.insert(write_json(row)).second) {
            ++statement.repeated;
            continue;
        }
        auto lines = read_row(row, statement.kind, accounts);
        if (!lines) {
            statement.unread.push_back("row " + std::to_string(statement.rows) + ": " +
                                       lines.error().detail);
            continue;
        }
        if (lines.value().empty()) ++statement.other;
        for (StatementLine& line : lines.value()) {
            line.row = statement.rows;
            statement.lines.push_back(std::move(line));
        }
    }
    return statement;
}

}  // namespace daybook::ingest
