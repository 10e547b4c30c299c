// The running recorder beside a server that does nothing: tools/bench server. Prints a table.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "bench/rows.hpp"
#include "bench/server/load.hpp"
#include "bench/server/plain.hpp"
#include "journal/reader.hpp"
#include "src/init.hpp"

namespace daybook::bench {
namespace {

/// A `daybook serve` of its own, over an empty journal; ended with this object.
class Recorder {
  public:
    Recorder(const std::string& program, const std::filesystem::path& folder)
        : folder_{folder.string()} {
        std::filesystem::remove_all(folder);
        need(init(folder_));
        int ends[2];
        if (::pipe(ends) != 0) stop("no pipe");
        pid_ = ::fork();
        if (pid_ < 0) stop("cannot fork");
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::dup2(ends[1], 1);
            ::execl(program.c_str(), program.c_str(), "--data", folder_.c_str(), "serve", "--port",
                    "0", nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        read_port(ends[0]);
        std::ifstream{folder_ + "/keys/append.token"} >> token_;
    }
    ~Recorder() {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
        std::filesystem::remove_all(folder_);
    }
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::string& token() const { return token_; }
    [[nodiscard]] std::uint64_t events() const {
        return need(journal::Reader::open(folder_)).head().durable.raw;
    }
    /// What it holds in memory.
    [[nodiscard]] long memory_kib() const {
        std::ifstream status{"/proc/" + std::to_string(pid_) + "/status"};
        for (std::string line; std::getline(status, line);) {
            if (line.starts_with("RssAnon:")) return std::stol(line.substr(8));
        }
        stop("the recorder is gone");
    }

  private:
    void read_port(int from) {
        std::FILE* const said = ::fdopen(from, "r");
        unsigned port = 0;
        if (said == nullptr || std::fscanf(said, "serving http://127.0.0.1:%u", &port) != 1)
            stop("the recorder does not serve");
        port_ = static_cast<std::uint16_t>(port);
    }

    std::string folder_, token_;
    pid_t pid_{};
    std::uint16_t port_{};
};

struct Case {
    const char* name;
    const char* must;
    double (*send)(const Load&);
    std::size_t connections, events, under_way;
};

constexpr Case kCases[] = {
    {"HTTP, 1 event a POST, 32 connections, durable", "0.50", post, 32, 1, 1},
    {"HTTP, 1 event a POST, 256 connections, durable", "0.75", post, 256, 1, 1},
    {"HTTP, 64 events a POST, 32 connections, durable", "0.50", post, 32, 64, 1},
    {"WebSocket, 1 event a message, 8 connections", "0.60", send_messages, 8, 1, 64},
    {"WebSocket, 64 events a message, 8 connections", "0.40", send_messages, 8, 64, 16},
};

Slice of_rate(double rate) { return {.rate = rate, .nanos = {}}; }

/// What is answered must be in the journal: no more, no less.
double counted(const Recorder& recorder, const Case& each, Load load) {
    const std::uint64_t before = recorder.events();
    const auto begin = Clock::now();
    const double rate = each.send(load);
    const double seconds = seconds_since(begin);
    const auto there = static_cast<double>(recorder.events() - before);
    if (there + 0.5 < rate * seconds * 0.999) stop("answered, and not in the journal");
    return there / seconds;
}

int run(int argc, char** argv) {
    std::string folder = "build/bench", program = "build/release/bin/daybook";
    int rounds = 5;
    double seconds = 2;
    CLI::App app{"The running recorder beside Beast alone."};
    app.add_option("--dir", folder, "folder to work in, on the disk to be measured; emptied");
    app.add_option("--program", program, "the daybook to measure");
    app.add_option("--rounds", rounds)->check(CLI::Range(1, 1000));
    app.add_option("--seconds", seconds, "of each slice");
    CLI11_PARSE(app, argc, argv);
    ::signal(SIGPIPE, SIG_IGN);

    const PlainServer plain;
    const Recorder recorder{program, std::filesystem::path{folder} / "served"};
    const long memory = recorder.memory_kib();
    std::vector<Row> rows;
    for (const Case& each : kCases) {
        Row row{.name = each.name, .must = each.must};
        for (int round = 0; round < rounds; ++round) {
            Load load{.port = plain.port(),
                      .connections = each.connections,
                      .events = each.events,
                      .under_way = each.under_way,
                      .seconds = seconds};
            const double limit = each.send(load);
            load.port = recorder.port();
            load.token = recorder.token();
            row.add(of_rate(limit), of_rate(counted(recorder, each, load)));
        }
        rows.push_back(std::move(row));
    }
    print_table(rows);
    std::printf("memory of the recorder: %ld MiB before, %ld MiB after %llu events\n",
                memory / 1024, recorder.memory_kib() / 1024,
                static_cast<unsigned long long>(recorder.events()));
    return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int argc, char** argv) { return daybook::bench::run(argc, argv); }
