#pragma once

#include "projections/answers/listing.hpp"
#include "projections/fold/hedge.hpp"
#include "projections/fold/history.hpp"
#include "projections/fold/orders.hpp"

namespace daybook {

/// What a question is about; empty fields mean all.
struct Scope {
    Mode mode{Mode::live};
    std::string market{};  ///< any name of it
    Sequence after{};      ///< only fills and attempts first told of behind it
    [[nodiscard]] bool takes(const MarketRow& row) const;
};

/// Shares of orders that wait at the venue: never part of a position.
struct Waiting {
    Shares buy, sell, in_doubt;
};

/// A position beside what waits for it, ready to be shown.
struct PositionView {
    Holder holder;
    MarketRow market;
    Position position;
    std::array<Waiting, 2> waiting;
    std::array<std::string, 2> outcomes;  ///< as they are called

    [[nodiscard]] bool open() const { return !position.resolved(); }
    /// What is still to come if outcome `side` wins, the realised part excluded; for open markets.
    [[nodiscard]] Money if_outcome(std::size_t side) const;
    [[nodiscard]] Money worst() const { return std::min(if_outcome(0), if_outcome(1)); }
    [[nodiscard]] Money best() const { return std::max(if_outcome(0), if_outcome(1)); }
};

/// Every position of the scope, in the order in which the markets were first named; markets in
/// which orders wait but nothing is held are among them. `ledger` holds the rows of `positions`,
/// `orders` those of `orders`, both as of the same event.
[[nodiscard]] std::vector<PositionView> positions_of(Rows& ledger, Rows& orders,
                                                     const Scope& scope);

/// The same as of the event `at`: `history` and `orders` hold the rows of those projections, which
/// have folded it, or more.
[[nodiscard]] std::vector<PositionView> past_positions_of(Rows& history, Rows& orders,
                                                          const Scope& scope, Sequence at);

/// The contract's `positions` array (§3), with table columns for people.
[[nodiscard]] Listing list_positions(const std::vector<PositionView>& positions,
                                     const HedgeLimits& limits);

/// Whether anything of that mode is recorded.
[[nodiscard]] bool has_mode_rows(Rows& ledger, Rows& orders, Mode mode);
[[nodiscard]] bool had_mode_rows(Rows& history, Rows& orders, Mode mode, Sequence at);

}  // namespace daybook
