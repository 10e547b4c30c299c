// A post-mortem as one page. Drawings hold shapes only, so that they may be stretched to any width;
// their words stand beside them as text.
#include <algorithm>

#include "tools/daybook/drawing.hpp"
#include "tools/daybook/postmortem.hpp"

namespace daybook {
namespace {

constexpr std::string_view kStyle = R"(
:root{--paper:#fff;--ink:#1a1c1f;--soft:#5c636c;--line:#d9dde2;--up:#0b6e4f;--down:#a4570a;
--win:#1b7f4d;--loss:#b3261e;--open:#8a8f98;--bar:#3558a0;--panel:#f6f7f9;--live:#d3b8e8;--hours:#e9ecf0}
@media (prefers-color-scheme:dark){:root{--paper:#14161a;--ink:#e7e9ec;--soft:#a2a9b3;
--line:#30353c;--up:#4cc38a;--down:#f0a35e;--win:#4cc38a;--loss:#ff8f85;--open:#8a919c;
--bar:#86a5f0;--panel:#1b1e23;--live:#5d4677;--hours:#262a31}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:60rem;background:var(--paper);
color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:clamp(1.3rem,6vw,1.6rem);line-height:1.2;margin:0 0 .2rem}
h2{font-size:1.15rem;margin:2.2rem 0 .5rem}
h3{font-size:1rem;margin:1.2rem 0 .2rem}
p{margin:.3rem 0}
small,.soft{color:var(--soft);font-size:.875rem}
.lead{font-size:1.25rem;font-weight:600}
.win{color:var(--win)}.loss{color:var(--loss)}
.num,td+td,th+th{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
table{border-collapse:collapse;width:100%;font-size:.9rem}
td,th{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:left}
td:first-child,th:first-child{padding-left:0}
.wide{overflow-x:auto}
.rows{display:grid;grid-template-columns:minmax(6rem,9rem) 1fr minmax(4rem,auto);gap:.25rem .75rem;
align-items:center;font-size:.9rem}
svg{display:block;width:100%;height:1.1rem;background:var(--panel);border-radius:2px}
svg.lane{height:2.2rem}
.timelines{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));
gap:.9rem 1.5rem}
.timeline{display:grid;grid-template-columns:auto 1fr;gap:0 .5rem;break-inside:avoid}
.timeline>p{margin:0}.timeline>p:first-child{grid-column:1/-1}
.timeline svg.lane{height:3.6rem}
.sides{display:grid;grid-template-rows:1fr 1fr;align-items:center;font-size:.75rem;
color:var(--soft);max-width:5rem;overflow:hidden}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin:0 0 .8rem;font-size:.8rem;
color:var(--soft)}
.legend span{display:flex;align-items:center;gap:.3rem}
.legend svg{width:2rem;height:1.25rem}
.f-rule{fill:var(--ink);opacity:.45}
.f-win{fill:var(--win)}.f-loss{fill:var(--loss)}.f-open{fill:var(--open)}.f-bar{fill:var(--bar)}
.f-up{fill:var(--up)}.f-down{fill:var(--down)}.f-line{fill:var(--soft)}.f-live{fill:var(--live)}
.f-hours{fill:var(--hours)}.f-ink{fill:var(--ink)}
.f-void{fill:none;stroke:var(--loss);stroke-width:1.5;vector-effect:non-scaling-stroke}
.claims td,.claims th{white-space:normal;text-align:left}
.mark{font-weight:600;color:var(--loss)}
ul{margin:.3rem 0;padding-left:1.2rem}
footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:.6rem;overflow-wrap:anywhere}
.claims td:first-child{white-space:nowrap}
@media (max-width:30rem){body{padding:1rem .75rem 2rem}
.claims thead,.claims td:empty{display:none}
.claims tr{display:block;padding:.4rem 0;border-bottom:1px solid var(--line)}
.claims td{display:grid;grid-template-columns:7.5rem 1fr;padding:0;border:0}
.claims td::before{content:attr(data-label);color:var(--soft)}
.rows{grid-template-columns:6.4rem 1fr auto;gap:.25rem .5rem;font-size:.85rem}}
@media print{@page{size:A4;margin:15mm}body{max-width:none;padding:0;font-size:10pt}
.wide{overflow:visible}
table{font-size:8.5pt}td,th{padding:.15rem .3rem}h2,h3,h3+p{break-after:avoid}td:first-child{white-space:nowrap}tr,.rows>*,li{break-inside:avoid}}
)";

std::string element(std::string_view tag, std::string_view inner, std::string_view css = {}) {
    std::string out = "<" + std::string{tag};
    if (!css.empty()) out += " class=\"" + std::string{css} + '"';
    return out + '>' + std::string{inner} + "</" + std::string{tag} + ">\n";
}

std::string_view tone(Money money) {
    const std::string cents = format_rounded(money.micros, 2);  // what rounds to 0.00 is neither
    if (cents == "0.00") return "";
    return money.micros < 0 ? "loss" : "win";
}
std::string money_text(Money money) {
    return "<span class=\"num " + std::string{tone(money)} + "\">" + signed_cents(money) +
           "</span>";
}

