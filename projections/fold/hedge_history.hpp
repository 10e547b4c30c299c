#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "projections/fold/hedge.hpp"
#include "projections/fold/ledger.hpp"

namespace daybook {

/// What a holder has of both outcomes from an event on, until the next step.
struct HedgeStep {
    Sequence seq;
    std::optional<Time> time;  ///< when the event happened
    Shares up, down;           ///< matched
    bool resolved{};           ///< nothing is at risk any more
    auto fields() { return std::tie(seq, time, up, down, resolved); }
    friend bool operator==(const HedgeStep&, const HedgeStep&) = default;
};
[[nodiscard]] std::optional<Fraction> hedge_ratio(const HedgeStep& step);
[[nodiscard]] Shares imbalance(const HedgeStep& step);
/// Whether something is held whose ratio is below `limit`. What is flat or resolved is not.
[[nodiscard]] bool exposed(const HedgeStep& step, Ratio limit);

/// The way a holder's hedge went, over its steps.
struct HedgePath {
    Shares peak;                    ///< largest imbalance
    Sequence peak_seq;              ///< where it first was that large; 0: nothing was ever held
    std::optional<Fraction> worst;  ///< lowest ratio while both outcomes were held
    Sequence worst_seq;
    std::int64_t below_min_ns{}, below_critical_ns{};  ///< by the times of the events
};
/// `until`: how long the last step has lasted, while it is not resolved. A clock that went back
/// counts as no time.
[[nodiscard]] HedgePath path_of(const std::vector<HedgeStep>& steps, const HedgeLimits& limits,
                                std::optional<Time> until);

/// Reads the ledger's rows as a step for every change of a position's shares, as all later events
/// have it: a voided fill never was.
class HedgeHistory {
  public:
    explicit HedgeHistory(Rows& rows) : ledger_{rows} {}

    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    /// In sequence order.
    [[nodiscard]] std::vector<HedgeStep> steps(const Holder& holder) const;

  private:
    Ledger ledger_;
};

/// Is each market hedged, was it always, and how far from it was it at worst?
[[nodiscard]] const Projection& hedge_projection();

}  // namespace daybook
