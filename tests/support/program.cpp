#include "support/program.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "schemas/fixed.hpp"
#include "support/catch.hpp"

extern char** environ;

namespace daybook::test {
namespace {

struct Pipe {
    int read_end{-1}, write_end{-1};
};
Pipe make_pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    return {ends[0], ends[1]};
}

pid_t spawn(const Words& words, const Pipe& in, const Pipe& out, const Pipe& err) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.read_end, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.write_end, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err.write_end, STDERR_FILENO);
    pid_t pid = -1;
    const int failed =
        ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    CAPTURE(words[0]);
    REQUIRE(failed == 0);
    return pid;
}

void close_end(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
}

/// Takes what is there; false at the end of the stream.
bool take(int& fd, std::string& to) {
    std::array<char, 65536> buffer{};
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count > 0) {
        to.append(buffer.data(), static_cast<std::size_t>(count));
    } else {
        close_end(fd);
    }
    return count > 0;
}

std::string sha256(const std::filesystem::path& path) {
    const std::string bytes = read_file(path);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
    std::string hex;
    for (unsigned i = 0; i < length; ++i) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        hex += kDigits[digest.at(i) >> 4U];
        hex += kDigits[digest.at(i) & 15U];
    }
    return hex;
}

}  // namespace

Running::Running(const Words& words) {
    std::signal(SIGPIPE, SIG_IGN);  // a program may end before it has read everything
    const Pipe in = make_pipe();
    const Pipe out = make_pipe();
    const Pipe err = make_pipe();
    pid_ = spawn(words, in, out, err);
    ::close(in.read_end);
    ::close(out.write_end);
    ::close(err.write_end);
    in_ = in.write_end;
    out_ = out.read_end;
    err_ = err.read_end;
    ::fcntl(in_, F_SETFL, O_NONBLOCK);
}

Running::~Running() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    close_input();
    close_end(out_);
    close_end(err_);
}

/// Takes what it says for at most 20 ms, or until it reads its input.
void Running::read_some(bool input_waits) {
    std::array<pollfd, 3> ends{
        {{out_, POLLIN, 0}, {err_, POLLIN, 0}, {input_waits ? in_ : -1, POLLOUT, 0}}};
    if (::poll(ends.data(), ends.size(), 20) > 0) {
        if (ends[0].revents != 0) take(out_, ran_.out);
        if (ends[1].revents != 0) take(err_, ran_.err);
    }
    look_at_memory();
}

/// The kernel's own account at the end counts the test's memory too: it was shared until exec.
void Running::look_at_memory() {
    const auto now = std::chrono::steady_clock::now();
    if (now - looked_ < std::chrono::milliseconds{20}) return;
    looked_ = now;
    const std::string status = read_file("/proc/" + std::to_string(pid_) + "/status");
    const std::size_t at = status.find("VmHWM:");
    if (at != std::string::npos) ran_.peak_kib = std::stol(status.substr(at + 6));
}

void Running::write(std::string_view text) {
    while (!text.empty() && in_ >= 0) {
        const ssize_t count = ::write(in_, text.data(), text.size());
        if (count > 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno == EAGAIN) {
            read_some(true);
        } else {
            return;  // it reads no more
        }
    }
}

void Running::close_input() { close_end(in_); }

void Running::signal(int number) const { ::kill(pid_, number); }

