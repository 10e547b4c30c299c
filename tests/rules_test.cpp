// Every rule, by the smallest story that breaks it and the nearest that does not:
// tests/scenarios/rules. What is expected is all that is found there, nothing else may be.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "projections/answers/findings.hpp"
#include "projections/fold/money_projections.hpp"
#include "src/ingest/contract.hpp"
#include "support/catch.hpp"
#include "support/scenario.hpp"

namespace daybook::test {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path{DAYBOOK_SOURCE_DIR} / "tests" / "scenarios" / "rules";

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& file : std::filesystem::directory_iterator{kFolder})
        all.push_back(file.path().stem().string());
    std::ranges::sort(all);
    return all;
}

Scenario story_of(const std::string& name) {
    std::ifstream file{kFolder / (name + ".txt")};
    std::stringstream text;
    text << file.rdbuf();
    auto scenario = read_scenario(text.str());
    INFO(name << ": " << (scenario ? "" : scenario.error().detail));
    REQUIRE(scenario);
    return std::move(scenario).value();
}

class Court {
  public:
    void hear(const ScenarioEvent& line) {
        auto batch = ingest::read_contract_line(line.json);
        REQUIRE(batch.size() == 1);
        Event& event = batch.front();
        if (const auto* unread = std::get_if<Unparsed>(&event.body)) FAIL(unread->why);
        INFO("no fields of this type: " << event.extra);
        REQUIRE(event.extra.empty());
        event.received = line.time;
        event.seq = {++last_};
        now_ = line.time;
        fold(findings_projection(), findings_, event);
        fold(pnl_projection(), pnl_, event);
        fold(claims_projection(), claims_, event);
    }

    std::vector<FindingView> found(const Expectation& expected) {
        const Scope scope{from_text<Mode>(expected.mode).value(), expected.name};
        if (expected.name.empty()) {
            auto all = cash_findings(cash_of(pnl_, scope.mode));
            std::erase_if(all, [&](const auto& v) { return v.account != expected.account; });
            return all;
        }
        auto all = findings_of(cases_of(findings_, pnl_, scope, now_), Thresholds{findings_});
        std::ranges::move(claim_findings(claims_of(claims_, scope)), std::back_inserter(all));
        sort_findings(all);
        return all;
    }

  private:
    static void fold(const Projection& projection, Rows& rows, const Event& event) {
        if (projection.types.has(type_number(event))) projection.apply(rows, event);
    }

    MemoryRows findings_, pnl_, claims_;
    std::uint64_t last_{};
    Time now_;
};

void check(Court& court, const Expectation& expected, std::set<std::string>& broken) {
    std::vector<std::string> found, wanted;
    std::string details;
    for (const FindingView& view : court.found(expected)) {
        const Finding& f = view.finding;
        found.push_back(std::string{f.rule} + ' ' + std::string{to_text(f.severity)});
        broken.insert(std::string{f.rule});
        details += "\n  " + found.back() + ": " + f.detail;
        CHECK_FALSE(f.seqs.empty());
        CHECK_FALSE(f.threshold.empty());
        CHECK_FALSE(f.detail.empty());
    }
    for (const auto& [rule, severity] : expected.values) wanted.push_back(rule + ' ' + severity);
    std::ranges::sort(found);
    std::ranges::sort(wanted);
    INFO("line " << expected.line << ", market " << expected.name << details);
    CHECK(found == wanted);
}

std::set<std::string> play(Scenario scenario) {
    constexpr Time kEnd{INT64_MAX};
    std::ranges::stable_sort(scenario.expectations, {},
                             [&](const Expectation& e) { return e.at.value_or(kEnd); });
    Court court;
    std::set<std::string> broken;
    auto next = scenario.events.begin();
    for (const Expectation& expected : scenario.expectations) {
        for (; next != scenario.events.end() && next->time <= expected.at.value_or(kEnd); ++next) {
            INFO("line " << next->line << ": " << next->json);
            court.hear(*next);
        }
        check(court, expected, broken);
    }
    return broken;
}

}  // namespace

TEST_CASE("each rule finds what it should, and nothing beside it", "[scenarios][rules]") {
    const std::string name = GENERATE(from_range(names()));
    DYNAMIC_SECTION(name) {
        const auto broken = play(story_of(name));
        CHECK((name == "clean" || broken.contains(name)));
    }
}

TEST_CASE("there is a story for every rule, and a rule for every story", "[scenarios][rules]") {
    std::set<std::string> rules{"clean"};
    for (const auto part : {case_rules(), account_rules()}) {
        for (const Rule& rule : part) {
            CAPTURE(rule.id);
            CHECK(rules.insert(std::string{rule.id}).second);
            CHECK(rule.meaning.ends_with('.'));
        }
    }
    rules.erase("unexplained_result");  // no event breaks it: that is the law in expected_test.cpp
    const auto told = names();
    CHECK(rules == std::set<std::string>(told.begin(), told.end()));
}

TEST_CASE("every threshold stands once and can be replaced by a limit", "[rules]") {
    MemoryRows rows;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < threshold_catalogue().size(); ++i) {
        const ThresholdInfo& info = threshold_catalogue()[i];
        CAPTURE(info.name);
        CHECK(static_cast<std::size_t>(info.threshold) == i);
        CHECK(seen.insert(std::string{info.name}).second);
        Event limit;
        limit.body = Limits{{{std::string{info.name}, "7"}}};
        findings_projection().apply(rows, limit);
        const bool whole = info.unit == ThresholdUnit::milliseconds;
        CHECK(Thresholds{rows}.get(info.threshold) == (whole ? 7 : 7 * kMicro));
        CHECK(Thresholds{rows}.print(info.threshold) == std::string{info.name} + " 7");
    }
}

}  // namespace daybook::test
