#pragma once

#include <cstdint>

#include "projections/fold/flags.hpp"
#include "schemas/enums.hpp"

namespace daybook {

enum class OrderState : std::uint8_t {
    new_,       ///< intended, nothing says it was sent
    submitted,  ///< sent, no answer yet
    unknown,    ///< sent, the answer was lost: in doubt until there is evidence
    delayed,
    live,
    partially_filled,
    filled,
    pending_cancel,
    canceled,
    expired,
    rejected,
};
template <>
struct EnumText<OrderState> {
    static constexpr std::array<std::string_view, 11> names{
        "new",    "submitted",      "unknown",  "delayed", "live",    "partially_filled",
        "filled", "pending_cancel", "canceled", "expired", "rejected"};
};

enum class OrderFlag : std::uint8_t {
    adopted,             ///< first seen at the venue: no intent and no submission before it
    orphan,              ///< known by its fills only
    out_of_order,        ///< evidence of the venue before that of the submission, or of the intent
    illegal_transition,  ///< a status that cannot follow; kept as raw_status, the state stays
    conflict,            ///< fills of, or life in, an order that was rejected
    late_fill,           ///< a fill recorded after the order was canceled or expired
    overfill,            ///< fills over its shares by more than 0.01 share
    voided,              ///< a settlement failed and took back shares
    corrected,
    contradicting_settlement,
    repeated_fill,  ///< one fill under two identities or two names of the order; counted once
};
template <>
struct EnumText<OrderFlag> {
    static constexpr std::array<std::string_view, 11> names{
        "adopted",      "orphan",
        "out_of_order", "illegal_transition",
        "conflict",     "late_fill",
        "overfill",     "voided",
        "corrected",    "contradicting_settlement",
        "repeated_fill"};
};

/// What happened to an order: what its status says, or how its unvoided fills stand afterwards.
enum class OrderStep : std::uint8_t {
    submitted,
    unknown,
    rejected,
    delayed,
    live,
    claimed,  ///< the venue says matched or filled: a claim, no quantity
    cancel_requested,
    cancel_rejected,
    canceled,
    expired,
    fill_part,     ///< a fill, and shares are left to fill (or nobody said how many there are)
    fill_all,      ///< a fill, and the order is complete
    revised_part,  ///< voided or corrected, or its size was learned: not complete
    revised_all,   ///< the same: complete
};

/// How far the unvoided fills of an order have come.
enum class Progress : std::uint8_t { none, part, all };

[[nodiscard]] OrderStep step_of(OrderStatusCode status);

struct Lifecycle {
    OrderState state{};
    /// The state by statuses alone, as if no fill had ever been: what a void falls back to.
    OrderState without_fills{};
    OrderState before_cancel{};  ///< where a refused cancel returns to
    auto fields() { return std::tie(state, without_fills, before_cancel); }
    friend bool operator==(const Lifecycle&, const Lifecycle&) = default;
};

/// The lifecycle after `step`, and what it is to be flagged with. `progress` is that of the fills,
/// `step` included.
struct Moved {
    Lifecycle life;
    Flags<OrderFlag> flags;
};
[[nodiscard]] Moved move(const Lifecycle& before, OrderStep step, Progress progress);

/// filled, canceled, expired, rejected: no share of it works any more.
[[nodiscard]] bool is_final(OrderState state);

}  // namespace daybook
