#include "projections/fold/guards.hpp"

#include <algorithm>
#include <set>

#include "projections/fold/hedge.hpp"

namespace daybook {
namespace {

struct KeptFill {
    Sequence seq;
    std::optional<Time> time;
    OwnTrade trade;
};

std::vector<KeptFill> fills_of(const CaseFile& file, const CaseOrder& order) {
    std::vector<KeptFill> fills;
    for (const CaseFill& fill : order.fills) {
        const auto amounts = counted(fill.state);
        if (amounts && fill.side)
            fills.push_back({fill.state.recorded_seq, fill.time, trade_of(file, fill, *amounts)});
    }
    return fills;
}

void take(LegTotals& leg, const OwnTrade& trade) {
    (trade.bought ? leg.bought : leg.sold) += trade.shares;
    (trade.bought ? leg.cost : leg.proceeds) += trade.cost;
}
void take(GroupTotals& totals, const OwnTrade& trade) {
    take(totals.legs.at(trade.side), trade);
    if (trade.fee_in_cash) totals.fees += trade.fee;
}

Shares held(const LegTotals& leg) { return leg.bought - leg.sold; }

/// An order of one of the cases, in its turn.
struct Turn {
    std::size_t file{};
    const CaseOrder* order{};
    std::optional<Time> time;
};

/// What became of one case so far.
struct Course {
    GroupTotals kept, all;
    GroupTotals by_now;  ///< of `kept`, what was filled at the moment the replay has reached
    std::multimap<Time, KeptFill> to_come;
    std::array<std::vector<const CaseOrder*>, 2> opened;  ///< kept opening orders of each leg
    std::map<std::string, Money> group_cost;
    std::optional<Time> halted;
};

class Replay {
  public:
    Replay(std::span<const CaseFile* const> files, const Thresholds& limits, HaltReach reach)
        : files_{files}, limits_{limits}, reach_{reach}, courses_(files.size()) {
        cases_.resize(files.size());
    }

    std::vector<GuardedCase> run(Time from) {
        for (const Turn& turn : turns()) {
            if (turn.time) advance(*turn.time);
            const bool free = !turn.time || *turn.time < from;  // what was before is as it was
            const auto stop = free ? std::nullopt : refusal(turn);
            stop ? prevent(turn, *stop) : keep(turn);
        }
        advance({INT64_MAX});
        for (std::size_t i = 0; i < files_.size(); ++i) {
            if (const auto pays = payouts(files_[i]->market))
                cases_[i].change =
                    result_of(courses_[i].kept, *pays) - result_of(courses_[i].all, *pays);
        }
        return std::move(cases_);
    }

  private:
    [[nodiscard]] std::vector<Turn> turns() const {
        std::vector<Turn> all;
        for (std::size_t i = 0; i < files_.size(); ++i) {
            for (const CaseOrder& order : files_[i]->orders) {
                auto time = order.sent();
                if (!time && !order.fills.empty()) time = order.fills.front().time;
                all.push_back({i, &order, time});
            }
        }
        std::ranges::sort(all, {}, [](const Turn& turn) { return turn.order->first_seq; });
        return all;
    }

    // ── Time passes: fills come in, and each is followed by a look at the hedge.

    [[nodiscard]] Time check_after(Time fill) const {
        return {fill.nanos + limits_.get(Threshold::fill_timeout_ms) * kNanosPerMilli};
    }
    void advance(Time now) {
        while (!checks_.empty() && checks_.begin()->first <= now) {
            const auto [time, file] = *checks_.begin();
            checks_.erase(checks_.begin());
            check(file, time);
        }
    }
    void check(std::size_t file, Time time) {
        Course& course = courses_[file];
        Sequence last;
        while (!course.to_come.empty() && course.to_come.begin()->first <= time) {
            const KeptFill& fill = course.to_come.begin()->second;
            take(course.by_now, fill.trade);
            last = fill.seq;
            course.to_come.erase(course.to_come.begin());
        }
        last_[file] = std::max(last_[file], last);
        Position position;
        for (std::size_t i = 0; i < 2; ++i)
            position.sides.at(i).matched.shares = held(course.by_now.legs.at(i));
        const auto ratio = hedge_ratio(position);
        if (!ratio || !below(*ratio, {limits_.get(Threshold::critical_hedge_ratio)})) return;
        if (!cases_[file].halt) {
            cases_[file].halt = Stop{last_[file], time, "critical_hedge",
                                     "hedge " + format_ratio(*ratio) + ", " +
                                         format_micros(imbalance(position).micros) + " unpaired",
                                     limits_.print(Threshold::critical_hedge_ratio)};
        }
        if (!course.halted) course.halted = time;
        if (!halted_) halted_ = time;
    }

