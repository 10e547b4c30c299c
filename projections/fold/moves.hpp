#pragma once

#include <array>
#include <cstdint>
#include <tuple>

#include "projections/fold/ledger.hpp"

namespace daybook {

/// The figures of a position that add up: over markets, and over the events that moved them.
struct Figures {
    std::array<Shares, 2> matched{};
    Money realized{}, edge{};
    Flows flows{};
    std::int64_t fills{};
    auto fields() { return std::tie(matched[0], matched[1], realized, edge, flows, fills); }
    friend bool operator==(const Figures&, const Figures&) = default;
};
[[nodiscard]] Figures figures_of(const Position& position);
void add(Figures& to, const Figures& change);
[[nodiscard]] Figures operator-(const Figures& now, const Figures& before);

/// Tells what an event changed in the figures of each holder. The changes of a holder add up to the
/// figures of its position after every event; a void takes back what it voids by its own event.
class Moves : public LedgerWatch {
  public:
    Moves(Rows& rows, Ledger& ledger) : sums_{rows, "move_sums"} { ledger.tell(*this); }

    void folded(const Event& event, const Holder& holder, const Position& after) final;
    void moved(const Event&, const Holder& from, const Holder& to) final;

  protected:
    /// `change` is not zero.
    virtual void took(const Event& event, const Holder& holder, const Figures& change) = 0;
    /// What was kept under `from` is `to`'s: two markets turned out to be one.
    virtual void renamed(const Holder& from, const Holder& to) = 0;

  private:
    Table<Figures> sums_;  ///< (account, mode, market): what was told so far
};

}  // namespace daybook
