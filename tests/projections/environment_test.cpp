// One generation on disk: its map, its readers, its file.
#include "projections/store/environment.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "projections/fold/row_codec.hpp"
#include "support/catch.hpp"
#include "support/folder.hpp"

using namespace daybook;
using namespace daybook::test;
using store::Environment;

namespace {

constexpr std::size_t kSmallMap = std::size_t{1} << 20U;

struct Place {
    Folder folder;
    store::Directory directory = store::Directory::open(folder.path() + "/p", true).value();
    [[nodiscard]] std::string file() const { return folder.path() + "/p/data.mdb"; }

    [[nodiscard]] std::unique_ptr<Environment> make(std::size_t map = kSmallMap) const {
        const store::Meta fresh;
        return Environment::open(directory, &fresh, map).value();
    }
    [[nodiscard]] Result<std::unique_ptr<Environment>> open(std::size_t map = kSmallMap) const {
        return Environment::open(directory, nullptr, map);
    }
};

/// `count` rows of about 1 KiB each in one transaction that reaches `seq`.
Result<void> write_rows(Environment& environment, std::uint64_t count, char letter, Sequence seq) {
    TRY(const auto rows, environment.write());
    for (std::uint64_t i = 0; i < count; ++i)
        rows->put("many", key_part(i), std::string(1000, letter));
    return rows->commit(seq, 1);
}

std::uint64_t rows_in(Environment& environment) {
    const auto rows = environment.read().value();
    std::uint64_t count = 0;
    rows->scan("many", "", [&](std::string_view, std::string_view) { return ++count > 0; });
    return count;
}

/// A process that does `act` and says when it is done; killed with its owner.
class Child {
  public:
    explicit Child(const std::function<void()>& act) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        pid_ = ::fork();
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            act();
            if (::write(ends[1], "x", 1) != 1) ::_exit(1);
            for (;;) ::pause();
        }
        char done{};
        ::close(ends[1]);
        REQUIRE(::read(ends[0], &done, 1) == 1);
        ::close(ends[0]);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() { kill(); }
    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }

  private:
    pid_t pid_{};
};

}  // namespace

TEST_CASE("a transaction that outgrows its map keeps nothing, and fits when it is begun anew",
          "[projections][environment]") {
    const Place place;
    const auto environment = place.make();
    REQUIRE(write_rows(*environment, 100, 'a', {1}).has_value());
    const auto refused = write_rows(*environment, 3000, 'b', {2});  // 3 MiB into a map of one
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::disk);
    CHECK(environment->outgrown());
    CHECK(rows_in(*environment) == 100);
    int more = 0;
    while (!write_rows(*environment, 3000, 'b', {2}).has_value()) REQUIRE(++more < 3);
    CHECK_FALSE(environment->outgrown());
    CHECK(rows_in(*environment) == 3000);
    CHECK(environment->read().value()->scanned_digest().value() ==
          environment->read().value()->meta().value().digest);
}

TEST_CASE("a map grows while another process reads it, and that one goes on with the new size",
          "[projections][environment]") {
    const Place place;
    static_cast<void>(place.make());
    const auto reader = place.open().value();
    CHECK(rows_in(*reader) == 0);
    {
        const Child writer{[&] {
            // One that was opened before is not used behind a fork.
            const auto environment = place.open().value();
            for (std::uint64_t round = 1; round <= 8; ++round)
                static_cast<void>(write_rows(*environment, 500 * round, 'c', {round}));
        }};
        CHECK(rows_in(*reader) == 4000);
    }
    REQUIRE(write_rows(*reader, 10, 'd', {9}).has_value());
    CHECK(rows_in(*reader) == 4000);
}

TEST_CASE("while somebody here reads, the map stays where it is", "[projections][environment]") {
    const Place place;
    const auto environment = place.make();
    REQUIRE(write_rows(*environment, 700, 'a', {1}).has_value());  // over half of the map
    const auto reading = environment->read().value();
    const std::string row = reading->get("many", key_part(std::uint64_t{699})).value();
    CHECK_FALSE(write_rows(*environment, 3000, 'b', {2}).has_value());
    CHECK(reading->get("many", key_part(std::uint64_t{699})).value() == row);
}

