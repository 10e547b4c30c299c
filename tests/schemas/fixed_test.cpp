#include "schemas/fixed.hpp"

#include <rapidcheck.h>

#include "support/catch.hpp"

using namespace daybook;

TEST_CASE("a decimal is read exactly, whatever its form", "[schemas][fixed]") {
    CHECK(parse_micros("9.43").value() == 9'430'000);
    CHECK(parse_micros("-0.000001").value() == -1);
    CHECK(parse_micros("1e-6").value() == 1);
    CHECK(parse_micros("5.3E1").value() == 53'000'000);
    CHECK(parse_micros("0.5300000000").value() == 530'000);
    CHECK(parse_micros("-0").value() == 0);
    CHECK(parse_decimal("76568780000000000000000", 0).value() ==
          parse_decimal("76568.78", 18).value());
}

TEST_CASE("what is no decimal, too fine or too large is refused", "[schemas][fixed]") {
    const auto text =
        GENERATE("", "-", ".", "1.", "NaN", "Infinity", "1e", "0x1", "1 ", "1.2.3", "0.1234567",
                 "123456789012345678901234567890", "1e30", "--1", "1e999");
    CAPTURE(text);
    CHECK_FALSE(parse_micros(text).has_value());
}

TEST_CASE("decimals are written in shortest form", "[schemas][fixed]") {
    CHECK(format_micros(9'430'000) == "9.43");
    CHECK(format_micros(-1) == "-0.000001");
    CHECK(format_micros(0) == "0");
    CHECK(format_micros(100'000'000) == "100");
    CHECK(format_rounded(2'736'332, 2) == "2.74");
    CHECK(format_rounded(-7'346'332, 2) == "-7.35");
    CHECK(format_rounded(125'000, 2) == "0.12");
    CHECK(format_rounded(135'000, 2) == "0.14");
    CHECK(format_rounded(-4'000, 2) == "0.00");
    CHECK(format_rounded(1'500'000, 0) == "2");
}

TEST_CASE("a written number reads back as itself", "[schemas][fixed][law]") {
    CHECK(rc::check([](std::int64_t micros) {
        if (micros == INT64_MIN) ++micros;
        RC_ASSERT(parse_micros(format_micros(micros)).value() == micros);
    }));
}

TEST_CASE("half-even division is at most half a unit off and even on a tie",
          "[schemas][fixed][law]") {
    CHECK(rc::check([](std::int64_t numerator, std::int32_t denominator) {
        RC_PRE(denominator != 0);
        const Wide quotient = divide_half_even(numerator, denominator);
        const Wide size = denominator < 0 ? -Wide{denominator} : Wide{denominator};
        Wide twice_off = 2 * (quotient * denominator - numerator);
        if (twice_off < 0) twice_off = -twice_off;
        RC_ASSERT(twice_off <= size);
        if (twice_off == size) RC_ASSERT(quotient % 2 == 0);
    }));
}

TEST_CASE("cost overflows into an error, not into a wrong number", "[schemas][fixed]") {
    CHECK(cost({500'000}, {3}).value() == Money{2});
    CHECK(cost({500'000}, {5}).value() == Money{2});
    CHECK(cost({500'000}, {-3}).value() == Money{-2});
    CHECK(cost({1'000'000'000'000}, {INT64_MAX}).error().code == Errc::overflow);
}
