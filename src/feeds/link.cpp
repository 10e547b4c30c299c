#include "src/feeds/link.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "schemas/whole_number.hpp"

namespace daybook::feeds {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Secure = beast::ssl_stream<beast::tcp_stream>;

constexpr auto kPatience = std::chrono::seconds{10};
constexpr std::size_t kLongestMessage = std::size_t{16} << 20U;
constexpr std::uint64_t kLongestAnswer = std::uint64_t{8} << 20U;
constexpr const char* kAgent = "daybook";

auto quietly(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

/// A connection to the host that its certificate names; time is left to the caller.
asio::awaitable<std::string> shake_hands(Secure& stream, const Address& to) {
    error_code error;
    asio::ip::tcp::resolver resolver{stream.get_executor()};
    const auto found = co_await resolver.async_resolve(to.host, to.port, quietly(error));
    if (error) co_return "no address of " + to.host + ": " + error.message();
    auto& lowest = beast::get_lowest_layer(stream);
    lowest.expires_after(kPatience);
    co_await lowest.async_connect(found, quietly(error));
    if (error) co_return "cannot reach " + to.host + ": " + error.message();
    lowest.socket().set_option(asio::ip::tcp::no_delay{true}, error);
    // SSL_set_tlsext_host_name() is a macro with casts that are not ours to write.
    std::string name = to.host;
    const auto named = SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
                                TLSEXT_NAMETYPE_host_name, name.data());
    if (named != 1) co_return "OpenSSL refuses the name " + to.host;
    stream.set_verify_callback(asio::ssl::host_name_verification{to.host});
    co_await stream.async_handshake(asio::ssl::stream_base::client, quietly(error));
    if (error) co_return "no TLS with " + to.host + ": " + error.message();
    co_return std::string{};
}

}  // namespace

struct Trust::Context {
    asio::ssl::context tls{asio::ssl::context::tls_client};
};

Trust::Trust(std::unique_ptr<Context> context) : context_{std::move(context)} {}
Trust::~Trust() = default;

Result<std::shared_ptr<Trust>> Trust::load(const std::string& ca) {
    auto context = std::make_unique<Context>();
    auto& tls = context->tls;
    error_code error;
    tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
    if (!error) tls.set_verify_mode(asio::ssl::verify_peer, error);
    if (!error) ca.empty() ? tls.set_default_verify_paths(error) : tls.load_verify_file(ca, error);
    if (error)
        return Error{Errc::usage,
                     "no certificates of authorities in " + (ca.empty() ? "the system" : ca) +
                         ": " + error.message(),
                     "install ca-certificates, or name a PEM file by --ca"};
    return std::make_shared<Trust>(std::move(context));
}

struct Link::State {
    State(asio::io_context& network, Trust& trust, Address where)
        : to{std::move(where)}, socket{network, trust.context().tls} {}
    Address to;
    beast::websocket::stream<Secure> socket;
    beast::flat_buffer buffer;
};

Link::Link(asio::io_context& network, Trust& trust, Address to)
    : state_{std::make_unique<State>(network, trust, std::move(to))} {}
Link::~Link() = default;

asio::awaitable<std::string> Link::open(Headers headers, std::function<void()> alive) {
    auto& socket = state_->socket;
    std::string why = co_await shake_hands(socket.next_layer(), state_->to);
    if (!why.empty()) co_return why;
    beast::get_lowest_layer(socket).expires_never();
    beast::websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = kPatience;
    timeout.idle_timeout = beast::websocket::stream_base::none();
    timeout.keep_alive_pings = false;
    socket.set_option(timeout);
    socket.set_option(beast::websocket::stream_base::decorator([&headers](auto& request) {
        request.set(http::field::user_agent, kAgent);
        for (const auto& [name, value] : headers) request.set(name, value);
    }));
    socket.control_callback([alive = std::move(alive)](auto, auto) { alive(); });
    socket.read_message_max(kLongestMessage);
    error_code error;
    beast::websocket::response_type answer;
    const std::string path = state_->to.path.empty() ? "/" : state_->to.path;
    co_await socket.async_handshake(answer, state_->to.host, path, quietly(error));
    if (!error) co_return std::string{};
    why = state_->to.host + path + " is no WebSocket: " + error.message();
    if (answer.result_int() >= 400) why += ", status " + std::to_string(answer.result_int());
    co_return why;
}

