// What a post-mortem says on a terminal and in Markdown alike, line by line.
#include "tools/daybook/postmortem.hpp"

namespace daybook {
namespace {

std::string cents(Money money) { return format_rounded(money.micros, 2); }

std::string percent(const Position& position) {
    const auto ratio = hedge_ratio(position);
    if (!ratio) return "-";
    return std::to_string(static_cast<std::int64_t>(ratio->numerator * 100 / ratio->denominator)) +
           '%';
}
std::string percent(Ratio ratio) { return format_decimal(ratio.micros, 4) + '%'; }
std::string pair_text(const Position& position) {
    const auto cost = pair_cost(position);
    return cost ? format_pair_cost(*cost) : "";
}

}  // namespace

std::string counted(std::uint64_t count, std::string_view what) {
    return std::to_string(count) + ' ' + std::string{what} + (count == 1 ? "" : "s");
}

std::vector<std::string> cells_of(const MarketDay& day) {
    const Position& p = day.at_end.position;
    std::vector<std::string> cells{
        title_of(day.file.market), format_rounded(p.sides[0].matched.shares.micros, 2),
        format_rounded(p.sides[1].matched.shares.micros, 2), percent(p), pair_text(p)};
    if (!p.resolved()) {
        cells.insert(cells.end(),
                     {"", "", "", cents(day.at_end.worst()) + " " + cents(day.at_end.best())});
        return cells;
    }
    for (const Money money :
         {day.moved.realized, day.moved.edge, day.moved.realized - day.moved.edge})
        cells.push_back(cents(money));
    return cells;
}

std::string claim_text(const ClaimDay& day) {
    const ClaimRow& row = day.claim.row;
    std::string text = row.said.source + ": " + row.said.metric + ' ' + row.said.value;
    if (!row.said.outcome.empty()) text += ' ' + row.said.outcome;
    if (day.claim.market) text += " of " + title_of(*day.claim.market);
    if (!day.claim.fact) {
        text += "; the events do not say";
        return day.explanation.empty() ? text : text + ": " + day.explanation;
    }
    text += day.claim.finding ? "; the events say " + *day.claim.fact : "; so it is";
    if (!day.explanation.empty()) text += " (" + day.explanation + ")";
    return text;
}

std::vector<std::string> claim_texts(const PostMortem& facts) {
    std::vector<std::string> lines;
    for (const ClaimDay& day : facts.claims) lines.push_back(claim_text(day));
    for (const NoteDay& day : facts.notes) {
        std::string text = "note of event " + std::to_string(day.note.seq.raw);
        if (day.market) text += " on " + title_of(*day.market);
        text += ": " + day.note.text;
        lines.push_back(day.fact.empty() ? text : text + "; the events say " + day.fact);
    }
    return lines;
}

std::string signed_cents(Money money) { return (money.micros > 0 ? "+" : "") + cents(money); }

std::string title_of(const MarketRow& market) {
    return market.title.empty() ? market.name : market.title;
}

std::vector<std::string> result_lines(const PostMortem& facts) {
    std::vector<std::string> lines{"realized " + signed_cents(facts.total.realized) + " = edge " +
                                   signed_cents(facts.total.edge) + " + direction " +
                                   signed_cents(facts.direction())};
    if (facts.lucky != nullptr) {
        const Money luck = facts.lucky->moved.realized - facts.lucky->moved.edge;
        lines.push_back("without " + title_of(facts.lucky->file.market) + " (" +
                        signed_cents(luck) + ") direction would be " +
                        signed_cents(facts.direction() - luck));
    }
    if (facts.open_markets > 0) {
        lines.push_back(counted(facts.open_markets, "market") + " open, cost " +
                        cents(facts.open_cost) + ": " + signed_cents(facts.open_worst) + " … " +
                        signed_cents(facts.open_best) + " to come, so " +
                        signed_cents(facts.worst()) + " … " + signed_cents(facts.best()));
    }
    return lines;
}

std::vector<std::string> explained_lines(const PostMortem& facts) {
    const Explained& why = facts.explained;
    return {"expected " + signed_cents(why.expected) + ", shortfall " +
                signed_cents(why.shortfall) + ", slippage " + signed_cents(why.slippage) +
                ", fees " + signed_cents(why.fees) + ",",
            "unwind " + signed_cents(why.unwind) + ", direction " + signed_cents(why.direction) +
                ", voids " + signed_cents(why.voids) + "; together " + signed_cents(why.realized)};
}

std::vector<std::string> cash_lines(const PostMortem& facts) {
    const Flows& flows = facts.total.flows;
    std::string line = "bought " + cents(flows.bought) + "  sold " + cents(flows.sold) +
                       "  redeemed " + cents(flows.redeemed);
    if (flows.merged.micros != 0) line += "  merged " + cents(flows.merged);
    if (flows.split.micros != 0) line += "  split " + cents(flows.split);
    line += "  fees " + cents(flows.fees) + "  change " + signed_cents(net_cash(flows));
    std::vector<std::string> lines{line};
    for (const CashView& view : facts.cash) {
        if (!view.unexplained) continue;
        lines.push_back("account " + view.account + ": seen " + cents(*view.observed) +
                        ", unexplained " + signed_cents(*view.unexplained));
    }
    if (lines.size() == 1) lines.emplace_back("unexplained: no balance was recorded");
    return lines;
}

std::vector<std::string> guard_lines(const PostMortem& facts) {
    if (facts.account.prevented + facts.each_market.prevented == 0) return {};
    const auto line = [&](const WithGuards& guards) {
        return "realized " + signed_cents(facts.total.realized + guards.change) + " with " +
               counted(guards.prevented, "order") + " refused" +
               (guards.open > 0 ? " (" + std::to_string(guards.open) + " open not counted)" : "");
    };
    std::vector<std::string> lines{"enforced, a replay and not a fact: " + line(facts.each_market)};
    if (const Stop* const halt = facts.account.first_halt())
        lines.push_back("all halted behind event " + std::to_string(halt->seq.raw) + ": " +
                        line(facts.account));
    return lines;
}

std::vector<std::string> hedge_lines(const PostMortem& facts) {
    const std::string least = percent(facts.limits.min_hedge_ratio);
    const std::string critical = percent(facts.limits.critical_hedge_ratio);
    const std::pair<HedgeBand, std::string> bands[] = {
        {HedgeBand::at_min, "≥" + least},
        {HedgeBand::below_min, critical.substr(0, critical.size() - 1) + "–" + least},
        {HedgeBand::below_critical, "<" + critical},
        {HedgeBand::one_sided, "one-sided"},
    };
    std::string counts = counted(facts.markets.size(), "market") + ":";
    std::string results = "realized";
    Money rest = facts.total.realized;
    for (const auto& [band, name] : bands) {
        const HedgeBandSum& sum = facts.bands.at(band);
        const std::string between = band == HedgeBand::at_min ? " " : " · ";
        counts += between + name + ' ' + std::to_string(sum.markets);
        results += between + signed_cents(sum.realized);
        rest -= sum.realized;
    }
    if (rest.micros != 0) results += " · flat " + signed_cents(rest);
    return {counts, results + ", together " + signed_cents(facts.total.realized)};
}

std::string rule_text(const RuleLine& line) {
    const bool direction = line.rule == "one_sided" || line.rule == "below_min_hedge";
    const bool edge = line.rule == "pair_cost_ge_one";
    if (!direction && !edge) {
        const FindingView& first = *line.views.front();
        return (first.market ? title_of(*first.market) + ": " : "") + first.finding.detail;
    }
    std::string text = std::string{direction ? "direction " : "edge "} + signed_cents(-line.cost);
    for (const FindingView* view : line.views) {  // the one that hides the others
        const Money cost = view->finding.cost.value_or(Money{});
        if (direction && line.cost.micros < 0 && (line.cost - cost).micros > 0)
            text +=
                ", but " + signed_cents(cost - line.cost) + " without " + title_of(*view->market);
    }
    if (line.open > 0) text += ", " + std::to_string(line.open) + " still open";
    return text;
}

}  // namespace daybook
