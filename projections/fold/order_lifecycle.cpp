#include "projections/fold/order_lifecycle.hpp"

#include <array>
#include <optional>

namespace daybook {
namespace {

enum class To : std::uint8_t {
    new_,
    submitted,
    unknown,
    delayed,
    live,
    partially_filled,
    filled,
    pending_cancel,
    canceled,
    expired,
    rejected,
    stay,      // also for what repeats a status
    previous,  // the state before the cancel was asked for
    reopen,    // what the statuses alone say, with the fills that are left
};
enum class Note : std::uint8_t { none, early, illegal, late, conflict, illegal_conflict };
struct Cell {
    To to{To::stay};
    Note note{Note::none};
};

constexpr std::size_t kStates = 11;
constexpr std::size_t kSteps = 14;
using Row = std::array<Cell, kSteps>;

// NOLINTBEGIN(readability-identifier-naming): cells of a table, short so that it reads as one
// Cells: a word is the next state; ok stays; no is illegal and stays; a word with _e was expected
// later (out of order); late and clash apply the quantity and say so.
constexpr Cell ok{}, no{To::stay, Note::illegal};
constexpr Cell sub{To::submitted}, unk{To::unknown}, rej{To::rejected}, del{To::delayed};
constexpr Cell live{To::live}, part{To::partially_filled}, fill{To::filled};
constexpr Cell pend{To::pending_cancel}, canc{To::canceled}, exp{To::expired};
constexpr Cell back{To::previous}, open{To::reopen};
constexpr Cell rej_e{To::rejected, Note::early}, del_e{To::delayed, Note::early};
constexpr Cell live_e{To::live, Note::early}, part_e{To::partially_filled, Note::early};
constexpr Cell fill_e{To::filled, Note::early}, canc_e{To::canceled, Note::early};
constexpr Cell exp_e{To::expired, Note::early}, sub_e{To::submitted, Note::early};
constexpr Cell late{To::stay, Note::late}, fill_l{To::filled, Note::late};
constexpr Cell clash{To::stay, Note::conflict}, fill_c{To::filled, Note::conflict};
constexpr Cell no_c{To::stay, Note::illegal_conflict};
// NOLINTEND(readability-identifier-naming)

// Source: reference "Order states" (trading page §6). Differences, because the contract has no
// denied orders and a venue's first answer often is the only evidence of a submission: a `new`
// order may be rejected or delayed (flagged early), and a claim of a match proves it was sent.
// clang-format off
constexpr std::array<Row, kStates> kTable{{
//                submitted unknown rejected delayed live    claimed cancel? refused canceled expired part    all     rev.part rev.all
/* new         */ {{ sub,    unk,    rej_e,   del_e,  live_e, sub_e,  no,     no,     canc_e,  exp_e,  part_e, fill_e, ok,      fill }},
/* submitted   */ {{ ok,     unk,    rej,     del,    live,   ok,     pend,   ok,     canc,    exp,    part,   fill,   open,    fill }},
/* unknown     */ {{ no,     ok,     rej,     del,    live,   ok,     pend,   ok,     canc,    exp,    part,   fill,   open,    fill }},
/* delayed     */ {{ no,     no,     rej,     ok,     live,   ok,     pend,   ok,     canc,    exp,    part,   fill,   open,    fill }},
/* live        */ {{ no,     no,     no,      no,     ok,     ok,     pend,   ok,     canc,    exp,    part,   fill,   open,    fill }},
/* part.filled */ {{ no,     no,     no,      no,     ok,     ok,     pend,   ok,     canc,    exp,    ok,     fill,   open,    fill }},
/* filled      */ {{ no,     no,     no,      no,     no,     ok,     no,     ok,     no,      no,     ok,     ok,     open,    ok   }},
/* pend.cancel */ {{ no,     no,     no,      no,     ok,     ok,     ok,     back,   canc,    exp,    ok,     fill,   ok,      fill }},
/* canceled    */ {{ no,     no,     no,      no,     no,     ok,     no,     no,     ok,      ok,     late,   fill_l, ok,      fill }},
/* expired     */ {{ no,     no,     no,      no,     no,     ok,     no,     no,     ok,      ok,     late,   fill_l, ok,      fill }},
/* rejected    */ {{ no,     no,     ok,      no,     no_c,   no_c,   no,     no,     no,      no,     clash,  fill_c, ok,      fill }},
}};
// clang-format on

Flags<OrderFlag> flags_of(Note note) {
    Flags<OrderFlag> flags;
    switch (note) {
        case Note::none:
            break;
        case Note::early:
            flags.set(OrderFlag::out_of_order);
            break;
        case Note::illegal:
            flags.set(OrderFlag::illegal_transition);
            break;
        case Note::late:
            flags.set(OrderFlag::late_fill);
            break;
        case Note::conflict:
            flags.set(OrderFlag::conflict);
            break;
        case Note::illegal_conflict:
            flags.set(OrderFlag::illegal_transition);
            flags.set(OrderFlag::conflict);
            break;
    }
    return flags;
}

/// The fills that are left, on top of what the statuses alone say. A fill, even one that failed
/// to settle, proves that the venue had the order: without one it is live again.
OrderState reopened(OrderState without_fills, Progress progress) {
    if (is_final(without_fills) || without_fills == OrderState::pending_cancel) {
        return without_fills;
    }
    return progress == Progress::none ? OrderState::live : OrderState::partially_filled;
}

OrderState target(To to, OrderState state, const Lifecycle& life, Progress progress) {
    if (to == To::stay) return state;
    if (to == To::reopen) return reopened(life.without_fills, progress);
    if (to != To::previous) return static_cast<OrderState>(to);
    return progress == Progress::none ? life.before_cancel : OrderState::partially_filled;
}

Cell cell(OrderState state, OrderStep step) {
    return kTable.at(static_cast<std::size_t>(state)).at(static_cast<std::size_t>(step));
}

}  // namespace

OrderStep step_of(OrderStatusCode status) {
    switch (status) {
        case OrderStatusCode::submitted:
            return OrderStep::submitted;
        case OrderStatusCode::unknown:
            return OrderStep::unknown;
        case OrderStatusCode::rejected:
            return OrderStep::rejected;
        case OrderStatusCode::delayed:
            return OrderStep::delayed;
        case OrderStatusCode::live:
            return OrderStep::live;
        case OrderStatusCode::matched:
        case OrderStatusCode::filled:
            return OrderStep::claimed;
        case OrderStatusCode::cancel_requested:
            return OrderStep::cancel_requested;
        case OrderStatusCode::cancel_rejected:
            return OrderStep::cancel_rejected;
        case OrderStatusCode::canceled:
            return OrderStep::canceled;
        case OrderStatusCode::expired:
            return OrderStep::expired;
    }
    return OrderStep::claimed;
}

Moved move(const Lifecycle& before, OrderStep step, Progress progress) {
    Lifecycle life = before;
    if (step < OrderStep::fill_part) {
        const To alone = cell(before.without_fills, step).to;
        if (alone == To::pending_cancel) life.before_cancel = before.without_fills;
        life.without_fills = target(alone, before.without_fills, life, Progress::none);
    }
    const Cell now = cell(before.state, step);
    life.state = target(now.to, before.state, life, progress);
    return {life, flags_of(now.note)};
}

bool is_final(OrderState state) {
    return state == OrderState::filled || state == OrderState::canceled ||
           state == OrderState::expired || state == OrderState::rejected;
}

}  // namespace daybook