/// Maps amounts of money to places in a drawing.
class Scale {
  public:
    void see(Money money) {
        low_ = std::min(low_, money);
        high_ = std::max(high_, money);
    }
    [[nodiscard]] std::int64_t at(Money money) const {
        const std::int64_t whole = std::max<std::int64_t>((high_ - low_).micros, 1);
        return static_cast<std::int64_t>(Wide{(money - low_).micros} * kUnits / whole);
    }
    /// A bar between two amounts, and where nothing is.
    [[nodiscard]] std::string bar(Money from, Money to, std::string_view css) const {
        const std::int64_t a = at(std::min(from, to));
        const std::int64_t b = at(std::max(from, to));
        return rect(a, 3, b - a, 14, css) + rect(at({}), 0, 2, 20, "f-line");
    }

  private:
    Money low_, high_;
};

std::string_view fill_of(Money money) { return money.micros < 0 ? "f-loss" : "f-win"; }

using Steps = std::vector<std::pair<std::string_view, Money>>;

/// Steps that add up, each where the one before ended, and what they come to.
std::string bridge(const Steps& steps, std::string_view total) {
    Scale scale;
    Money sum;
    for (const auto& [name, step] : steps) scale.see(sum += step);
    std::string rows;
    sum = {};
    for (const auto& [name, step] : steps) {
        const Money before = sum;
        sum += step;
        rows += figure_row(name,
                           drawing(scale.bar(before, sum, fill_of(step)),
                                   std::string{name} + ' ' + signed_cents(step)),
                           money_text(step));
    }
    return rows + figure_row(total,
                             drawing(scale.bar({}, sum, fill_of(sum)),
                                     std::string{total} + ' ' + signed_cents(sum)),
                             "<b>" + money_text(sum) + "</b>");
}

/// From what was expected to what was realised.
std::string waterfall(const Explained& why) {
    const Steps steps{{"expected", why.expected}, {"shortfall", why.shortfall},
                      {"slippage", why.slippage}, {"fees", why.fees},
                      {"unwind", why.unwind},     {"direction", why.direction},
                      {"voids", why.voids}};
    return "<div class=\"rows\">\n" + bridge(steps, "realized") + "</div>\n";
}

/// Where cash came from and went in the window, and what no event explains, on a line of its own.
std::string cash_bridge(const PostMortem& facts) {
    const Flows& flows = facts.total.flows;
    Steps steps{{"bought", -flows.bought},
                {"sold", flows.sold},
                {"fees", -flows.fees},
                {"redeemed", flows.redeemed}};
    if (flows.split.micros != 0) steps.emplace_back("split", -flows.split);
    if (flows.merged.micros != 0) steps.emplace_back("merged", flows.merged);
    std::string rows = bridge(steps, "change");
    bool seen = false;
    for (const CashView& view : facts.cash) {
        if (!view.unexplained) continue;
        seen = true;
        Scale scale;
        scale.see(*view.unexplained);
        rows += figure_row("unexplained, " + view.account,
                           drawing(scale.bar({}, *view.unexplained, "f-loss"),
                                   "unexplained " + signed_cents(*view.unexplained)),
                           money_text(*view.unexplained));
    }
    if (!seen)
        rows += figure_row("unexplained", drawing("", "unexplained: not known"), "not known");
    return "<div class=\"rows\">\n" + rows + "</div>\n";
}

std::string range_text(const PositionView& view) {
    return signed_cents(view.worst()) + " … " + signed_cents(view.best());
}

std::string market_results(const PostMortem& facts) {
    Scale scale;
    for (const MarketDay& day : facts.markets) {
        if (day.at_end.open()) {
            scale.see(day.at_end.worst());
            scale.see(day.at_end.best());
        } else {
            scale.see(day.moved.realized);
        }
    }
    std::string rows;
    for (const MarketDay& day : facts.markets) {
        const std::string title = title_of(day.file.market);
        if (day.at_end.open()) {
            rows += figure_row(title,
                               drawing(scale.bar(day.at_end.worst(), day.at_end.best(), "f-open"),
                                       title + " is open: " + range_text(day.at_end)),
                               "<span class=\"soft\">" + range_text(day.at_end) + "</span>");
        } else {
            rows +=
                figure_row(title,
                           drawing(scale.bar({}, day.moved.realized, fill_of(day.moved.realized)),
                                   title + ' ' + signed_cents(day.moved.realized)),
                           money_text(day.moved.realized));
        }
    }
    return "<div class=\"rows\">\n" + rows + "</div>\n";
}

std::string hedges(const PostMortem& facts) {
    const HedgeMarks marks{facts.limits};
    std::string rows;
    for (const MarketDay& day : facts.markets) {
        const auto ratio = hedge_ratio(day.at_end.position);
        if (!ratio) continue;
        const auto filled =
            static_cast<std::int64_t>(ratio->numerator * kUnits / ratio->denominator);
        const std::string shapes = rect(0, 3, filled, 14, marks.color(filled)) +
                                   rect(marks.critical, 0, 2, 20, "f-line") +
                                   rect(marks.least, 0, 2, 20, "f-line");
        const std::string text = std::to_string(filled / 10) + " %";
        const std::string title = title_of(day.file.market);
        rows += figure_row(title, drawing(shapes, title + " hedged " + text), text);
    }
    return "<div class=\"rows\">\n" + rows + "</div>\n";
}