TEST_CASE("a reader that was killed holds no old pages back", "[projections][environment]") {
    const Place place;
    const auto environment = place.make(std::size_t{1} << 30U);
    REQUIRE(write_rows(*environment, 500, 'a', {1}).has_value());
    Child reader{[&] {
        static auto opened = place.open(std::size_t{1} << 30U).value();
        static auto rows = opened->read().value();
    }};
    reader.kill();
    CHECK(environment->forget_dead_readers().value() == 1);
    CHECK(environment->forget_dead_readers().value() == 0);
    for (std::uint64_t round = 2; round < 40; ++round)
        REQUIRE(write_rows(*environment, 500, round % 2 == 0 ? 'b' : 'c', {round}).has_value());
    CHECK(std::filesystem::file_size(place.file()) < (4U << 20U));  // not 20 MiB: pages come again
}

TEST_CASE("a synced file that lost its end is damaged; no end of it can end the process",
          "[projections][environment]") {
    const Place place;
    {
        const auto environment = place.make();
        REQUIRE(write_rows(*environment, 500, 'a', {1}).has_value());
        REQUIRE(environment->sync().has_value());
    }
    REQUIRE(place.open().has_value());
    const auto size = std::filesystem::file_size(place.file());
    for (const auto left : {size - 4096, size / 2, std::uintmax_t{16384}}) {
        std::filesystem::copy_file(place.file(), place.file() + ".whole");
        std::filesystem::resize_file(place.file(), left);
        const auto opened = place.open();
        REQUIRE_FALSE(opened.has_value());
        CHECK(opened.error().code == Errc::corrupt);
        std::filesystem::remove(place.file());
        std::filesystem::rename(place.file() + ".whole", place.file());
    }
    CHECK(rows_in(*place.open().value()) == 500);
}

TEST_CASE("a standstill is kept beside the rows until they have passed it",
          "[projections][environment]") {
    const Place place;
    const auto environment = place.make();
    REQUIRE(write_rows(*environment, 1, 'a', {6}).has_value());
    const auto digest = environment->read().value()->meta().value().digest;
    REQUIRE(environment->stall({{7}, "it cannot be"}).has_value());
    const auto stalled = [&] { return environment->read().value()->stalled().value(); };
    CHECK(stalled()->seq == Sequence{7});
    CHECK(stalled()->why == "it cannot be");
    CHECK(environment->read().value()->meta().value().digest == digest);
    CHECK(environment->read().value()->tables().value().size() == 1);  // of rows
    REQUIRE(write_rows(*environment, 1, 'b', {6}).has_value());
    CHECK(stalled().has_value());
    REQUIRE(write_rows(*environment, 1, 'c', {7}).has_value());
    CHECK_FALSE(stalled().has_value());
}

TEST_CASE("rows written together are those put and erased one by one", "[store][environment]") {
    const Place together;
    const Place single;
    const auto a = together.make();
    const auto b = single.make();
    const std::string long_key(600, 'k');
    const std::vector<std::vector<Rows::Change>> batches{
        {{"a", "1"}, {"c", "3"}},
        {{"d", "4"}, {"e", std::nullopt}, {"f", "6"}},  // behind all
        {{"b", "2"}, {"c", std::nullopt}, {"d", "5"}, {"g", "7"}},
        {{"h", "8"}, {long_key, "9"}},
    };
    Sequence seq{1};
    for (const auto& batch : batches) {
        const auto into = a->write().value();
        into->write("some", batch);
        REQUIRE(into->commit(seq, 1).has_value());
        const auto other = b->write().value();
        for (const auto& each : batch)
            each.value ? other->put("some", each.key, *each.value) : other->erase("some", each.key);
        REQUIRE(other->commit(seq, 1).has_value());
        ++seq.raw;
        const auto rows = a->read().value();
        const auto digest = rows->meta().value().digest;
        CHECK(digest == rows->scanned_digest().value());
        CHECK(digest == b->read().value()->meta().value().digest);
    }
}

TEST_CASE("bytes that are no meta row and no standstill are told as damage", "[store]") {
    for (const std::string bytes : {"", "x", "\xff\xff\xff\xff\xff\xff\xff\xff"}) {
        CHECK(store::meta_of(bytes).error().code == Errc::corrupt);
        CHECK(store::stall_of(bytes).error().code == Errc::corrupt);
    }
    const store::Stall stall{{40}, "the 40th"};
    CHECK(store::stall_of(store::bytes_of(stall)).value().seq == stall.seq);
    CHECK(store::stall_of(store::bytes_of(stall)).value().why == stall.why);
}
