#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/enums.hpp"
#include "schemas/fixed.hpp"
#include "schemas/time.hpp"

namespace daybook {

/// What a venue exports of an account: evidence that is held against the journal, never an event.
enum class StatementKind : std::uint8_t {
    activity,          ///< Polymarket: trades, merges, splits, redemptions, one a row
    trades,            ///< Polymarket: trades alone; of the Data API without what was paid
    positions,         ///< Polymarket: all that is held now
    closed_positions,  ///< Polymarket: what was held once; often a page of it
    fills,             ///< Kalshi
    settlements,       ///< Kalshi: what was held when a market paid
};
template <>
struct EnumText<StatementKind> {
    static constexpr std::array<std::string_view, 6> names{
        "activity", "trades", "positions", "closed_positions", "fills", "settlements"};
};

/// What one line of a statement is about.
enum class LineKind : std::uint8_t { fill, merge, split, redemption, held, bought, settled };
template <>
struct EnumText<LineKind> {
    static constexpr std::array<std::string_view, 7> names{"fill", "merge",  "split",  "redemption",
                                                           "held", "bought", "settled"};
};

struct StatementLine {
    std::uint64_t row{};  ///< of the export, from 1
    LineKind kind{};
    std::string market, outcome;  ///< as the venue calls them; a merge or split has no outcome
    std::optional<Side> side{};   ///< of a fill
    std::string trade{}, tx{};
    std::optional<Time> time{};
    Shares shares{};
    std::optional<Money> cost{};  ///< of a fill before fee; of a redemption the cash it brought
    std::optional<Money> fee{};   ///< nothing: the venue states none
    std::optional<Money> pnl{};
};

struct Statement {
    std::string venue;
    StatementKind kind{};
    std::vector<StatementLine> lines;
    std::uint64_t rows{};             ///< as they stand in the file
    std::uint64_t repeated{};         ///< rows that are word for word one before
    std::uint64_t other{};            ///< rows that move no market's shares: rewards, failed trades
    std::vector<std::string> unread;  ///< rows that make no sense, and why
};

}  // namespace daybook
