#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "projections/fold/market_row.hpp"
#include "projections/fold/projection.hpp"
#include "projections/fold/table.hpp"

namespace daybook {

struct Join {  ///< two names turned out to be one market: what was kept under `from` is `to`'s
    MarketKey from;
    MarketKey to;
    friend bool operator==(const Join&, const Join&) = default;
};

/// The directory of markets, kept in the rows of the projection that uses it. Any name of a market
/// leads to one key: the seq of the first event *of this fold* that named it, the lowest one after
/// a join. Names are per venue. A joined key stays valid for find() and current().
class Markets {
  public:
    explicit Markets(Rows& rows);

    /// The market `event` names; 0 when it names none. A new name makes an undefined market.
    MarketKey id_of(const Event& event);
    /// Folds market_defined, market_changed and market_resolved; anything else changes nothing.
    /// Returns what a definition joined: move your rows, then look at find(to) again.
    std::vector<Join> apply(const Event& event);

    [[nodiscard]] std::optional<MarketRow> find(MarketKey market) const;
    /// The same where it stands: good until this directory is used again. Null: there is none.
    [[nodiscard]] const MarketRow* row(MarketKey market) const;
    [[nodiscard]] std::optional<MarketKey> lookup(std::string_view venue,
                                                  std::string_view name) const;
    /// The key that `market` goes by now.
    [[nodiscard]] MarketKey current(MarketKey market) const;
    /// By key: in the order in which they were first named.
    void for_each(const std::function<void(const MarketRow&)>& visit) const;

    [[nodiscard]] static std::optional<int> outcome_index(const MarketRow& market,
                                                          std::string_view outcome);
    [[nodiscard]] static std::optional<std::array<Ratio, 2>> payouts(const MarketRow& market);

  private:
    struct KeyRow {
        MarketKey market;
        auto fields() { return std::tie(market); }
    };

    MarketKey create(const Event& event, std::string_view name);
    std::vector<Join> define_market(const Event& event, const MarketDefined& defined);
    [[nodiscard]] std::vector<MarketRow> already_known(const Event& event,
                                                       const std::vector<std::string>& names,
                                                       MarketRow& said) const;
    void name_it(MarketRow& market, std::string_view name);
    void join_into(MarketRow& market, const MarketRow& other);
    void put(const MarketRow& market);

    Table<MarketRow> markets_;
    Table<KeyRow> names_;   ///< (venue, name) -> market
    Table<KeyRow> joined_;  ///< former key -> the key it was joined into
};

/// Which markets are known, and how did they resolve?
[[nodiscard]] const Projection& markets_projection();

}  // namespace daybook
