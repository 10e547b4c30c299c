#include "schemas/check.hpp"

namespace daybook {
namespace {

using Why = std::optional<std::string>;

Why required(std::string_view name, const std::string& value) {
    if (!value.empty()) return std::nullopt;
    return "'" + std::string{name} + "' is missing";
}
Why in_unit(std::string_view name, const std::optional<Price>& price) {
    if (!price || (price->micros >= 0 && price->micros <= kMicro)) return std::nullopt;
    return "'" + std::string{name} + "' is outside [0, 1]: " + format_micros(price->micros);
}
/// No venue has seen a billion of anything; sums of what is let in stay far from overflowing.
constexpr std::int64_t kAmountMax = 1'000'000'000 * kMicro;

template <class Amount>
Why in_bounds(std::string_view name, const std::optional<Amount>& amount) {
    if (!amount || (amount->micros <= kAmountMax && amount->micros >= -kAmountMax))
        return std::nullopt;
    return "'" + std::string{name} + "' is beyond a billion: " + format_micros(amount->micros);
}
template <class Amount>
Why not_negative(std::string_view name, const std::optional<Amount>& amount) {
    if (!amount || amount->micros >= 0) return in_bounds(name, amount);
    return "'" + std::string{name} + "' is negative: " + format_micros(amount->micros);
}
template <class Amount>
Why not_negative(std::string_view name, const Amount& amount) {
    return not_negative(name, std::optional<Amount>{amount});
}

/// The first reason of several.
Why first_of(std::initializer_list<Why> reasons) {
    for (const Why& why : reasons) {
        if (why) return why;
    }
    return std::nullopt;
}

Why check(const std::optional<Fee>& fee) {
    if (!fee) return std::nullopt;
    if (fee->rate.micros < 0 || fee->rate.micros > kMicro) return "'fee.rate' is outside [0, 1]";
    if (fee->exponent > 8) return "'fee.exponent' is above 8";
    return std::nullopt;
}
Why check(const MarketDefined& body) {
    if (!body.outcomes.empty() && body.outcomes.size() != 2) {
        return "'outcomes' holds " + std::to_string(body.outcomes.size()) +
               ", a market has exactly two";
    }
    for (const Outcome& outcome : body.outcomes) {
        if (outcome.name.empty() && outcome.token.empty())
            return "an outcome has neither name nor token";
    }
    return first_of(
        {in_unit("tick", body.tick), not_negative("min_shares", body.min_shares), check(body.fee)});
}
Why check(const MarketChanged& body) {
    return first_of(
        {in_unit("tick", body.tick), in_unit("old_tick", body.old_tick), check(body.fee)});
}
Why check(const MarketResolved& body) {
    if (body.payouts.empty() && body.winner.empty())
        return "neither 'payouts' nor 'winner' is given";
    for (const Ratio payout : body.payouts) {
        if (payout.micros < 0 || payout.micros > kMicro) return "a payout is outside [0, 1]";
    }
    return std::nullopt;
}
Why check_levels(std::string_view side, const std::optional<std::vector<Level>>& levels) {
    if (!levels) return std::nullopt;
    for (const Level& level : *levels) {
        if (Why why = first_of({in_unit(side, level.price), not_negative(side, level.shares)}))
            return why;
    }
    return std::nullopt;
}
Why check(const Book& body) {
    return first_of({required("outcome", body.outcome), check_levels("bids", body.bids),
                     check_levels("asks", body.asks)});
}
Why check(const BookChange& body) {
    if (Why why = required("outcome", body.outcome)) return why;
    if (!body.changes && !body.deltas) return "neither 'changes' nor 'deltas' is given";
    if (body.changes) {
        for (const Change& change : *body.changes) {
            if (Why why = first_of(
                    {in_unit("changes", change.price), not_negative("changes", change.shares)}))
                return why;
        }
    }
    if (body.deltas) {
        for (const Change& change : *body.deltas) {
            if (Why why = first_of({in_unit("deltas", change.price),
                                    in_bounds("deltas", std::optional{change.shares})}))
                return why;
        }
    }
    return std::nullopt;
}
Why check(const Quote& body) {
    return first_of(
        {required("outcome", body.outcome), in_unit("bid", body.bid), in_unit("ask", body.ask),
         not_negative("bid_shares", body.bid_shares), not_negative("ask_shares", body.ask_shares),
         not_negative("bid_depth", body.bid_depth), not_negative("ask_depth", body.ask_depth)});
}
Why check(const Trade& body) {
    return first_of({required("outcome", body.outcome), in_unit("price", body.price),
                     not_negative("shares", body.shares)});
}
Why check(const ReferencePrice& body) {
    if (body.price.attos < 0) return "'price' is negative";
    return required("asset", body.asset);
}
Why check(const Feed& body) { return required("channel", body.channel); }
Why check(const OrderIntent& body) {
    return first_of({required("order", body.order), in_unit("price", body.price),
                     not_negative("shares", body.shares)});
}
Why check(const OrderStatus& body) {
    if (body.order.empty() && body.venue_order.empty())
        return "neither 'order' nor 'venue_order' is given";
    return first_of({in_unit("price", body.price), not_negative("shares", body.shares),
                     not_negative("claimed_matched", body.claimed_matched),
                     not_negative("claimed_cost", body.claimed_cost)});
}
Why check(const Fill& body) {
    if (body.fee_shares && body.fee_shares->micros > body.shares.micros)
        return "'fee_shares' is more than 'shares'";
    return first_of({required("trade", body.trade), required("order", body.order),
                     required("outcome", body.outcome), not_negative("shares", body.shares),
                     not_negative("cost", body.cost), in_bounds("fee", body.fee),
                     not_negative("fee_shares", body.fee_shares)});
}
Why check(const FillSettlement& body) {
    return first_of({required("trade", body.trade), required("order", body.order)});
}
Why check(const FillCorrection& body) {
    return first_of({required("trade", body.trade), required("order", body.order),
                     not_negative("shares", body.shares), not_negative("cost", body.cost),
                     not_negative("fee_shares", body.fee_shares)});
}
Why check(const Merge& body) { return not_negative("pairs", body.pairs); }
Why check(const Split& body) { return not_negative("pairs", body.pairs); }
Why check(const Redemption& body) {
    return first_of({not_negative("cash", body.cash), not_negative("shares", body.shares)});
}
Why check(const Transfer& body) {
    if (!body.cash && !body.shares) return "neither 'cash' nor 'shares' is given";
    if (body.shares && body.outcome.empty()) return "'outcome' is missing";
    return first_of({in_bounds("cash", body.cash), in_bounds("shares", body.shares),
                     not_negative("basis", body.basis)});
}
Why check(const Balance& body) {
    if (!body.cash && body.shares.empty()) return "neither 'cash' nor 'shares' is given";
    if (Why why = in_bounds("cash", body.cash)) return why;
    for (const OutcomeShares& held : body.shares) {
        if (Why why = in_bounds("shares", std::optional{held.shares})) return why;
        if (Why why = required("outcome", held.outcome)) return why;
    }
    return std::nullopt;
}
Why check(const Decision& body) {
    if (body.verdict != Verdict::go && body.verdict != Verdict::no_go)
        return "'verdict' is neither go nor no_go";
    for (const Leg& leg : body.legs) {
        if (Why why = first_of(
                {in_unit("legs.price", leg.price), not_negative("legs.shares", leg.shares)}))
            return why;
    }
    return std::nullopt;
}
Why check(const Guard& body) {
    if (body.verdict != Verdict::pass && body.verdict != Verdict::deny)
        return "'verdict' is neither pass nor deny";
    return required("rule", body.rule);
}
Why check(const Claim& body) {
    if (body.about && body.about->to < body.about->from) return "'about' ends before it begins";
    return first_of({required("source", body.source), required("metric", body.metric),
                     required("value", body.value)});
}
Why check(const Halt&) { return std::nullopt; }
Why check(const Resume&) { return std::nullopt; }
Why check(const Flag& body) { return required("flag", body.flag); }
Why check(const Limits& body) {
    if (body.values.empty()) return "no limit is given";
    for (const Named& limit : body.values) {
        if (!parse_decimal(limit.value, 6))
            return "limit '" + limit.name + "' is no decimal: '" + limit.value + "'";
    }
    return std::nullopt;
}
Why check(const Epoch& body) { return required("name", body.name); }
Why check(const Note& body) { return required("text", body.text); }
Why check(const Log& body) { return required("text", body.text); }
Why check(const Unparsed& body) { return required("why", body.why); }
Why check(const RecorderStarted&) { return std::nullopt; }
Why check(const RecorderStopped&) { return std::nullopt; }
Why check(const Recovered&) { return std::nullopt; }
Why check(const ModelCalibrated&) { return std::nullopt; }
Why check(const Lost&) { return std::nullopt; }

/// Whether events of this type are about one market and say nothing without it.
bool needs_market(const Body& body) {
    return std::visit(
        []<class T>(const T&) {
            return std::is_same_v<T, MarketDefined> || std::is_same_v<T, MarketChanged> ||
                   std::is_same_v<T, MarketResolved> || std::is_same_v<T, Book> ||
                   std::is_same_v<T, BookChange> || std::is_same_v<T, Quote> ||
                   std::is_same_v<T, Trade> || std::is_same_v<T, OrderIntent> ||
                   std::is_same_v<T, Fill> || std::is_same_v<T, Merge> ||
                   std::is_same_v<T, Split> || std::is_same_v<T, Redemption>;
        },
        body);
}

}  // namespace

std::optional<std::string> why_invalid(const Event& event) {
    if (needs_market(event.body) && event.market.empty()) return "'market' is missing";
    const auto* transfer = std::get_if<Transfer>(&event.body);
    if (transfer != nullptr && transfer->shares && event.market.empty())
        return "'market' is missing";
    if (!event.market.empty() && event.venue.empty()) return "'venue' is missing";
    return std::visit([](const auto& body) { return check(body); }, event.body);
}

}  // namespace daybook
