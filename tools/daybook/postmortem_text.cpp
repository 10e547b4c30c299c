// A post-mortem for terminals and as Markdown.
#include <algorithm>

#include "tools/daybook/postmortem.hpp"
#include "tools/terminal/display_text.hpp"

namespace daybook {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kMargin = 10;

std::string cents(Money money) { return format_rounded(money.micros, 2); }

std::string counted(std::uint64_t count, std::string_view what) {
    return std::to_string(count) + ' ' + std::string{what} + (count == 1 ? "" : "s");
}

/// Breaks a line of words at blanks; later lines are indented by `indent`.
std::string wrapped(const std::string& text, std::size_t indent) {
    std::string out, line;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string word = text.substr(at, end - at);
        const bool first = line.empty();
        if (!first && indent + display_width(line) + 1 + display_width(word) > kWidth) {
            out += line + '\n' + std::string(indent, ' ');
            line = word;
        } else {
            line += (first ? "" : " ") + word;
        }
        at = end + 1;
    }
    return out + line;
}

/// "P&L       first line", then the others below it.
std::string block(std::string_view name, const std::vector<std::string>& lines) {
    std::string text{name};
    text.resize(kMargin, ' ');
    for (std::size_t i = 0; i < lines.size(); ++i)
        text += (i == 0 ? "" : std::string(kMargin, ' ')) + wrapped(printable(lines[i]), kMargin) +
                '\n';
    return text;
}

std::string percent(const Position& position) {
    const auto ratio = hedge_ratio(position);
    if (!ratio) return "-";
    return std::to_string(static_cast<std::int64_t>(ratio->numerator * 100 / ratio->denominator)) +
           '%';
}
std::string pair_text(const Position& position) {
    const auto cost = pair_cost(position);
    return cost ? format_pair_cost(*cost) : "";
}

/// One market a row; what is open shows its range in place of a result.
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

std::string market_table(const PostMortem& facts, const Terminal& terminal) {
    TextTable table{{text_column("market"), number_column("up"), number_column("down"),
                     number_column("hedge"), number_column("pair"), number_column("realized"),
                     number_column("edge"), number_column("direction"), number_column("open")}};
    for (const MarketDay& day : facts.markets) {
        std::vector<Cell> cells;
        for (std::string& text : cells_of(day)) cells.push_back({std::move(text)});
        table.add(std::move(cells));
    }
    return table.str({kWidth, terminal.color});
}

std::string count_text(const RuleLine& line) {
    if (line.rule == "claim_mismatch") return counted(line.findings, "claim");
    return line.markets > 0 ? counted(line.markets, "market") : counted(line.findings, "account");
}

std::string finding_lines(const PostMortem& facts) {
    std::string text;
    for (const RuleLine& line : by_rule(facts)) {
        std::string head{line.severity == Severity::critical ? "✖ " : "▲ "};
        head += line.rule;
        head.resize(std::max(head.size() + 1, std::size_t{24 + 2}), ' ');  // the sign has 3 bytes
        head += count_text(line);
        head.resize(std::max(head.size() + 1, std::size_t{37 + 2}), ' ');
        text += (text.empty() ? "Findings  " : std::string(kMargin, ' ')) + head +
                wrapped(printable(rule_text(line)), kMargin + 37) + '\n';
    }
    return text.empty() ? "Findings  none\n" : text;
}

std::string claim_text(const ClaimDay& day) {
    const ClaimRow& row = day.claim.row;
    std::string text = row.said.source + ": " + row.said.metric + ' ' + row.said.value;
    if (!row.said.outcome.empty()) text += ' ' + row.said.outcome;
    if (day.claim.market) text += " of " + title_of(*day.claim.market);
    if (!day.claim.fact) return text + "; the events do not say";
    text += day.claim.finding ? "; the events say " + *day.claim.fact : "; so it is";
    if (!day.explanation.empty()) text += " (" + day.explanation + ")";
    return text;
}

std::vector<std::string> claim_texts(const PostMortem& facts) {
    std::vector<std::string> lines;
    for (const ClaimDay& day : facts.claims) lines.push_back(claim_text(day));
    return lines;
}

// Markdown.

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
        if (std::string_view{"\\`*_{}[]<>#|"}.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string row_md(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& cell : cells) line += ' ' + escaped(cell) + " |";
    return line + '\n';
}

std::string list_md(const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items) text += "- " + escaped(item) + '\n';
    return text;
}

