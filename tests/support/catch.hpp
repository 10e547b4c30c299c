#pragma once

// Catch2 v2 (Debian 12) and v3 name their headers differently; tests include this one.
#if DAYBOOK_CATCH2_V2
#include <catch2/catch.hpp>
#else
#include <catch2/catch_all.hpp>
#endif
