// Following the journal while it is written, and stopping in the middle.
#include <csignal>
#include <thread>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

std::string note(std::size_t number) {
    return R"({"type":"note","text":"note )" + std::to_string(number) + "\"}\n";
}
std::string notes(std::size_t first, std::size_t last) {
    std::string lines;
    for (std::size_t i = first; i <= last; ++i) lines += note(i);
    return lines;
}

/// Waits until `count` events are durable, ten seconds at most.
bool recorded(const DataDirectory& data, std::size_t count) {
    for (int i = 0; i < 200; ++i) {
        const Json answer = data.ask({"projections", "list"});
        if (member(answer, "head").text_of("seq") == std::to_string(count)) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    return false;
}

}  // namespace

TEST_CASE("tail -f shows what is recorded later, in order and once, until it is interrupted",
          "[program][stream]") {
    const DataDirectory data;
    data.ingest(notes(1, 3));
    Running tail{data.command({"tail", "-f", "--json"})};
    CHECK(tail.lines(3).size() == 3);
    data.ingest(notes(4, 40));
    CHECK(tail.lines(40).size() == 40);
    data.ingest(notes(41, 45));
    const auto lines = tail.lines(45);
    REQUIRE(lines.size() == 45);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Json event = parse_json(lines[i]).value();
        CHECK(event.text_of("seq") == std::to_string(i + 1));
        CHECK(event.text_of("text") == "note " + std::to_string(i + 1));
    }
    tail.signal(SIGINT);
    const Ran ended = tail.wait();
    CHECK(ended.exit == 130);
    CHECK(ended.err.empty());
}

TEST_CASE("a line is durable before the bot's next one comes", "[program][stream]") {
    const DataDirectory data;
    Running recorder{data.command({"ingest", "-", "--json"})};
    for (std::size_t i = 1; i <= 3; ++i) {
        recorder.write(note(i));
        CHECK(recorded(data, i));
    }
    const Ran ended = recorder.wait();
    CHECK(ended.exit == 0);
    CHECK(parse_json(ended.out).value().text_of("accepted") == "3");
}

TEST_CASE("an interrupted ingest leaves a journal that verifies and goes on", "[program][stream]") {
    const DataDirectory data;
    Running recorder{data.command({"ingest", "-", "--json"})};
    recorder.write(notes(1, 500));
    CHECK(recorded(data, 500));
    recorder.write(R"({"type":"note","te)");  // half a line
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    recorder.signal(SIGINT);
    const Ran ended = recorder.wait();
    CHECK(ended.exit == 130);
    CHECK(parse_json(ended.out).value().text_of("accepted") == "500");

    const Json verified = data.ask({"verify"});  // exits with 0
    CHECK(verified.text_of("events") == "500");
    CHECK(verified.text_of("tail_bytes") == "0");
    CHECK(data.ingest(notes(1, 510)).text_of("accepted") == "10");
    CHECK(data.ask({"verify"}).text_of("events") == "510");
}

TEST_CASE("a recorder that was killed leaves what it had acknowledged", "[program][stream]") {
    const DataDirectory data;
    Running recorder{data.command({"ingest", "-", "--json"})};
    recorder.write(notes(1, 50));
    CHECK(recorded(data, 50));
    recorder.signal(SIGKILL);
    CHECK(recorder.wait().exit == 128 + SIGKILL);
    CHECK(data.ingest(notes(1, 60)).text_of("accepted") == "10");
    CHECK(data.ask({"verify"}).text_of("events") == "60");
}

TEST_CASE("a second recorder is refused with the number of the first", "[program][stream]") {
    const DataDirectory data;
    Running first{data.command({"ingest", "-"})};
    first.write(note(1));
    CHECK(recorded(data, 1));
    const Ran second = data.run({"ingest", "-", "--json"}, note(2));
    CHECK(second.exit == 5);
    CHECK(second.err.find("process " + std::to_string(first.pid())) != std::string::npos);
    CHECK(parse_json(second.out).value().text_of("code") == "conflict");
    CHECK(first.wait().exit == 0);
    CHECK(data.ingest(note(2)).text_of("seq") == "2");
}
