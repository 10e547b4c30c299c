#include "src/server/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace daybook::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::size_t kLinesAtOnce = 512;

/// Empty also where it was sent twice: whoever reads the other one would be told something else.
std::string header(const HttpRequest& from, http::field name) {
    return from.count(name) == 1 ? std::string{from[name]} : std::string{};
}

/// A HEAD is a GET whose answer has no body.
Method method_of(http::verb verb) {
    if (verb == http::verb::get || verb == http::verb::head) return Method::get;
    return verb == http::verb::post ? Method::post : Method::other;
}

Result<Request> read_request(const HttpRequest& from, const Caller& caller) {
    Request request;
    request.local = caller.local;
    request.owner = caller.owner;
    request.method = method_of(from.method());
    request.host = header(from, http::field::host);
    request.origin = header(from, http::field::origin);
    request.content_type = header(from, http::field::content_type);
    request.authorization = header(from, http::field::authorization);
    request.accept_encoding = header(from, http::field::accept_encoding);
    request.if_none_match = header(from, http::field::if_none_match);
    if (from.count(http::field::origin) > 1 || from.count(http::field::authorization) > 1)
        return Error{Errc::usage, "a header was sent twice"};
    request.body = from.body();
    TRYV(read_target(from.target(), request));
    return request;
}

