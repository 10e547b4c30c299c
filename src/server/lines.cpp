// The Unix socket's other language: a batch a line, an answer a line.
#include <boost/asio/write.hpp>

#include "src/server/connection.hpp"

namespace daybook::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

std::string answer_line(const Outcome& outcome) {
    if (outcome) return recorded_json(outcome.value()) + '\n';
    return problem(outcome.error()).body;
}

asio::awaitable<std::string> answer_to(Service& service, Door& door, std::string_view line) {
    Read read = read_body(door, {}, line);
    if (const auto* const no_batch = std::get_if<Refused>(&read)) co_return refused(*no_batch).body;
    const auto outcome =
        co_await record(service, std::get<ingest::Batch>(std::move(read)), line.size());
    co_return answer_line(outcome);
}

/// Answers every whole line of `received`, which keeps the beginning of the next; false when the
/// other side has gone.
asio::awaitable<bool> answer_all(Service& service, Stream& stream, Door& door,
                                 std::string& received) {
    const Counted owed{service.owed};
    std::string answers;
    std::size_t begin = 0;
    for (std::size_t end = received.find('\n'); end != std::string::npos;
         end = received.find('\n', begin)) {
        const std::string_view line{received.data() + begin, end - begin};
        begin = end + 1;
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        answers += co_await answer_to(service, door, line);
    }
    received.erase(0, begin);
    const bool too_long = received.size() > service.limits.line_bytes;
    if (too_long) answers += problem(413, "the line is too long", "a line has 8 MiB at most").body;
    error_code error;
    stream.expires_after(service.limits.write);
    if (!answers.empty()) co_await asio::async_write(stream, asio::buffer(answers), quietly(error));
    co_return !error && !too_long;
}

/// Waits for more, for ever: a bot may be silent for long.
asio::awaitable<bool> read_more(Stream& stream, std::string& received) {
    constexpr std::size_t kAtOnce = 65536;
    const std::size_t had = received.size();
    received.resize(had + kAtOnce);
    error_code error;
    stream.expires_never();
    const std::size_t count = co_await stream.async_read_some(
        asio::buffer(received.data() + had, kAtOnce), quietly(error));
    received.resize(had + count);
    co_return !error;
}

}  // namespace

asio::awaitable<void> serve_lines(Service& service, Stream& stream, std::string received,
                                  Door& door) {
    for (bool more = true; more && !service.stopping;) {
        more = co_await answer_all(service, stream, door, received);
        if (more) more = co_await read_more(stream, received);
    }
}

}  // namespace daybook::server