std::string list_of(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) out += element("li", safe(item));
    return element("ul", out);
}

std::string table_of(const Listing& listing, std::string_view css = {}) {
    std::string head, body;
    for (const ListColumn& column : listing.columns) {
        if (!column.title.empty()) head += element("th", safe(column.title));
    }
    for (const auto& row : listing.rows) {
        std::string cells;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const ListColumn& column = listing.columns[i];
            if (column.title.empty()) continue;
            const auto micros = row[i] && column.form == Form::money ? parse_micros(*row[i])
                                                                     : Result<std::int64_t>{0};
            const std::string text = !row[i] ? ""
                                     : column.form == Form::money && micros
                                         ? format_rounded(micros.value(), 2)
                                         : *row[i];
            cells += "<td data-label=\"" + safe(column.title) + "\">" + safe(text) + "</td>\n";
        }
        body += element("tr", cells);
    }
    const std::string table =
        "<table" + (css.empty() ? std::string{} : " class=\"" + std::string{css} + '"') + ">\n" +
        element("thead", element("tr", head)) + element("tbody", body) + "</table>\n";
    return element("div", table, "wide");
}

std::string seq_list(const std::vector<Sequence>& seqs) {
    std::string text;
    for (const Sequence seq : seqs) text += (text.empty() ? "" : " ") + std::to_string(seq.raw);
    return text;
}

std::string findings(const PostMortem& facts) {
    if (facts.findings.empty()) return element("p", "None.");
    std::string out;
    for (const RuleLine& line : by_rule(facts)) {
        const bool grave = line.severity == Severity::critical;
        out += element("h3", std::string{grave ? "✖ " : "▲ "} + safe(line.rule) + " <small>" +
                                 std::string{to_text(line.severity)} + "</small>");
        out += element("p", safe(meaning_of(line.rule)) + " " + safe(rule_text(line)) + ".");
        std::string items;
        for (const FindingView* view : line.views) {
            items += element(
                "li", (view->market ? "<b>" + safe(title_of(*view->market)) + "</b>: " : "") +
                          safe(view->finding.detail) + " <small>held against " +
                          safe(view->finding.threshold) + "; events " +
                          seq_list(view->finding.seqs) + "</small>");
        }
        out += element("ul", items);
    }
    return out;
}

std::string written(const PostMortem& facts) {
    std::string out;
    if (!facts.claims.empty()) out += table_of(list_claim_days(facts), "claims");
    if (!facts.notes.empty()) out += table_of(list_notes(facts), "claims");
    return out.empty() ? element("p", "Nothing was written.") : out;
}

std::string section(std::string_view title, const std::string& inner) {
    return "<section>\n" + element("h2", title) + inner + "</section>\n";
}

std::string lead(const PostMortem& facts) {
    std::string out;
    const auto lines = result_lines(facts);
    for (std::size_t i = 0; i < lines.size(); ++i)
        out += element("p", safe(lines[i]), i == 0 ? "lead" : "");
    return out;
}

}  // namespace

std::string html_of(const Report& report) {
    const PostMortem& facts = report.facts;
    std::string body =
        "<header>\n" + element("h1", "Post-mortem " + safe(report.title)) +
        element("p",
                safe(report.zone.name()) + ", " + std::string{to_text(facts.window.scope.mode)} +
                    ", as of event " + std::to_string(report.as_of.raw),
                "soft") +
        lead(facts) + "</header>\n<main>\n";
    body += section("From expected to realised", waterfall(facts.explained));
    body += section("Result of each market", market_results(facts));
    body += section(
        "Hedge",
        list_of(hedge_lines(facts)) + hedges(facts) +
            element("p", "In the drawing " + HedgeMarks{facts.limits}.says() + ".", "soft"));
    body += section("Cash", cash_bridge(facts) + list_of(cash_lines(facts)));
    body += section("Findings", findings(facts));
    if (const auto lines = guard_lines(facts); !lines.empty())
        body += section("What the limits would have done",
                        list_of(lines) + table_of(list_guards(facts), "claims"));
    body += section("What was written, and what the events say", written(facts));
    body += section("What the record cannot tell", list_of(facts.unknown));
    body += section("Timeline of each market", lanes(facts, report.zone));
    body += section("Hedge over time", hedge_courses(facts));
    body += section("Markets", table_of(list_market_days(facts)));
    body +=
        "</main>\n" +
        element("footer",
                element("small", "From the events up to " + std::to_string(report.as_of.raw) +
                                     ", chain " + report.chain + ", by Daybook " + report.version));
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Post-mortem " +
           safe(report.title) + "</title>\n<style>" + std::string{kStyle} +
           "</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n";
}

}  // namespace daybook
