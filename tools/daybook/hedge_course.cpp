// The hedge of a market over time, as later events have it: a voided fill never was.
#include <algorithm>

#include "projections/fold/hedge.hpp"
#include "tools/daybook/drawing.hpp"
#include "tools/daybook/postmortem.hpp"

namespace daybook {
namespace {

constexpr std::int64_t kHeight = 40;

struct Step {
    Time time;
    std::int64_t ratio{};  ///< of 1000, rounded down
};

std::vector<Step> steps_of(const CaseFile& file) {
    std::vector<std::pair<Time, OwnTrade>> trades;
    for (const CaseOrder& order : file.orders) {
        for (const CaseFill& fill : order.fills) {
            const auto amounts = counted(fill.state);
            if (amounts && fill.side && fill.time)
                trades.emplace_back(*fill.time, trade_of(file, fill, *amounts));
        }
    }
    std::ranges::stable_sort(trades, {}, [](const auto& trade) { return trade.first; });
    Position position;
    std::vector<Step> steps;
    for (const auto& [time, trade] : trades) {
        position = apply(std::move(position), trade);
        const auto ratio = hedge_ratio(position);
        const Wide share = ratio ? ratio->numerator * kUnits / ratio->denominator : Wide{kUnits};
        steps.push_back({time, static_cast<std::int64_t>(share)});
    }
    return steps;
}

std::int64_t y_of(std::int64_t ratio) { return kHeight - ratio * kHeight / kUnits; }

std::string course_of(const MarketDay& day, const HedgeMarks& marks) {
    const std::vector<Step> steps = steps_of(day.file);
    if (steps.empty()) return {};
    const Time begin =
        std::min(day.file.market.opens.value_or(steps.front().time), steps.front().time);
    const Time end =
        std::max(day.file.market.closes.value_or(steps.back().time), steps.back().time);
    const std::int64_t length = std::max<std::int64_t>(end.nanos - begin.nanos, 1);
    const auto x_of = [&](Time time) {
        return static_cast<std::int64_t>(Wide{time.nanos - begin.nanos} * kUnits / length);
    };
    std::string shapes;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const std::int64_t x = x_of(steps[i].time);
        const std::int64_t to = i + 1 < steps.size() ? x_of(steps[i + 1].time) : kUnits;
        const std::int64_t top = std::min(y_of(steps[i].ratio), kHeight - 2);
        shapes += rect(x, top, to - x, kHeight - top, marks.color(steps[i].ratio));
    }
    for (const std::int64_t line : {marks.critical, marks.least})
        shapes += rect(0, y_of(line), kUnits, 1, "f-rule");
    const std::string last = std::to_string(steps.back().ratio / 10) + " %";
    return figure_row(
        title_of(day.file.market),
        drawing(shapes, title_of(day.file.market) + " ends hedged " + last, kHeight, "lane"), last);
}

}  // namespace

std::string hedge_courses(const PostMortem& facts) {
    std::string rows;
    const HedgeMarks marks{facts.limits};
    for (const MarketDay& day : facts.markets) rows += course_of(day, marks);
    return "<div class=\"rows\">\n" + rows + "</div>\n<p class=\"soft\">From open to close; " +
           marks.says() + ".</p>\n";
}

}  // namespace daybook
