#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "projections/desk.hpp"
#include "projections/fold/catalogue.hpp"
#include "projections/fold/row_codec.hpp"
#include "projections/read_ahead.hpp"
#include "projections/reset.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

store::Digest digest_of(const MemoryRows& rows) {
    store::Digest sum;
    for (const auto& [key, value] : rows.all())
        sum.add(store::digest_of_row(key.first, key.second, value));
    return sum;
}

}  // namespace

TEST_CASE("live, stopped half-way, rebuilt and folded in RAM: every projection has one digest",
          "[projections][law]") {
    Desk desk;
    desk.record(desk.events.size() / 2);
    for (const Projection& projection : catalogue()) static_cast<void>(desk.digest_now(projection));
    desk.record_all();
    for (const Projection& projection : catalogue()) {
        INFO(projection.name);
        const store::Digest live = desk.digest_now(projection);
        EventReader from = desk.reader();
        MemoryRows rows;
        REQUIRE(fold_into(from, projection, rows, from.journal().head().durable, {}).has_value());
        CHECK(live == digest_of(rows));
        std::filesystem::remove_all(desk.folder.path() + "/projections/" +
                                    std::string{projection.name});
        CHECK(live == desk.digest_now(projection));
    }
}

TEST_CASE("the running digest is that of the rows as they lie there", "[projections][store]") {
    Desk desk;
    desk.record_all();
    for (const Projection& projection : catalogue()) {
        INFO(projection.name);
        const store::Digest running = desk.digest_now(projection);
        EventReader from = desk.reader();
        auto stored = desk.open(from, projection);
        CHECK(stored.environment().read().value()->scanned_digest().value() == running);
    }
}

TEST_CASE("a projection of another version is built anew, says why and writes it down",
          "[projections][store]") {
    Desk desk;
    desk.record_all();
    const Projection& pnl = *find_projection("pnl");
    static_cast<void>(desk.digest_now(pnl));
    EventReader from = desk.reader();
    Projection next = pnl;
    next.version = pnl.version + 1;
    const std::string by_ours = "it was built by version " + std::to_string(pnl.version);
    CHECK(desk.open(from, next).renewed().why == by_ours);
    CHECK(desk.open(from, pnl).renewed().why ==
          "it was built by version " + std::to_string(next.version));
    const std::string history = desk.projections().read("history.jsonl").value().value();
    CHECK(history.find(R"("act":"renew","projection":"pnl","generation":2)") != std::string::npos);
    CHECK(history.find(R"("reason":"other_version","why":")" + by_ours) != std::string::npos);
}

TEST_CASE("rows that know more than a reader had seen of the journal are no reason to build again",
          "[projections][store]") {
    Desk desk;
    desk.record(2);
    const Projection& pnl = *find_projection("pnl");
    EventReader early = desk.reader();
    desk.record_all();
    const store::Digest folded = desk.digest_now(pnl);
    auto opened = desk.open(early, pnl);
    CHECK(opened.renewed().unfit == store::Unfit::no);
    CHECK(opened.meta().value().digest == folded);
    CHECK(opened.generation() == 1);
}

TEST_CASE("a journal that is not the one of before is told apart: foreign, restored or forked",
          "[projections][store]") {
    Desk desk;
    desk.record_all();
    const Projection& pnl = *find_projection("pnl");
    const store::Digest before = desk.digest_now(pnl);
    EventReader from = desk.reader();
    const store::Source same = source_of(from, kNow);
    const auto reason = [&](const store::Source& source) {
        auto opened = store::ProjectionStore::open_to_read(desk.projections(), pnl).value();
        return opened.fitness(source).unfit;
    };
    CHECK(reason(same) == store::Unfit::no);

    store::Source foreign = same;
    foreign.journal[0] ^= 1U;
    CHECK(reason(foreign) == store::Unfit::foreign_journal);
    store::Source restored = same;
    using Hash = Result<std::optional<std::uint64_t>>;
    restored.frame_hash = [](Sequence) { return Hash{std::nullopt}; };
    CHECK(reason(restored) == store::Unfit::restored_journal);
    store::Source forked = same;
    forked.frame_hash = [](Sequence) { return Hash{1}; };
    CHECK(reason(forked) == store::Unfit::forked_journal);
    store::Source unreadable = same;
    unreadable.frame_hash = [](Sequence) { return Hash{Error{Errc::corrupt, "rot"}}; };
    CHECK(reason(unreadable) == store::Unfit::unreadable_journal);

    // What cannot be told is not thrown away; everything else is built again, and stays told apart.
    const auto refused = store::ProjectionStore::open_to_build(desk.projections(), pnl, unreadable);
    CHECK(refused.error().code == Errc::corrupt);
    for (const store::Source& other : {foreign, restored, forked}) {
        const store::Unfit why = reason(other);
        CHECK(store::ProjectionStore::open_to_build(desk.projections(), pnl, other)
                  .value()
                  .renewed()
                  .unfit == why);
        const std::string history = desk.projections().read("history.jsonl").value().value();
        CHECK(history.find("\"reason\":\"" + std::string{store::word_of(why)}) !=
              std::string::npos);
        std::filesystem::remove_all(desk.folder.path() + "/projections/pnl");
        CHECK(desk.digest_now(pnl) == before);
    }
}

TEST_CASE("a damaged environment is built anew from the journal", "[projections][store]") {
    Desk desk;
    desk.record_all();
    const Projection& pnl = *find_projection("pnl");
    const store::Digest before = desk.digest_now(pnl);
    {
        std::fstream file{desk.folder.path() + "/projections/pnl/g1/data.mdb",
                          std::ios::in | std::ios::out | std::ios::binary};
        file.write("nonsense", 8);
        file.seekp(4096);
        for (int i = 0; i < 100; ++i) file.write("nonsense", 8);
    }
    CHECK(desk.digest_now(pnl) == before);
}

TEST_CASE("a commit that the disk refuses is an error, and nothing of it is kept",
          "[projections][store]") {
    Desk desk;
    desk.record_all();
    EventReader from = desk.reader();
    auto stored = desk.open(from, *find_projection("pnl"));
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
    {
        auto rows = stored.environment().write().value();
        for (std::uint64_t i = 0; i < 20'000; ++i)
            rows->put("many", key_part(i), std::string(200, 'x'));
        rlimit small = before;
        small.rlim_cur = 64 * 1024;
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
        const auto refused = rows->commit({1}, 1);
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == Errc::disk);
    }
    std::signal(SIGXFSZ, ignored);
    CHECK(stored.meta().value().seq == Sequence{0});
}

TEST_CASE("a full disk cannot kill who shares a generation: its lock file has its room",
          "[projections][store]") {
    Desk desk;
    desk.record_all();
    static_cast<void>(desk.digest_now(*find_projection("pnl")));
    struct stat status {};
    const std::string file = desk.folder.path() + "/projections/pnl/g1/lock.mdb";
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK(status.st_size == 8192);  // what LMDB maps, and writes to without a call that can fail
    CHECK(status.st_blocks * 512 >= status.st_size);
}

TEST_CASE("two processes cannot build one projection", "[projections][store]") {
    Desk desk;
    desk.record_all();
    EventReader from = desk.reader();
    const Projection& pnl = *find_projection("pnl");
    const auto first = desk.open(from, pnl);
    const auto second =
        store::ProjectionStore::open_to_build(desk.projections(), pnl, source_of(from, kNow));
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == Errc::conflict);
    CHECK(second.error().detail.find(std::to_string(::getpid())) != std::string::npos);
}

