#include "projections/answers/daily.hpp"

namespace daybook {
namespace {

constexpr std::int64_t kHoursOfDay = 24;

std::int64_t day_of(std::int64_t hour) {
    const std::int64_t day = hour / kHoursOfDay;
    return hour % kHoursOfDay < 0 ? day - 1 : day;
}

std::string date_of(std::int64_t day) {
    return format_time(Time{day * kHoursOfDay * 3'600 * kNanosPerSecond}).substr(0, 10);
}

}  // namespace

Days days_of(Rows& rows, const Scope& scope) {
    const Markets markets{rows};
    Days days;
    for_each_hour(rows, [&](const HourRow& row) {
        const auto market = markets.find(row.holder.market);
        if (row.holder.mode != scope.mode || !market || !scope.takes(*market)) return;
        add(days[{day_of(row.hour), market->asset}], row.change);
    });
    return days;
}

void count_from(Days& now, const Days& before) {
    for (const auto& [key, figures] : before) {
        Figures& left = now[key];
        left = left - figures;
    }
    std::erase_if(now, [](const auto& day) { return day.second == Figures{}; });
}

Listing list_days(const Days& days) {
    Listing listing{{{"day", "day", Form::text},
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
        listing.rows.push_back(
            {value_of(date_of(key.day)), key.asset.empty() ? ListValue{} : value_of(key.asset),
             value_of(sum.realized), value_of(sum.edge), value_of(sum.realized - sum.edge),
             value_of(sum.flows.fees), value_of(sum.flows.fees_estimated),
             ListValue{std::to_string(sum.fills)}, value_of(sum.flows.bought),
             value_of(sum.flows.sold), value_of(sum.flows.redeemed), value_of(sum.flows.merged),
             value_of(sum.flows.split)});
    }
    return listing;
}

}  // namespace daybook
