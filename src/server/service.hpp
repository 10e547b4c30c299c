#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <string>

#include "src/server/answers.hpp"
#include "src/server/door.hpp"
#include "src/server/folding.hpp"
#include "src/server/gate.hpp"
#include "src/server/hub.hpp"
#include "src/server/page.hpp"
#include "src/server/recording.hpp"

namespace daybook::server {

/// Bounds of what a client may cost (reference values: Beast's own are larger or none).
struct Limits {
    std::uint32_t header_bytes{8192};
    std::uint64_t body_bytes{std::uint64_t{1} << 20U};  ///< also of a WebSocket message
    std::uint64_t line_bytes{std::uint64_t{8} << 20U};  ///< down the socket: a frame, all escaped
    std::int64_t connections{2048};
    std::chrono::seconds first_header{5}, idle{60}, body{10}, write{30};
};

class Views;

/// What all connections of one server share. For the thread of `network`, where not said otherwise.
/// Who gets events and views is served by the thread of `streams`, which gives way: a thousand of
/// them are never before a batch.
struct Service {
    std::string data_dir;
    ingest::Settings accounts;
    Limits limits;
    Gate gate;
    Page page;
    Metrics metrics;
    std::function<Time()> now;
    std::function<void(const std::string&)> log;    ///< worth a person's look; any thread
    std::function<void(const std::string&)> trace;  ///< one line a request
    boost::asio::io_context network{1};
    boost::asio::io_context streams{1};
    boost::asio::thread_pool readers{2};  ///< who reads the journal for subscribers
    std::shared_ptr<Hub> hub;             ///< for `streams`
    std::unique_ptr<Answers> answers;
    std::unique_ptr<Answers> resets;   ///< what may take long waits for nobody's question
    std::unique_ptr<Answers> watched;  ///< for `views`
    std::shared_ptr<Views> views;      ///< for `streams`
    std::unique_ptr<Recording> recording;
    std::unique_ptr<Folding> folding;
    std::vector<std::function<void()>> at_stop;  ///< who else must know, before the last event
    std::uint64_t requests{};
    std::int64_t owed{};  ///< answers somebody waits for
    std::atomic<bool> stopping{};
};

/// One more of `count` while it lives.
template <class Count>
class Counted {
  public:
    explicit Counted(Count& count) : count_{count} { ++count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ~Counted() { --count_; }

  private:
    Count& count_;
};

/// Records a batch; durable when it returns.
[[nodiscard]] boost::asio::awaitable<Outcome> record(Service& service, ingest::Batch batch,
                                                     std::size_t bytes);
/// The sequences of a batch, as clients are told: [{"seq":…,"duplicate":…}].
[[nodiscard]] std::string recorded_json(const std::vector<Recorded>& events);
/// What a body holds, read as the query of its request says (`venue`).
[[nodiscard]] Read read_body(Door& door, const std::map<std::string, std::string>& query,
                             std::string_view body);
[[nodiscard]] Reply refused(const Refused& why);

/// Which events a client wants to see.
struct Wanted {
    Sequence first{1};
    TypeSet types{};
    std::uint64_t most{};
};
/// Of the options `from` (a sequence), `type` and `limit`, and those named in `others`.
/// Fails with usage for any other, or a value that makes no sense.
[[nodiscard]] Result<Wanted> wanted_of(const Request& request,
                                       std::initializer_list<std::string_view> others);
[[nodiscard]] Reply busy();

/// How a request is answered: with one reply, or by its connection.
enum class Kind : std::uint8_t { reply, listing, stream, live };
[[nodiscard]] Kind kind_of(const Request& request);
/// What a request is told that may not pass, or that nothing answers.
[[nodiscard]] std::optional<Reply> bars(const Service& service, const Request& request);
/// The reply to a request of that kind which nothing bars.
[[nodiscard]] boost::asio::awaitable<Reply> answer(Service& service, Door& door,
                                                   const Request& request);
/// The OpenAPI document of all of it.
[[nodiscard]] std::string_view openapi();

}  // namespace daybook::server
