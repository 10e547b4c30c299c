#pragma once

// Only for the .cpp files of the server: it brings in Beast.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream_base.hpp>

#include "src/server/service.hpp"

namespace daybook::server {

using Stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;
/// Errors of an operation go to `error`, and are not thrown.
inline auto quietly(boost::system::error_code& error) {
    return boost::asio::redirect_error(boost::asio::use_awaitable, error);
}

using ReadLines = std::shared_ptr<Result<Lines>>;  ///< Asio wants what can be made of nothing
using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// Who is at the other end, as far as that is known before a word is said.
struct Caller {
    bool local{};  ///< came over the Unix socket
    bool owner{};  ///< is the recorder's user, or root
};

/// One connection from its first byte to its last.
boost::asio::awaitable<void> serve_connection(Service& service, Stream stream, Caller caller);

/// The same once a client asked for a WebSocket with `handshake`: events out, batches in.
boost::asio::awaitable<void> serve_subscriber(Service& service, Stream stream,
                                              const HttpRequest& handshake, Request request,
                                              Wanted wanted, Door door);
/// How long a WebSocket may take to begin, and be silent.
[[nodiscard]] boost::beast::websocket::stream_base::timeout patience_with_clients();

/// The same for a dashboard: the views it asks for, whole and then as they change.
boost::asio::awaitable<void> serve_watcher(Service& service, Stream stream,
                                           const HttpRequest& handshake);
/// From which event on; from now on when it does not say. Fails with usage.
[[nodiscard]] Result<Wanted> wanted_of_stream(const Service& service, const Request& request);

/// The same for lines: each line a batch, each answered with a line, in order.
boost::asio::awaitable<void> serve_lines(Service& service, Stream& stream, std::string received,
                                         Door& door);

}  // namespace daybook::server
