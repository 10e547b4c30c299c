#include "schemas/time.hpp"

#include <rapidcheck.h>

#include "support/catch.hpp"

using namespace daybook;

TEST_CASE("RFC 3339 times of any offset are the same moment", "[schemas][time]") {
    const Time moment = parse_time("2025-12-13T14:29:30.5Z").value();
    CHECK(moment.nanos == 1'765'636'170'500'000'000);
    CHECK(parse_time("2025-12-13T09:29:30.500000000-05:00").value() == moment);
    CHECK(parse_time("2025-12-13 14:29:30.5+00:00").value() == moment);
    CHECK(format_time(moment) == "2025-12-13T14:29:30.5Z");
}

TEST_CASE("a text that is no time is refused", "[schemas][time]") {
    const auto text = GENERATE("", "2025-12-13", "2025-12-13T14:29:30", "2025-02-30T00:00:00Z",
                               "2025-12-13T24:00:00Z", "2025-12-13T14:29:30.1234567891Z",
                               "1969-12-31T23:59:59Z", "2025-12-13T14:29:30Zx");
    CAPTURE(text);
    CHECK_FALSE(parse_time(text).has_value());
}

TEST_CASE("the digit count of an epoch time tells its unit", "[schemas][time]") {
    CHECK(parse_epoch_time("1725868885").value() == parse_epoch_time("1725868885000").value());
    CHECK(parse_epoch_time("1725868885000000").value() ==
          parse_epoch_time("1725868885000000000").value());
    CHECK_FALSE(parse_epoch_time("17258688850").has_value());
    CHECK_FALSE(parse_epoch_time("-172586888").has_value());
}

TEST_CASE("a written time reads back as itself", "[schemas][time][law]") {
    CHECK(rc::check([] {
        const Time time{*rc::gen::inRange<std::int64_t>(0, INT64_MAX / 2)};
        RC_ASSERT(parse_time(format_time(time)).value() == time);
    }));
}

// The bounds as numpy and pandas give them for datetime64[ns].
TEST_CASE("the first and the last nanosecond of an int64 have a text", "[schemas][time]") {
    CHECK(format_time(Time{INT64_MIN}) == "1677-09-21T00:12:43.145224192Z");
    CHECK(format_time(Time{INT64_MAX}) == "2262-04-11T23:47:16.854775807Z");
    CHECK(format_time(Time{-1}) == "1969-12-31T23:59:59.999999999Z");
}

TEST_CASE("a number beyond the year 2262 is no time, whatever it counts", "[schemas][time]") {
    for (const std::string_view digits : {"9999999999", "9786085192150", "9999999999999999"}) {
        CHECK_FALSE(parse_epoch_time(digits));
    }
    CHECK(parse_epoch_time("9223372036").value() == Time{9'223'372'036 * kNanosPerSecond});
    CHECK(parse_epoch_time("9223372036854775807").value() == Time{9'223'372'036'854'775'807});
}
