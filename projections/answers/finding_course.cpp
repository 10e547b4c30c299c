#include "projections/answers/finding_course.hpp"

#include "projections/fold/catalogue.hpp"

namespace daybook {
namespace {

/// What rules look at when they judge; books and feeds only matter to the decision behind them.
TypeSet judged_types() {
    return TypeSet{"market_defined",
                   "market_changed",
                   "market_resolved",
                   "order_intent",
                   "order_status",
                   "fill",
                   "fill_settlement",
                   "fill_correction",
                   "decision",
                   "claim",
                   "halt",
                   "resume",
                   "flag",
                   "limits",
                   "redemption",
                   "merge",
                   "split"};
}

}  // namespace

FindingCourse::FindingCourse(const Scope& scope) : scope_{scope}, judged_{judged_types()} {
    folds_.add(*find_projection("findings"), findings_);
    folds_.add(*find_projection("pnl"), ledger_);
    folds_.add(*find_projection("claims"), claims_);
}

void FindingCourse::apply(const Event& event) {
    folds_.apply(event);
    seq_ = event.seq;
    now_ = clock_of(event);
    if (!judged_.has(type_number(event))) return;
    folds_.flush();
    judge(about(event));
}

/// The cases an event may have changed: those of its market, or all.
Scope FindingCourse::about(const Event& event) const {
    Scope scope = scope_;
    if (scope.market.empty()) scope.market = event.market;
    return scope;
}

void FindingCourse::judge(const Scope& about) {
    std::map<Name, Standing> now;
    for (FindingView& view :
         findings_of(cases_of(findings_, ledger_, about, now_), Thresholds{findings_})) {
        const Finding& finding = view.finding;
        const Name name{finding.rule, view.account, view.market->name,
                        finding.seqs.empty() ? Sequence{} : finding.seqs.front()};
        const auto known = standing_.find(name);
        now[name] = {known == standing_.end() ? seq_ : known->second.since, std::move(view)};
    }
    std::erase_if(standing_,
                  [&](const auto& each) { return about.takes(*each.second.view.market); });
    standing_.merge(now);
}

std::map<Sequence, std::vector<FindingView>> FindingCourse::lasting() {
    folds_.flush();
    judge(scope_);
    std::map<Sequence, std::vector<FindingView>> all;
    for (const auto& [name, standing] : standing_) all[standing.since].push_back(standing.view);
    // A claim, and a balance somebody saw, are evidence themselves.
    const auto add = [&all](const std::vector<FindingView>& views) {
        for (const FindingView& view : views) all[view.finding.seqs.front()].push_back(view);
    };
    add(claim_findings(claims_of(claims_, scope_)));
    if (scope_.market.empty()) add(cash_findings(cash_of(ledger_, scope_.mode)));
    for (auto& [since, views] : all) sort_findings(views);
    return all;
}

}  // namespace daybook
