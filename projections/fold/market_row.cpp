#include "projections/fold/market_row.hpp"

#include <algorithm>

namespace daybook {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<int> common_word(std::string_view outcome) {
    if (same_word(outcome, "yes") || same_word(outcome, "up") || outcome == "0") return 0;
    if (same_word(outcome, "no") || same_word(outcome, "down") || outcome == "1") return 1;
    return std::nullopt;
}

bool both_differ(const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty() && a != b;
}
template <class T>
bool both_differ(const std::optional<T>& a, const std::optional<T>& b) {
    return a && b && *a != *b;
}

bool outcomes_agree(const std::vector<Outcome>& a, const std::vector<Outcome>& b) {
    if (a.empty() || b.empty()) return true;
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(), [](const Outcome& x, const Outcome& y) {
            const bool named = !x.name.empty() && !y.name.empty();
            return (!named || same_word(x.name, y.name)) && !both_differ(x.token, y.token);
        });
}

void fill_in(std::string& field, const std::string& said) {
    if (field.empty()) field = said;
}
template <class T>
void fill_in(std::optional<T>& field, const std::optional<T>& said) {
    if (!field) field = said;
}
void fill_in(std::vector<Outcome>& outcomes, const std::vector<Outcome>& said) {
    if (outcomes.empty()) outcomes = said;
    if (!outcomes_agree(outcomes, said)) return;
    for (std::size_t i = 0; i < said.size(); ++i) {
        fill_in(outcomes[i].name, said[i].name);
        fill_in(outcomes[i].token, said[i].token);
    }
}
template <class T>
void replace(std::optional<T>& field, const std::optional<T>& said) {
    if (said) field = said;
}

void add_fee(std::vector<FeeSince>& fees, const FeeSince& said) {
    if (fees.empty() || fees.back().fee != said.fee) fees.push_back(said);
}

std::optional<std::array<Ratio, 2>> stated(const MarketRow& market, const Resolution& resolution) {
    if (resolution.payouts.empty()) {
        const std::optional<int> winner = outcome_index(market, resolution.winner);
        if (!winner) return std::nullopt;
        return *winner == 0 ? std::array{Ratio{kMicro}, Ratio{0}}
                            : std::array{Ratio{0}, Ratio{kMicro}};
    }
    if (resolution.payouts.size() != 2) return std::nullopt;
    const Ratio first = resolution.payouts[0];
    const Ratio second = resolution.payouts[1];
    if (first.micros < 0 || second.micros < 0 || first.micros > kMicro) return std::nullopt;
    if (second.micros != kMicro - first.micros) return std::nullopt;
    return std::array{first, second};
}

MarketFlag what_is_wrong(const Resolution& resolution) {
    return resolution.payouts.empty() ? MarketFlag::unknown_winner : MarketFlag::bad_payouts;
}

}  // namespace

std::optional<int> outcome_index(const MarketRow& market, std::string_view outcome) {
    if (outcome.empty()) return std::nullopt;
    if (market.outcomes.empty()) return common_word(outcome);
    for (std::size_t i = 0; i < 2 && i < market.outcomes.size(); ++i) {
        const Outcome& known = market.outcomes[i];
        if (same_word(known.name, outcome) || known.token == outcome) return static_cast<int>(i);
    }
    if (outcome == "0") return 0;
    if (outcome == "1") return 1;
    return std::nullopt;
}

std::optional<std::array<Ratio, 2>> payouts(const MarketRow& market) {
    if (!market.resolution) return std::nullopt;
    return stated(market, *market.resolution);
}

std::optional<Fee> fee_at(const MarketRow& market, Sequence seq) {
    std::optional<Fee> in_force;
    for (const FeeSince& fee : market.fees) {
        if (fee.since <= seq) in_force = fee.fee;
    }
    return in_force;
}

bool agree(const MarketRow& a, const MarketRow& b) {
    return outcomes_agree(a.outcomes, b.outcomes) && !both_differ(a.closes, b.closes) &&
           !both_differ(a.strike, b.strike);
}

MarketRow row_of(const Event& event, const MarketDefined& defined) {
    MarketRow row{.key = {event.seq.raw},
                  .venue = event.venue,
                  .name = event.market,
                  .aliases = {},
                  .first_seq = event.seq,
                  .defined_at = event.seq,
                  .title = defined.title,
                  .asset = defined.asset,
                  .event = defined.event,
                  .outcomes = defined.outcomes,
                  .opens = defined.opens,
                  .closes = defined.closes,
                  .strike = defined.strike,
                  .tick = defined.tick,
                  .min_shares = defined.min_shares,
                  .nets = defined.nets,
                  .neg_risk = defined.neg_risk,
                  .accepting = {},
                  .fees = {},
                  .resolution = {},
                  .flags = {}};
    if (defined.fee) row.fees.push_back({event.seq, *defined.fee});
    if (row.outcomes.size() != 2) row.outcomes.clear();
    if (row.name.empty() && !defined.aliases.empty()) row.name = defined.aliases.front();
    return row;
}

void define(MarketRow& market, const MarketRow& said) {
    if (!agree(market, said)) market.flags.set(MarketFlag::conflicting_definition);
    if (!market.defined()) {
        market.defined_at = said.defined_at;
        market.name = said.name;
    }
    fill_in(market.title, said.title);
    fill_in(market.asset, said.asset);
    fill_in(market.event, said.event);
    fill_in(market.outcomes, said.outcomes);
    fill_in(market.opens, said.opens);
    fill_in(market.closes, said.closes);
    fill_in(market.strike, said.strike);
    fill_in(market.nets, said.nets);
    fill_in(market.neg_risk, said.neg_risk);
    replace(market.tick, said.tick);
    replace(market.min_shares, said.min_shares);
    for (const FeeSince& fee : said.fees) add_fee(market.fees, fee);
    if (payouts(market)) market.flags.clear(MarketFlag::unknown_winner);
}

void change(MarketRow& market, const MarketChanged& changed, Sequence seq) {
    replace(market.tick, changed.tick);
    replace(market.accepting, changed.accepting);
    if (changed.fee) add_fee(market.fees, {seq, *changed.fee});
}

void resolve(MarketRow& market, const Resolution& said) {
    const auto before = payouts(market);
    const auto after = stated(market, said);
    if (!after) market.flags.set(what_is_wrong(said));
    if (before && (!after || *before == *after)) return;
    if (before) market.flags.set(MarketFlag::resolution_changed);
    market.resolution = said;
}

void join(MarketRow& into, const MarketRow& from) {
    const bool from_first =
        from.defined() && (!into.defined() || from.defined_at < into.defined_at);
    MarketRow joined = from_first ? from : into;
    MarketRow other = from_first ? into : from;
    joined.key = into.key;
    joined.first_seq = std::min(into.first_seq, from.first_seq);
    joined.flags.set(other.flags);
    joined.fees.insert(joined.fees.end(), other.fees.begin(), other.fees.end());
    std::stable_sort(joined.fees.begin(), joined.fees.end(),
                     [](const FeeSince& a, const FeeSince& b) { return a.since < b.since; });
    other.fees.clear();
    if (other.defined()) define(joined, other);
    fill_in(joined.tick, other.tick);
    fill_in(joined.accepting, other.accepting);
    if (joined.resolution && other.resolution && other.resolution->seq < joined.resolution->seq) {
        std::swap(joined.resolution, other.resolution);
    }
    if (other.resolution) resolve(joined, *other.resolution);
    into = joined;
}

}  // namespace daybook
