#include "tools/daybook/filter.hpp"

#include "projections/fold/markets.hpp"

namespace daybook {
namespace {

/// All names the market goes by, so that events under any of them are found.
Result<std::set<std::string>> names_of(Session& session, const std::string& market) {
    TRYV(session.need({"markets"}));
    std::set<std::string> names;
    Markets{session.rows("markets")}.for_each([&](const MarketRow& row) {
        std::set<std::string> all{row.aliases.begin(), row.aliases.end()};
        all.insert(row.name);
        if (all.contains(market)) names.merge(all);
    });
    names.insert(market);
    session.let_go();  // whoever follows or replays a market goes on for long
    return names;
}

}  // namespace

bool Filter::takes(const Event& event) const {
    if (!markets.empty() && !markets.contains(event.market)) return false;
    return !mode || event.mode == *mode;
}

Result<Filter> filter_of(Session& session, const Call& call) {
    Filter filter;
    filter.types = all_types();
    filter.last = session.seq();
    if (!call.type.empty()) {
        const auto type = type_by_name(call.type);
        if (!type)
            return Error{Errc::usage, "there is no event type '" + call.type + "'",
                         "see schemas/README.md for the catalogue"};
        filter.types = TypeSet{};
        filter.types.add(*type);
    }
    if (!call.market.empty()) {
        TRY(filter.markets, names_of(session, call.market));
    }
    if (!call.mode.empty()) filter.mode = from_text<Mode>(call.mode);
    if (!call.from.empty()) {
        TRY(const Sequence before, moment_of(session.reader(), call.from));
        const bool is_number = call.from.find_first_not_of("0123456789") == std::string::npos;
        filter.first = is_number ? before : Sequence{before.raw + 1};
    }
    if (!call.to.empty()) {
        TRY(filter.last, moment_of(session.reader(), call.to));
    }
    return filter;
}

}  // namespace daybook
