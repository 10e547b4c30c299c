#include "src/recorder.hpp"

#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "journal/verify.hpp"
#include "projections/event_reader.hpp"
#include "schemas/event_json.hpp"
#include "src/init.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"
#include "support/folder.hpp"

using namespace daybook;

namespace {

const Time kNow{1'765'700'000'000'000'000};

struct Desk {
    test::Folder folder;
    Recorder recorder;
    Desk()
        : recorder{[this] {
              REQUIRE(init(folder.path()).has_value());
              return open();
          }()} {}

    Recorder open() {
        auto opened = Recorder::open(folder.path(), kNow);
        INFO((opened ? "" : opened.error().detail));
        REQUIRE(opened.has_value());
        return std::move(opened).value();
    }
    void reopen() {
        REQUIRE(recorder.close().has_value());
        recorder = open();
    }
    Recorded take(const Event& event) {
        auto taken = recorder.record({event}, kNow);
        INFO((taken ? "" : taken.error().detail));
        REQUIRE(taken.has_value());
        return taken.value().front();
    }
    std::vector<Event> recorded() {
        REQUIRE(recorder.commit().has_value());
        auto reader = EventReader::open(folder.path());
        REQUIRE(reader.has_value());
        std::vector<Event> events;
        REQUIRE(reader.value()
                    .for_each({1}, {}, all_types(),
                              [&](const Event& event) {
                                  events.push_back(event);
                                  return true;
                              })
                    .has_value());
        return events;
    }
};

Event fill(std::string trade, std::string order, std::int64_t whole) {
    Fill body;
    body.trade = std::move(trade);
    body.order = std::move(order);
    body.outcome = "Up";
    body.shares = test::shares(whole);
    body.cost = test::dollars(1);
    return test::event_at(0, "market", body);
}

Event note(std::string text) {
    Event event = test::event_at(0, "", Note{std::move(text)});
    event.mode = Mode::none;
    return event;
}

}  // namespace

TEST_CASE("the same key with the same content is recorded once, and answered with the first seq",
          "[src][recorder]") {
    Desk desk;
    CHECK(desk.take(fill("t", "o", 1)).seq == Sequence{1});
    const Recorded again = desk.take(fill("t", "o", 1));
    CHECK(again.duplicate);
    CHECK(again.seq == Sequence{1});
    desk.reopen();
    CHECK(desk.take(fill("t", "o", 1)).duplicate);
    CHECK(desk.take(fill("t", "other", 1)).seq == Sequence{2});
}

TEST_CASE("the same key with other content is recorded once and flagged, and changes nothing",
          "[src][recorder]") {
    Desk desk;
    desk.take(fill("t", "o", 1));
    const Recorded other = desk.take(fill("t", "o", 2));
    CHECK(other.conflicting);
    CHECK(other.seq == Sequence{2});
    CHECK(desk.take(fill("t", "o", 2)).duplicate);
    desk.reopen();
    CHECK(desk.take(fill("t", "o", 2)).duplicate);
    CHECK(desk.recorded().at(1).conflicts_with == Sequence{1});
}

TEST_CASE("a fill told again with its transaction is the same fill", "[src][recorder]") {
    Desk desk;
    desk.take(fill("t", "o", 1));
    Event later = fill("t", "o", 1);
    std::get<Fill>(later.body).tx = "0xabc";
    CHECK(desk.take(later).duplicate);
}

TEST_CASE("equal events without a key of their own are counted in each input", "[src][recorder]") {
    Desk desk;
    desk.recorder.begin_input();
    CHECK_FALSE(desk.take(note("a")).duplicate);
    CHECK_FALSE(desk.take(note("a")).duplicate);
    desk.recorder.begin_input();
    CHECK(desk.take(note("a")).seq == Sequence{1});
    CHECK(desk.take(note("a")).seq == Sequence{2});
    CHECK_FALSE(desk.take(note("a")).duplicate);
    desk.reopen();
    desk.recorder.begin_input();
    CHECK(desk.take(note("a")).seq == Sequence{1});
}

