#include "projections/answers/explanations.hpp"

#include <algorithm>

#include "projections/fold/guards.hpp"

namespace daybook {
namespace {

constexpr std::int64_t kCent = 10'000;

bool close_to(std::int64_t a, std::int64_t b) { return (a > b ? a - b : b - a) <= kCent; }

std::string title_of(const MarketRow& market) {
    return market.title.empty() ? market.name : market.title;
}

const MarketDay* day_of(const PostMortem& report, const ClaimView& view) {
    for (const MarketDay& day : report.markets) {
        if (view.market && day.file.market.name == view.market->name &&
            day.file.holder.account == view.row.account)
            return &day;
    }
    return nullptr;
}

/// What the orders of a leg come to, right and as people get it wrong.
struct Leg {
    Shares bought, sold, ordered;
    Money cost, proceeds;
    std::int64_t fills{}, orders{};
};

std::array<Leg, 2> legs_of(const CaseFile& file) {
    std::array<Leg, 2> legs;
    for (const CaseOrder& order : file.orders) {
        const auto side = file.side_of(order);
        if (!side) continue;
        Leg& leg = legs.at(*side);
        ++leg.orders;
        const bool buys = order.intent && order.intent->side != Side::sell;
        if (buys) leg.ordered += order.intent->shares.value_or(Shares{});
        for (const CaseFill& fill : order.fills) {
            const auto amounts = counted(fill.state);
            if (!amounts) continue;
            const OwnTrade trade = trade_of(file, fill, *amounts);
            ++leg.fills;
            (trade.bought ? leg.bought : leg.sold) += trade.shares;
            (trade.bought ? leg.cost : leg.proceeds) += trade.cost;
        }
    }
    return legs;
}

std::vector<Sequence> fills_of(const CaseFile& file, std::optional<std::size_t> side = {}) {
    std::vector<Sequence> seqs;
    for (const CaseOrder& order : file.orders) {
        for (const CaseFill& fill : order.fills) {
            if (fill.state.recorded && (!side || fill.side == side))
                seqs.push_back(fill.state.recorded_seq);
        }
    }
    return seqs;
}

// ── Shares, hedge ratio, P&L of one market.

/// A way to misread a leg; `shares` is what it makes of it.
struct Misreading {
    std::string_view why;
    Shares (*shares)(const Leg& leg);
};
constexpr std::string_view kSale = "the sale";
constexpr std::array kMisreadings{
    Misreading{"the sale was counted as a purchase",
               [](const Leg& leg) { return leg.bought + leg.sold; }},
    Misreading{"the sale was left out", [](const Leg& leg) { return leg.bought; }},
    Misreading{"what only waited on the book was counted as filled",
               [](const Leg& leg) { return leg.ordered - leg.sold; }},
};

std::string explain_shares(const MarketDay& day, const ClaimView& view, std::int64_t value) {
    const auto side = day.file.side_of(view.row.said.outcome);
    if (!side) return {};
    const auto legs = legs_of(day.file);
    for (const Misreading& misreading : kMisreadings) {
        const Leg& leg = legs.at(*side);
        if (!close_to(value, misreading.shares(leg).micros)) continue;
        std::string why{misreading.why};
        if (!why.starts_with(kSale)) return why;
        return std::string{kSale} + " of " + format_micros(leg.sold.micros) +
               why.substr(kSale.size());
    }
    return {};
}

std::string explain_ratio(const MarketDay& day, std::int64_t value) {
    const auto legs = legs_of(day.file);
    for (const Misreading& misreading : kMisreadings) {
        Position position;
        for (std::size_t i = 0; i < 2; ++i)
            position.sides.at(i).matched.shares = misreading.shares(legs.at(i));
        const auto ratio = hedge_ratio(position);
        if (!ratio) continue;
        const auto micros =
            static_cast<std::int64_t>(ratio->numerator * kMicro / ratio->denominator);
        if (close_to(value, micros)) return std::string{misreading.why};
    }
    return {};
}

/// What a market would have made if the wrong outcome had won, a sale had been a purchase, or both.
std::string explain_market_pnl(const MarketDay& day, std::int64_t value) {
    const auto pays = payouts(day.file.market);
    if (!pays) return {};
    const auto legs = legs_of(day.file);
    for (const bool swapped : {false, true}) {
        for (const bool turned : {false, true}) {
            if (!swapped && !turned) continue;
            Wide sum = 0;
            for (std::size_t i = 0; i < 2; ++i) {
                const Leg& leg = legs.at(i);
                const std::int64_t pay = pays->at(swapped ? 1 - i : i).micros;
                const Shares left = leg.bought + (turned ? leg.sold : -leg.sold);
                sum += Wide{left.micros} * pay / kMicro - leg.cost.micros;
                sum += turned ? -leg.proceeds.micros : leg.proceeds.micros;
            }
            if (!close_to(value, static_cast<std::int64_t>(sum))) continue;
            const std::string_view sale = turned ? "the sale was counted as a purchase" : "";
            const std::string_view winner = swapped ? "the loser was taken for the winner" : "";
            return std::string{sale} + (turned && swapped ? " and " : "") + std::string{winner};
        }
    }
    return {};
}

std::string explain_fills(const MarketDay& day, const ClaimView& view, std::int64_t value) {
    const auto legs = legs_of(day.file);
    const auto side = day.file.side_of(view.row.said.outcome);
    if (side && value == (legs[0].fills + legs[1].fills) * kMicro)
        return "those of " + day.at_end.outcomes.at(1 - *side) + " were counted too";
    const std::int64_t orders = side ? legs.at(*side).orders : legs[0].orders + legs[1].orders;
    return value == orders * kMicro ? "orders were counted as fills" : "";
}

std::string explain_filled(const MarketDay& day, const ClaimView& view, std::int64_t value) {
    for (const CaseOrder& order : day.file.orders) {
        const bool same = order.name == view.row.said.order;
        if (same && order.intent && order.intent->shares &&
            close_to(value, order.intent->shares->micros))
            return "what was ordered was counted as filled";
    }
    return {};
}

std::string explain_verdict(const MarketDay& day, const HedgeLimits& limits) {
    const Position& position = day.at_end.position;
    const auto ratio = hedge_ratio(position);
    const auto cost = pair_cost(position);
    std::string text = ratio ? "hedged " + format_ratio(*ratio) : "";
    if (cost) text += ", a pair cost " + format_pair_cost(*cost);
    if (ratio && below(*ratio, limits.min_hedge_ratio))
        text += "; min_hedge_ratio is " + format_micros(limits.min_hedge_ratio.micros);
    return text;
}

// ── P&L of the window, and of the markets of a band.

Money realized_ever(const PostMortemRows& rows, Mode mode) {
    Money sum;
    Ledger{rows.claims}.for_each([&](const Holder& holder, const Position& position) {
        if (holder.mode == mode) sum += position.realized;
    });
    return sum;
}

/// "3 of 10 markets alone: …", when `value` is what the largest losses come to.
std::string explain_losses(std::vector<const MarketDay*> days, std::int64_t value) {
    std::ranges::stable_sort(days, {}, [](const MarketDay* day) { return day->moved.realized; });
    Money sum;
    std::string names;
    for (std::size_t i = 0; i < days.size() && days[i]->moved.realized.micros < 0; ++i) {
        sum += days[i]->moved.realized;
        names += (i == 0 ? "" : ", ") + title_of(days[i]->file.market);
        if (close_to(value, sum.micros) && i + 1 < days.size())
            return "only " + std::to_string(i + 1) + " of " + std::to_string(days.size()) +
                   " markets were counted: " + names;
    }
    return {};
}

std::vector<const MarketDay*> days_in(const PostMortem& report, std::optional<HedgeBand> band,
                                      const HedgeLimits& limits) {
    std::vector<const MarketDay*> days;
    for (const MarketDay& day : report.markets) {
        if (!band || hedge_band(day.at_end.position, limits) == band) days.push_back(&day);
    }
    return days;
}

/// The mistakes people and dashboards make, tried one after the other.
std::string explain_pnl(const PostMortem& report, const PostMortemRows& rows, std::int64_t value) {
    const Mode mode = report.window.scope.mode;
    const Mode other = mode == Mode::live ? Mode::dry_run : Mode::live;
    const Money all_time = realized_ever(rows, mode);
    Money wins, cash = net_cash(report.total.flows);
    for (const MarketDay& day : report.markets) wins += std::max(Money{}, day.moved.realized);
    const Money fees = report.total.flows.fees;
    const Money day = report.total.realized;
    const std::pair<Money, std::string_view> tries[] = {
        {day + fees, "fees were left out"},
        {report.best(), "what is still open was counted as won"},
        {report.worst(), "what is still open was counted as lost"},
        {all_time, "all time was shown as this day"},
        {day + realized_ever(rows, other), "dry run and live were added up"},
        {realized_ever(rows, other), "the other mode was shown"},
        {wins, "only winning markets were counted"},
        {cash, "the change of cash was shown as result"},
    };
    for (const auto& [figure, why] : tries) {
        if (figure != day && close_to(value, figure.micros)) return std::string{why};
    }
    return explain_losses(days_in(report, {}, {}), value);
}

// ── How many markets a band has.

/// The limit that would give `count` markets below it (or, of at_min, from it on).
std::string explain_band(const PostMortem& report, const HedgeLimits& limits, HedgeBand band,
                         std::int64_t count) {
    std::vector<Fraction> ratios;
    for (const MarketDay& day : report.markets) {
        const auto ratio = hedge_ratio(day.at_end.position);
        if (ratio && ratio->numerator > 0) ratios.push_back(*ratio);
    }
    std::ranges::sort(ratios, [](const Fraction& a, const Fraction& b) {
        return a.numerator * b.denominator < b.numerator * a.denominator;
    });
    const auto all = static_cast<std::int64_t>(ratios.size());
    const std::int64_t below_it = band == HedgeBand::at_min ? all - count : count;
    const bool told = band == HedgeBand::at_min || band == HedgeBand::below_critical;
    if (!told || below_it <= 0 || below_it >= all) return {};
    const Ratio now =
        band == HedgeBand::at_min ? limits.min_hedge_ratio : limits.critical_hedge_ratio;
    const auto at = static_cast<std::size_t>(below_it);
    return "a limit above " + format_ratio(ratios[at - 1]) + " and up to " +
           format_ratio(ratios[at]) + " would give that; it is " + format_micros(now.micros);
}

std::string explain_bands(const PostMortem& report, const HedgeLimits& limits,
                          const std::string& metric, std::int64_t value) {
    const std::size_t cut = metric.rfind('_');
    const auto band =
        cut == std::string::npos ? std::nullopt : from_text<HedgeBand>(metric.substr(0, cut));
    if (!band) return {};
    if (metric.substr(cut) == "_realized")
        return explain_losses(days_in(report, band, limits), value);
    return explain_band(report, limits, *band, value / kMicro);
}

// ── All together.

std::string explain_difference(const PostMortem& report, const PostMortemRows& rows,
                               const MarketDay* day, const ClaimView& view) {
    const HedgeLimits limits = hedge_limits(rows.claims);
    const std::string& metric = view.row.said.metric;
    if (metric == "verdict") return day == nullptr ? "" : explain_verdict(*day, limits);
    const auto value = parse_micros(view.row.said.value);
    if (!value) return {};
    const bool pnl = metric == "pnl" || metric == "realized";
    if (day != nullptr) {
        if (metric == "shares") return explain_shares(*day, view, value.value());
        if (metric == "filled") return explain_filled(*day, view, value.value());
        if (metric == "hedge_ratio") return explain_ratio(*day, value.value());
        if (metric == "fills") return explain_fills(*day, view, value.value());
        return pnl ? explain_market_pnl(*day, value.value()) : "";
    }
    if (!view.row.market_name.empty()) return {};
    return pnl ? explain_pnl(report, rows, value.value())
               : explain_bands(report, limits, metric, value.value());
}

/// What a figure that agrees does not say.
std::string remark(const PostMortem& report, const ClaimView& view) {
    const std::string& metric = view.row.said.metric;
    const bool whole = view.row.market_name.empty() && (metric == "pnl" || metric == "realized");
    if (!whole || report.open_markets == 0) return {};
    return std::to_string(report.open_markets) + " open market" +
           (report.open_markets == 1 ? " is" : "s are") + " not in it";
}

std::string why_no_fact(const ClaimView& view) {
    const std::string& metric = view.row.said.metric;
    if (metric == "cash") return "no balance was recorded";
    if (metric == "hedge_ratio" && view.row.market_name.empty())
        return "a hedge ratio is of one market, never of several";
    return {};
}

std::vector<Sequence> evidence(const MarketDay* day, const ClaimView& view) {
    std::vector<Sequence> seqs;
    if (day != nullptr) {
        for (const CaseOrder& order : day->file.orders) {
            if (order.name != view.row.said.order) continue;
            for (const CaseEvent* event : order.said) seqs.push_back(event->seq);
        }
        if (seqs.empty()) seqs = fills_of(day->file, day->file.side_of(view.row.said.outcome));
        std::erase(seqs, view.row.seq);
    }
    std::ranges::sort(seqs);
    seqs.insert(seqs.begin(), view.row.seq);
    return seqs;
}

}  // namespace

ClaimDay explained_claim(const PostMortem& report, const PostMortemRows& rows,
                         const ClaimView& view) {
    const MarketDay* const day = day_of(report, view);
    std::string why = !view.fact     ? why_no_fact(view)
                      : view.finding ? explain_difference(report, rows, day, view)
                                     : remark(report, view);
    return {view, std::move(why), evidence(day, view)};
}

}  // namespace daybook
