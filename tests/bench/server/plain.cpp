#include "bench/server/plain.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include "bench/measure.hpp"

namespace daybook::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::use_awaitable;
using asio::ip::tcp;

asio::awaitable<void> messages(beast::tcp_stream stream, http::request<http::string_body> request) {
    websocket::stream<beast::tcp_stream> socket{std::move(stream)};
    co_await socket.async_accept(request, use_awaitable);
    for (beast::flat_buffer buffer;; buffer.clear()) {
        co_await socket.async_read(buffer, use_awaitable);
        co_await socket.async_write(asio::buffer("[]", 2), use_awaitable);
    }
}

asio::awaitable<void> requests(tcp::socket peer) {
    peer.set_option(tcp::no_delay{true});
    beast::tcp_stream stream{std::move(peer)};
    beast::flat_buffer buffer;
    for (;;) {
        http::request<http::string_body> request;
        co_await http::async_read(stream, buffer, request, use_awaitable);
        if (websocket::is_upgrade(request)) {
            co_await messages(std::move(stream), std::move(request));
            co_return;
        }
        http::response<http::string_body> reply{http::status::ok, request.version()};
        reply.set(http::field::content_type, "application/json");
        reply.body() = "[]";
        reply.prepare_payload();
        co_await http::async_write(stream, reply, use_awaitable);
    }
}

/// A client that is done hangs up: its connection ends with an error that is nobody's trouble.
asio::awaitable<void> serve(tcp::socket peer) {
    try {
        co_await requests(std::move(peer));
    } catch (const boost::system::system_error&) {
    }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor) {
    for (;;) {
        tcp::socket peer = co_await acceptor.async_accept(use_awaitable);
        asio::co_spawn(acceptor.get_executor(), serve(std::move(peer)), asio::detached);
    }
}

void run(int tell) {
    asio::io_context network{1};
    tcp::acceptor acceptor{network, {asio::ip::address_v4::loopback(), 0}};
    const std::uint16_t port = acceptor.local_endpoint().port();
    if (::write(tell, &port, sizeof port) != sizeof port) stop("nobody asks for the port");
    asio::co_spawn(network, accept(acceptor), asio::detached);
    network.run();
}

}  // namespace

PlainServer::PlainServer() {
    int ends[2];
    if (::pipe(ends) != 0) stop("no pipe");
    pid_ = ::fork();
    if (pid_ < 0) stop("cannot fork");
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        run(ends[1]);
        ::_exit(0);
    }
    ::close(ends[1]);
    if (::read(ends[0], &port_, sizeof port_) != sizeof port_)
        stop("the plain server said nothing");
    ::close(ends[0]);
}

PlainServer::~PlainServer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

}  // namespace daybook::bench
