// How projections stand, as `projections list` tells it.
#include <csignal>
#include <filesystem>
#include <fstream>

#include "projections/store/environment.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

namespace fs = std::filesystem;

std::string notes(const char* text, std::size_t count) {
    std::string lines;
    for (std::size_t i = 0; i < count; ++i)
        lines += R"({"type":"note","text":")" + std::string{text} + std::to_string(i) + "\"}\n";
    return lines;
}

Json standing(const DataDirectory& data, std::string_view name) {
    return row(rows(data.ask({"projections", "list"}), "projections"), "name", name);
}

/// A query brings `health` up: it folds every event.
Ran ask_health(const DataDirectory& data) { return data.run({"query", "health"}); }

/// The projections of `from` beside the journal of `to`, as an operator may copy folders about.
void carry_projections(const DataDirectory& from, const DataDirectory& to) {
    fs::remove_all(to.path() + "/projections");
    fs::copy(from.path() + "/projections", to.path() + "/projections", fs::copy_options::recursive);
}

/// The journal of `data` is that of `folder` from now on.
void bring_back(const DataDirectory& data, const fs::path& folder) {
    fs::remove_all(data.path() + "/journal");
    fs::copy(folder / "journal", data.path() + "/journal", fs::copy_options::recursive);
}

/// The list tells `reason`, a query says so and builds anew, and the history keeps it.
void check_renewed(const DataDirectory& data, const std::string& reason, const std::string& words) {
    CAPTURE(reason);
    const Json before = standing(data, "health");
    CHECK(before.text_of("state") == "stale");
    CHECK(before.text_of("reason") == reason);
    CHECK(before.text_of("why").find(words) != std::string_view::npos);
    const Ran asked = ask_health(data);
    CHECK(asked.exit == 0);
    CHECK(asked.err.find("note: health is built again: ") != std::string::npos);
    CHECK(asked.err.find(words) != std::string::npos);
    const Json after = standing(data, "health");
    CHECK(after.text_of("state") == "current");
    CHECK(after.text_of("lag") == "0");
    CHECK(member(after, "reason").is_null());
    CHECK(read_file(data.path() + "/projections/history.jsonl")
              .find("\"reason\":\"" + reason + '"') != std::string::npos);
    CHECK(ask_health(data).err.empty());  // told once
}

}  // namespace

TEST_CASE("a projection is missing, current, stale, rebuilding or damaged, and the list says so",
          "[program][projections]") {
    const DataDirectory data;
    data.ingest(notes("a", 5));
    CHECK(standing(data, "health").text_of("state") == "missing");
    CHECK(ask_health(data).exit == 0);
    const Json current = standing(data, "health");
    CHECK(current.text_of("state") == "current");
    CHECK(current.text_of("seq") == "5");
    CHECK(current.text_of("version") != "");
    CHECK(current.text_of("digest").size() == 32);
    CHECK(current.text_of("built").starts_with("20"));
    data.ingest(notes("b", 3));
    CHECK(standing(data, "health").text_of("state") == "stale");
    CHECK(standing(data, "health").text_of("lag") == "3");
    {
        const std::string lock = data.path() + "/projections/health/LOCK";
        Running builder{{"flock", "-o", lock, "sh", "-c", "echo held; read line"}};
        REQUIRE(builder.lines(1).size() == 1);
        const Json rebuilding = standing(data, "health");
        CHECK(rebuilding.text_of("state") == "rebuilding");
        CHECK(rebuilding.text_of("builder") == std::to_string(builder.pid()));
        static_cast<void>(builder.wait());  // its input ends, and so does it
    }
    CHECK(ask_health(data).exit == 0);
    const std::string folder = data.path() + "/projections/health/";
    {
        fs::copy(folder + "g1", folder + "g2");  // stands for one that has folded 8 of 9 events
        data.ingest(notes("c", 1));
        CHECK(ask_health(data).exit == 0);
        Running builder{{"flock", "-o", folder + "LOCK", "sh", "-c", "echo held; read line"}};
        REQUIRE(builder.lines(1).size() == 1);
        const Json beside = standing(data, "health");
        CHECK(beside.text_of("state") == "rebuilding");
        CHECK(beside.text_of("seq") == "9");
        CHECK(beside.text_of("building") == "2");
        CHECK(beside.text_of("building_seq") == "8");
        static_cast<void>(builder.wait());
    }
    fs::remove_all(folder + "g2");  // what a kill leaves is nobody's work
    CHECK(standing(data, "health").text_of("state") == "current");
    fs::resize_file(folder + "g1/data.mdb", 8192);
    CHECK(standing(data, "health").text_of("state") == "damaged");
    CHECK(ask_health(data).exit == 0);
    CHECK(standing(data, "health").text_of("state") == "current");
    CHECK(standing(data, "health").text_of("generation") == "2");
}

