#include "src/posix_input.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace daybook {

Result<InputFile> InputFile::open(const std::string& path) {
    const std::string name = path == "-" ? "standard input" : path;
    const int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        const Errc code = errno == ENOENT ? Errc::not_found : Errc::disk;
        return Error{code, "cannot open " + name + ": " + std::strerror(errno),
                     "name a file, or - for standard input"};
    }
    struct stat status {};
    const bool known = ::fstat(fd, &status) == 0;
    if (known && S_ISDIR(status.st_mode)) {
        ::close(fd);
        return Error{Errc::usage, name + " is a directory", "name one file at a time"};
    }
    const bool regular = known && S_ISREG(status.st_mode);
    return InputFile{fd, name, regular ? static_cast<std::uint64_t>(status.st_size) : 0};
}

InputFile::InputFile(InputFile&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)}, name_{std::move(other.name_)}, size_{other.size_} {}

InputFile::~InputFile() {
    if (fd_ > STDIN_FILENO) ::close(fd_);
}

Result<std::size_t> InputFile::read(std::span<char> buffer) {
    const ssize_t count = ::read(fd_, buffer.data(), buffer.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EINTR) return std::size_t{0};
    return Error{Errc::disk, "cannot read " + name_ + ": " + std::strerror(errno)};
}

bool InputFile::ready() const {
    pollfd wait{fd_, POLLIN, 0};
    return ::poll(&wait, 1, 0) > 0;
}

}  // namespace daybook
