#pragma once

#include <cstdint>
#include <string>

// Catch2 v2 (Debian 12) and v3 differ in names; tests include this header and use what is below.
#if DAYBOOK_CATCH2_V2
#include <catch2/catch.hpp>
#else
#include <catch2/catch_all.hpp>
#endif

namespace daybook::test {

#if DAYBOOK_CATCH2_V2
inline auto contains(const std::string& text) { return Catch::Matchers::Contains(text); }
inline std::uint32_t random_seed() { return Catch::rngSeed(); }
#else
inline auto contains(const std::string& text) { return Catch::Matchers::ContainsSubstring(text); }
inline std::uint32_t random_seed() { return Catch::getSeed(); }
#endif

}  // namespace daybook::test
