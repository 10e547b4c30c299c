#pragma once

#include <functional>
#include <optional>

#include "projections/fold/markets.hpp"

namespace daybook {

enum class DepthSource : std::uint8_t { book, quote };
template <>
struct EnumText<DepthSource> {
    static constexpr std::array<std::string_view, 2> names{"book", "quote"};
};

/// One side of a book at one moment; what nobody told is absent.
struct SideDepth {
    std::optional<Price> best;
    std::optional<Shares> at_best;
    std::optional<Shares> depth;  ///< over all levels told
    std::uint32_t levels{};       ///< 0 for a quote: it tells no levels
    auto fields() { return std::tie(best, at_best, depth, levels); }
    friend bool operator==(const SideDepth&, const SideDepth&) = default;
};

/// One snapshot: a `book` or a `quote` as it was recorded, never changed afterwards.
struct DepthRow {
    DepthSource source{};
    std::optional<Time> time;
    SideDepth bid, ask;
    auto fields() { return std::tie(source, time, bid, ask); }
    friend bool operator==(const DepthRow&, const DepthRow&) = default;
};
[[nodiscard]] SideDepth side_depth(const std::optional<std::vector<Level>>& levels, Side side);

struct DepthTotals {
    std::uint64_t books{}, quotes{};
    Sequence first, last;
    auto fields() { return std::tie(books, quotes, first, last); }
    friend bool operator==(const DepthTotals&, const DepthTotals&) = default;
};

/// Every snapshot of every book, addressable by its sequence.
class Liquidity {
  public:
    /// The outcome of a market: "0" or "1" when its definition was known, else the text given.
    struct Place {
        MarketKey market;  ///< of a row as it was written; Markets::current() tells what it is now
        std::string outcome;
    };

    explicit Liquidity(Rows& rows);

    void apply(const Event& event);

    using Snapshot = std::function<bool(Sequence seq, const DepthRow& row)>;
    /// The snapshots of `place` in sequence, until `visit` returns false.
    void for_each(const Place& place, const Snapshot& visit) const;
    /// Every place of which there are snapshots.
    void totals(const std::function<void(const Place&, const DepthTotals&)>& visit) const;
    [[nodiscard]] const Markets& markets() const { return markets_; }

  private:
    struct TotalsRow {
        MarketKey market;
        std::string outcome;
        DepthTotals totals;
        auto fields() { return std::tie(market, outcome, totals); }
    };
    void put(const Event& event, const std::string& outcome, const DepthRow& row);

    Rows& rows_;
    Markets markets_;
    Table<DepthRow> snapshots_;  ///< (market, outcome, seq)
    Table<TotalsRow> totals_;
};

/// How deep was each book, at every snapshot?
[[nodiscard]] const Projection& liquidity_projection();

}  // namespace daybook