TEST_CASE("projections beside another journal are told apart: foreign, restored, forked",
          "[program][projections]") {
    const TemporaryFolder copies;
    const std::string copy = copies.path() / "copy";
    const DataDirectory ours;
    ours.ingest(notes("a", 10));
    CHECK(ours.run({"backup", copy}).exit == 0);
    ours.ingest(notes("b", 5));
    CHECK(ask_health(ours).exit == 0);

    const DataDirectory theirs;
    theirs.ingest(notes("a", 15));
    carry_projections(ours, theirs);
    check_renewed(theirs, "foreign_journal", "built from another journal");

    bring_back(ours, copy);
    const DataDirectory forked;  // the same copy, which then goes another way
    bring_back(forked, copy);
    carry_projections(ours, forked);
    forked.ingest(notes("c", 5));
    check_renewed(ours, "restored_journal", "ends before sequence 15");
    check_renewed(forked, "forked_journal", "another event at sequence 15");
}

TEST_CASE("a projection that stands still says where, in the list, in answers and by exit code",
          "[program][projections]") {
    const DataDirectory data;
    data.ingest(notes("a", 5));
    CHECK(ask_health(data).exit == 0);
    CHECK(data.run({"query", "orders"}).exit == 4);
    data.ingest(notes("b", 3));
    {
        const auto folder =
            store::Directory::open(data.path() + "/projections/health/g1", false).value();
        const auto environment = store::Environment::open(folder, nullptr).value();
        REQUIRE(environment->stall({{6}, "its fold breaks the rule: no sixth"}).has_value());
    }
    const Ran listed = data.run({"projections", "list", "--json"});
    CHECK(listed.exit == 6);
    const Json answer = parse_json(listed.out).value();
    const Json& health = row(rows(answer, "projections"), "name", "health");
    CHECK(health.text_of("state") == "stalled");
    CHECK(health.text_of("stalled_at") == "6");
    CHECK(health.text_of("seq") == "5");
    CHECK(health.text_of("lag") == "3");
    CHECK(health.text_of("why") == "event 6: its fold breaks the rule: no sixth");
    CHECK(row(rows(answer, "projections"), "name", "orders").text_of("state") == "stale");
    {
        const std::string lock = data.path() + "/projections/health/LOCK";
        Running builder{{"flock", "-o", lock, "sh", "-c", "echo held; read line"}};
        REQUIRE(builder.lines(1).size() == 1);
        const Ran asked = data.run({"query", "health", "--json"});
        CHECK(asked.exit == 6);
        CHECK(asked.err.find("health stands still before event 6") != std::string::npos);
        const Json told = parse_json(asked.out).value();
        CHECK(rows(told, "stalled").front().text_of("seq") == "6");
        CHECK(told.text_of("lag") == "3");
        CHECK(data.run({"query", "orders"}).exit == 4);  // the others go on
        static_cast<void>(builder.wait());
    }
    CHECK(ask_health(data).exit == 0);  // tried again, and this program can take it
    CHECK(standing(data, "health").text_of("state") == "current");
}

TEST_CASE("who follows a market keeps nobody from building or resetting its projection",
          "[program][projections]") {
    const DataDirectory data;
    const auto quote = [](const char* bid) {
        return std::string{R"({"type":"quote","venue":"v","market":"m","outcome":"Up","bid":")"} +
               bid + "\"}\n";
    };
    data.ingest(quote("0.4"));
    Running tail{data.command({"tail", "-f", "--market", "m", "--json"})};
    CHECK(tail.lines(1).size() == 1);
    CHECK(member(standing(data, "markets"), "builder").is_null());
    data.ingest(quote("0.5"));
    const Json plan = data.ask({"projections", "reset", "markets"});
    CHECK(data.run({"projections", "apply", std::string{plan.text_of("plan")}}).exit == 0);
    CHECK(tail.lines(2).size() == 2);
    tail.signal(SIGINT);
    CHECK(tail.wait().exit == 130);
}
