#include "campaigns/child.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>

#include "schemas/invariant.hpp"

namespace daybook::campaigns {
namespace {

constexpr unsigned kSecondsMost = 30;

void sleep_for(std::chrono::microseconds life) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(life);
    const timespec time{seconds.count(), (life - seconds).count() * 1000};
    ::nanosleep(&time, nullptr);
}

[[noreturn]] void be_child(const std::function<int()>& act, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    ::alarm(kSecondsMost);
    ::_exit(act());
}

bool has_ended(pid_t child, int& status, int options) {
    return ::waitpid(child, &status, options) == child;
}

}  // namespace

void Told::set_why(const std::string& words) {
    const std::size_t length = std::min(words.size(), why.size() - 1);
    std::copy_n(words.begin(), length, why.begin());
    why[length] = '\0';
}

Ended run_child(const std::function<int()>& act, std::chrono::microseconds life) {
    std::fflush(stdout);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    INVARIANT(child >= 0, "a process can be made");
    if (child == 0) be_child(act, parent);
    int status = 0;
    if (life < std::chrono::seconds(kSecondsMost)) {
        sleep_for(life);
        ::kill(child, SIGKILL);
    }
    INVARIANT(has_ended(child, status, 0), "a child that was made ends");
    if (WIFSIGNALED(status)) return {WTERMSIG(status), 0};
    return {0, WEXITSTATUS(status)};
}

Told& shared_page() {
    static void* const page =
        ::mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    INVARIANT(page != MAP_FAILED, "a page can be shared");
    return *new (page) Told{};
}

Scratch::Scratch() {
    const char* const memory = "/dev/shm";
    const bool there = ::access(memory, W_OK) == 0;
    const std::filesystem::path parent =
        there ? std::filesystem::path(memory) : std::filesystem::temp_directory_path();
    path_ = (parent / "daybook-campaign-XXXXXX").string();
    INVARIANT(::mkdtemp(path_.data()) != nullptr, "a folder can be made");
}

Scratch::~Scratch() {
    std::error_code ignored;  // a folder left behind is no finding
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace daybook::campaigns
