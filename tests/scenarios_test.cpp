#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "projections/answers/money.hpp"
#include "projections/answers/positions.hpp"
#include "projections/fold/identity.hpp"
#include "projections/fold/money_projections.hpp"
#include "projections/fold/orders.hpp"
#include "src/ingest/contract.hpp"
#include "support/catch.hpp"
#include "support/scenario.hpp"

namespace daybook::test {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path{DAYBOOK_SOURCE_DIR} / "tests" / "scenarios";

std::vector<std::string> scenario_names() {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator{kFolder}) {
        if (file.path().extension() == ".txt") names.push_back(file.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

Scenario scenario_in(const std::string& name) {
    std::ifstream file{kFolder / name};
    std::stringstream text;
    text << file.rdbuf();
    auto scenario = read_scenario(text.str());
    INFO(name << ": " << (scenario ? "" : scenario.error().detail));
    REQUIRE(scenario);
    return std::move(scenario).value();
}

/// What a recorder and the folds behind it make of contract lines, in RAM.
class Desk {
  public:
    void record(const ScenarioEvent& line) {
        auto batch = ingest::read_contract_line(line.json);
        REQUIRE(batch.size() == 1);
        Event& event = batch.front();
        if (const auto* unread = std::get_if<Unparsed>(&event.body)) FAIL(unread->why);
        INFO("no fields of this type: " << event.extra);
        REQUIRE(event.extra.empty());
        event.received = line.time;
        const Identity identity = identity_of(event);
        const Known known = find_known(identity_, identity);
        if (known.kind == Known::Kind::duplicate) return;
        if (known.kind == Known::Kind::conflicting) event.conflicts_with = known.seq;
        event.seq = {++last_};
        remember(identity_, event, identity);
        ++counts_["events"];
        ++counts_[std::string{type_name(type_number(event))}];
        fold(positions_projection(), ledger_, event);
        fold(orders_projection(), orders_, event);
    }

    /// The answer's members that an expectation speaks of; `failed.Up` is one of outcome Up.
    std::map<std::string, std::string> answer(const Expectation& expected) {
        const Mode mode = from_text<Mode>(expected.mode).value();
        switch (expected.subject) {
            case Subject::market:
                return market(expected, mode);
            case Subject::all:
                return all(mode);
            case Subject::order:
                return order(expected, mode);
            case Subject::counts:
                return counts();
            case Subject::findings:
                break;  // rules_test.cpp
        }
        return {};
    }

  private:
    static void fold(const Projection& projection, Rows& rows, const Event& event) {
        if (projection.types.has(type_number(event)) && event.conflicts_with.raw == 0)
            projection.apply(rows, event);
    }
    static std::string text_of(const Json& json) {
        return json.is(Json::Kind::text) ? json.text : write_json(json);
    }
    static std::map<std::string, std::string> members(const Json& object) {
        std::map<std::string, std::string> all;
        for (const auto& [name, value] : object.members) all[name] = text_of(value);
        return all;
    }

    std::map<std::string, std::string> market(const Expectation& expected, Mode mode) {
        std::vector<PositionView> views = positions_of(ledger_, orders_, {mode, expected.name});
        std::erase_if(views, [&](const auto& v) { return v.holder.account != expected.account; });
        if (views.empty()) return {};
        JsonWriter out;
        write(out, list_positions(views, hedge_limits(ledger_)));
        const Json position = parse_json(std::move(out).str()).value().items.at(0);
        auto all = members(position);
        for (std::size_t i = 0; i < 2; ++i) {
            const Json& side = position.find("outcomes")->items.at(i);
            const std::string name{side.text_of("name")};
            for (const auto& [member, value] : members(side)) all[member + "." + name] = value;
            all[name] = all["matched." + name];
            const Json* const come = position.find("if_outcome");
            if (come->is(Json::Kind::array)) all["if." + name] = text_of(come->items.at(i));
        }
        return all;
    }

    std::map<std::string, std::string> all(Mode mode) {
        const auto views = positions_of(ledger_, orders_, {mode, ""});
        JsonWriter out;
        out.begin_object();
        write_members(out, list_pnl(pnl_of(views, rewards_of(ledger_, mode))), 0);
        out.end_object();
        return members(parse_json(std::move(out).str()).value());
    }

    std::map<std::string, std::string> order(const Expectation& expected, Mode mode) {
        std::map<std::string, std::string> all;
        Orders{orders_}.for_each([&](const OrderRow& row) {
            if (row.order != expected.name || row.mode != mode) return;
            all = {{"state", std::string{to_text(row.state())}},
                   {"raw_status", row.standing.raw_status},
                   {"filled", format_micros(row.done.filled.micros)},
                   {"failed", format_micros(row.done.failed.micros)},
                   {"cost", format_micros(row.done.cost.micros)},
                   {"open", format_micros(row.open.micros)},
                   {"fills", std::to_string(row.done.fills)}};
            const auto claimed = row.standing.claimed_matched;
            all["claimed_matched"] = claimed ? format_micros(claimed->micros) : "null";
            for (const std::string_view flag : row.flags.names())
                all["flag." + std::string{flag}] = "true";
        });
        return all;
    }

    [[nodiscard]] std::map<std::string, std::string> counts() const {
        std::map<std::string, std::string> all;
        for (const auto& [name, count] : counts_) all[name] = std::to_string(count);
        return all;
    }

    MemoryRows identity_, ledger_, orders_;
    std::uint64_t last_{};
    std::map<std::string, int> counts_;  ///< of recorded events, by type
};

/// "5.00" and "5" are the same figure.
std::string canonical(const std::string& value) {
    const auto micros = parse_micros(value);
    return micros ? format_micros(micros.value()) : value;
}

void check(Desk& desk, const Expectation& expected) {
    auto answer = desk.answer(expected);
    for (const auto& [name, value] : expected.values) {
        INFO("line " << expected.line << ": " << expected.name << " " << name);
        REQUIRE(answer.contains(name));
        CHECK(canonical(answer[name]) == canonical(value));
    }
}

void play(Scenario scenario) {
    constexpr Time kEnd{INT64_MAX};
    std::ranges::stable_sort(scenario.expectations, {},
                             [&](const Expectation& e) { return e.at.value_or(kEnd); });
    Desk desk;
    auto next = scenario.events.begin();
    const auto record_until = [&](Time last) {
        for (; next != scenario.events.end() && next->time <= last; ++next) {
            INFO("line " << next->line << ": " << next->json);
            desk.record(*next);
        }
    };
    for (const Expectation& expected : scenario.expectations) {
        record_until(expected.at.value_or(kEnd));
        check(desk, expected);
    }
    record_until(kEnd);
}

}  // namespace

TEST_CASE("every scenario ends as its expect lines say", "[scenarios][regression]") {
    const std::string name = GENERATE(from_range(scenario_names()));
    DYNAMIC_SECTION(name) {
        Scenario scenario = scenario_in(name);
        REQUIRE_FALSE(scenario.expectations.empty());
        play(std::move(scenario));
    }
}

TEST_CASE("a scenario line that means nothing is refused with its number", "[scenarios]") {
    const auto detail = [](std::string_view text) { return read_scenario(text).error().detail; };
    CHECK(detail("day 2025-12-13\n14:31 dreamt of 9.43") == "line 2: 'dreamt' is no event");
    CHECK(detail("14:31 merged 1") == "line 1: no day was said before this time");
    CHECK(detail("day 2025-12-13\n14:31 fill t1 by o1") == "line 2: 'of' is missing");
    CHECK(detail("expect Up") == "line 1: expected are names, each with its value");
    CHECK(detail("14:31") == "line 1: no day was said before this time");
}

TEST_CASE("paragraphs of a scenario are told in the order of their times", "[scenarios]") {
    const auto scenario = read_scenario(
        "day 2025-12-13\nmarket a\n14:30 note one\n14:40 note three\nmarket b\n14:35 note two\n");
    const auto& events = scenario.value().events;
    REQUIRE(events.size() == 3);
    CHECK(events[0].line == 3);
    CHECK(events[1].line == 6);
    CHECK(events[1].json ==
          R"({"time":"2025-12-13T14:35:00Z","type":"note","market":"b","text":"two",)"
          R"("account":"main","mode":"live","origin":"import","venue":"polymarket"})");
}

}  // namespace daybook::test
