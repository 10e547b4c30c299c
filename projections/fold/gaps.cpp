#include "projections/fold/gaps.hpp"

#include "projections/fold/assembly.hpp"
#include "projections/fold/table.hpp"

namespace daybook {
namespace {

constexpr std::string_view kGaps = "gaps";
constexpr std::string_view kTotals = "gap_totals";
constexpr std::string_view kAll = "all";  // its only key

struct Totals {
    Gap latest;
    std::uint64_t events{};
    auto fields() { return std::tie(latest, events); }
};

/// A lost event right behind the latest gap makes it longer, another one begins the next.
class GapsFold {
  public:
    explicit GapsFold(Rows& rows) : totals_{rows, kTotals}, gaps_{rows, kGaps} {}

    void apply(const Event& event) {
        Totals sum = totals_.get(kAll).value_or(Totals{});
        const bool goes_on = sum.events > 0 && sum.latest.last.raw + 1 == event.seq.raw;
        if (!goes_on) sum.latest.first = event.seq;
        sum.latest.last = event.seq;
        ++sum.events;
        totals_.put(kAll, sum);
        gaps_.put(key_part(sum.latest.first.raw), sum.latest);
    }

  private:
    Table<Totals> totals_;
    Table<Gap> gaps_;
};

}  // namespace

std::vector<Gap> gaps_of(const Rows& rows) {
    std::vector<Gap> gaps;
    rows.scan(kGaps, "", [&gaps](std::string_view, std::string_view value) {
        gaps.push_back(unpack<Gap>(value));
        return true;
    });
    return gaps;
}

std::uint64_t lost_events(const Rows& rows) {
    const auto bytes = rows.get(kTotals, kAll);
    return bytes ? unpack<Totals>(*bytes).events : 0;
}

const Projection& gaps_projection() {
    static const Projection projection{"gaps", 1, "Which events are lost?", TypeSet{"lost"},
                                       assemble_of<GapsFold>};
    return projection;
}

}  // namespace daybook