http::response<http::string_body> response_of(Reply reply, const HttpRequest& to,
                                              const std::string& id) {
    http::response<http::string_body> response{static_cast<http::status>(reply.status),
                                               to.version()};
    response.set(http::field::content_type, reply.type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
    response.set("X-Request-Id", id);
    for (const auto& [name, value] : reply.headers) response.set(name, value);
    response.keep_alive(to.keep_alive());
    response.body() = std::move(reply.body);
    // What a 304 stands for has a length that is not told here.
    if (response.result() != http::status::not_modified) response.prepare_payload();
    if (to.method() == http::verb::head) response.body().clear();  // its length is told
    return response;
}

/// The same connection for the thread of another context.
Stream moved(Stream stream, asio::io_context& to) {
    stream.expires_never();
    auto from = stream.release_socket();
    const auto protocol = from.local_endpoint().protocol();
    return Stream{asio::generic::stream_protocol::socket{to, protocol, from.release()}};
}

class Connection {
  public:
    Connection(Service& service, Stream stream, Caller caller)
        : service_{service}, stream_{std::move(stream)}, caller_{caller}, door_{service.accounts} {}

    asio::awaitable<void> run() {
        bool lines = false;
        if (caller_.local) lines = co_await speaks_lines();
        if (lines) {
            const auto bytes = buffer_.data();
            std::string received{static_cast<const char*>(bytes.data()), bytes.size()};
            co_await serve_lines(service_, stream_, std::move(received), door_);
            co_return;
        }
        auto patience = service_.limits.first_header;
        for (bool more = true; more && !service_.stopping;) {
            more = co_await one(patience);
            patience = service_.limits.idle;
        }
        error_code ignored;  // the other side may have gone first
        stream_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
    }

  private:
    /// A batch begins with a bracket, a request with a letter; who has no batch yet sends a line
    /// end.
    asio::awaitable<bool> speaks_lines() {
        error_code error;
        stream_.expires_after(service_.limits.idle);
        const std::size_t count =
            co_await stream_.async_read_some(buffer_.prepare(4096), quietly(error));
        buffer_.commit(count);
        if (error || count == 0) co_return false;
        const char first = *static_cast<const char*>(buffer_.data().data());
        co_return first == '{' || first == '[' || first == '\n';
    }

    /// One request and its answer; false when the connection is over.
    asio::awaitable<bool> one(std::chrono::seconds patience) {
        http::request_parser<http::string_body> parser;
        parser.header_limit(service_.limits.header_bytes);
        parser.body_limit(service_.limits.body_bytes);
        error_code error;
        stream_.expires_after(patience);
        co_await http::async_read_header(stream_, buffer_, parser, quietly(error));
        if (error) co_return co_await refuse(error);
        const bool waits = parser.get()[http::field::expect] == "100-continue";
        if (waits) co_await send_continue(error);
        if (error) co_return false;
        stream_.expires_after(service_.limits.body);
        co_await http::async_read(stream_, buffer_, parser, quietly(error));
        if (error) co_return co_await refuse(error);
        co_return co_await respond(parser.release());
    }

    asio::awaitable<void> send_continue(error_code& error) {
        static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        co_await asio::async_write(stream_, asio::buffer(kContinue), quietly(error));
    }

    /// What is no request is told so when that can be told at all.
    asio::awaitable<bool> refuse(error_code error) {
        const bool of_http =
            error.category() == http::make_error_code(http::error::end_of_stream).category();
        if (!of_http || error == http::error::end_of_stream) co_return false;
        const bool long_header = error == http::error::header_limit;
        const bool long_body = error == http::error::body_limit;
        const unsigned status = long_header ? 431U : long_body ? 413U : 400U;
        HttpRequest nobody;
        nobody.version(11);
        nobody.keep_alive(false);
        co_await write(nobody, problem(status, "the request cannot be read", error.message()),
                       next_id());
        co_await hear_out();
        co_return false;
    }

    /// What is closed while the other side still writes takes our last words with it.
    asio::awaitable<void> hear_out() {
        constexpr std::size_t kHeardMost = std::size_t{4} << 20U;
        error_code error;
        stream_.socket().shutdown(asio::socket_base::shutdown_send, error);
        stream_.expires_after(std::chrono::seconds{2});
        std::vector<char> heard(65536);
        for (std::size_t sum = 0; !error && sum < kHeardMost;)
            sum += co_await stream_.async_read_some(asio::buffer(heard), quietly(error));
    }

    std::string next_id() { return std::to_string(++service_.requests); }

    asio::awaitable<bool> respond(HttpRequest from) {
        const std::string id = next_id();
        ++service_.metrics.requests;
        auto request = read_request(from, caller_);
        if (!request) co_return co_await write(from, problem(request.error()), id);
        request.value().id = id;
        if (const auto barred = bars(service_, request.value()))
            co_return co_await write(from, *barred, id);
        const Kind kind = kind_of(request.value());
        if (kind == Kind::stream || kind == Kind::live) {
            if (!beast::websocket::is_upgrade(from))
                co_return co_await write(from, problem(426, "a WebSocket", "this path is one"), id);
            if (kind == Kind::stream) co_return co_await subscribe(from, request.value());
            co_return co_await watch(from);
        }
        const Counted owed{service_.owed};
        if (kind == Kind::listing && from.method() == http::verb::head) {
            Reply nothing{200, "application/x-ndjson", {}, {}};
            co_return co_await write(from, std::move(nothing), id);
        }
        if (kind == Kind::listing) co_return co_await list_events(from, request.value());
        Reply reply = co_await answer(service_, door_, request.value());
        co_return co_await write(from, std::move(reply), id);
    }

    asio::awaitable<bool> subscribe(const HttpRequest& from, Request request) {
        auto wanted = wanted_of_stream(service_, request);
        if (!wanted) co_return co_await write(from, problem(wanted.error()), request.id);
        const bool only_in = request.query.contains("events") && request.query["events"] == "false";
        auto& there = only_in ? service_.network : service_.streams;
        co_await asio::co_spawn(
            there,
            serve_subscriber(service_, moved(std::move(stream_), there), from, std::move(request),
                             wanted.value(), std::move(door_)),
            asio::use_awaitable);
        co_return false;
    }

    asio::awaitable<bool> watch(const HttpRequest& from) {
        co_await asio::co_spawn(
            service_.streams,
            serve_watcher(service_, moved(std::move(stream_), service_.streams), from),
            asio::use_awaitable);
        co_return false;
    }

    asio::awaitable<bool> write(const HttpRequest& to, Reply reply, const std::string& id) {
        if (reply.status >= 400) ++service_.metrics.failed_requests;
        service_.trace(id + ' ' + std::string{to.method_string()} + ' ' +
                       std::string{to.target().substr(0, 200)} + ' ' +
                       std::to_string(reply.status));
        const auto response = response_of(std::move(reply), to, id);
        error_code error;
        stream_.expires_after(service_.limits.write);
        co_await http::async_write(stream_, response, quietly(error));
        co_return !error && response.keep_alive();
    }

    /// Every event from `from` on that is durable now, in chunks.
    asio::awaitable<bool> list_events(const HttpRequest& to, const Request& request) {
        auto wanted = wanted_of(request, {});
        if (!wanted) co_return co_await write(to, problem(wanted.error()), request.id);
        auto opened =
            LineReader::open(service_.data_dir, wanted.value().first, wanted.value().types);
        if (!opened) co_return co_await write(to, problem(opened.error()), request.id);
        auto reader = std::make_shared<LineReader>(std::move(opened).value());
        http::response<http::empty_body> head{http::status::ok, to.version()};
        head.set(http::field::content_type, "application/x-ndjson");
        head.set(http::field::cache_control, "no-store");
        head.set("X-Content-Type-Options", "nosniff");
        head.set("Cross-Origin-Resource-Policy", "same-origin");
        head.set("X-Request-Id", request.id);
        head.chunked(true);
        head.keep_alive(to.keep_alive());
        http::response_serializer<http::empty_body> serializer{head};
        error_code error;
        stream_.expires_after(service_.limits.write);
        co_await http::async_write_header(stream_, serializer, quietly(error));
        std::uint64_t left = wanted.value().most;
        while (!error && left > 0) {
            const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, kLinesAtOnce));
            const auto done = co_await asio::co_spawn(service_.readers, read_lines(reader, most),
                                                      asio::use_awaitable);
            const auto& read = *done;
            if (!read) {  // no last chunk: the client sees that there should be more
                service_.log("events cannot be listed: " + read.error().detail);
                co_return false;
            }
            const auto& lines = read.value().lines;
            if (lines.empty()) break;
            std::string text;
            for (const Line& line : lines) text += *line.text + '\n';
            stream_.expires_after(service_.limits.write);
            co_await asio::async_write(stream_, http::make_chunk(asio::buffer(text)),
                                       quietly(error));
            left -= lines.size();
        }
        if (!error) co_await asio::async_write(stream_, http::make_chunk_last(), quietly(error));
        co_return !error && to.keep_alive();
    }

    static asio::awaitable<ReadLines> read_lines(std::shared_ptr<LineReader> reader,
                                                 std::size_t most) {
        co_return std::make_shared<Result<Lines>>(reader->read(most));
    }

    Service& service_;
    Stream stream_;
    Caller caller_;
    Door door_;
    beast::flat_buffer buffer_{64 * 1024 + 2 * 1024 * 1024};
};

}  // namespace

asio::awaitable<void> serve_connection(Service& service, Stream stream, Caller caller) {
    const Counted here{service.metrics.connections};
    Connection connection{service, std::move(stream), caller};
    co_await connection.run();
}

}  // namespace daybook::server
