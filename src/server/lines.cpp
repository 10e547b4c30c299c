// The Unix socket's other language: a batch a line, an answer a line.
#include <boost/asio/redirect_error.hpp>
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

}  // namespace

asio::awaitable<void> serve_lines(Service& service, Stream& stream, std::string received,
                                  Door& door) {
    while (!service.stopping) {
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
        if (received.size() > service.limits.body_bytes)
            answers += problem(413, "the line is too long", "a batch has 1 MiB at most").body;
        error_code error;
        stream.expires_after(service.limits.write);
        if (!answers.empty())
            co_await asio::async_write(stream, asio::buffer(answers),
                                       asio::redirect_error(asio::use_awaitable, error));
        if (error || received.size() > service.limits.body_bytes) co_return;
        stream.expires_never();  // a bot may be silent for long
        const std::size_t had = received.size();
        received.resize(had + 65536);
        const std::size_t count =
            co_await stream.async_read_some(asio::buffer(received.data() + had, 65536),
                                            asio::redirect_error(asio::use_awaitable, error));
        received.resize(had + count);
        if (error) co_return;
    }
}

}  // namespace daybook::server
