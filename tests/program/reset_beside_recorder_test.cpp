// Resets while somebody records: nobody waits for the other, and nothing is lost.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kResets = 10;
constexpr std::size_t kLinesEach = 60;
constexpr std::size_t kLinesMost = 12'000;  // a slow machine does not make the test a long one

/// Three lines of a day at a venue: a book, an order that is filled, and what became of it.
std::string lines(std::size_t first, std::size_t count) {
    std::string text;
    for (std::size_t i = first; i < first + count; ++i) {
        const std::string number = std::to_string(i);
        const std::string base = R"(,"venue":"polymarket","market":"m)" + std::to_string(i % 7) +
                                 R"(","outcome":")" + (i % 2 == 0 ? "Up" : "Down") + '"';
        const std::string price = "0." + std::to_string(20 + i % 60);
        if (i % 3 == 0) {
            text += R"({"type":"book")" + base + R"(,"bids":[[")" + price + R"(",")" +
                    std::to_string(i + 1) + R"("]],"asks":[]})";
        } else if (i % 3 == 1) {
            text += R"({"type":"fill","mode":"live")" + base + R"(,"side":"buy","trade":"t)" +
                    number + R"(","order":"o)" + number + R"(","shares":"10","cost":"5.)" +
                    std::to_string(10 + i % 90) + "\"}";
        } else {
            text += R"({"type":"claim","mode":"live")" + base +
                    R"(,"source":"bot","metric":"pnl","value":")" + number + "\"}";
        }
        text += '\n';
    }
    return text;
}

/// Writes lines without a pause until it is told to stop.
class Writer {
  public:
    explicit Writer(const DataDirectory& data) : running_{data.command({"ingest", "-", "--json"})} {
        thread_ = std::thread([this] {
            while (!stop_.load() && written_ < kLinesMost) {
                running_.write(lines(600 + written_, kLinesEach));
                written_ += kLinesEach;
                std::this_thread::sleep_for(std::chrono::milliseconds{10});
            }
        });
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer() { stop(); }
    /// How it ended, and how many lines it was given.
    std::size_t stop() {
        stop_.store(true);
        if (thread_.joinable()) thread_.join();
        return written_;
    }
    Ran end() { return running_.wait(); }

  private:
    Running running_;
    std::atomic<bool> stop_{};
    std::size_t written_{};
    std::thread thread_;
};

/// As a user would beside a recorder: a plan, and its consent to what was recorded since.
Json reset(const DataDirectory& data, const Words& names) {
    Words words{"projections", "reset"};
    words.insert(words.end(), names.begin(), names.end());
    const Json plan = data.ask(words);
    return data.ask({"projections", "apply", std::string{plan.text_of("plan")}, "--grown"});
}

/// Nobody builds them at this moment but us, so a rebuild that agrees with the rows that were
/// folded along is told as unchanged.
void check_unchanged(const Json& done, std::size_t count) {
    CHECK(rows(done, "projections").size() == count);
    for (const Json& outcome : rows(done, "projections")) {
        CAPTURE(outcome.text_of("projection"));
        CHECK(outcome.text_of("digest_before") == outcome.text_of("digest_after"));
        CHECK(outcome.text_of("rows_before") == outcome.text_of("rows_after"));
    }
}

}  // namespace

TEST_CASE("ten resets in a row beside a recorder lose nothing and do not disturb it",
          "[program][reset]") {
    const DataDirectory data;
    data.ingest(lines(0, 600));
    static_cast<void>(data.digests());
    Words all = projection_names();
    {
        Writer writer{data};
        for (std::size_t i = 0; i < kResets; ++i) {
            INFO("reset " << i);
            const Words names{all[i % all.size()], all[(i + 5) % all.size()]};
            check_unchanged(reset(data, names), names.size());
            if (i % 3 == 1) static_cast<void>(data.ask({"projections", "revert", names[0]}));
            if (i % 3 == 2) static_cast<void>(data.ask({"projections", "prune", names[0]}));
        }
        const std::size_t written = writer.stop();
        const Ran ended = writer.end();
        CHECK(ended.exit == 0);
        CHECK(ended.err.empty());
        CHECK(parse_json(ended.out).value().text_of("accepted") == std::to_string(written));
        CHECK(data.ask({"verify"}).text_of("events") == std::to_string(600 + written));
    }
    const DataDirectory fresh;  // the same journal, and projections from nothing
    fs::remove_all(fresh.path() + "/journal");
    fs::copy(data.path() + "/journal", fresh.path() + "/journal", fs::copy_options::recursive);
    CHECK(data.digests() == fresh.digests());
    for (const char* query : {"positions", "pnl", "cash", "orders", "fills", "markets", "book",
                              "claims", "health", "liquidity", "hedge", "daily", "findings"}) {
        CAPTURE(query);
        CHECK(data.run({"query", query, "--json"}).out ==
              fresh.run({"query", query, "--json"}).out);
    }
}
