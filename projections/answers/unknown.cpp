#include "projections/answers/unknown.hpp"

#include <algorithm>

namespace daybook {
namespace {

bool has_rows(const Rows& rows, std::string_view table) {
    bool some = false;
    rows.scan(table, "", [&](std::string_view, std::string_view) {
        some = true;
        return false;
    });
    return some;
}

std::string counted_text(std::uint64_t count, std::string_view what) {
    return std::to_string(count) + ' ' + std::string{what} + (count == 1 ? "" : "s");
}

}  // namespace

std::vector<std::string> unknown_in(const PostMortem& report, const PostMortemRows& rows) {
    std::uint64_t groups = 0, decided = 0, orderless = 0, feeless = 0, doubtful = 0, endless = 0;
    for (const MarketDay& day : report.markets) {
        for (const GroupCase& group : groups_of(day.file)) {
            ++groups;
            if (group.plan.decided) ++decided;
        }
        for (const CaseOrder& order : day.file.orders) {
            const OrderState state = order.state(kEverything);
            if (state == OrderState::unknown) ++doubtful;
            const bool over = day.at_end.position.resolved();
            if (over && order.intent && state != OrderState::unknown && !is_final(state)) ++endless;
            for (const CaseFill& fill : order.fills) {
                if (!order.intent) ++orderless;
                const auto amounts = counted(fill.state);
                if (amounts && !amounts->fee && !amounts->fee_shares) ++feeless;
            }
        }
    }
    const bool balance = std::ranges::any_of(
        report.cash, [](const CashView& view) { return view.observed.has_value(); });
    std::vector<std::string> unknown;
    if (!balance) unknown.emplace_back("no balance was recorded: cash cannot be checked");
    if (decided < groups) {
        unknown.push_back(counted_text(groups - decided, "group") + " of " +
                          std::to_string(groups) +
                          " without a decision: expected is what the orders meant");
    }
    if (!has_rows(rows.findings, "case_books"))
        unknown.emplace_back("no book was recorded: depth and age of books cannot be judged");
    if (orderless > 0)
        unknown.push_back(counted_text(orderless, "fill") + " without a recorded intent");
    if (feeless > 0) unknown.push_back(counted_text(feeless, "fill") + " state no fee");
    if (doubtful > 0)
        unknown.push_back(counted_text(doubtful, "order") + " whose fate is not known");
    if (endless > 0)
        unknown.push_back(counted_text(endless, "order") +
                          " without an outcome, though the market has paid");
    return unknown;
}

}  // namespace daybook
