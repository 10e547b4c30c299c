#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "projections/fold/ledger.hpp"

namespace daybook {

/// The ledger as it was known after a past event, out of the rows of `history`: what a fold that
/// ended there would say. A question reads the state of a holder, never the events before it.
class PastLedger {
  public:
    /// `rows` outlive this and have folded `at`, or more.
    PastLedger(Rows& rows, Sequence at);

    /// Every position, by account, mode and market in the order they were first named.
    void for_each(const std::function<void(const Holder&, const Position&)>& visit) const;
    [[nodiscard]] Position position(const Holder& holder) const;
    /// The market as known then; nothing when nobody held anything of it and it was not defined.
    [[nodiscard]] std::optional<MarketRow> market(MarketKey market) const;
    /// The market a name leads to now: its key then may have been another one, joined since.
    [[nodiscard]] std::optional<MarketKey> lookup(std::string_view venue,
                                                  std::string_view name) const;
    /// The outcomes that the movements of a holder named before they were defined, in sequence.
    [[nodiscard]] std::vector<std::string> outcomes(const Holder& holder) const;
    /// The wallet of an account.
    [[nodiscard]] std::vector<WalletEntry> wallet(std::string_view account, Mode mode) const;
    /// Accounts and modes that have positions or wallet entries, without repeats.
    [[nodiscard]] std::vector<std::pair<std::string, Mode>> accounts() const;

  private:
    Rows& rows_;
    Ledger ledger_;
    Sequence at_;
};

/// What was held at any past moment?
[[nodiscard]] const Projection& history_projection();

}  // namespace daybook
