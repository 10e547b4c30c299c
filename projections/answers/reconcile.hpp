#pragma once

#include "projections/answers/positions.hpp"
#include "schemas/statement.hpp"

namespace daybook {

/// How one thing of a statement stands beside the journal.
enum class Match : std::uint8_t {
    agreed,         ///< to the micro-dollar
    rounding,       ///< off by kReconcileTolerance at most
    different,      ///< off by more
    missing_here,   ///< the journal knows nothing of it
    missing_there,  ///< the export, which covers its time, knows nothing of it
};
template <>
struct EnumText<Match> {
    static constexpr std::array<std::string_view, 5> names{"agreed", "rounding", "different",
                                                           "missing_here", "missing_there"};
};

inline constexpr std::int64_t kReconcileTolerance = 10'000;  ///< 0.01 of a dollar or a share

/// What one side says; what it does not state is not compared.
struct Stated {
    Shares shares;
    std::optional<Money> cost;  ///< before fee
    std::optional<Money> fee, pnl;
};

/// One fill, holding or settled market beside its counterpart.
struct Reconciled {
    LineKind kind{};
    std::string market, title, outcome;
    std::optional<Side> side;
    std::vector<std::uint64_t> rows;  ///< of the export
    std::vector<Sequence> seqs;       ///< of the journal
    std::optional<Stated> here, there;
    Match match{};

    /// The venue charged something, and nobody told the journal.
    [[nodiscard]] bool fee_unrecorded() const {
        return here && there && there->fee && there->fee->micros != 0 && !here->fee;
    }
};

struct Reconciliation {
    std::vector<Reconciled> lines;  ///< as the export has them; what is missing there follows
    [[nodiscard]] std::uint64_t count(Match match) const;
    /// `different`, or missing on either side.
    [[nodiscard]] bool off() const;
};

/// Shares and cost before fee are compared where both sides state them, fees likewise; P&L where
/// both state a fee too, since without one it is another figure.
[[nodiscard]] Match compare(const Stated& here, const Stated& there);

/// Whom a statement is held against.
struct StatementScope {
    Mode mode{Mode::live};
    std::string account{};  ///< empty: all of the venue's
};

/// The rows of the projections `fills` and `positions`, both as of the same event.
struct ReconcileRows {
    Rows& fills;
    Rows& positions;
};

/// Holds a statement against the journal. Fills meet by trade, else by transaction, else (where one
/// side states neither) by equal shares; fills of one transaction are compared together. Of a
/// statement of movements or settlements, what the journal has between its first and its last row
/// must stand there; one of positions must name all that is held; a page of closed positions is
/// judged by its own rows only.
[[nodiscard]] Reconciliation reconcile(const Statement& statement, const ReconcileRows& rows,
                                       const StatementScope& scope);

[[nodiscard]] Listing list_reconciled(const Reconciliation& result);

}  // namespace daybook
