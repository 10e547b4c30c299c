#include "tools/daybook/writer.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <vector>

#include "version.hpp"

namespace daybook {
namespace {

Error system_error(std::string_view what) {
    return {Errc::disk, std::string{what} + ": " + std::strerror(errno)};
}

/// In the child: becomes the writer, its answer among the remarks on stderr.
[[noreturn]] void become(const std::string& path, std::vector<std::string> words, int input) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    if (::dup2(input, STDIN_FILENO) >= 0 && ::dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
        ::execv(path.c_str(), arguments.data());
    ::_exit(127);
}

Result<void> write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(file, text.data(), text.size());
        if (count < 0 && errno != EINTR) return system_error("cannot hand lines to daybookd");
        if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
    }
    return ok();
}

Result<int> wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return system_error("cannot wait for daybookd");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<std::string> writer_path() {
    std::array<char, PATH_MAX> self{};
    const ssize_t length = ::readlink("/proc/self/exe", self.data(), self.size() - 1);
    if (length <= 0) return Error{Errc::disk, "cannot tell where this program lies"};
    return std::string{self.data(), static_cast<std::size_t>(length)} + "d";
}

Result<void> record_lines(const std::string& data, std::string_view lines) {
    TRY(const std::string path, writer_path());
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return system_error("cannot make a pipe");
    ::signal(SIGPIPE, SIG_IGN);  // a writer that went away is told by its exit
    const pid_t child = ::fork();
    if (child < 0) return system_error("cannot start daybookd");
    if (child == 0) {
        ::close(ends[1]);
        become(
            path,
            {"daybookd", "--run-by=" + std::string{kVersion}, "--data", data, "-q", "ingest", "-"},
            ends[0]);
    }
    ::close(ends[0]);
    auto handed = write_all(ends[1], lines);
    ::close(ends[1]);
    TRY(const int exit, wait_for(child));
    if (exit != 0)
        return Error{Errc::incomplete, "daybookd ended with " + std::to_string(exit),
                     "its own words stand above; nothing is lost, run it again"};
    return handed;
}

}  // namespace daybook
