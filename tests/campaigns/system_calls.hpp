#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace daybook::campaigns {

/// What becomes of one of this process's calls that change files (pwrite, write, writev, fsync,
/// fdatasync, msync, fallocate, ftruncate, rename, unlink, mkdir, fchmod): those of our own code
/// and of the libraries it uses, since this program's functions of those names come before the
/// system's.
struct Harm {
    enum class Kind : std::uint8_t {
        none,
        kill_before,
        kill_inside,  ///< half of a write
        kill_after,
        eio,
        eio_after,  ///< done, but said to have failed
        enospc,
        eintr,
        short_write,  ///< half of a write, as the system may
    };
    std::uint64_t call{};  ///< 1: the first from now on
    Kind kind{};
    bool sticky{};  ///< all later ones too
};
[[nodiscard]] std::string in_words(const Harm& harm);

/// From now on calls are counted in `counted`, and one of them is harmed.
void harm_call(const Harm& harm, std::atomic<std::uint64_t>& counted);
void harm_no_call();

/// Whether an error's words say which file was refused.
[[nodiscard]] bool names_a_file(const std::string& words);

}  // namespace daybook::campaigns
