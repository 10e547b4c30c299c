#pragma once

#include "projections/catch_up.hpp"
#include "src/init.hpp"
#include "src/recorder.hpp"
#include "support/catch.hpp"
#include "support/folder.hpp"
#include "support/generator.hpp"

/// What the tests of the store share: a data directory with a made-up story.
namespace daybook::test {

inline const Time kNow{1'765'700'000'000'000'000};

/// A data directory with a made-up story in its journal.
struct Desk {
    Folder folder;
    std::vector<Event> events = story(7, {.orders = 60});
    std::size_t recorded{};

    Desk() { REQUIRE(init(folder.path()).has_value()); }
    void record(std::size_t count) {
        auto recorder = Recorder::open(folder.path(), kNow);
        REQUIRE(recorder.has_value());
        for (; count > 0 && recorded < events.size(); --count) {
            Event event = events[recorded++];
            event.seq = {};
            REQUIRE(recorder.value().record({event}, kNow).has_value());
        }
        REQUIRE(recorder.value().close().has_value());
    }
    void record_all() { record(events.size()); }
    EventReader reader() {
        auto opened = EventReader::open(folder.path());
        REQUIRE(opened.has_value());
        return std::move(opened).value();
    }
    store::Directory projections() {
        auto opened = store::Directory::open(folder.path() + "/projections", true);
        REQUIRE(opened.has_value());
        return std::move(opened).value();
    }
    store::ProjectionStore open(EventReader& from, const Projection& projection) {
        auto opened =
            store::ProjectionStore::open_to_build(projections(), projection, source_of(from, kNow));
        INFO((opened ? "" : opened.error().detail));
        REQUIRE(opened.has_value());
        return std::move(opened).value();
    }
    store::Digest digest_now(const Projection& projection) {
        EventReader from = reader();
        auto stored = open(from, projection);
        store::ProjectionStore* const only[] = {&stored};
        REQUIRE(catch_up(from, only, from.journal().head().durable, {}).has_value());
        REQUIRE(stored.environment().sync().has_value());
        return stored.meta().value().digest;
    }
};

}  // namespace daybook::test
