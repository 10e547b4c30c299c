#include "projections/answers/daily.hpp"

namespace daybook {
namespace {

constexpr std::int64_t kHour = 3'600 * kNanosPerSecond;
constexpr std::int64_t kDay = 24 * kHour;

std::string date_of(std::int64_t day) { return format_time(Time{day * kDay}).substr(0, 10); }

/// Events without any time stand in the hour 0, as the projection has them.
Time time_of(const MoveRow& move) { return move.time.value_or(Time{}); }

using VisitHour = std::function<void(const MarketRow&, const HourRow&)>;
void for_each_hour_of(Rows& rows, const Scope& scope, const VisitHour& visit) {
    const Markets markets{rows};
    for_each_hour(rows, [&](const HourRow& row) {
        const auto market = markets.find(row.holder.market);
        if (row.holder.mode == scope.mode && market && scope.takes(*market)) visit(*market, row);
    });
}

}  // namespace

std::int64_t utc_day(Time time) { return time.nanos / kDay - (time.nanos % kDay < 0 ? 1 : 0); }

bool hours_tell_days(Rows& rows, const Scope& scope, const DayOf& day_of) {
    bool tell = true;
    for_each_hour_of(rows, scope, [&](const MarketRow&, const HourRow& row) {
        const Time begin{row.hour * kHour};
        tell = tell && day_of(begin) == day_of({begin.nanos + kHour - 1});
    });
    return tell;
}

Days days_of(Rows& rows, const Scope& scope, const DayOf& day_of) {
    Days days;
    for_each_hour_of(rows, scope, [&](const MarketRow& market, const HourRow& row) {
        add(days[{day_of({row.hour * kHour}), market.asset}], row.change);
    });
    return days;
}

Days days_of_moves(Rows& rows, const Scope& scope, const DayOf& day_of) {
    const Claims claims{rows};
    Days days;
    for (const auto& [account, mode] : claims.ledger().accounts()) {
        if (mode != scope.mode) continue;
        for (const MoveRow& move : claims.moves(account, mode)) {
            const auto market = claims.ledger().markets().find(move.holder.market);
            if (market && scope.takes(*market))
                add(days[{day_of(time_of(move)), market->asset}], move.change);
        }
    }
    std::erase_if(days, [](const auto& day) { return day.second == Figures{}; });
    return days;
}

void count_from(Days& now, const Days& before) {
    for (const auto& [key, figures] : before) {
        Figures& left = now[key];
        left = left - figures;
    }
    std::erase_if(now, [](const auto& day) { return day.second == Figures{}; });
}

Listing list_days(const Days& days, const BeginOf& begin_of) {
    Listing listing{{{"day", "day", Form::text},
                     {"from", "", Form::text},
                     {"to", "", Form::text},
                     {"hours", "hours", Form::number},
                     {"asset", "asset", Form::text},
                     {"realized", "realized", Form::money},
                     {"edge", "edge", Form::money},
                     {"direction", "direction", Form::money},
                     {"fees", "fees", Form::money},
                     {"fees_estimated", "", Form::money},
                     {"fills", "fills", Form::number},
                     {"bought", "bought", Form::money},
                     {"sold", "sold", Form::money},
                     {"redeemed", "redeemed", Form::money},
                     {"merged", "", Form::money},
                     {"split", "", Form::money}},
                    {}};
    for (const auto& [key, sum] : days) {
        const Time from = begin_of(key.day);
        const Time to = begin_of(key.day + 1);
        listing.rows.push_back(
            {value_of(date_of(key.day)), value_of(from), value_of(to),
             ListValue{format_decimal((to.nanos - from.nanos) / (kHour / 100), 2)},
             key.asset.empty() ? ListValue{} : value_of(key.asset), value_of(sum.realized),
             value_of(sum.edge), value_of(sum.realized - sum.edge), value_of(sum.flows.fees),
             value_of(sum.flows.fees_estimated), ListValue{std::to_string(sum.fills)},
             value_of(sum.flows.bought), value_of(sum.flows.sold), value_of(sum.flows.redeemed),
             value_of(sum.flows.merged), value_of(sum.flows.split)});
    }
    return listing;
}

}  // namespace daybook
