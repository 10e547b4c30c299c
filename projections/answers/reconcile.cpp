#include "projections/answers/reconcile.hpp"

#include <algorithm>
#include <map>

#include "projections/answers/recorded.hpp"

namespace daybook {
namespace {

std::int64_t apart(std::int64_t a, std::int64_t b) { return a > b ? a - b : b - a; }

/// A line of the statement whose market and outcome are known here.
struct Known {
    const StatementLine* line{};
    std::optional<MarketKey> market;
    int outcome{-1};
    bool met{};
};

Stated said_by(const StatementLine& line) { return {line.shares, line.cost, line.fee, line.pnl}; }

void add(Stated& sum, const Stated& part) {
    const auto both = [](std::optional<Money> a, std::optional<Money> b) {
        return a && b ? std::optional{*a + *b} : std::nullopt;
    };
    sum = {sum.shares + part.shares, both(sum.cost, part.cost), both(sum.fee, part.fee),
           both(sum.pnl, part.pnl)};
}

Match match_of(const std::optional<Stated>& here, const std::optional<Stated>& there) {
    if (!here) return Match::missing_here;
    if (!there) return Match::missing_there;
    return compare(*here, *there);
}

class Meeting {
  public:
    Meeting(const Statement& statement, const Recorded& recorded)
        : statement_{statement}, recorded_{recorded}, met_(recorded.lines.size()) {
        for (const StatementLine& line : statement.lines) known_.push_back(known_of(line));
    }

    Reconciliation movements() {
        meet([](const Known& k, const RecordedLine& r) {
            return !r.trade.empty() && r.trade == k.line->trade;
        });
        meet([](const Known& k, const RecordedLine& r) {
            return !r.tx.empty() && r.tx == k.line->tx;
        });
        meet_alone([](const Known& k, const RecordedLine& r) {
            return r.said.shares == k.line->shares && r.said.cost == k.line->cost;
        });
        meet_alone(
            [](const Known& k, const RecordedLine& r) { return r.said.shares == k.line->shares; });
        for (const Known& known : known_) {
            if (!known.met) add_missing_here(known);
        }
        std::ranges::stable_sort(result_.lines, {},
                                 [](const Reconciled& line) { return line.rows.front(); });
        for (std::size_t i = 0; i < met_.size(); ++i) {
            if (!met_[i] && covered(recorded_.lines[i])) add_missing_there(recorded_.lines[i]);
        }
        return std::move(result_);
    }

    Reconciliation sums() {
        std::map<MarketKey, std::array<bool, 2>> named;
        MarketKey last;
        for (const Known& known : known_) {
            const auto sum = sum_of(known);
            if (sum && known.market) named[*known.market].at(place(known)) = true;
            add_sum(known, sum, known.market && *known.market == last);
            last = known.market.value_or(MarketKey{});
        }
        for (const auto& [key, sum] : recorded_.markets) {
            for (std::size_t i = 0; i < 2; ++i) {
                if (!named[key].at(i) && expected(sum, i)) add_sum_missing_there(key, sum, i);
            }
        }
        return std::move(result_);
    }

  private:
    Known known_of(const StatementLine& line) const {
        Known known{&line, {}, -1};
        for (const auto& [key, sum] : recorded_.markets) {
            if (sum.market.name != line.market &&
                std::ranges::find(sum.market.aliases, line.market) == sum.market.aliases.end())
                continue;
            known.market = key;
            known.outcome = outcome_index(sum.market, line.outcome).value_or(-1);
        }
        return known;
    }
    static std::size_t place(const Known& known) {
        return known.outcome > 0 ? std::size_t{1} : std::size_t{0};
    }

    /// Same kind of movement in the same outcome, whatever its figures.
    static bool alike(const Known& known, const RecordedLine& line) {
        return known.market == line.market && known.outcome == line.outcome &&
               known.line->kind == line.kind && known.line->side == line.side;
    }
    /// Both name a transaction or trade, and not the same: they are not one.
    static bool apart_by_name(const Known& known, const RecordedLine& line) {
        return !known.line->tx.empty() && !line.tx.empty() && known.line->tx != line.tx;
    }

