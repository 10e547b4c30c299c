#include "bench/server/load.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <charconv>

namespace daybook::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::use_awaitable;
using asio::ip::tcp;

/// Quotes one a line, numbered through: a number of twelve digits is written over in its place, so
/// that a body costs the client next to nothing.
class Body {
  public:
    explicit Body(std::size_t events) {
        for (std::size_t i = 0; i < events; ++i) {
            const std::string number = "100000000000";
            text_ += R"({"type":"quote","venue":"polymarket","market":"btc-updown-15m-1765636200",)"
                     R"("outcome":"Up","bid":"0.48","ask":"0.49","bid_shares":"120.5",)"
                     R"("ask_shares":"80","time":"2025-12-13T14:31:00.25Z","id":"q)";
            places_.push_back(text_.size());
            text_ += number + "\"}\n";
        }
    }
    const std::string& next() {
        static std::uint64_t number = 100'000'000'000;
        for (const std::size_t place : places_)
            (void)std::to_chars(text_.data() + place, text_.data() + place + 12, ++number);
        return text_;
    }

  private:
    std::string text_;
    std::vector<std::size_t> places_;
};

class Run {
  public:
    explicit Run(const Load& load) : load_{load} {}

    template <class Each>
    double run(Each each) {
        const auto begin = Clock::now();
        until_ = begin + std::chrono::duration_cast<Clock::duration>(
                             std::chrono::duration<double>{load_.seconds});
        for (std::size_t i = 0; i < load_.connections; ++i)
            asio::co_spawn(network_, each(*this), [](const std::exception_ptr& error) {
                if (error) std::rethrow_exception(error);
            });
        network_.run();
        return static_cast<double>(answered_ * load_.events) / seconds_since(begin);
    }

    asio::awaitable<tcp::socket> connect() {
        tcp::socket socket{network_};
        co_await socket.async_connect({asio::ip::address_v4::loopback(), load_.port},
                                      use_awaitable);
        socket.set_option(tcp::no_delay{true});
        co_return socket;
    }
    asio::awaitable<void> posts() {
        tcp::socket socket = co_await connect();
        Body body{load_.events};
        const std::string head = header(body.next().size());
        std::string answer;
        while (Clock::now() < until_) {
            const std::array<asio::const_buffer, 2> parts{asio::buffer(head),
                                                          asio::buffer(body.next())};
            co_await asio::async_write(socket, parts, use_awaitable);
            co_await take_answer(socket, answer);
            ++answered_;
        }
    }
    asio::awaitable<void> messages() {
        websocket::stream<tcp::socket> stream{co_await connect()};
        stream.set_option(websocket::stream_base::decorator([this](websocket::request_type& r) {
            if (!load_.token.empty()) r.set(http::field::authorization, "Bearer " + load_.token);
        }));
        co_await stream.async_handshake("127.0.0.1:" + std::to_string(load_.port),
                                        "/v1/stream?events=false", use_awaitable);
        Body body{load_.events};
        beast::flat_buffer buffer;
        for (std::size_t waiting = 0; waiting > 0 || Clock::now() < until_;) {
            for (; waiting < load_.under_way && Clock::now() < until_; ++waiting)
                co_await stream.async_write(asio::buffer(body.next()), use_awaitable);
            if (waiting == 0) break;
            co_await stream.async_read(buffer, use_awaitable);
            refuse_problems(beast::buffers_to_string(buffer.data()));
            buffer.clear();
            --waiting;
            ++answered_;
        }
    }

  private:
    [[nodiscard]] std::string header(std::size_t bytes) const {
        std::string text =
            "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(load_.port) +
            "\r\nContent-Type: application/x-ndjson\r\n";
        if (!load_.token.empty()) text += "Authorization: Bearer " + load_.token + "\r\n";
        return text + "Content-Length: " + std::to_string(bytes) + "\r\n\r\n";
    }
    asio::awaitable<void> take_answer(tcp::socket& socket, std::string& answer) {
        const std::size_t end = co_await asio::async_read_until(
            socket, asio::dynamic_buffer(answer), "\r\n\r\n", use_awaitable);
        if (!answer.starts_with("HTTP/1.1 200")) stop("refused: " + answer);
        const std::size_t body = end + length_in(std::string_view{answer}.substr(0, end));
        while (answer.size() < body) {
            const std::size_t before = answer.size();
            answer.resize(body);
            const std::size_t got = co_await socket.async_read_some(
                asio::buffer(answer.data() + before, body - before), use_awaitable);
            answer.resize(before + got);
        }
        answer.erase(0, body);
    }
    static std::size_t length_in(std::string_view head) {
        constexpr std::string_view kName = "Content-Length: ";
        const std::size_t at = head.find(kName);
        std::size_t bytes = 0;
        if (at == std::string_view::npos) stop("an answer without its length");
        std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), bytes);
        return bytes;
    }
    static void refuse_problems(const std::string& answer) {
        if (answer.find("\"problem\"") != std::string::npos) stop("refused: " + answer);
    }

    const Load& load_;
    asio::io_context network_{1};
    Clock::time_point until_;
    std::uint64_t answered_{};
};

}  // namespace

double post(const Load& load) {
    return Run{load}.run([](Run& run) { return run.posts(); });
}

double send_messages(const Load& load) {
    return Run{load}.run([](Run& run) { return run.messages(); });
}

}  // namespace daybook::bench
