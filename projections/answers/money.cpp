#include "projections/answers/money.hpp"

namespace daybook {
namespace {

bool is_reward(const WalletEntry& entry) {
    return !entry.observed &&
           (entry.reason == TransferReason::reward || entry.reason == TransferReason::rebate);
}

/// What fills and pairs did to the cash of an account in the events from+1 .. upto.
Flows flows_between(const Ledger& ledger, std::string_view account, Mode mode, Sequence from,
                    Sequence upto) {
    Flows sum;
    ledger.for_each([&](const Holder& holder, const Position&) {
        if (holder.account != account || holder.mode != mode) return;
        add(sum, ledger.fold(holder, upto).flows);
        subtract(sum, ledger.fold(holder, from).flows);
    });
    return sum;
}

constexpr Sequence kNow{UINT64_MAX};

CashFlow cash_between(const Ledger& ledger, const std::string& account, Mode mode, Sequence from,
                      Sequence upto) {
    CashFlow sum;
    sum.flows = flows_between(ledger, account, mode, from, upto);
    for (const WalletEntry& entry : ledger.wallet(account, mode)) {
        if (entry.observed || entry.seq <= from || entry.seq > upto) continue;
        (is_reward(entry) ? sum.rewards : sum.transfers) += entry.cash;
    }
    return sum;
}

Money net_cash(const CashFlow& flow) {
    return net_cash(flow.flows) + flow.transfers + flow.rewards;
}

CashView cash_of_account(const Ledger& ledger, const std::string& account, Mode mode) {
    CashView view;
    view.account = account;
    Sequence opened{};
    for (const WalletEntry& entry : ledger.wallet(account, mode)) {
        if (!entry.observed) continue;
        if (!view.opening) {
            view.opening = entry.cash;
            opened = entry.seq;
        }
        view.observed = entry.cash;
        view.observed_seq = entry.seq;
    }
    view.ever = cash_between(ledger, account, mode, {}, kNow);
    view.flow = view.opening ? cash_between(ledger, account, mode, opened, kNow) : view.ever;
    if (!view.opening) return view;
    view.expected = *view.opening + net_cash(view.flow);
    const CashFlow known = cash_between(ledger, account, mode, opened, view.observed_seq);
    view.unexplained = *view.observed - (*view.opening + net_cash(known));
    return view;
}

}  // namespace

PnlView pnl_of(const std::vector<PositionView>& positions, Money rewards) {
    PnlView pnl;
    pnl.rewards = rewards;
    for (const PositionView& view : positions) {
        pnl.realized += view.position.realized;
        pnl.edge += view.position.edge;
        add(pnl.flows, view.position.flows);
        ++(view.open() ? pnl.open_markets : pnl.resolved_markets);
        if (!view.open()) continue;
        pnl.open_worst += view.worst();
        pnl.open_best += view.best();
    }
    return pnl;
}

namespace {

template <class AnyLedger>
Money rewards_in(const AnyLedger& ledger, Mode mode) {
    Money sum;
    for (const auto& [account, used] : ledger.accounts()) {
        if (used != mode) continue;
        for (const WalletEntry& entry : ledger.wallet(account, mode)) {
            if (is_reward(entry)) sum += entry.cash;
        }
    }
    return sum;
}

}  // namespace

Money rewards_of(Rows& ledger, Mode mode) { return rewards_in(Ledger{ledger}, mode); }
Money past_rewards_of(Rows& history, Mode mode, Sequence at) {
    return rewards_in(PastLedger{history, at}, mode);
}

Listing list_pnl(const PnlView& pnl) {
    return {
        {{"realized", "realized", Form::money},
         {"edge", "edge", Form::money},
         {"direction", "direction", Form::money},
         {"fees", "fees", Form::money},
         {"fees_estimated", "of them estimated", Form::money},
         {"rewards", "rewards", Form::money},
         {"open_worst", "open worst", Form::money},
         {"open_best", "open best", Form::money},
         {"bought", "bought", Form::money},
         {"sold", "sold", Form::money},
         {"redeemed", "redeemed", Form::money},
         {"merged", "merged", Form::money},
         {"split", "split", Form::money},
         {"open_markets", "open markets", Form::number},
         {"resolved_markets", "resolved markets", Form::number}},
        {{value_of(pnl.realized), value_of(pnl.edge), value_of(pnl.direction()),
          value_of(pnl.flows.fees), value_of(pnl.flows.fees_estimated), value_of(pnl.rewards),
          value_of(pnl.open_worst), value_of(pnl.open_best), value_of(pnl.flows.bought),
          value_of(pnl.flows.sold), value_of(pnl.flows.redeemed), value_of(pnl.flows.merged),
          value_of(pnl.flows.split), value_of(pnl.open_markets), value_of(pnl.resolved_markets)}}};
}

Listing list_pnl_markets(const std::vector<PositionView>& positions) {
    Listing listing{{{"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"account", "", Form::text},
                     {"state", "state", Form::text},
                     {"realized", "realized", Form::money},
                     {"edge", "edge", Form::money},
                     {"direction", "direction", Form::money},
                     {"fees", "fees", Form::money},
                     {"bought", "bought", Form::money},
                     {"sold", "sold", Form::money},
                     {"redeemed", "redeemed", Form::money},
                     {"worst", "worst", Form::money},
                     {"best", "best", Form::money}},
                    {}};
    for (const PositionView& view : positions) {
        const Position& p = view.position;
        listing.rows.push_back(
            {value_of(view.market.name),
             value_of(view.market.title.empty() ? view.market.name : view.market.title),
             value_of(view.holder.account),
             value_of(std::string{view.open() ? "open" : "resolved"}), value_of(p.realized),
             value_of(p.edge), value_of(p.direction()), value_of(p.flows.fees),
             value_of(p.flows.bought), value_of(p.flows.sold), value_of(p.flows.redeemed),
             view.open() ? value_of(view.worst()) : ListValue{},
             view.open() ? value_of(view.best()) : ListValue{}});
    }
    return listing;
}

std::vector<CashView> cash_of(Rows& rows, Mode mode) {
    const Ledger ledger{rows};
    std::vector<CashView> views;
    for (const auto& [account, used] : ledger.accounts()) {
        if (used == mode) views.push_back(cash_of_account(ledger, account, mode));
    }
    return views;
}

Listing list_cash(const std::vector<CashView>& accounts) {
    Listing listing{{{"account", "account", Form::text},
                     {"opening", "opening", Form::money},
                     {"bought", "bought", Form::money},
                     {"sold", "sold", Form::money},
                     {"redeemed", "redeemed", Form::money},
                     {"merged", "merged", Form::money},
                     {"split", "split", Form::money},
                     {"fees", "fees", Form::money},
                     {"fees_estimated", "", Form::money},
                     {"transfers", "transfers", Form::money},
                     {"rewards", "rewards", Form::money},
                     {"expected", "expected", Form::money},
                     {"observed", "observed", Form::money},
                     {"observed_seq", "", Form::number},
                     {"unexplained", "unexplained", Form::money}},
                    {}};
    for (const CashView& view : accounts) {
        const Flows& flows = view.flow.flows;
        listing.rows.push_back(
            {value_of(view.account), value_of(view.opening), value_of(flows.bought),
             value_of(flows.sold), value_of(flows.redeemed), value_of(flows.merged),
             value_of(flows.split), value_of(flows.fees), value_of(flows.fees_estimated),
             value_of(view.flow.transfers), value_of(view.flow.rewards), value_of(view.expected),
             value_of(view.observed), view.observed ? value_of(view.observed_seq.raw) : ListValue{},
             value_of(view.unexplained)});
    }
    return listing;
}

}  // namespace daybook