std::string stop_text(const std::optional<Stop>& stop) {
    return stop ? std::string{stop->rule} + " at event " + std::to_string(stop->seq.raw) + ": " +
                      stop->detail
                : "";
}

std::string guards_md(const PostMortem& facts) {
    const auto lines = guard_lines(facts);
    if (lines.empty()) return {};
    std::string text = "## What the limits would have done\n\n" + list_md(lines) + '\n' +
                       row_md({"market", "first refusal", "first halt", "not sent", "result"}) +
                       "|---|---|---|--:|--:|\n";
    for (std::size_t i = 0; i < facts.markets.size(); ++i) {
        const GuardedCase& guarded = facts.each_market.cases[i];
        if (!guarded.refusal && !guarded.halt) continue;
        text += row_md({title_of(facts.markets[i].file.market), stop_text(guarded.refusal),
                        stop_text(guarded.halt), std::to_string(guarded.prevented.size()),
                        guarded.change ? signed_cents(*guarded.change) : "open"});
    }
    return text + '\n';
}

}  // namespace

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

std::string hedge_line(const PostMortem& facts) {
    const auto count = [&](HedgeBand band) { return std::to_string(facts.bands.at(band).markets); };
    return counted(facts.markets.size(), "market") + ": ≥80% " + count(HedgeBand::at_min) +
           " · 60–80% " + count(HedgeBand::below_min) + " · <60% " +
           count(HedgeBand::below_critical) + " · one-sided " + count(HedgeBand::one_sided);
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

std::string text_of(const Report& report, const Terminal& terminal) {
    const PostMortem& facts = report.facts;
    std::string text = printable(report.title) + ", " + report.zone.name() + ", " +
                       std::string{to_text(facts.window.scope.mode)} + ", as of event " +
                       std::to_string(report.as_of.raw) + "\n\n";
    if (facts.markets.empty() && facts.claims.empty())
        return text + "nothing was traded and nothing was said of it\n";
    text += block("P&L", result_lines(facts));
    text += block("Why", explained_lines(facts));
    text += block("Cash", cash_lines(facts));
    text += block("Hedge", {hedge_line(facts)});
    text += finding_lines(facts);
    if (const auto lines = guard_lines(facts); !lines.empty()) text += block("Limits", lines);
    if (!facts.claims.empty()) text += block("Said", claim_texts(facts));
    if (!facts.unknown.empty()) text += block("Unknown", facts.unknown);
    text += '\n' + market_table(facts, terminal);
    return text +
           "\nevents behind a finding: daybook query findings; a figure: daybook why MARKET\n";
}

std::string markdown_of(const Report& report) {
    const PostMortem& facts = report.facts;
    std::string text =
        "# Post-mortem " + escaped(report.title) + "\n\n" + escaped(report.zone.name()) + ", " +
        escaped(to_text(facts.window.scope.mode)) + ". As of event " +
        std::to_string(report.as_of.raw) + ", chain `" + report.chain + "`, Daybook " +
        report.version + ".\n\n## Result\n\n" + list_md(result_lines(facts)) +
        list_md(explained_lines(facts)) + "\n## Cash\n\n" + list_md(cash_lines(facts)) +
        "\n## Hedge\n\n" + escaped(hedge_line(facts)) + "\n\n" +
        row_md({"market", "up", "down", "hedge", "pair", "realized", "edge", "direction", "open"}) +
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|\n";
    for (const MarketDay& day : facts.markets) {
        auto cells = cells_of(day);
        cells.resize(9);
        text += row_md(cells);
    }
    text += "\n## Findings\n\n";
    for (const RuleLine& line : by_rule(facts)) {
        text += "### " + escaped(line.rule) + " (" + std::string{to_text(line.severity)} + ")\n\n" +
                escaped(meaning_of(line.rule)) + " " + escaped(rule_text(line)) + ".\n\n";
        for (const FindingView* view : line.views) {
            text += "- " + (view->market ? escaped(title_of(*view->market)) + ": " : "") +
                    escaped(view->finding.detail) + " (held against " +
                    escaped(view->finding.threshold) + "; events";
            for (const Sequence seq : view->finding.seqs) text += ' ' + std::to_string(seq.raw);
            text += ")\n";
        }
        text += '\n';
    }
    if (facts.findings.empty()) text += "None.\n\n";
    text += guards_md(facts) + "## What was said, and what the events say\n\n" +
            list_md(claim_texts(facts));
    if (facts.claims.empty()) text += "Nothing was said.\n";
    return text + "\n## What the record cannot tell\n\n" + list_md(facts.unknown);
}

}  // namespace daybook