std::vector<std::string> Running::lines(std::size_t count) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    const auto have = [&] {
        return static_cast<std::size_t>(std::count(ran_.out.begin(), ran_.out.end(), '\n'));
    };
    while (have() < count && out_ >= 0 && std::chrono::steady_clock::now() < until)
        read_some(false);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < ran_.out.size();) {
        const std::size_t end = ran_.out.find('\n', at);
        if (end == std::string::npos) break;
        lines.push_back(ran_.out.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

Ran Running::wait() {
    close_input();
    while (out_ >= 0 || err_ >= 0) read_some(false);
    int status = 0;
    REQUIRE(::waitpid(pid_, &status, 0) == pid_);
    pid_ = -1;
    ran_.took = std::chrono::steady_clock::now() - began_;
    ran_.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return std::move(ran_);
}

std::string program(const std::string& name) {
    const char* const others = std::getenv("DAYBOOK_PROGRAMS");
    return (others != nullptr ? others : DAYBOOK_PROGRAMS) + ('/' + name);
}

Ran run(const Words& words, std::string_view input) {
    Running running{words};
    running.write(input);
    return running.wait();
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "daybook-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
}
TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

DataDirectory::DataDirectory() {
    const Ran made = run({"init"});
    CAPTURE(made.err);
    REQUIRE(made.exit == 0);
}

Words DataDirectory::command(const Words& words) const {
    Words all{program("daybook"), "--data", path()};
    all.insert(all.end(), words.begin(), words.end());
    return all;
}

Ran DataDirectory::run(const Words& words, std::string_view input) const {
    return test::run(command(words), input);
}

Json DataDirectory::ingest(std::string_view lines, const Words& options, int exit) const {
    Words words{"ingest", "--json", "-"};
    words.insert(words.end(), options.begin(), options.end());
    const Ran ran = run(words, lines);
    CAPTURE(ran.out, ran.err);
    REQUIRE(ran.exit == exit);
    return parse_json(ran.out).value();
}

Json DataDirectory::ask(const Words& words) const {
    Words all{words};
    all.emplace_back("--json");
    const Ran ran = run(all);
    CAPTURE(words, ran.out, ran.err);
    REQUIRE(ran.exit == 0);
    return parse_json(ran.out).value();
}

std::vector<Json> DataDirectory::stream(const Words& words) const {
    Words all{words};
    all.emplace_back("--json");
    const Ran ran = run(all);
    CAPTURE(words, ran.err);
    REQUIRE((ran.exit == 0 || ran.exit == 4));
    std::vector<Json> objects;
    for (std::size_t at = 0; at < ran.out.size();) {
        const std::size_t end = ran.out.find('\n', at);
        objects.push_back(parse_json(std::string_view{ran.out}.substr(at, end - at)).value());
        at = end + 1;
    }
    return objects;
}

std::map<std::string, std::string> DataDirectory::digests() const {
    for (const char* query : {"positions", "pnl", "cash", "orders", "fills", "markets", "book",
                              "claims", "health", "liquidity", "hedge", "daily", "findings"}) {
        const Ran ran = run({"query", query, "--json"});
        CAPTURE(query, ran.err);
        REQUIRE((ran.exit == 0 || ran.exit == 4));
    }
    const std::string end = std::to_string(UINT64_MAX);
    REQUIRE(run({"query", "positions", "--at", end}).exit % 4 == 0);  // builds `history`
    std::map<std::string, std::string> digests;
    for (const Json& each : rows(ask({"projections", "list"}), "projections")) {
        CAPTURE(each.text_of("name"));
        REQUIRE(each.text_of("state") == "current");
        digests[std::string{each.text_of("name")}] = each.text_of("digest");
    }
    return digests;
}

std::map<std::string, std::string> DataDirectory::journal_files() const {
    std::map<std::string, std::string> files;
    const std::filesystem::path journal{path() + "/journal"};
    for (const auto& entry : std::filesystem::recursive_directory_iterator{journal}) {
        if (entry.is_regular_file())
            files[entry.path().lexically_relative(journal)] = sha256(entry.path());
    }
    return files;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

const Words& projection_names() {
    static const Words names{"positions", "pnl",     "cash",  "orders",   "fills",
                             "books",     "markets", "gaps",  "claims",   "health",
                             "liquidity", "hedge",   "daily", "findings", "history"};
    return names;
}

const Json& member(const Json& object, std::string_view name) {
    CAPTURE(name);
    const Json* found = object.find(name);
    REQUIRE(found != nullptr);
    return *found;
}

const std::vector<Json>& rows(const Json& answer, std::string_view name) {
    return member(answer, name).items;
}

Json member(Json&& object, std::string_view name) {
    return member(static_cast<const Json&>(object), name);
}
std::vector<Json> rows(Json&& answer, std::string_view name) {
    return rows(static_cast<const Json&>(answer), name);
}
Json row(std::vector<Json>&& rows, std::string_view name, std::string_view value) {
    return row(static_cast<const std::vector<Json>&>(rows), name, value);
}
Json outcome(Json&& position, std::string_view name) {
    return outcome(static_cast<const Json&>(position), name);
}

const Json& row(const std::vector<Json>& rows, std::string_view name, std::string_view value) {
    CAPTURE(name, value);
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const Json& each) { return each.text_of(name) == value; });
    REQUIRE(found != rows.end());
    return *found;
}

const Json& outcome(const Json& position, std::string_view name) {
    return row(rows(position, "outcomes"), "name", name);
}

std::string shortest(std::string_view decimal) {
    return format_micros(parse_micros(decimal).value());
}

}  // namespace daybook::test
