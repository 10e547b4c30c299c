#include "projections/answers/why.hpp"

#include <algorithm>
#include <array>

namespace daybook {
namespace {

std::string text(Shares shares) { return format_micros(shares.micros); }
std::string text(Money money) { return format_micros(money.micros); }

std::string hedge_numbers(const PositionView& view) {
    const auto ratio = hedge_ratio(view.position);
    if (!ratio) return {};
    const std::string both = text(view.position.sides[0].matched.shares) + ", " +
                             text(view.position.sides[1].matched.shares);
    return "min(" + both + ") ÷ max(" + both + ") = " + format_ratio(*ratio);
}

std::string pair_numbers(const PositionView& view) {
    const Position& p = view.position;
    const auto cost = pair_cost(p);
    if (!cost) return {};
    const Shares held = pairs_held(p);
    std::string numbers = "(";
    if (p.merged.micros > 0) numbers += text(p.merged_cost) + " for " + text(p.merged) + " merged";
    if (p.merged.micros > 0 && held.micros > 0) numbers += " + ";
    if (held.micros > 0) {
        numbers += text(held) + " × (";
        for (std::size_t i = 0; i < 2; ++i) {
            const Holding& matched = p.sides.at(i).matched;
            numbers += (i == 0 ? "" : " + ") + text(matched.cost) + "÷" + text(matched.shares);
        }
        numbers += ")";
    }
    return numbers + ") ÷ " + text(p.merged + held) + " = " + format_pair_cost(*cost);
}

std::string realized_numbers(const PositionView& view) {
    const Position& p = view.position;
    return "edge " + text(p.edge) + " + direction " + text(p.direction()) + " = " +
           text(p.realized);
}

std::string outcome_numbers(const PositionView& view, std::size_t side) {
    if (!view.open()) return {};
    const Money pays{view.position.held(side).micros};
    return text(view.position.held(side)) + " × 1 − cost " + text(pays - view.if_outcome(side)) +
           " = " + text(view.if_outcome(side));
}

std::string resolution_numbers(const PositionView& view) {
    if (view.open()) return {};
    const Position& p = view.position;
    const Ratio up = *p.payout_up;
    const Ratio down{kMicro - up.micros};
    return view.outcomes[0] + " pays " + format_micros(up.micros) + ", " + view.outcomes[1] + " " +
           format_micros(down.micros) + ", told by event " +
           std::to_string(view.market.resolution->seq.raw);
}

std::string side_text(const Entry& entry) {
    switch (entry.kind) {
        case EntryKind::fill:
            return std::string{to_text(entry.side)};
        case EntryKind::merge:
            return "merge";
        case EntryKind::split:
            return "split";
        case EntryKind::redemption:
            return "redeem";
        case EntryKind::transfer:
            return "transfer";
    }
    return {};
}

std::string standing_of(const Entry& entry) {
    if (entry.kind != EntryKind::fill) return {};
    if (entry.voided()) return "failed: counts as if it had never been";
    return entry.confirmed() ? "confirmed" : "matched";
}

using Part = Money (*)(const PositionView&);
struct Sum {
    std::string_view name, formula;
    Part part;
};
constexpr std::array<Sum, 11> kSums{{
    {"realized", "Σ over markets of what is decided there: proceeds and payouts less cost",
     [](const PositionView& view) { return view.position.realized; }},
    {"edge", "Σ over markets of pairs × (1 − pair cost): merged ones, and held ones at resolution",
     [](const PositionView& view) { return view.position.edge; }},
    {"direction", "realized − edge: what the unpaired shares won or lost",
     [](const PositionView& view) { return view.position.direction(); }},
    {"fees", "Σ over fills of the fee, stated or estimated; it is part of cost and proceeds",
     [](const PositionView& view) { return view.position.flows.fees; }},
    {"bought", "Σ over unvoided purchases of their cost before fee",
     [](const PositionView& view) { return view.position.flows.bought; }},
    {"sold", "Σ over unvoided sales of their proceeds before fee",
     [](const PositionView& view) { return view.position.flows.sold; }},
    {"redeemed", "Σ over redemptions of their cash",
     [](const PositionView& view) { return view.position.flows.redeemed; }},
    {"merged", "Σ over merges of their cash: 1 a pair",
     [](const PositionView& view) { return view.position.flows.merged; }},
    {"split", "Σ over splits of their cash: 1 a pair",
     [](const PositionView& view) { return view.position.flows.split; }},
    {"open_worst", "Σ over open markets of the worse of the two outcomes still to come",
     [](const PositionView& view) { return view.open() ? view.worst() : Money{}; }},
    {"open_best", "Σ over open markets of the better of the two outcomes still to come",
     [](const PositionView& view) { return view.open() ? view.best() : Money{}; }},
}};

const Sum* find_sum(std::string_view figure) {
    const auto found = std::ranges::find(kSums, figure, &Sum::name);
    return found == kSums.end() ? nullptr : &*found;
}

}  // namespace

std::vector<Derivation> derive(const PositionView& view) {
    std::vector<Derivation> all{
        {"hedge_ratio", "smaller matched side ÷ larger, rounded down", hedge_numbers(view)},
        {"imbalance_shares", "difference of the matched sides", text(imbalance(view.position))},
        {"pair_cost", "what a pair cost on average", pair_numbers(view)},
        {"resolution", "what one share of each outcome pays", resolution_numbers(view)},
        {"realized", "edge + direction", realized_numbers(view)},
        {"if " + view.outcomes[0], "payout of what is held − its cost", outcome_numbers(view, 0)},
        {"if " + view.outcomes[1], "payout of what is held − its cost", outcome_numbers(view, 1)},
    };
    std::erase_if(all, [](const Derivation& each) { return each.numbers.empty(); });
    return all;
}

Listing list_movements(const Ledger& ledger, const PositionView& view) {
    Listing listing{{{"seq", "event", Form::number},
                     {"what", "what", Form::text},
                     {"outcome", "outcome", Form::text},
                     {"shares", "shares", Form::shares},
                     {"cost", "cost", Form::shares},
                     {"standing", "standing", Form::text},
                     {"up_after", "up", Form::shares},
                     {"down_after", "down", Form::shares},
                     {"realized_after", "realized", Form::money}},
                    {}};
    for (const Entry& entry : ledger.entries(view.holder)) {
        const Position after = ledger.fold(view.holder, entry.seq);
        const std::optional<Shares> shares = shares_of(entry);
        listing.rows.push_back({value_of(entry.seq.raw), value_of(side_text(entry)),
                                value_of(entry.outcome), shares ? value_of(*shares) : ListValue{},
                                value_of(cost_of(entry)), value_of(standing_of(entry)),
                                value_of(after.sides[0].matched.shares),
                                value_of(after.sides[1].matched.shares), value_of(after.realized)});
    }
    return listing;
}

bool is_sum(std::string_view figure) { return find_sum(figure) != nullptr; }

std::string formula_of(std::string_view figure) {
    const Sum* const sum = find_sum(figure);
    return sum == nullptr ? std::string{} : std::string{sum->formula};
}

Listing list_parts(const std::vector<PositionView>& views, std::string_view figure) {
    Listing listing{{{"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"account", "", Form::text},
                     {"part", "part", Form::money},
                     {"first_seq", "first event", Form::number},
                     {"last_seq", "last event", Form::number}},
                    {}};
    const Sum* const sum = find_sum(figure);
    if (sum == nullptr) return listing;
    std::vector<const PositionView*> parts;
    for (const PositionView& view : views) {
        if (sum->part(view).micros != 0) parts.push_back(&view);
    }
    std::ranges::stable_sort(parts, std::greater{}, [&](const PositionView* view) {
        return std::abs(sum->part(*view).micros);
    });
    for (const PositionView* view : parts) {
        const MarketRow& market = view->market;
        listing.rows.push_back(
            {value_of(market.name), value_of(market.title.empty() ? market.name : market.title),
             value_of(view->holder.account), value_of(sum->part(*view)),
             value_of(view->position.first_seq.raw), value_of(view->position.last_seq.raw)});
    }
    return listing;
}

}  // namespace daybook
