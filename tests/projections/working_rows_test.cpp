// Rows as values over the rows below: whatever is kept in RAM or let go, what is read and what is
// written in the end is the same as without.
#include "projections/fold/working_rows.hpp"

#include <map>
#include <random>

#include "projections/fold/table.hpp"
#include "support/catch.hpp"

using namespace daybook;

namespace {

struct Number {
    std::uint64_t value{};
    auto fields() { return std::tie(value); }
};
using Plain = std::map<std::string, std::uint64_t>;

Plain rows_of(const MemoryRows& rows) {
    Plain all;
    for (const auto& [key, bytes] : rows.all()) all[key.second] = unpack<Number>(bytes).value;
    return all;
}

}  // namespace

TEST_CASE("rows that were let go are found again, and those that were erased are not",
          "[rows][law]") {
    for (const unsigned seed : {1U, 2U, 3U}) {
        CAPTURE(seed);
        std::mt19937_64 random{seed};
        MemoryRows below;
        WorkingRows working{below};
        Table<Number> table{working, "numbers"};
        Plain plain;
        for (std::uint64_t step = 0; step < 60'000; ++step) {
            const std::string key = make_key(random() % 20'000);  // far more than are kept
            const auto found = table.get(key);
            const auto expected = plain.find(key);
            REQUIRE(found.has_value() == (expected != plain.end()));
            if (found) REQUIRE(found->value == expected->second);
            if (random() % 4 == 0) {
                table.erase(key);
                plain.erase(key);
            } else {
                table.put(key, {step});
                plain[key] = step;
            }
            if (step % 5000 == 4999) {
                working.flush();
                working.trim();
            }
        }
        working.flush();
        CHECK(rows_of(below) == plain);
    }
}