asio::awaitable<std::string> Link::read(std::string& message) {
    error_code error;
    beast::get_lowest_layer(state_->socket).expires_never();
    co_await state_->socket.async_read(state_->buffer, quietly(error));
    if (error) co_return error.message();
    message = beast::buffers_to_string(state_->buffer.data());
    state_->buffer.consume(state_->buffer.size());
    co_return std::string{};
}

asio::awaitable<std::string> Link::write(const std::string& message) {
    error_code error;
    state_->socket.text(true);
    auto& lowest = beast::get_lowest_layer(state_->socket);
    lowest.expires_after(kPatience);  // a venue that no longer reads is as good as gone
    co_await state_->socket.async_write(asio::buffer(message), quietly(error));
    lowest.expires_never();  // of the answers to pings, which a read writes
    co_return error ? error.message() : std::string{};
}

asio::awaitable<std::string> Link::ping() {
    error_code error;
    auto& lowest = beast::get_lowest_layer(state_->socket);
    lowest.expires_after(kPatience);
    co_await state_->socket.async_ping({}, quietly(error));
    lowest.expires_never();
    co_return error ? error.message() : std::string{};
}

void Link::cut() { beast::get_lowest_layer(state_->socket).close(); }

bool Answer::is_final() const {
    return status != 0 && status < 500 && status != 425 && status != 429;
}

std::string Answer::trouble() const {
    return why.empty() ? "status " + std::to_string(status) : why;
}

std::chrono::milliseconds Answer::patience(std::chrono::milliseconds least) const {
    constexpr std::chrono::seconds kMost{300};
    const std::chrono::seconds told{retry_after_s.value_or(0)};
    return std::max<std::chrono::milliseconds>(std::min(told, kMost), least);
}

asio::awaitable<void> wait_for(asio::io_context& network, std::chrono::milliseconds span) {
    error_code ignored;  // nobody cancels it but the end of all
    asio::steady_timer timer{network, span};
    co_await timer.async_wait(quietly(ignored));
}

namespace {

/// What is sent to ask `question`.
http::request<http::empty_body> request_of(const Question& question) {
    const std::string target = question.to.path + question.target;
    http::request<http::empty_body> request{http::verb::get, target, 11};
    request.set(http::field::host, question.to.host);
    request.set(http::field::user_agent, kAgent);
    request.set(http::field::accept, "application/json");
    for (const auto& [name, value] : question.headers) request.set(name, value);
    request.keep_alive(false);
    return request;
}

}  // namespace

asio::awaitable<Answer> get(asio::io_context& network, Trust& trust, Question question) {
    Answer answer;
    Secure stream{network, trust.context().tls};
    answer.why = co_await shake_hands(stream, question.to);
    if (!answer.why.empty()) co_return answer;
    const auto request = request_of(question);
    http::response_parser<http::string_body> parser;
    parser.body_limit(kLongestAnswer);
    beast::flat_buffer buffer;
    error_code error;
    beast::get_lowest_layer(stream).expires_after(kPatience);
    co_await http::async_write(stream, request, quietly(error));
    if (!error) co_await http::async_read(stream, buffer, parser, quietly(error));
    if (error) {
        answer.why = "no answer of " + question.to.host + ": " + error.message();
        co_return answer;
    }
    answer.status = parser.get().result_int();
    answer.retry_after_s = whole_number<std::uint32_t>(parser.get()[http::field::retry_after]);
    answer.body = std::move(parser.get().body());
    co_return answer;
}

}  // namespace daybook::feeds
