#include "projections/fold/daily.hpp"

#include "projections/fold/assembly.hpp"
#include "projections/fold/money_projections.hpp"

namespace daybook {
namespace {

constexpr std::string_view kHours = "hours";

/// Rounded down, so that the hour before 1970 is −1.
std::int64_t hour_of(Time time) {
    constexpr std::int64_t kHour = 3'600 * kNanosPerSecond;
    const std::int64_t hour = time.nanos / kHour;
    return time.nanos % kHour < 0 ? hour - 1 : hour;
}

/// Hours in their order as key bytes, those before 1970 too.
std::string hour_key(const HourRow& row) {
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
    return holder_key(row.holder) + key_part(static_cast<std::uint64_t>(row.hour) ^ kSign);
}

class Hours final : public Moves {
  public:
    Hours(Rows& rows, Ledger& ledger) : Moves{rows, ledger}, hours_{rows, kHours} {}

    void apply(const Event&) {}  // the ledger tells

  protected:
    void took(const Event& event, const Holder& holder, const Figures& change) override {
        put({holder, hour_of(happened(event).value_or(Time{})), change});
    }
    void renamed(const Holder& from, const Holder& to) override {
        for (auto& [key, row] : hours_.take(holder_key(from))) {
            row.holder = to;
            put(row);
        }
    }

  private:
    void put(HourRow row) {
        const std::string key = hour_key(row);
        if (const auto before = hours_.get(key)) add(row.change, before->change);
        hours_.put(key, row);
    }

    Table<HourRow> hours_;
};

void assemble(Assembly& assembly) {
    Ledger& ledger = assembly.part<Ledger>();
    assembly.part<Hours>(ledger);
}

}  // namespace

void for_each_hour(const Rows& rows, const std::function<void(const HourRow&)>& visit) {
    rows.scan(kHours, "", [&visit](std::string_view, std::string_view value) {
        visit(unpack<HourRow>(value));
        return true;
    });
}

const Projection& daily_projection() {
    static const Projection projection{
        "daily", 2, "What was made, lost, paid and traded on which day?", ledger_types(), assemble};
    return projection;
}

}  // namespace daybook
