#include "src/recorder_link.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace daybook {
namespace {

constexpr int kPatienceMs =
    60'000;  ///< a disk that stalls is waited for, a recorder that hangs not

Error gone(const std::string& why) { return {Errc::disk, "the recorder went away: " + why}; }

std::string reason() { return std::strerror(errno); }

/// Waits until `fd` is good for `events`.
Result<void> wait_for(int fd, short events) {
    for (;;) {
        pollfd wait{fd, events, 0};
        const int ready = ::poll(&wait, 1, kPatienceMs);
        if (ready > 0) return ok();
        if (ready == 0)
            return Error{Errc::disk, "the recorder has not answered for " +
                                         std::to_string(kPatienceMs / 1000) + " s"};
        if (errno != EINTR) return gone(reason());
    }
}

}  // namespace

Result<RecorderLink> RecorderLink::open(const std::string& data_dir) {
    const std::string path = data_dir + "/daybook.sock";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path))
        return Error{Errc::usage, "the path of " + path + " is too long for a socket",
                     "name the data directory by a shorter path"};
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    RecorderLink link{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (link.fd_ < 0) return Error{Errc::disk, "cannot make a socket: " + reason()};
    const auto* const to = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(link.fd_, to, sizeof address) != 0)
        return Error{Errc::not_found, "nobody listens at " + path + ": " + reason()};
    TRYV(link.send("\n"));  // a line: who says nothing for long is taken for a request that stalls
    return link;
}

RecorderLink::RecorderLink(RecorderLink&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)}, received_{std::move(other.received_)} {}

RecorderLink::~RecorderLink() {
    if (fd_ >= 0) ::close(fd_);
}

Result<void> RecorderLink::send(std::string_view text) {
    while (!text.empty()) {
        TRYV(wait_for(fd_, POLLOUT));
        const ssize_t count = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno != EINTR && errno != EAGAIN) return gone(reason());
        if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
    }
    return ok();
}

Result<std::string> RecorderLink::receive() {
    std::array<char, 65536> buffer{};
    for (;;) {
        const std::size_t end = received_.find('\n');
        if (end != std::string::npos) {
            std::string line = received_.substr(0, end);
            received_.erase(0, end + 1);
            return line;
        }
        TRYV(wait_for(fd_, POLLIN));
        const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (count == 0) return gone("it closed the socket before it answered");
        if (count < 0 && errno != EINTR && errno != EAGAIN) return gone(reason());
        if (count > 0) received_.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

Result<Json> RecorderLink::ask(std::string_view line) {
    TRYV(send(line));
    TRYV(send("\n"));
    TRY(const std::string answer, receive());
    auto json = parse_json(answer);
    if (!json) return Error{Errc::disk, "the recorder's answer is no JSON: " + json.error().detail};
    return json;
}

}  // namespace daybook
