#include "campaigns/system_calls.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

namespace daybook::campaigns {
namespace {

using Kind = Harm::Kind;

std::atomic<std::uint64_t>* counted = nullptr;
Harm planned;

/// What becomes of the call at hand.
Kind next_call() {
    if (counted == nullptr) return Kind::none;
    const std::uint64_t number = counted->fetch_add(1) + 1;
    const bool hit = planned.sticky ? number >= planned.call : number == planned.call;
    return hit ? planned.kind : Kind::none;
}

[[noreturn]] void die() {
    ::kill(::getpid(), SIGKILL);
    for (;;) ::pause();
}

int error_of(Kind kind) {
    if (kind == Kind::enospc) return ENOSPC;
    return kind == Kind::eintr ? EINTR : EIO;
}

bool fails(Kind kind) { return kind == Kind::eio || kind == Kind::enospc || kind == Kind::eintr; }

/// A call without a length: it is done, or not.
template <class Call>
auto pass(Call call) -> decltype(call()) {
    const Kind kind = next_call();
    if (kind == Kind::kill_before || kind == Kind::kill_inside) die();
    if (fails(kind)) {
        errno = error_of(kind);
        return -1;
    }
    const auto result = call();
    if (kind == Kind::kill_after) die();
    if (kind == Kind::eio_after) {
        errno = EIO;
        return -1;
    }
    return result;
}

/// A write of `length` bytes; `call(n)` writes the first n of them.
template <class Call>
ssize_t pass_write(std::size_t length, Call call) {
    const Kind kind = next_call();
    if (kind == Kind::kill_inside && call(length / 2) >= 0) die();
    if (kind == Kind::kill_before) die();
    if (fails(kind)) {
        errno = error_of(kind);
        return -1;
    }
    const bool halves = kind == Kind::short_write && length > 1;
    const ssize_t written = call(halves ? length / 2 : length);
    if (kind == Kind::kill_after) die();
    if (kind == Kind::eio_after) {
        errno = EIO;
        return -1;
    }
    return written;
}

}  // namespace

std::string in_words(const Harm& harm) {
    static constexpr const char* kWords[] = {"nothing at",   "killed before", "killed inside",
                                             "killed after", "EIO at",        "EIO after",
                                             "ENOSPC at",    "EINTR at",      "half of"};
    return kWords[static_cast<std::size_t>(harm.kind)] + std::string(" call ") +
           std::to_string(harm.call) + (harm.sticky ? " and on" : "");
}

void harm_call(const Harm& harm, std::atomic<std::uint64_t>& count) {
    planned = harm;
    counted = &count;
}

void harm_no_call() { counted = nullptr; }

bool names_a_file(const std::string& words) {
    for (const char* name : {"journal/", "projection store", "CURRENT", "LOCK", "projections"}) {
        if (words.find(name) != std::string::npos) return true;
    }
    return false;
}

}  // namespace daybook::campaigns

// The linker takes these for every caller, libraries included. Bytes go to the system directly.
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name)
using daybook::campaigns::pass;
using daybook::campaigns::pass_write;

extern "C" {

ssize_t pwrite(int file, const void* bytes, std::size_t length, off_t offset) {
    return pass_write(
        length, [&](std::size_t n) { return ::syscall(SYS_pwrite64, file, bytes, n, offset); });
}
ssize_t write(int file, const void* bytes, std::size_t length) {
    return pass_write(length, [&](std::size_t n) { return ::syscall(SYS_write, file, bytes, n); });
}
ssize_t writev(int file, const iovec* parts, int count) {
    return pass([&] { return ::syscall(SYS_writev, file, parts, count); });
}
int fsync(int file) {
    return pass([&] { return static_cast<int>(::syscall(SYS_fsync, file)); });
}
int fdatasync(int file) {
    return pass([&] { return static_cast<int>(::syscall(SYS_fdatasync, file)); });
}
int msync(void* address, std::size_t length, int flags) {
    return pass([&] { return static_cast<int>(::syscall(SYS_msync, address, length, flags)); });
}
int fallocate(int file, int mode, off_t offset, off_t length) {
    return pass(
        [&] { return static_cast<int>(::syscall(SYS_fallocate, file, mode, offset, length)); });
}
int ftruncate(int file, off_t length) noexcept {
    return pass([&] { return static_cast<int>(::syscall(SYS_ftruncate, file, length)); });
}
int fchmod(int file, mode_t mode) noexcept {
    return pass([&] { return static_cast<int>(::syscall(SYS_fchmod, file, mode)); });
}
int mkdirat(int folder, const char* name, mode_t mode) noexcept {
    return pass([&] { return static_cast<int>(::syscall(SYS_mkdirat, folder, name, mode)); });
}
int renameat(int from, const char* name, int to, const char* target) noexcept {
    return pass(
        [&] { return static_cast<int>(::syscall(SYS_renameat2, from, name, to, target, 0)); });
}
int unlinkat(int folder, const char* name, int flags) noexcept {
    return pass([&] { return static_cast<int>(::syscall(SYS_unlinkat, folder, name, flags)); });
}

}  // extern "C"
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
