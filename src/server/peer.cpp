#include "src/server/peer.hpp"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace daybook::server {
namespace {

struct Question {
    nlmsghdr header;
    inet_diag_req_v2 body;
};

/// The other end is a socket of its own, to which we are the far side.
Question question(const sockaddr_in& ours, const sockaddr_in& theirs) {
    Question question{};
    question.header.nlmsg_len = sizeof question;
    question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    question.header.nlmsg_flags = NLM_F_REQUEST;
    question.body.sdiag_family = AF_INET;
    question.body.sdiag_protocol = IPPROTO_TCP;
    question.body.idiag_states = ~0U;
    question.body.id.idiag_sport = theirs.sin_port;
    question.body.id.idiag_dport = ours.sin_port;
    question.body.id.idiag_src[0] = theirs.sin_addr.s_addr;
    question.body.id.idiag_dst[0] = ours.sin_addr.s_addr;
    question.body.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    question.body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    return question;
}

std::optional<uid_t> answer(int kernel) {
    std::array<char, 1024> bytes{};
    const ssize_t count = ::recv(kernel, bytes.data(), bytes.size(), 0);
    constexpr std::size_t kWhole = NLMSG_HDRLEN + sizeof(inet_diag_msg);
    if (count < static_cast<ssize_t>(kWhole)) return std::nullopt;
    nlmsghdr header{};
    inet_diag_msg body{};
    std::memcpy(&header, bytes.data(), sizeof header);
    std::memcpy(&body, bytes.data() + NLMSG_HDRLEN, sizeof body);
    if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) return std::nullopt;
    return body.idiag_uid;
}

}  // namespace

std::optional<uid_t> user_of_peer(const sockaddr_in& ours, const sockaddr_in& theirs) {
    const int kernel = ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (kernel < 0) return std::nullopt;
    const Question asked = question(ours, theirs);
    const bool sent = ::send(kernel, &asked, sizeof asked, 0) == sizeof asked;
    const auto user = sent ? answer(kernel) : std::nullopt;
    ::close(kernel);
    return user;
}

}  // namespace daybook::server
