#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "journal/journals.hpp"
#include "journal/verify.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

class Folder {  ///< one on the real disk, gone with the test
  public:
    Folder()
        : path_(std::filesystem::temp_directory_path() /
                ("daybook-threads-test-" + journal::to_text(value(journal::random_uuid())))) {}
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

journal::Options threaded() {
    auto options = small_options();
    options.background = true;
    return options;
}

template <class Done>
bool within_seconds(int seconds, Done done) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (!done()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

}  // namespace

TEST_CASE("writer, background thread and a reader work side by side", "[journal][threads]") {
    const Folder folder;
    succeeds(journal::create(folder.path(), threaded()));
    std::uint64_t events = 0;
    std::atomic<std::uint64_t> acknowledged{0};
    std::atomic<bool> stopped{false};
    std::thread beside([&] {  // no assertions here: Catch2 v2 is not made for threads
        auto reader = journal::Reader::open(folder.path());
        if (!reader) return;
        std::uint64_t seen = 0;
        while (!stopped.load() || seen < acknowledged.load()) {
            if (!reader.value().refresh()) return;
            for (;;) {
                const auto record = reader.value().next();
                if (!record) return;
                if (!record.value()) break;
                if (record.value()->sequence.raw != ++seen) return;
            }
        }
        stopped.store(false);  // went all the way
    });
    {
        auto writer = value(journal::Writer::open(folder.path(), threaded()));
        for (int batch = 0; batch < 400; ++batch) {
            value(append(writer, 10));
            events = value(writer.commit()).raw;
            acknowledged.store(events);
        }
        succeeds(writer.close());
    }
    stopped.store(true);
    beside.join();
    CHECK_FALSE(stopped.load());
    const auto verdict = value(journal::verify(folder.path()));
    CHECK(verdict.ok);
    CHECK(verdict.events == events);
}

TEST_CASE("the background thread zeroes the next segment and seals the last one",
          "[journal][threads]") {
    const Folder folder;
    succeeds(journal::create(folder.path(), threaded()));
    auto writer = value(journal::Writer::open(folder.path(), threaded()));
    const auto next = folder.path() / "journal" / "00000002.next";
    CHECK(within_seconds(5, [&] {
        std::error_code none;
        return std::filesystem::file_size(next, none) == 32768;
    }));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    while (writer.head().segment == 1) fill(writer, writer.next().raw);
    CHECK_FALSE(std::filesystem::exists(next));
    CHECK(within_seconds(5, [&] {
        fill(writer, writer.next().raw);
        return writer.head().sealed >= 1;
    }));
    succeeds(writer.close());
    CHECK(value(journal::verify(folder.path())).ok);
}

TEST_CASE("a writer that is dropped without close leaves a journal that opens again",
          "[journal][threads]") {
    const Folder folder;
    succeeds(journal::create(folder.path(), threaded()));
    std::uint64_t events = 0;
    for (int round = 0; round < 5; ++round) {
        auto writer = value(journal::Writer::open(folder.path(), threaded()));
        events = fill(writer, events + 120);
    }
    auto reader = value(journal::Reader::open(folder.path()));
    CHECK(read_all(reader) == events);
    CHECK(value(journal::verify(folder.path())).ok);
}
