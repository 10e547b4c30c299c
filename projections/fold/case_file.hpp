#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "projections/fold/cases.hpp"
#include "projections/fold/position.hpp"

namespace daybook {

/// A fill of a case, with everything later events said of it.
struct CaseFill {
    std::string name;
    std::optional<std::size_t> side;  ///< nothing: no definition names its outcome
    Side direction{};
    std::optional<Role> role;
    FillState state;
    std::optional<Time> time, settled_time;
};

/// An order of a case, under all of its names.
struct CaseOrder {
    std::string name;  ///< the bot's, or the first seen
    std::optional<OrderIntent> intent;
    Sequence first_seq, intent_seq;
    std::optional<Time> intent_time;
    std::optional<std::int64_t> intent_mono;
    std::string group;
    std::vector<const CaseEvent*> said;  ///< intent, statuses, fills … in sequence order
    std::vector<CaseFill> fills;

    /// Shares of fills recorded up to `upto` that had not failed by then.
    [[nodiscard]] Shares filled(Sequence upto) const;
    /// State after what was said up to `upto`, by the one table of order_lifecycle.
    [[nodiscard]] OrderState state(Sequence upto) const;
    /// When it was sent: told by a status, else by its intent.
    [[nodiscard]] std::optional<Time> sent() const;
    [[nodiscard]] Sequence sent_seq() const;
    [[nodiscard]] bool is(Purpose purpose) const { return intent && intent->purpose == purpose; }
};

inline constexpr Sequence kEverything{UINT64_MAX};

/// One account in one market in one mode, ready to be judged.
struct CaseFile {
    Holder holder;
    MarketRow market;
    Position position;
    std::vector<CaseEvent> events;
    std::vector<CaseOrder> orders;   ///< in the order in which they were first named
    std::vector<Standing> standing;  ///< halts and flags, of the whole journal
    std::optional<Time> now;         ///< clock of the last event of the journal

    CaseFile() = default;
    CaseFile(const CaseFile&) = delete;  // orders point into events
    CaseFile& operator=(const CaseFile&) = delete;
    CaseFile(CaseFile&&) = default;
    CaseFile& operator=(CaseFile&&) = default;

    /// 0 or 1 of an outcome as it was given.
    [[nodiscard]] std::optional<std::size_t> side_of(std::string_view outcome) const;
    [[nodiscard]] std::optional<std::size_t> side_of(const CaseOrder& order) const;
};

/// Puts the orders of `file.events` together; `file.market` must be set.
void read_orders(CaseFile& file);

/// What a fill moved, fees as the ledger takes them. Nothing while only its settlement is known.
[[nodiscard]] OwnTrade trade_of(const CaseFile& file, const CaseFill& fill,
                                const FillAmounts& amounts);

}  // namespace daybook
