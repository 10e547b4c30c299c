// The reading program cannot write a journal: it holds no code for it, and touches no file there.
#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "ingest/captures.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

/// Functions with external linkage that `file` defines, mangled; not the shared inline ones.
std::set<std::string> functions_of(const std::string& file) {
    const Ran ran = run({"nm", "--defined-only", "--extern-only", file});
    REQUIRE(ran.exit == 0);
    std::set<std::string> names;
    std::istringstream lines{ran.out};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t at = line.find(" T ");
        if (at != std::string::npos) names.insert(line.substr(at + 3));
    }
    return names;
}

bool there_is(const std::string& tool) {
    const Ran ran = run({"sh", "-c", "command -v " + tool});
    return ran.exit == 0;
}

/// System calls on something below journal/ that could change it.
std::vector<std::string> writing_calls(const std::string& trace) {
    std::vector<std::string> found;
    std::istringstream lines{trace};
    for (std::string line; std::getline(lines, line);) {
        if (line.find("/journal") == std::string::npos) continue;
        if (line.find(" readlink(") != std::string::npos) continue;
        for (const char* sign :
             {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", " write(", "pwrite", "unlink", "rename",
              "truncate", "mkdir", "link(", "linkat(", "chmod", "fallocate", "utime"}) {
            if (line.find(sign) == std::string::npos) continue;
            found.push_back(line);
            break;
        }
    }
    return found;
}

}  // namespace

TEST_CASE("daybook contains nothing of the library that writes journals", "[program][separation]") {
    if (!there_is("nm")) {
        WARN("skipped: no nm");
        return;
    }
    const auto writing = functions_of(program("../libdaybook_journal_write.a"));
    const auto reader = functions_of(program("daybook"));
    const auto writer = functions_of(program("daybookd"));
    CHECK(writing.size() > 20);
    CHECK_FALSE(reader.empty());
    std::vector<std::string> shared, used;
    std::set_intersection(writing.begin(), writing.end(), reader.begin(), reader.end(),
                          std::back_inserter(shared));
    std::set_intersection(writing.begin(), writing.end(), writer.begin(), writer.end(),
                          std::back_inserter(used));
    CHECK(shared == std::vector<std::string>{});
    CHECK_FALSE(used.empty());  // the list means something
}

TEST_CASE("neither program contains the mistakes that campaigns plant", "[program][separation]") {
    const std::string sign = "planted_mistake";  // the variable that chooses one
    for (const char* name : {"daybook", "daybookd"}) {
        INFO(name);
        const std::string bytes = read_file(program(name));
        CHECK(bytes.size() > 100'000);
        CHECK(bytes.find(sign) == std::string::npos);
    }
    const std::string planted = program("../campaigns_planted");
    if (!std::filesystem::exists(planted)) {
        WARN("campaigns_planted is not built: nothing to hold the sign against");
        return;
    }
    CHECK(read_file(planted).find(sign) != std::string::npos);  // the sign means something
}

TEST_CASE("queries and resets open nothing below journal/ to write it", "[program][separation]") {
    CAPTURE_OR_SKIP(day, "day-2025-12-13/events.jsonl");
    if (!there_is("strace")) {
        WARN("skipped: no strace");
        return;
    }
    const DataDirectory data;
    const TemporaryFolder folder;
    const std::string trace = folder.path() / "trace";
    data.ingest(day);
    const auto traced = [&](const Words& words) {
        // What looks for leaks cannot work under a tracer.
        Words all{"env",
                  "ASAN_OPTIONS=detect_leaks=0",
                  "strace",
                  "-f",
                  "-y",
                  "-e",
                  "trace=file,desc",
                  "-o",
                  trace};
        for (const std::string& word : data.command(words)) all.push_back(word);
        return run(all);
    };
    const Ran first = traced({"query", "positions", "--json"});
    if (first.exit != 0 && read_file(trace).empty()) {
        WARN("skipped: strace may not trace here");
        return;
    }
    CHECK(first.exit == 0);
    std::string calls = read_file(trace);
    CHECK(calls.find("/journal/") != std::string::npos);  // it did read it
    CHECK(writing_calls(calls) == std::vector<std::string>{});
    const Json plan = data.ask({"projections", "reset", "pnl", "positions"});
    for (const Words& words : {Words{"projections", "reset", "pnl", "positions"},
                               Words{"projections", "apply", std::string{plan.text_of("plan")}},
                               Words{"verify"}, Words{"dump"}, Words{"doctor"}, Words{}}) {
        CAPTURE(words);
        CHECK(traced(words).exit == 0);
        CHECK(writing_calls(read_file(trace)) == std::vector<std::string>{});
    }
}

TEST_CASE("receipts, proofs and backups open nothing below journal/ to write it",
          "[program][separation]") {
    if (!there_is("strace")) {
        WARN("skipped: no strace");
        return;
    }
    const DataDirectory data;
    const TemporaryFolder folder;
    const std::string trace = folder.path() / "trace";
    const std::string receipt = folder.path() / "receipt";
    const std::string own = data.path() + "/journal";
    data.ingest("{\"type\":\"note\",\"text\":\"one\"}\n");
    for (const Words& words :
         {Words{"receipt", "-o", receipt}, Words{"prove", "1"},
          Words{"verify", "--receipt", receipt}, Words{"backup", folder.path() / "copy"},
          Words{"backup", folder.path() / "copy"}}) {
        CAPTURE(words);
        // What looks for leaks cannot work under a tracer.
        Words all{"env",
                  "ASAN_OPTIONS=detect_leaks=0",
                  "strace",
                  "-f",
                  "-y",
                  "-e",
                  "trace=file,desc",
                  "-o",
                  trace};
        for (const std::string& word : data.command(words)) all.push_back(word);
        const Ran ran = run(all);
        if (ran.exit != 0 && read_file(trace).empty()) {
            WARN("skipped: strace may not trace here");
            return;
        }
        CHECK(ran.exit == 0);
        std::vector<std::string> found = writing_calls(read_file(trace));
        std::erase_if(found, [&](const std::string& line) {  // the copy has a journal/ of its own
            return line.find(own) == std::string::npos;
        });
        CHECK(found == std::vector<std::string>{});
    }
}
