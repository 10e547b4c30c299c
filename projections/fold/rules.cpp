#include "projections/fold/rules.hpp"

#include <algorithm>

namespace daybook {

bool opens(const CaseOrder& order) {
    return order.intent && order.intent->side.value_or(Side::buy) == Side::buy &&
           order.intent->purpose == Purpose::open;
}

bool covers(const std::string& scope, const CaseFile& file) {
    return scope.empty() || scope == "all" || scope == file.market.venue ||
           scope == file.holder.account || scope == file.market.asset ||
           scope == file.market.name ||
           std::ranges::find(file.market.aliases, scope) != file.market.aliases.end();
}

std::span<const Rule> case_rules() {
    static const std::vector<Rule> all = [] {
        std::vector<Rule> rules;
        for (const auto part : {position_rules(), order_rules(), group_rules(), limit_rules()})
            rules.insert(rules.end(), part.begin(), part.end());
        std::ranges::stable_sort(rules, std::ranges::greater{}, &Rule::severity);
        return rules;
    }();
    return all;
}

std::vector<Finding> judge(const CaseFile& file, const Thresholds& limits) {
    std::vector<Finding> found;
    for (const Rule& rule : case_rules()) {
        const std::size_t before = found.size();
        rule.judge(file, limits, found);
        for (std::size_t i = before; i < found.size(); ++i) {
            found[i].rule = rule.id;
            found[i].severity = std::max(found[i].severity, rule.severity);
            std::ranges::sort(found[i].seqs);
            found[i].seqs.erase(std::unique(found[i].seqs.begin(), found[i].seqs.end()),
                                found[i].seqs.end());
        }
    }
    return found;
}

}  // namespace daybook
