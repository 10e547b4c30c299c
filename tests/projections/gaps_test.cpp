#include "projections/fold/gaps.hpp"

#include "support/catch.hpp"

using namespace daybook;

namespace {

Event lost(std::uint64_t seq) {
    Event event;
    event.seq = {seq};
    event.body = Lost{};
    return event;
}

}  // namespace

TEST_CASE("lost events in a row are one gap", "[fold][gaps]") {
    MemoryRows rows;
    CHECK(lost_events(rows) == 0);
    CHECK(gaps_of(rows).empty());
    for (const std::uint64_t seq : {3U, 4U, 5U, 9U, 300U, 301U}) {
        gaps_projection().apply(rows, lost(seq));
    }
    CHECK(lost_events(rows) == 6);
    CHECK(gaps_of(rows) == std::vector<Gap>{{{3}, {5}}, {{9}, {9}}, {{300}, {301}}});
}
