#pragma once

#include <memory>

#include "bench/raw_fold.hpp"

namespace daybook::bench {

/// The peer of a rebuild: the same events as rows of SQLite (WAL, synchronous FULL), payloads as
/// blobs, an index by type, and a table of positions that is replaced in one transaction.
class SqliteDays {
  public:
    SqliteDays(const std::filesystem::path& folder, const MarketDays& days);
    ~SqliteDays();
    SqliteDays(const SqliteDays&) = delete;
    SqliteDays& operator=(const SqliteDays&) = delete;

    /// Every payload read, the fills folded, positions replaced. SQLite checks no sums.
    [[nodiscard]] RawLedger reset_reading_all();
    /// The fills alone, through the index.
    [[nodiscard]] RawLedger reset_by_index();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace daybook::bench