    /// All lines that `same` calls one thing, summed up on both sides.
    template <class Same>
    void meet(Same same) {
        for (const Known& known : known_) {
            if (known.met) continue;
            std::vector<std::size_t> ours;
            for (std::size_t i = 0; i < met_.size(); ++i) {
                if (!met_[i] && alike(known, recorded_.lines[i]) && same(known, recorded_.lines[i]))
                    ours.push_back(i);
            }
            if (ours.empty()) continue;
            std::vector<Known*> theirs;
            for (Known& other : known_) {
                const RecordedLine& first = recorded_.lines[ours.front()];
                if (!other.met && alike(other, first) && same(other, first))
                    theirs.push_back(&other);
            }
            pair_up(theirs, ours);
        }
    }
    /// One line beside one line: nothing but its figures tells which.
    template <class Same>
    void meet_alone(Same same) {
        for (Known& known : known_) {
            if (known.met) continue;
            for (std::size_t i = 0; i < met_.size() && !known.met; ++i) {
                const RecordedLine& line = recorded_.lines[i];
                if (!met_[i] && alike(known, line) && !apart_by_name(known, line) &&
                    same(known, line))
                    pair_up({&known}, {i});
            }
        }
    }
    void pair_up(const std::vector<Known*>& theirs, const std::vector<std::size_t>& ours) {
        Reconciled line = begin(*theirs.front());
        for (Known* const known : theirs) {
            known->met = true;
            line.rows.push_back(known->line->row);
            line.there ? add(*line.there, said_by(*known->line))
                       : void(line.there = said_by(*known->line));
        }
        for (const std::size_t i : ours) {
            met_[i] = true;
            const RecordedLine& own = recorded_.lines[i];
            line.seqs.push_back(own.seq);
            line.here ? add(*line.here, own.said) : void(line.here = own.said);
        }
        finish(std::move(line));
    }

    Reconciled begin(const Known& known) const {
        Reconciled line;
        line.kind = known.line->kind;
        line.market = known.line->market;
        line.outcome = known.line->outcome;
        line.side = known.line->side;
        if (known.market) name(line, *known.market, known.outcome);
        return line;
    }
    void name(Reconciled& line, MarketKey key, int outcome) const {
        const MarketSum& sum = recorded_.markets.at(key);
        line.market = sum.market.name;
        line.title = sum.market.title.empty() ? sum.market.name : sum.market.title;
        if (outcome >= 0) line.outcome = sum.name_of(outcome);
    }
    void finish(Reconciled line) {
        if (line.title.empty()) line.title = line.market;
        line.match = match_of(line.here, line.there);
        result_.lines.push_back(std::move(line));
    }

    void add_missing_here(const Known& known) {
        const StatementLine& said = *known.line;
        Reconciled line = begin(known);
        line.rows = {said.row};
        line.there = said_by(said);
        // Losing shares that were burned for nothing moved neither cash nor P&L.
        if (said.kind == LineKind::redemption && said.cost == Money{}) line.here = line.there;
        finish(std::move(line));
    }
    void add_missing_there(const RecordedLine& own) {
        if (own.kind == LineKind::redemption && own.said.cost == Money{}) return;
        Reconciled line;
        line.kind = own.kind;
        line.side = own.side;
        name(line, own.market, own.outcome);
        line.here = own.said;
        line.seqs = {own.seq};
        finish(std::move(line));
    }
    /// Whether the statement speaks of that kind of movement, and of that time.
    [[nodiscard]] bool covered(const RecordedLine& own) const {
        const bool fills_only = statement_.kind != StatementKind::activity;
        return (own.kind == LineKind::fill || !fills_only) && in_span(own.time);
    }
    [[nodiscard]] bool in_span(const std::optional<Time>& time) const {
        std::optional<Time> first, last;
        for (const StatementLine& line : statement_.lines) {
            if (!line.time) continue;
            if (!first || *line.time < *first) first = line.time;
            if (!last || *line.time > *last) last = line.time;
        }
        return time && first && *time >= *first && *time <= *last;
    }

