// The clocks of people. Offsets and changes as the tz database (2025) and timeanddate.com have
// them.
#include "tools/terminal/zone.hpp"

#include "support/catch.hpp"
#include "tools/terminal/failure.hpp"

using namespace daybook;

namespace {

Zone zone(const std::string& name) {
    auto found = Zone::find(name);
    REQUIRE(found.has_value());
    return found.value();
}
std::string shown(const std::string& name, std::string_view utc) {
    return zone(name).print(parse_time(utc).value());
}
/// When the date begins there, in UTC.
std::string begins(const std::string& name, std::string_view date) {
    return format_time(zone(name).begin_of(parse_date(date).value()));
}
std::string date_of(const std::string& name, std::string_view utc) {
    return date_text(zone(name).day_of(parse_time(utc).value()));
}

}  // namespace

TEST_CASE("a time is shown by the zone's clock, with its offset", "[terminal][zone]") {
    CHECK(shown("UTC", "2025-12-13T14:31:00.5Z") == "2025-12-13T14:31:00.5Z");
    CHECK(shown("America/New_York", "2025-12-13T14:31:00.5Z") == "2025-12-13T09:31:00.5-05:00");
    CHECK(shown("America/New_York", "2025-07-04T14:31:00Z") == "2025-07-04T10:31:00-04:00");
    CHECK(shown("Asia/Kolkata", "2025-12-13T18:30:00Z") == "2025-12-14T00:00:00+05:30");
    CHECK(shown("Asia/Kathmandu", "2025-12-13T18:15:00Z") == "2025-12-14T00:00:00+05:45");
}

TEST_CASE("what is shown can be said again", "[terminal][zone]") {
    const auto time = parse_time("2025-12-13T14:31:00.123456789Z").value();
    for (const char* name : {"UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Marquesas"}) {
        CAPTURE(name);
        CHECK(parse_time(zone(name).print(time)).value() == time);
    }
}

TEST_CASE("a day in New York has 23, 24 or 25 hours", "[terminal][zone]") {
    // Clocks go forward on 2026-03-08 at 02:00 (07:00 UTC), back on 2025-11-02 at 02:00 (06:00
    // UTC).
    CHECK(begins("America/New_York", "2026-03-08") == "2026-03-08T05:00:00Z");
    CHECK(begins("America/New_York", "2026-03-09") == "2026-03-09T04:00:00Z");
    CHECK(begins("America/New_York", "2025-11-02") == "2025-11-02T04:00:00Z");
    CHECK(begins("America/New_York", "2025-11-03") == "2025-11-03T05:00:00Z");
    CHECK(begins("America/New_York", "2025-12-13") == "2025-12-13T05:00:00Z");
    CHECK(date_of("America/New_York", "2026-03-09T03:59:59.999999999Z") == "2026-03-08");
    CHECK(date_of("America/New_York", "2026-03-09T04:00:00Z") == "2026-03-09");
    CHECK(date_of("America/New_York", "2025-11-03T04:59:59Z") == "2025-11-02");
    CHECK(date_of("America/New_York", "2025-11-03T05:00:00Z") == "2025-11-03");
}

TEST_CASE("a day whose midnight is skipped begins behind the gap", "[terminal][zone]") {
    // Beirut, 2025-03-30: the clock goes from 24:00 of the 29th to 01:00.
    CHECK(begins("Asia/Beirut", "2025-03-30") == "2025-03-29T22:00:00Z");
    CHECK(shown("Asia/Beirut", "2025-03-29T22:00:00Z") == "2025-03-30T01:00:00+03:00");
}

TEST_CASE("a zone nobody knows is a wrong call, and no path is a zone", "[terminal][zone]") {
    for (const char* name : {"Mars/Olympus", "", "../../etc/passwd", "/etc/localtime", "EST5"}) {
        CAPTURE(name);
        const auto found = Zone::find(name);
        REQUIRE_FALSE(found.has_value());
        CHECK(exit_of(found.error().code) == Exit::usage);
    }
}

TEST_CASE("a date is ten characters that name a day", "[terminal][zone]") {
    CHECK(parse_date("1970-01-02").value() == 1);
    CHECK(date_text(parse_date("2025-12-13").value()) == "2025-12-13");
    for (const char* text : {"2025-13-01", "2025-02-29", "20251213", "yesterday!", ""})
        CHECK_FALSE(parse_date(text).has_value());
}