TEST_CASE("an id is a key of its own", "[src][recorder]") {
    Desk desk;
    Event first = note("a");
    first.id = "x";
    CHECK_FALSE(desk.take(first).duplicate);
    CHECK(desk.take(first).duplicate);
    Event other = note("b");
    other.id = "x";
    CHECK(desk.take(other).conflicting);
}

TEST_CASE("venue and mode are part of every key", "[src][recorder]") {
    Desk desk;
    Event live = fill("t", "o", 1);
    Event dry_run = live;
    dry_run.mode = Mode::dry_run;
    Event elsewhere = live;
    elsewhere.venue = "kalshi";
    CHECK_FALSE(desk.take(live).duplicate);
    CHECK_FALSE(desk.take(dry_run).duplicate);
    CHECK_FALSE(desk.take(elsewhere).duplicate);
}

TEST_CASE("only the first event of a market carries its name, every one is read with it",
          "[src][recorder]") {
    Desk desk;
    desk.take(fill("t1", "o", 1));
    desk.take(fill("t2", "o", 1));
    desk.reopen();
    desk.take(fill("t3", "o", 1));
    for (const Event& event : desk.recorded()) {
        CHECK(event.market == "market");
        CHECK(event.venue == "polymarket");
    }
}

TEST_CASE("a batch with one event that cannot be taken leaves none", "[src][recorder]") {
    Desk desk;
    Event bad = note("b");
    bad.cause = 99;
    const auto refused = desk.recorder.record({note("a"), bad}, kNow);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::malformed);
    Event large = note("c");
    large.raw.assign(std::size_t{2} << 20U, 'x');
    CHECK_FALSE(desk.recorder.record({note("a"), large}, kNow).has_value());
    CHECK_FALSE(desk.take(note("a")).duplicate);
    CHECK(desk.recorded().size() == 1);
}

TEST_CASE("what was recorded reads back as the same event", "[src][recorder]") {
    Desk desk;
    Event event = fill("t", "o", 3);
    event.raw = "{}";
    event.extra = R"("x":1)";
    event.correlation = "c";
    desk.take(event);
    event.seq = {1};
    CHECK(desk.recorded().front() == event);
}

TEST_CASE("a second recorder is refused and told who records", "[src][recorder]") {
    Desk desk;
    const auto second = Recorder::open(desk.folder.path(), kNow);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == Errc::conflict);
    CHECK(second.error().detail.find(std::to_string(::getpid())) != std::string::npos);
}

TEST_CASE("the identity index can be lost: it is built again from the journal", "[src][recorder]") {
    Desk desk;
    desk.take(fill("t", "o", 1));
    desk.take(note("a"));
    REQUIRE(desk.recorder.close().has_value());
    std::filesystem::remove_all(desk.folder.path() + "/projections");
    desk.recorder = desk.open();
    CHECK(desk.take(fill("t", "o", 1)).seq == Sequence{1});
    CHECK(desk.take(note("a")).seq == Sequence{2});
}

TEST_CASE("a recorder whose index was refused a commit takes nothing more; the next one catches up",
          "[src][recorder]") {
    Desk desk;
    constexpr int kNotes = 200;
    for (int i = 0; i < kNotes; ++i) desk.take(note("note " + std::to_string(i)));
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = std::uint64_t{48} << 10U;  // enough for the journal's frames, not for LMDB
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const auto refused = desk.recorder.commit();
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    std::signal(SIGXFSZ, ignored);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().detail.find("projection store") != std::string::npos);
    CHECK_FALSE(desk.recorder.record({note("more")}, kNow).has_value());
    CHECK_FALSE(desk.recorder.close().has_value());
    desk.recorder = desk.open();
    for (int i = 0; i < kNotes; ++i) CHECK(desk.take(note("note " + std::to_string(i))).duplicate);
}