    // ── Positions, closed positions, settlements.

    [[nodiscard]] const MarketSum* sum_of(const Known& known) const {
        return known.market && known.outcome >= 0 ? &recorded_.markets.at(*known.market) : nullptr;
    }
    [[nodiscard]] static Stated stated_by(const MarketSum& sum, std::size_t i, LineKind kind,
                                          bool first) {
        const OutcomeSum& side = sum.outcomes.at(i);
        const std::optional<Money> cost{side.cost};
        if (kind == LineKind::held) return {side.held, cost, {}, {}};
        if (kind == LineKind::bought) return {side.bought, cost, {}, {}};
        Stated said{side.matched, {}, {}, {}};
        if (side.sold == Shares{}) said.cost = cost;  // else it is no longer what they had cost
        if (first) {
            said.fee = sum.fees;
            said.pnl = sum.realized;
        }
        return said;
    }
    void add_sum(const Known& known, const MarketSum* sum, bool again) {
        Reconciled line = begin(known);
        line.rows = {known.line->row};
        line.there = said_by(*known.line);
        const bool some = sum != nullptr && !sum->outcomes.at(place(known)).seqs.empty();
        const bool nothing =
            known.line->shares == Shares{} && known.line->cost.value_or(Money{}) == Money{};
        if (some || nothing)
            line.here =
                sum == nullptr ? Stated{} : stated_by(*sum, place(known), known.line->kind, !again);
        if (some) line.seqs = sum->outcomes.at(place(known)).seqs;
        finish(std::move(line));
    }
    /// Whether a whole statement would name what was held of outcome `i`.
    [[nodiscard]] bool expected(const MarketSum& sum, std::size_t i) const {
        if (statement_.kind == StatementKind::positions)
            return sum.outcomes.at(i).held.micros > kReconcileTolerance;
        return statement_.kind == StatementKind::settlements &&
               sum.outcomes.at(i).matched.micros > kReconcileTolerance && sum.market.resolution &&
               in_span(sum.market.resolution->time);
    }
    void add_sum_missing_there(MarketKey key, const MarketSum& sum, std::size_t i) {
        Reconciled line;
        line.kind =
            statement_.kind == StatementKind::positions ? LineKind::held : LineKind::settled;
        name(line, key, static_cast<int>(i));
        line.here = stated_by(sum, i, line.kind, true);
        line.seqs = sum.outcomes.at(i).seqs;
        finish(std::move(line));
    }

    const Statement& statement_;
    const Recorded& recorded_;
    std::vector<Known> known_;
    std::vector<bool> met_;
    Reconciliation result_;
};

bool by_movement(StatementKind kind) {
    switch (kind) {
        case StatementKind::activity:
        case StatementKind::trades:
        case StatementKind::fills:
            return true;
        case StatementKind::positions:
        case StatementKind::closed_positions:
        case StatementKind::settlements:
            return false;
    }
    return false;
}

}  // namespace

Match compare(const Stated& here, const Stated& there) {
    std::int64_t most = apart(here.shares.micros, there.shares.micros);
    const auto see = [&](const std::optional<Money>& a, const std::optional<Money>& b) {
        if (a && b) most = std::max(most, apart(a->micros, b->micros));
    };
    see(here.cost, there.cost);
    see(here.fee, there.fee);
    if (here.fee && there.fee) see(here.pnl, there.pnl);
    if (most == 0) return Match::agreed;
    return most <= kReconcileTolerance ? Match::rounding : Match::different;
}

std::uint64_t Reconciliation::count(Match match) const {
    return static_cast<std::uint64_t>(std::ranges::count(lines, match, &Reconciled::match));
}

bool Reconciliation::off() const {
    return count(Match::agreed) + count(Match::rounding) != lines.size();
}

Reconciliation reconcile(const Statement& statement, const ReconcileRows& rows,
                         const StatementScope& scope) {
    const Recorded recorded = recorded_at(rows, statement.venue, scope);
    Meeting meeting{statement, recorded};
    return by_movement(statement.kind) ? meeting.movements() : meeting.sums();
}

}  // namespace daybook
