// A post-mortem as Markdown.
#include "tools/daybook/postmortem.hpp"
#include "tools/terminal/display_text.hpp"

namespace daybook {
namespace {

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

std::string markdown_of(const Report& report) {
    const PostMortem& facts = report.facts;
    std::string text =
        "# Post-mortem " + escaped(report.title) + "\n\n" + escaped(report.zone.name()) + ", " +
        escaped(to_text(facts.window.scope.mode)) + ". As of event " +
        std::to_string(report.as_of.raw) + ", chain `" + report.chain + "`, Daybook " +
        report.version + ".\n\n## Result\n\n" + list_md(result_lines(facts)) +
        list_md(explained_lines(facts)) + "\n## Cash\n\n" + list_md(cash_lines(facts)) +
        "\n## Hedge\n\n" + list_md(hedge_lines(facts)) + "\n" +
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
    text += guards_md(facts) + "## What was written, and what the events say\n\n" +
            list_md(claim_texts(facts));
    if (facts.claims.empty() && facts.notes.empty()) text += "Nothing was written.\n";
    return text + "\n## What the record cannot tell\n\n" + list_md(facts.unknown);
}

}  // namespace daybook