    // ── An order comes.

    using Refused = std::optional<Stop>;
    [[nodiscard]] static Stop stop_at(const Turn& turn, std::string_view rule, std::string detail,
                                      std::string threshold) {
        const Sequence sent = turn.order->sent_seq();
        return {sent.raw == 0 ? turn.order->first_seq : sent, turn.time.value_or(Time{}), rule,
                std::move(detail), std::move(threshold)};
    }

    [[nodiscard]] Refused refusal(const Turn& turn) const {
        const auto side = files_[turn.file]->side_of(*turn.order);
        if (!side) return std::nullopt;
        const auto& intent = turn.order->intent;
        const bool sells =
            intent ? intent->side == Side::sell : turn.order->fills.front().direction == Side::sell;
        if (sells) return nothing_to_sell(turn, *side);
        const Purpose purpose = intent ? intent->purpose.value_or(Purpose::open) : Purpose::open;
        if (purpose != Purpose::open) return nothing_to_complete(turn, *side);
        for (const auto guard : {&Replay::halted, &Replay::near_resolution, &Replay::stacked,
                                 &Replay::pair_cost, &Replay::group_cost}) {
            if (auto stop = (this->*guard)(turn, *side)) return stop;
        }
        return std::nullopt;
    }
    [[nodiscard]] Refused nothing_to_sell(const Turn& turn, std::size_t side) const {
        GroupTotals sold;
        for (const KeptFill& fill : fills_of(*files_[turn.file], *turn.order))
            take(sold, fill.trade);
        if (sold.legs.at(side).sold <= held(courses_[turn.file].kept.legs.at(side)))
            return std::nullopt;
        return stop_at(turn, "nothing_to_sell", "what it sells would not have been bought", "");
    }
    [[nodiscard]] Refused nothing_to_complete(const Turn& turn, std::size_t side) const {
        if (held(courses_[turn.file].kept.legs.at(1 - side)).micros > 0) return std::nullopt;
        return stop_at(turn, "nothing_to_complete", "the leg it completes would not be there", "");
    }
    [[nodiscard]] Refused halted(const Turn& turn, std::size_t) const {
        const auto since = reach_ == HaltReach::account ? halted_ : courses_[turn.file].halted;
        if (!since || *turn.time <= *since) return std::nullopt;
        return stop_at(turn, "halted", "after the halt",
                       limits_.print(Threshold::critical_hedge_ratio));
    }
    [[nodiscard]] Refused near_resolution(const Turn& turn, std::size_t) const {
        const CaseFile& file = *files_[turn.file];
        if (!file.market.closes) return std::nullopt;
        const std::int64_t left = file.market.closes->nanos - turn.time->nanos;
        if (left >= limits_.get(Threshold::near_resolution_ms) * kNanosPerMilli ||
            flag_allows(file, "near_resolution", turn.order->sent_seq(), turn.time))
            return std::nullopt;
        return stop_at(turn, "near_resolution",
                       std::to_string(left / kNanosPerSecond) + " s before the close",
                       limits_.print(Threshold::near_resolution_ms));
    }
    [[nodiscard]] Refused stacked(const Turn& turn, std::size_t side) const {
        const Course& course = courses_[turn.file];
        const Sequence before{turn.order->first_seq.raw - 1};
        for (const CaseOrder* const other : course.opened.at(side)) {
            const OrderState state = other->state(before);
            const bool works = state != OrderState::new_ && !is_final(state);
            if (state == OrderState::rejected ||
                !(works || held(course.kept.legs.at(side)).micros > 0))
                continue;
            return stop_at(turn, "stacked",
                           "the leg was opened by event " + std::to_string(other->first_seq.raw),
                           "one opening order a leg");
        }
        return std::nullopt;
    }
    /// What the other leg cost on average and what this one would, against what a pair pays.
    [[nodiscard]] Refused pair_cost(const Turn& turn, std::size_t side) const {
        const LegTotals& other = courses_[turn.file].kept.legs.at(1 - side);
        const auto& intent = turn.order->intent;
        if (!intent || !intent->price || held(other).micros <= 0) return std::nullopt;
        const Wide room = limits_.get(Threshold::max_pair_cost) - intent->price->micros;
        if (Wide{other.cost.micros} * kMicro < room * other.bought.micros) return std::nullopt;
        return stop_at(turn, "pair_cost",
                       "a limit of " + format_micros(intent->price->micros) + " beside a leg of " +
                           format_micros(static_cast<std::int64_t>(divide_half_even(
                               Wide{other.cost.micros} * kMicro, other.bought.micros))),
                       limits_.print(Threshold::max_pair_cost));
    }
    [[nodiscard]] std::optional<Money> worth(const CaseOrder& order) const {
        if (!order.intent || !order.intent->price || !order.intent->shares) return std::nullopt;
        const auto worth = cost(*order.intent->price, *order.intent->shares);
        return worth ? std::optional{worth.value()} : std::nullopt;
    }
    [[nodiscard]] Refused group_cost(const Turn& turn, std::size_t) const {
        const auto most = limits_.find(Threshold::max_group_cost);
        const auto added = worth(*turn.order);
        if (!most || !added) return std::nullopt;
        const auto& spent = courses_[turn.file].group_cost;
        const auto before = spent.find(turn.order->group);
        const Money sum = *added + (before == spent.end() ? Money{} : before->second);
        if (sum.micros <= *most) return std::nullopt;
        return stop_at(turn, "group_cost", "the group would cost " + format_micros(sum.micros),
                       limits_.print(Threshold::max_group_cost));
    }

