// Rules about what was held: hedge, pair cost, settlement.
#include <algorithm>

#include "projections/fold/hedge.hpp"
#include "projections/fold/rules.hpp"

namespace daybook {
namespace {

std::vector<Sequence> fill_seqs(const CaseFile& file) {
    std::vector<Sequence> seqs;
    for (const CaseOrder& order : file.orders) {
        for (const CaseFill& fill : order.fills) {
            if (counted(fill.state)) seqs.push_back(fill.state.recorded_seq);
        }
    }
    return seqs;
}

std::string both_sides(const Position& position) {
    return format_micros(position.sides[0].matched.shares.micros) + " / " +
           format_micros(position.sides[1].matched.shares.micros) + " shares";
}

/// What the unpaired shares lost; known once the market paid.
std::optional<Money> direction_lost(const Position& position) {
    if (!position.resolved()) return std::nullopt;
    return -position.direction();
}

bool sold_some(const CaseFile& file, std::size_t side) {
    return std::ranges::any_of(file.orders, [&](const CaseOrder& order) {
        return std::ranges::any_of(order.fills, [&](const CaseFill& fill) {
            return fill.side == side && fill.direction == Side::sell && counted(fill.state);
        });
    });
}

void one_sided(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    const Shares up = file.position.sides[0].matched.shares;
    const Shares down = file.position.sides[1].matched.shares;
    if (std::max(up, down).micros <= 0 || std::min(up, down).micros != 0) return;
    std::string detail = both_sides(file.position);
    if (sold_some(file, up.micros == 0 ? 0 : 1)) detail += ", the other side was sold";
    found.push_back({{}, {}, detail, fill_seqs(file), direction_lost(file.position), "0 shares"});
}

void imbalanced(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    const Position& p = file.position;
    const auto ratio = hedge_ratio(p);
    if (!ratio || ratio->numerator == 0) return;
    const bool below_min = below(*ratio, {limits.get(Threshold::min_hedge_ratio)});
    const bool far = imbalance(p).micros > limits.get(Threshold::max_imbalance_shares);
    if (!below_min && !far) return;
    const bool severe = below(*ratio, {limits.get(Threshold::critical_hedge_ratio)});
    const Threshold limit = severe      ? Threshold::critical_hedge_ratio
                            : below_min ? Threshold::min_hedge_ratio
                                        : Threshold::max_imbalance_shares;
    found.push_back({{},
                     severe ? Severity::critical : Severity::high,
                     both_sides(p) + ", hedge ratio " + format_ratio(*ratio) + ", unhedged " +
                         format_micros(imbalance(p).micros),
                     fill_seqs(file),
                     direction_lost(p),
                     limits.print(limit)});
}

void pair_cost_ge_one(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    const auto cost = pair_cost(file.position);  // buy fees are in it
    const Ratio limit{limits.get(Threshold::max_pair_cost)};
    if (!cost || below(*cost, limit)) return;
    const auto lost = file.position.resolved() ? std::optional{-file.position.edge} : std::nullopt;
    found.push_back({{},
                     {},
                     "a pair cost " + format_pair_cost(*cost) + " and pays 1",
                     fill_seqs(file),
                     lost,
                     limits.print(Threshold::max_pair_cost)});
}

/// The name of a fill for people: its key says what sort of name it is, too.
std::string shown(const CaseFill& fill) {
    const std::size_t begin = fill.name.find('\0') + 1;  // of "trade", 0, name, 0
    const std::string name = fill.name.substr(begin, fill.name.find('\0', begin) - begin);
    const bool numbered = fill.name.starts_with("seq");
    return numbered ? "of event " + std::to_string(fill.state.recorded_seq.raw) : name;
}

/// Every fill of the case that its settlement failed, and what the result would be with them.
void voided(const CaseFile& file, const Thresholds&, std::vector<Finding>& found) {
    for (const CaseOrder& order : file.orders) {
        for (const CaseFill& fill : order.fills) {
            if (fill.state.settlement != Settlement::failed || !fill.state.recorded) continue;
            std::string detail = "fill " + shown(fill) + " of " +
                                 format_micros(fill.state.recorded->shares.micros) +
                                 " shares failed to settle";
            if (fill.time && fill.settled_time) {
                detail +=
                    " after " +
                    std::to_string((fill.settled_time->nanos - fill.time->nanos) / kNanosPerMilli) +
                    " ms";
            }
            found.push_back(
                {{}, {}, detail, {fill.state.recorded_seq, fill.state.settled_seq}, {}, "settled"});
        }
    }
}

void stuck_matched(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    const std::int64_t patience = limits.get(Threshold::settle_ms) * kNanosPerMilli;
    for (const CaseOrder& order : file.orders) {
        for (const CaseFill& fill : order.fills) {
            const bool final_word = fill.state.settlement == Settlement::confirmed ||
                                    fill.state.settlement == Settlement::failed;
            if (!fill.state.recorded || !fill.time || !file.now) continue;
            const Time end = final_word ? fill.settled_time.value_or(*fill.time) : *file.now;
            if (end.nanos - fill.time->nanos <= patience) continue;
            found.push_back({{},
                             {},
                             "fill " + shown(fill) + (final_word ? " was " : " is still ") +
                                 (final_word ? "matched for " : "matched after ") +
                                 std::to_string((end.nanos - fill.time->nanos) / kNanosPerSecond) +
                                 " s",
                             {fill.state.recorded_seq},
                             {},
                             limits.print(Threshold::settle_ms)});
        }
    }
}

void settle_pending(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found) {
    const auto pays = payouts(file.market);
    const auto& resolution = file.market.resolution;
    if (!pays || !resolution->time || !file.now || !file.position.resolved()) return;
    const std::int64_t since = file.now->nanos - resolution->time->nanos;
    if (since <= limits.get(Threshold::redeem_ms) * kNanosPerMilli) return;
    Money owed;
    for (std::size_t i = 0; i < 2; ++i) {
        const Wide worth = Wide{file.position.held(i).micros} * pays->at(i).micros;
        owed += Money{static_cast<std::int64_t>(divide_half_even(worth, kMicro))};
    }
    if (owed.micros <= 0) return;
    found.push_back({{},
                     {},
                     format_rounded(owed.micros, 2) + " dollars are not redeemed " +
                         std::to_string(since / kNanosPerSecond / 60) +
                         " min after the market paid",
                     {resolution->seq},
                     {},
                     limits.print(Threshold::redeem_ms)});
}

constexpr std::array kRules{
    Rule{"one_sided", Severity::critical, "Only one outcome is held: nothing hedges it.",
         one_sided},
    Rule{"below_min_hedge", Severity::high,
         "Both outcomes are held, but too unevenly: the smaller side leaves too much unhedged.",
         imbalanced},
    Rule{"pair_cost_ge_one", Severity::high,
         "A pair cost a dollar or more, fees included: it earns nothing whoever wins.",
         pair_cost_ge_one},
    Rule{"voided_fill", Severity::high,
         "A matched fill failed to settle: its shares never were ours.", voided},
    Rule{"stuck_matched", Severity::high,
         "A fill was matched for long without being confirmed or failed.", stuck_matched},
    Rule{"settle_pending", Severity::high,
         "The market paid, and winning shares are still not redeemed.", settle_pending},
};

}  // namespace

std::span<const Rule> position_rules() { return kRules; }

}  // namespace daybook
