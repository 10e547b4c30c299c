#include "projections/answers/findings.hpp"

#include <algorithm>

namespace daybook {
namespace {

constexpr std::int64_t kCashTolerance = 10'000;  // a cent: rounding of whoever told the balance

void silent(const CaseFile&, const Thresholds&, std::vector<Finding>&) {}

constexpr std::array kAccountRules{
    Rule{"wallet_mismatch", Severity::critical,
         "The cash that was seen is not what the events add up to.", silent},
    Rule{"claim_mismatch", Severity::high, "Somebody said a figure that the events contradict.",
         silent},
};

std::string title_of(const MarketRow& market) {
    return market.title.empty() ? market.name : market.title;
}

std::string claim_detail(const ClaimView& view) {
    const ClaimRow& row = view.row;
    std::string text = row.said.source + " says " + row.said.metric + ' ' + row.said.value;
    if (!row.said.outcome.empty()) text += ' ' + row.said.outcome;
    if (!row.said.order.empty()) text += " of " + row.said.order;
    return text + ", events say " + view.fact.value_or("nothing");
}

std::string if_outcome_json(const GroupCase& group) {
    JsonWriter out;
    out.begin_array();
    for (const Payouts& pays : {Payouts{Ratio{kMicro}, Ratio{0}}, Payouts{Ratio{0}, Ratio{kMicro}}})
        out.text(format_micros(result_of(group.counted, pays).micros));
    out.end_array();
    return std::move(out).str();
}

std::vector<ListValue> row_of(const CaseFile& file, const GroupCase& group) {
    const auto pays = payouts(file.market);
    const Explained why = explain(group.plan, group.told, group.counted,
                                  pays.value_or(Payouts{Ratio{kMicro}, Ratio{0}}));
    const auto known = [&](Money money) { return pays ? value_of(money) : ListValue{}; };
    return {value_of(file.market.name),
            value_of(title_of(file.market)),
            value_of(file.holder.account),
            group.group.empty() ? ListValue{} : value_of(group.group),
            value_of(std::string{group.plan.decided ? "decision" : "orders"}),
            value_of(why.planned),
            value_of(why.paired),
            value_of(why.expected),
            value_of(why.shortfall),
            value_of(why.slippage),
            value_of(why.fees),
            value_of(why.unwind),
            known(why.direction),
            known(why.voids),
            known(why.realized),
            known(why.residual()),
            pays ? ListValue{} : value_of(if_outcome_json(group)),
            value_of(seqs_json(group.seqs))};
}

}  // namespace

std::string seqs_json(const std::vector<Sequence>& seqs) {
    JsonWriter out;
    out.begin_array();
    for (const Sequence seq : seqs) out.number(seq.raw);
    out.end_array();
    return std::move(out).str();
}

std::string seqs_text(const std::vector<Sequence>& seqs) {
    std::string text;
    for (std::size_t i = 0; i < seqs.size() && i < 4; ++i)
        text += (i == 0 ? "" : " ") + std::to_string(seqs[i].raw);
    return seqs.size() > 4 ? text + " …" : text;
}

CaseFile case_of(const Cases& cases, const Ledger& ledger, const Holder& holder,
                 const MarketRow& market, std::optional<Time> now) {
    CaseFile file;
    file.holder = holder;
    file.market = market;
    file.events = cases.events(holder);
    file.standing = cases.standing();
    file.now = now;
    // Both projections number markets by themselves: they meet at the market's name.
    if (const auto key = ledger.markets().lookup(market.venue, market.name))
        file.position = ledger.position({holder.account, holder.mode, *key});
    read_orders(file);
    return file;
}

std::vector<CaseFile> cases_of(Rows& findings, Rows& ledger_rows, const Scope& scope,
                               std::optional<Time> now) {
    const Cases cases{findings};
    const Ledger ledger{ledger_rows};
    std::vector<CaseFile> files;
    cases.for_each([&](const Holder& holder) {
        const auto market = cases.markets().find(cases.markets().current(holder.market));
        if (holder.mode == scope.mode && market && scope.takes(*market))
            files.push_back(case_of(cases, ledger, holder, *market, now));
    });
    return files;
}

std::span<const Rule> account_rules() { return kAccountRules; }

std::vector<FindingView> findings_of(const std::vector<CaseFile>& cases, const Thresholds& limits) {
    std::vector<FindingView> views;
    for (const CaseFile& file : cases) {
        for (Finding& finding : judge(file, limits))
            views.push_back({std::move(finding), file.holder.account, file.market});
    }
    return views;
}

std::vector<FindingView> claim_findings(const std::vector<ClaimView>& claims) {
    std::vector<FindingView> views;
    for (const ClaimView& view : claims) {
        if (!view.finding) continue;
        views.push_back({{kAccountRules[1].id,
                          kAccountRules[1].severity,
                          claim_detail(view),
                          {view.row.seq},
                          {},
                          "0.01"},
                         view.row.account,
                         view.market});
    }
    return views;
}

std::vector<FindingView> cash_findings(const std::vector<CashView>& accounts) {
    std::vector<FindingView> views;
    for (const CashView& view : accounts) {
        const std::int64_t off = view.unexplained.value_or(Money{}).micros;
        if ((off < 0 ? -off : off) <= kCashTolerance) continue;
        views.push_back({{kAccountRules[0].id,
                          kAccountRules[0].severity,
                          format_micros(off) + " dollars are not explained by any event",
                          {view.observed_seq},
                          Money{-off},
                          "0.01"},
                         view.account,
                         {}});
    }
    return views;
}

namespace {

/// Place of a rule among all of them.
std::size_t rank_of(std::string_view id) {
    std::size_t rank = 0;
    for (const auto rules : {case_rules(), account_rules()}) {
        for (const Rule& rule : rules) {
            if (rule.id == id) return rank;
            ++rank;
        }
    }
    return rank;
}

}  // namespace

void sort_findings(std::vector<FindingView>& findings) {
    std::ranges::stable_sort(findings, [](const FindingView& a, const FindingView& b) {
        if (a.finding.severity != b.finding.severity)
            return a.finding.severity > b.finding.severity;
        if (a.finding.rule != b.finding.rule)
            return rank_of(a.finding.rule) < rank_of(b.finding.rule);
        return a.finding.seqs < b.finding.seqs;
    });
}

std::string_view meaning_of(std::string_view id) {
    for (const auto rules : {case_rules(), account_rules()}) {
        for (const Rule& rule : rules) {
            if (rule.id == id) return rule.meaning;
        }
    }
    return {};
}

Listing list_findings(const std::vector<FindingView>& findings) {
    Listing listing{{{"severity", "severity", Form::text},
                     {"rule", "rule", Form::text},
                     {"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"account", "", Form::text},
                     {"cost", "cost", Form::money},
                     {"text", "what", Form::text},
                     {"threshold", "held against", Form::text},
                     {"seqs", "", Form::json},
                     {"", "events", Form::text},
                     {"meaning", "", Form::text}},
                    {}};
    for (const FindingView& view : findings) {
        const Finding& f = view.finding;
        listing.rows.push_back({value_of(to_text(f.severity)), value_of(f.rule),
                                view.market ? value_of(view.market->name) : ListValue{},
                                view.market ? value_of(title_of(*view.market)) : ListValue{},
                                value_of(view.account), value_of(f.cost), value_of(f.detail),
                                value_of(f.threshold), value_of(seqs_json(f.seqs)),
                                value_of(seqs_text(f.seqs)), value_of(meaning_of(f.rule))});
    }
    return listing;
}

Listing list_groups(const std::vector<CaseFile>& cases) {
    Listing listing{{{"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"account", "", Form::text},
                     {"group", "group", Form::text},
                     {"planned_by", "", Form::text},
                     {"planned", "pairs", Form::shares},
                     {"paired", "got", Form::shares},
                     {"expected", "expected", Form::money},
                     {"shortfall", "shortfall", Form::money},
                     {"slippage", "slippage", Form::money},
                     {"fees", "fees", Form::money},
                     {"unwind", "unwind", Form::money},
                     {"direction", "direction", Form::money},
                     {"voids", "voids", Form::money},
                     {"realized", "realized", Form::money},
                     {"residual", "", Form::money},
                     {"if_outcome", "", Form::json},
                     {"seqs", "", Form::json}},
                    {}};
    for (const CaseFile& file : cases) {
        for (const GroupCase& group : groups_of(file)) listing.rows.push_back(row_of(file, group));
    }
    return listing;
}

}  // namespace daybook
