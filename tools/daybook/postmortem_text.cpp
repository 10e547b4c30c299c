// A post-mortem for terminals.
#include <algorithm>

#include "tools/daybook/postmortem.hpp"
#include "tools/terminal/display_text.hpp"

namespace daybook {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kMargin = 10;

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

/// At most `lines` of what was wrapped; what is cut ends in an ellipsis.
std::string cut(std::string text, std::size_t lines) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < lines && end != std::string::npos; ++i)
        end = text.find('\n', end + (i == 0 ? 0 : 1));
    return end == std::string::npos ? text : text.substr(0, end) + " …";
}

constexpr std::size_t kAll = SIZE_MAX;
/// How much is said of what may be long.
struct Room {
    std::size_t rules{5}, claims{3}, unknown{1};  ///< of each so many
    std::size_t lines{2};                         ///< of a finding or claim
};
constexpr Room kWhole{kAll, kAll, kAll, kAll};

/// "P&L       first line", then the others below it, each in so many lines at most.
std::string block(std::string_view name, const std::vector<std::string>& items,
                  std::size_t lines = kAll) {
    std::string text{name};
    text.resize(kMargin, ' ');
    for (std::size_t i = 0; i < items.size(); ++i)
        text += (i == 0 ? "" : std::string(kMargin, ' ')) +
                cut(wrapped(printable(items[i]), kMargin), lines) + '\n';
    return text;
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

std::string finding_lines(const PostMortem& facts, const Room& room) {
    std::string text;
    const std::vector<RuleLine> rules = by_rule(facts);
    const std::size_t shown = std::min(rules.size(), room.rules);
    for (std::size_t i = 0; i < shown; ++i) {
        const RuleLine& line = rules[i];
        std::string head{line.severity == Severity::critical ? "✖ " : "▲ "};
        head += line.rule;
        head.resize(std::max(head.size() + 1, std::size_t{24 + 2}), ' ');  // the sign has 3 bytes
        head += count_text(line);
        head.resize(std::max(head.size() + 1, std::size_t{37 + 2}), ' ');
        text += (text.empty() ? "Findings  " : std::string(kMargin, ' ')) + head +
                cut(wrapped(printable(rule_text(line)), kMargin + 37), room.lines) + '\n';
    }
    if (shown < rules.size()) {
        std::string names;
        for (std::size_t i = shown; i < rules.size(); ++i)
            names += (i == shown ? "" : ", ") + std::string{rules[i].rule};
        text += std::string(kMargin, ' ') +
                cut(wrapped("… and " + counted(rules.size() - shown, "rule") + " more: " + names,
                            kMargin),
                    1) +
                '\n';
    }
    return text.empty() ? "Findings  none\n" : text;
}

/// What differs first; of the rest no more than how many there are.
std::string claim_lines(const PostMortem& facts, const Room& room) {
    if (facts.claims.empty() && facts.notes.empty()) return {};
    if (room.claims == kAll) return block("Written", claim_texts(facts));
    std::vector<std::string> lines;
    std::uint64_t wrong = 0, right = 0;
    for (const ClaimDay& day : facts.claims) {
        if (day.claim.finding && ++wrong <= room.claims) lines.push_back(claim_text(day));
        if (day.claim.fact && !day.claim.finding) ++right;
    }
    std::string rest = "figures the events agree with: " + std::to_string(right) + " of " +
                       std::to_string(facts.claims.size());
    if (wrong > room.claims)
        rest += ", " + std::to_string(wrong - room.claims) + " more differ: daybook query claims";
    if (!facts.notes.empty()) rest += "; " + counted(facts.notes.size(), "note") + ": --all";
    lines.push_back(rest);
    return block("Written", lines, room.lines);
}

std::string unknown_lines(const PostMortem& facts, const Room& room) {
    if (facts.unknown.empty()) return {};
    std::vector<std::string> lines = facts.unknown;
    if (lines.size() > room.unknown) {
        lines.resize(room.unknown);
        lines.back() += "; " + std::to_string(facts.unknown.size() - room.unknown) + " more";
    }
    return block("Unknown", lines);
}

}  // namespace

std::string text_of(const Report& report, const Terminal& terminal) {
    const PostMortem& facts = report.facts;
    std::string text = printable(report.title) + ", " + report.zone.name() + ", " +
                       std::string{to_text(facts.window.scope.mode)} + ", as of event " +
                       std::to_string(report.as_of.raw) + "\n\n";
    if (facts.markets.empty() && facts.claims.empty() && facts.notes.empty())
        return text + "nothing was traded and nothing was written of it\n";
    const Room room = report.whole ? kWhole : Room{};
    text += block("P&L", result_lines(facts)) + block("Hedge", hedge_lines(facts));
    text += finding_lines(facts, room) + claim_lines(facts, room);
    text += block("Cash", cash_lines(facts)) + block("Why", explained_lines(facts));
    if (const auto lines = guard_lines(facts); !lines.empty())
        text += block("Limits", lines, room.lines);
    text += unknown_lines(facts, room);
    if (report.whole) text += '\n' + market_table(facts, terminal);
    text += report.whole ? "" : "\nmarket by market: --all, or --format html -o FILE";
    return text + "\nevents: daybook query findings; a figure: daybook why MARKET\n";
}

}  // namespace daybook