    void prevent(const Turn& turn, const Stop& stop) {
        GuardedCase& guarded = cases_[turn.file];
        if (!guarded.refusal) guarded.refusal = stop;
        guarded.prevented.push_back(turn.order);
        for (const KeptFill& fill : fills_of(*files_[turn.file], *turn.order))
            take(courses_[turn.file].all, fill.trade);
    }
    void keep(const Turn& turn) {
        const CaseFile& file = *files_[turn.file];
        Course& course = courses_[turn.file];
        for (const KeptFill& fill : fills_of(file, *turn.order)) {
            take(course.kept, fill.trade);
            take(course.all, fill.trade);
            if (!fill.time) continue;
            course.to_come.emplace(*fill.time, fill);
            checks_.emplace(check_after(*fill.time), turn.file);
        }
        const auto& intent = turn.order->intent;
        const auto side = file.side_of(*turn.order);
        const bool opens = !intent || (intent->side.value_or(Side::buy) == Side::buy &&
                                       intent->purpose.value_or(Purpose::open) == Purpose::open);
        if (!side || !opens) return;
        course.opened.at(*side).push_back(turn.order);
        course.group_cost[turn.order->group] += worth(*turn.order).value_or(Money{});
    }

    std::span<const CaseFile* const> files_;
    const Thresholds& limits_;
    HaltReach reach_;
    std::vector<Course> courses_;
    std::vector<GuardedCase> cases_;
    std::map<std::size_t, Sequence> last_;
    std::set<std::pair<Time, std::size_t>> checks_;
    std::optional<Time> halted_;
};

}  // namespace

std::vector<GuardedCase> with_guards(std::span<const CaseFile* const> files,
                                     const Thresholds& limits, HaltReach reach, Time from) {
    return Replay{files, limits, reach}.run(from);
}

bool flag_allows(const CaseFile& file, std::string_view flag, Sequence seq,
                 std::optional<Time> at) {
    bool on = false;
    for (const Standing& said : file.standing) {
        const auto* set = std::get_if<Flag>(&said.what);
        if (set == nullptr || set->flag != flag || said.seq > seq) continue;
        on = set->on && (!set->expires || !at || *at < *set->expires);
    }
    return on;
}

}  // namespace daybook