TEST_CASE("a name that leads out of projections/ is refused", "[projections][store]") {
    Desk desk;
    const auto projections = desk.projections();
    for (const char* name : {"../journal", "..", ".", "", "a/b", "/etc"}) {
        CHECK_FALSE(projections.child(name, false).has_value());
        CHECK_FALSE(projections.remove_folder(name).has_value());
        CHECK_FALSE(projections.read(name).has_value());
    }
}

TEST_CASE("events read ahead by two threads are those of one reader, in order",
          "[projections][read_ahead]") {
    Desk desk;
    desk.record_all();
    EventReader plain = desk.reader();
    const Sequence last = plain.journal().head().durable;
    const TypeSet wanted{"fill", "order_status", "market_defined"};
    std::vector<Event> expected;
    REQUIRE(plain
                .for_each({2}, last, wanted,
                          [&](const Event& event) {
                              expected.push_back(event);
                              return true;
                          })
                .has_value());
    REQUIRE(expected.size() > 50);
    for (const Check check : {Check::what_is_read, Check::every_event}) {
        for (const std::uint64_t stretch : {1U, 3U, 1000U}) {
            EventReader from = desk.reader();
            const auto ahead = ReadAhead::begin(from, {2}, last, wanted, check, stretch);
            std::vector<Event> found;
            while (const Step* const step = ahead.value()->next().value()) {
                CHECK(step->seq == step->event.seq);
                found.push_back(step->event);
            }
            CHECK(found == expected);
        }
    }
}

TEST_CASE("reading ahead can be left at any event", "[projections][read_ahead]") {
    Desk desk;
    desk.record_all();
    EventReader from = desk.reader();
    const Sequence last = from.journal().head().durable;
    for (int events = 0; events < 40; ++events) {
        const auto ahead =
            ReadAhead::begin(from, {1}, last, all_types(), Check::every_event, 2).value();
        for (int i = 0; i < events; ++i) CHECK(ahead->next().value() != nullptr);
    }
}
