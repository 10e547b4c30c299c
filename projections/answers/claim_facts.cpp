#include "projections/answers/claim_facts.hpp"

#include <algorithm>

namespace daybook {
namespace {

/// Which events a fact takes: a sum takes those of the window, a level all before its end.
enum class Kind : std::uint8_t { sum, level };

bool takes(const ClaimRow& claim, Kind kind, Sequence seq, std::optional<Time> time) {
    if (!claim.said.about || !time) return seq <= claim.seq;
    return *time < claim.said.about->to && (kind == Kind::level || *time >= claim.said.about->from);
}

bool at_venue(const Markets& markets, const ClaimRow& claim, const Holder& holder) {
    if (claim.market.raw != 0 || claim.venue.empty()) return true;
    const auto market = markets.find(holder.market);
    return market && market->venue == claim.venue;
}

/// The moves of what the claim is about, by market, each in sequence.
std::vector<MoveRow> moves_for(const Claims& claims, const ClaimRow& claim, Kind kind) {
    const Markets& markets = claims.ledger().markets();
    std::vector<MoveRow> taken = claims.moves(claim.account, claim.mode, claim.market);
    std::erase_if(taken, [&](const MoveRow& move) {
        return !takes(claim, kind, move.seq, move.time) || !at_venue(markets, claim, move.holder);
    });
    return taken;
}

Figures figures_for(const Claims& claims, const ClaimRow& claim, Kind kind) {
    Figures sum;
    for (const MoveRow& move : moves_for(claims, claim, kind)) add(sum, move.change);
    return sum;
}

std::optional<std::size_t> side_of(const Claims& claims, const ClaimRow& claim) {
    const auto market = claims.ledger().markets().find(claim.market);
    const auto index = market ? outcome_index(*market, claim.said.outcome) : std::nullopt;
    return index ? std::optional{static_cast<std::size_t>(*index)} : std::nullopt;
}

// ── Facts in millionths.

/// Opening + what moved since: what the account must hold (contract §3, Cash).
std::optional<std::int64_t> cash_for(const Claims& claims, const ClaimRow& claim) {
    std::optional<WalletEntry> opening;
    Money cash;
    for (const WalletEntry& entry : claims.ledger().wallet(claim.account, claim.mode)) {
        if (!takes(claim, Kind::level, entry.seq, entry.time)) continue;
        if (opening && !entry.observed) cash += entry.cash;
        if (opening || !entry.observed) continue;
        opening = entry;
        cash = entry.cash;
    }
    if (!opening) return std::nullopt;
    for (const MoveRow& move : claims.moves(claim.account, claim.mode)) {
        const bool since = move.seq > opening->seq;
        if (since && takes(claim, Kind::level, move.seq, move.time))
            cash += net_cash(move.change.flows);
    }
    return cash.micros;
}

std::optional<std::int64_t> filled_for(const Claims& claims, const ClaimRow& claim) {
    if (claim.said.order.empty()) return std::nullopt;
    Shares sum;
    for (const FilledRow& row : claims.filled(claim)) {
        if (takes(claim, Kind::level, row.seq, row.time)) sum += row.change;
    }
    return sum.micros;
}

std::optional<std::int64_t> shares_for(const Claims& claims, const ClaimRow& claim) {
    const auto side = side_of(claims, claim);
    if (!side) return std::nullopt;
    return figures_for(claims, claim, Kind::level).matched.at(*side).micros;
}

/// Fills alone can be told apart by outcome: a move of them is in one.
std::optional<Figures> trades_for(const Claims& claims, const ClaimRow& claim) {
    const auto side = side_of(claims, claim);
    if (!side) return std::nullopt;
    Figures sum;
    for (const MoveRow& move : moves_for(claims, claim, Kind::sum)) {
        if (move.change.fills != 0 && move.change.matched.at(*side).micros != 0)
            add(sum, move.change);
    }
    return sum;
}

std::optional<std::int64_t> sum_for(const Claims& claims, const ClaimRow& claim) {
    const std::string& metric = claim.said.metric;
    const bool trades = metric == "fills" || metric == "bought" || metric == "sold";
    if (!trades && metric != "pnl" && metric != "realized" && metric != "edge" &&
        metric != "direction" && metric != "fees" && metric != "redeemed")
        return std::nullopt;
    const auto sum = trades && !claim.said.outcome.empty()
                         ? trades_for(claims, claim)
                         : std::optional{figures_for(claims, claim, Kind::sum)};
    if (!sum) return std::nullopt;
    if (metric == "fills") return sum->fills * kMicro;
    if (metric == "bought") return sum->flows.bought.micros;
    if (metric == "sold") return sum->flows.sold.micros;
    if (metric == "redeemed") return sum->flows.redeemed.micros;
    if (metric == "fees") return sum->flows.fees.micros;
    if (metric == "edge") return sum->edge.micros;
    if (metric == "direction") return (sum->realized - sum->edge).micros;
    return sum->realized.micros;
}

// ── Facts about how well markets are hedged.

std::optional<Fraction> ratio_of(const Figures& figures) {
    Position position;
    for (std::size_t i = 0; i < 2; ++i) position.sides.at(i).matched.shares = figures.matched.at(i);
    return hedge_ratio(position);
}

std::optional<HedgeBand> band_of(const Figures& figures, const HedgeLimits& limits) {
    Position position;
    for (std::size_t i = 0; i < 2; ++i) position.sides.at(i).matched.shares = figures.matched.at(i);
    return hedge_band(position, limits);
}

std::optional<Fact> verdict_for(const Claims& claims, const HedgeLimits& limits,
                                const ClaimRow& claim) {
    const auto moves = moves_for(claims, claim, Kind::level);
    if (claim.market.raw == 0 || moves.empty()) return std::nullopt;
    const auto last = std::ranges::max(moves, {}, &MoveRow::seq);
    return Fact{std::string{to_text(verdict(claims.ledger().fold(last.holder, last.seq), limits))},
                {}};
}

std::map<MarketKey, Figures> by_market(const Claims& claims, const ClaimRow& claim, Kind kind) {
    std::map<MarketKey, Figures> sums;
    for (const MoveRow& move : moves_for(claims, claim, kind))
        add(sums[move.holder.market], move.change);
    return sums;
}

std::optional<std::int64_t> bands_for(const Claims& claims, const HedgeLimits& limits,
                                      const ClaimRow& claim) {
    const std::string& metric = claim.said.metric;
    const auto moved = by_market(claims, claim, Kind::sum);
    if (metric == "markets") return static_cast<std::int64_t>(moved.size()) * kMicro;
    const std::size_t cut = metric.rfind('_');
    if (cut == std::string::npos) return std::nullopt;
    const auto band = from_text<HedgeBand>(metric.substr(0, cut));
    const bool count = metric.substr(cut) == "_markets";
    if (!band || (!count && metric.substr(cut) != "_realized")) return std::nullopt;
    std::int64_t markets = 0;
    Money realized;
    for (const auto& [key, figures] : by_market(claims, claim, Kind::level)) {
        const auto sum = moved.find(key);
        if (sum == moved.end() || band_of(figures, limits) != *band) continue;
        ++markets;
        realized += sum->second.realized;
    }
    return count ? markets * kMicro : realized.micros;
}

Fact exact(std::int64_t micros) { return {format_micros(micros), Fraction{micros, kMicro}}; }

}  // namespace

std::optional<Fact> fact_of(const Claims& claims, const HedgeLimits& limits,
                            const ClaimRow& claim) {
    const std::string& metric = claim.said.metric;
    if (!claim.said.group.empty()) return std::nullopt;
    if (metric == "verdict") return verdict_for(claims, limits, claim);
    if (metric == "hedge_ratio") {
        if (claim.market.raw == 0) return std::nullopt;  // never netted across markets
        const auto ratio = ratio_of(figures_for(claims, claim, Kind::level));
        return ratio ? std::optional{Fact{format_ratio(*ratio), ratio}} : std::nullopt;
    }
    std::optional<std::int64_t> micros;
    if (metric == "cash") {
        micros = cash_for(claims, claim);
    } else if (metric == "filled") {
        micros = filled_for(claims, claim);
    } else if (metric == "shares") {
        micros = shares_for(claims, claim);
    } else {
        micros = sum_for(claims, claim);
        if (!micros) micros = bands_for(claims, limits, claim);
    }
    return micros ? std::optional{exact(*micros)} : std::nullopt;
}

}  // namespace daybook
