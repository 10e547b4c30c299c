// A whole made-up day against a fold that knows nothing of this code:
// tests/program/synthetic_day.py.
#include <filesystem>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

const std::string kDay = std::string{DAYBOOK_SOURCE_DIR} + "/tests/program/synthetic_day.py";

std::string day(const std::string& what, const std::string& seed) {
    const Ran ran = run({"/usr/bin/python3", kDay, what, seed});
    REQUIRE(ran.exit == 0);
    return ran.out;
}

/// The place behind the first line that begins at or behind `at`.
std::size_t line_behind(const std::string& text, std::size_t at) { return text.find('\n', at) + 1; }

std::string_view matched(const Json& position, std::size_t side) {
    return position.find("outcomes")->items.at(side).text_of("matched");
}

}  // namespace

TEST_CASE("24 hours of 288 windows come to what a fold in another language says",
          "[program][synthetic]") {
    for (const char* seed : {"1", "2", "3"}) {
        INFO("seed " << seed);
        const DataDirectory data;
        const Json tally = data.ingest(day("lines", seed));
        CHECK(tally.text_of("duplicate") != "0");
        const Json expected = parse_json(day("expect", seed)).value();
        const auto positions = rows(data.ask({"query", "positions"}), "positions");
        CHECK(positions.size() == expected.members.size());
        CHECK(positions.size() > 200);
        for (const Json& position : positions) {
            INFO(position.text_of("market"));
            const Json* const market = expected.find(position.text_of("market"));
            REQUIRE(market != nullptr);
            for (const char* figure : {"realized", "edge", "direction", "fees"})
                CHECK(position.text_of(figure) == market->text_of(figure));
            CHECK(matched(position, 0) == market->text_of("up"));
            CHECK(matched(position, 1) == market->text_of("down"));
        }
    }
}

TEST_CASE("a day folded in parts as it came, and rebuilt, has one digest each projection",
          "[program][synthetic]") {
    const std::string lines = day("lines", "4");
    const DataDirectory in_parts;
    const std::size_t third = line_behind(lines, lines.size() / 3);
    const std::size_t half = line_behind(lines, lines.size() / 2);
    in_parts.ingest(lines.substr(0, third));
    static_cast<void>(in_parts.digests());
    in_parts.ingest(lines.substr(third, half - third));
    static_cast<void>(in_parts.digests());
    in_parts.ingest(lines.substr(half));
    const auto live = in_parts.digests();
    std::filesystem::remove_all(in_parts.path() + "/projections");
    CHECK(in_parts.digests() == live);
}
