// Days made up from a seed: most markets are traded as they should be, some with one fault planted.
// What is found must be what was planted, and nothing else.
#include <array>
#include <random>
#include <set>

#include "projections/answers/findings.hpp"
#include "projections/fold/money_projections.hpp"
#include "schemas/fixed.hpp"
#include "src/ingest/contract.hpp"
#include "support/catch.hpp"
#include "support/scenario.hpp"

namespace daybook::test {
namespace {

using Found = std::set<std::string>;  ///< market and rule

/// How a market is traded. `$m` stands for its name, `$t` for the minute it is traded in, `$l` for
/// three later, `$e` for the last one before its close, `$q` for its shares, `$u`, `$d`, `$s` and
/// `$b` for what they cost: 50, 40 and 45 cents, and 50 where a pair is to cost a dollar; `$n` for
/// the number of the last event.
struct Kind {
    std::string_view story;
    std::vector<std::string_view> rules;         ///< that the story breaks
    std::vector<std::string_view> limited = {};  ///< those that it breaks where limits were said
};
constexpr std::string_view kLimits =
    "08:01 limits max_group_cost 95 max_consumption 0.5 critical_hedge_ratio 0.6\n";

constexpr std::string_view kPair =
    "$t:10 bought $q Up for $u group $m purpose open\n"
    "$t:10 bought $q Down for $d group $m purpose open\n";

/// What happens beside a good pair.
std::vector<Kind> beside() {
    return {
        {"", {}},
        {"$t:01 book Up\n$t:09 decision go group $m leg Up 0.5 $q 1 leg Down 0.4 $q -\n", {}},
        {"$t:20 intent $mu buy 1 Up price 0.4 purpose complete\n$t:21 status $mu rejected\n", {}},
        {"$t:20 intent $mu buy 1 Up price 0.4\n$t:20 status $mu live\n"
         "$t:22 status $mu canceled\n",
         {}},
        {"$t:00 claim bot realized 0\n", {}},
        {"$t:10.251 bought 1 Up for 0.4 group $m purpose open\n", {"stacked"}},
        {"$t:20 intent $mv buy 1 Up price 0.4\n$t:20 fill $mt of $mv buy 1 Up for 0.4\n"
         "$t:40 settled $mt of $mv failed\n",
         {"voided_fill"}},
        {"$t:20 intent $mw buy 1 Up price 0.4\n$t:20 status $mw submitted\n"
         "$t:22 status $mw submitted\n$t:23 status $mw canceled\n",
         {"double_submit"}},
        {"$t:00 book Up\n$t:10.001 decision go group $m leg Up 0.5 $q 1\n", {"stale_book"}},
        {"$t:00 book Up\n$t:01 feed market gap\n$t:02 decision go group $m leg Up 0.5 $q 1\n",
         {"stale_book"}},
        {"$t:20 intent $ml buy 9 Up price 0.4\n$t:20 status $ml live\n"
         "$t:21 claim bot filled 9 order $ml\n$t:22 status $ml canceled\n",
         {"live_as_filled", "claim_mismatch"}},
        {"$t:20 intent $mr sell 1 Up price 0.4 purpose unwind\n$t:21 status $mr rejected\n",
         {"unwind_unfilled"}},
        {"$t:20 intent $mm buy 1 Up price 0.4 purpose complete cause 1\n"
         "$t:21 status $mm canceled\n",
         {"mode_leak"}},
        {"$e:00.001 intent $mn buy 1 Up price 0.4 purpose open group $mn\n"
         "$e:00.001 intent $mo buy 1 Down price 0.4 purpose open group $mn\n"
         "$e:00.100 status $mn canceled\n$e:00.100 status $mo canceled\n",
         {"near_resolution", "stacked"}},
        {"$t:30 claim bot realized 5\n", {"claim_mismatch"}},
        {"$t:20 intent $mx buy 1 Up price 0.4\n$t:20 status $mx submitted\n",
         {"order_without_outcome"}},
        {"$t:30 halt \"enough\" scope $m\n$t:31 intent $mh buy 1 Up price 0.4\n"
         "$t:32 status $mh canceled\n$t:33 resume \"checked\" scope $m\n",
         {"halt_breach"}},
        {"$t:20 intent $mk buy 1 Up price 0.4\n$t:20 fill $mk of $mk buy 1 Up for 0.4\n"
         "$l:20.001 settled $mk of $mk confirmed\n",
         {"stuck_matched"}},
        {"$t:20 fill $mz of $mz buy 1 Up for 0.4\n$t:30 settled $mz of $mz confirmed\n",
         {"fill_without_order"}},
    };
}

/// What happens in place of one.
std::vector<Kind> instead() {
    return {
        {"$t:10 bought $q Up for $u\n", {"one_sided"}, {"critical_without_halt"}},
        {"$t:10 bought $q Up for $u group $m purpose open\n",
         {"one_sided", "directional"},
         {"critical_without_halt"}},
        {"$t:10 bought $q Up for $u group $m purpose open\n"
         "$t:10 intent $md buy $q Down price 0.4 purpose open group $m\n"
         "$t:11 status $md rejected\n",
         {"one_sided", "legged_group"},
         {"critical_without_halt"}},
        {"$t:10 bought $q Up for $u group $m purpose open\n"
         "$t:10.251 bought $q Down for $d group $m purpose open\n",
         {"sequential"}},
        {"$t:10 bought $q Up for $b group $m purpose open\n"
         "$t:10 bought $q Down for $b group $m purpose open\n",
         {"pair_cost_ge_one"}},
        {"$t:10 bought $q Up for $u group $m purpose open\n"
         "$t:10 bought 1 Down for 0.4 group $m purpose open\n",
         {"below_min_hedge"},
         {"critical_without_halt"}},
        {"$t:09 decision go group $m leg Up 0.45 $q - leg Down 0.4 $q -\n"
         "$t:10 bought $q Up for $u price 0.5 group $m purpose open\n"
         "$t:10 bought $q Down for $d price 0.4 group $m purpose open\n",
         {"price_drift"}},
        {"$t:09 decision go group $m leg Up 0.46 $q - leg Down 0.44 $q -\n"
         "$t:10 bought $q Up for $s price 0.45 group $m purpose open\n"
         "$t:10 bought $q Down for $s price 0.45 group $m purpose open\n",
         {"same_price_legs"}},
        {"$t:08 book Up asks \"0.5 $q\"\n"
         "$t:09 decision go group $m leg Up 0.5 $q $n leg Down 0.4 $q -\n"
         "$t:10 bought $q Up for $u group $m purpose open\n"
         "$t:10 bought $q Down for $d group $m purpose open\n",
         {},
         {"over_consumption"}},
        {"$t:10 bought 200 Up for 100 price 0.5 group $m purpose open\n"
         "$t:10 bought 200 Down for 80 price 0.4 group $m purpose open\n",
         {},
         {"over_cap"}},
    };
}

std::string two(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }
std::string clock(std::int64_t minute) { return two(minute / 60) + ':' + two(minute % 60); }

struct Day {
    std::string text;
    Found planted;
};

class Maker {
  public:
    Maker(std::uint64_t seed, bool limited) : random_{seed}, limited_{limited} {
        day_.text =
            "day 2026-01-05\nset mode dry_run\nmarket other\n08:00 decision no_go group x\n"
            "set mode live\n";
        if (limited_) day_.text += "market none\n" + std::string{kLimits};
    }
    Day make(int markets) {
        for (int i = 0; i < markets; ++i) market(i);
        day_.text += "market none\n22:00 note \"the end\"\n";
        return day_;
    }

  private:
    std::int64_t below(std::int64_t limit) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
    }
    const Kind& one_of(const std::vector<Kind>& all) {
        return all[static_cast<std::size_t>(below(static_cast<std::int64_t>(all.size())))];
    }
    void market(int number) {
        name_ = "m" + std::to_string(number);
        minute_ = 9 * 60 + number * 16;
        shares_ = 10 + below(90);
        day_.text += "market " + name_ + '\n' + clock(minute_) +
                     " defined outcomes Up Down opens " + clock(minute_) + " closes " +
                     clock(minute_ + 15) + '\n';
        if (below(3) == 0) {
            tell(one_of(instead_));
        } else {
            tell({kPair, {}});
            tell(one_of(beside_));
        }
    }
    void tell(const Kind& kind) {
        const std::string_view story = kind.story;
        for (std::size_t i = 0; i < story.size(); ++i)
            day_.text += story[i] == '$' ? value_of(story[++i]) : std::string{story[i]};
        for (const std::string_view rule : kind.rules)
            day_.planted.insert(name_ + ' ' + std::string{rule});
        for (const std::string_view rule : kind.limited)
            if (limited_) day_.planted.insert(name_ + ' ' + std::string{rule});
    }
    [[nodiscard]] std::string value_of(char place) const {
        const auto cost = [&](std::int64_t cents) {
            return format_micros(shares_ * cents * 10'000);
        };
        switch (place) {
            case 't':
                return clock(minute_ + 1);
            case 'l':
                return clock(minute_ + 4);
            case 'n':
                return std::to_string(events());
            case 's':
                return cost(45);
            case 'e':
                return clock(minute_ + 14);
            case 'q':
                return std::to_string(shares_);
            case 'd':
                return cost(40);
            case 'u':
            case 'b':
                return cost(50);
            default:
                return name_;
        }
    }

    /// Events of the whole lines so far.
    [[nodiscard]] std::size_t events() const {
        return read_scenario(day_.text.substr(0, day_.text.rfind('\n') + 1)).value().events.size();
    }

    std::mt19937_64 random_;
    bool limited_;
    std::vector<Kind> beside_ = beside(), instead_ = instead();
    Day day_;
    std::string name_;
    std::int64_t minute_{}, shares_{};
};

/// Everything that is found in a day once it is over.
Found found_in(const std::string& text) {
    const auto scenario = read_scenario(text);
    INFO((scenario ? "" : scenario.error().detail));
    REQUIRE(scenario);
    MemoryRows findings, pnl, claims;
    Sequence last;
    Time now;
    for (const ScenarioEvent& line : scenario.value().events) {
        auto batch = ingest::read_contract_line(line.json);
        REQUIRE(batch.size() == 1);
        Event& event = batch.front();
        INFO(line.json);
        REQUIRE_FALSE(std::holds_alternative<Unparsed>(event.body));
        event.received = now = line.time;
        event.seq = {++last.raw};
        for (auto [projection, rows] :
             {std::pair{&findings_projection(), &findings}, std::pair{&pnl_projection(), &pnl},
              std::pair{&claims_projection(), &claims}}) {
            if (projection->types.has(type_number(event))) projection->apply(*rows, event);
        }
    }
    auto views = findings_of(cases_of(findings, pnl, {}, now), Thresholds{findings});
    std::ranges::move(claim_findings(claims_of(claims, {})), std::back_inserter(views));
    Found found;
    for (const FindingView& view : views)
        found.insert((view.market ? view.market->name : "") + ' ' + std::string{view.finding.rule});
    return found;
}

}  // namespace

TEST_CASE("every planted fault is found, and nothing else", "[scenarios][rules][law]") {
    std::size_t planted = 0, found = 0, right = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const Day day = Maker{seed, seed % 2 == 0}.make(40);
        const Found seen = found_in(day.text);
        CAPTURE(seed);
        for (const auto& each : seen) right += day.planted.count(each);
        planted += day.planted.size();
        found += seen.size();
        CHECK(seen == day.planted);
    }
    WARN("planted faults: precision " << right << '/' << found << ", recall " << right << '/'
                                      << planted);
    CHECK(planted > 100);
}

TEST_CASE("nothing is found on a day that went as it should", "[scenarios][rules]") {
    std::string text = "day 2026-01-05\n";
    for (int i = 0; i < 30; ++i) {
        const std::string name = "m" + std::to_string(i);
        const std::string start = clock(9 * 60 + i * 16);
        const std::string trade = clock(9 * 60 + i * 16 + 1);
        const std::string end = clock(9 * 60 + i * 16 + 15);
        text += "market " + name + "\n" + start + " defined outcomes Up Down opens " + start +
                " closes " + end + "\n" + trade + " bought 10 Up for 4.8 group " + name +
                " purpose open\n" + trade + " bought 10 Down for 4.9 group " + name +
                " purpose open\n" + end + " resolved Up\n" + end + ":30 redeemed 10\n";
    }
    CHECK(found_in(text).empty());
}

}  // namespace daybook::test
