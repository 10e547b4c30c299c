#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

#include "schemas/json.hpp"
#include "src/server/connection.hpp"

namespace daybook::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

constexpr std::size_t kUnansweredMost = 256;
constexpr std::size_t kReadAtOnce = 256;
constexpr std::size_t kCoalesced = 64 * 1024;

/// The journal is its queue: a subscriber has one message under way, and goes on where it stands
/// however far that is behind.
class Subscriber : public std::enable_shared_from_this<Subscriber> {
  public:
    Subscriber(Service& service, Stream stream, Door door, Request request, Wanted wanted)
        : service_{service},
          stream_{std::move(stream)},
          door_{std::move(door)},
          request_{std::move(request)},
          wanted_{wanted},
          next_{wanted.first},
          events_{is("events", true)},
          coalesced_{is("coalesce", false)},
          may_append_{!service.gate.refuses(request_, Role::append)},
          wake_{stream_.get_executor()},
          answered_{stream_.get_executor()} {}

    asio::awaitable<void> run(const HttpRequest& handshake) {
        error_code error;
        stream_.set_option(patience_with_clients());
        stream_.read_message_max(service_.limits.body_bytes);
        co_await stream_.async_accept(handshake, quietly(error));
        if (error) co_return;
        stream_.text(true);
        stream_.auto_fragment(false);  // a message is one frame, however long
        const Counted here{service_.metrics.subscribers};
        asio::co_spawn(stream_.get_executor(), read_all(shared_from_this()), asio::detached);
        std::optional<std::uint64_t> joined;
        if (events_) joined = join();
        co_await write_all();
        if (joined) service_.hub->leave(*joined);
        beast::get_lowest_layer(stream_).close();
    }

  private:
    std::uint64_t join() {
        return service_.hub->join([self = weak_from_this()] {
            if (const auto still = self.lock()) still->wake();
        });
    }
    [[nodiscard]] bool is(const std::string& option, bool otherwise) const {
        const auto found = request_.query.find(option);
        return found == request_.query.end() ? otherwise : found->second == "true";
    }
    void wake() { wake_.cancel(); }

    static asio::awaitable<void> wait_for(asio::steady_timer& bell) {
        error_code ignored;  // it is always cancelled: that is what rings it
        bell.expires_at(std::chrono::steady_clock::time_point::max());
        co_await bell.async_wait(quietly(ignored));
    }
    /// A stop sends what was answered, and no more events.
    [[nodiscard]] bool over() const {
        return done_ || (service_.stopping && answers_.empty() && unanswered_ == 0);
    }

    // Events and answers out: one writer, so no message is torn.
    asio::awaitable<void> write_all() {
        while (!over()) {
            std::string text = next_message();
            if (text.empty() && behind()) {
                co_await catch_up();
                continue;
            }
            if (text.empty()) {
                co_await wait_for(wake_);
                continue;
            }
            error_code error;
            co_await stream_.async_write(asio::buffer(text), quietly(error));
            if (error == beast::error::timeout) {
                ++service_.metrics.cut_subscribers;
                service_.log("a subscriber was cut: it has not read for 60 s");
            }
            if (error) co_return;
        }
        error_code ignored;  // the other side may be gone
        if (!done_)
            co_await stream_.async_close({websocket::close_code::going_away, "the recorder stops"},
                                         quietly(ignored));
    }

    std::string next_message() {
        std::string text;
        if (!answers_.empty()) {
            text = std::move(answers_.front());
            answers_.pop_front();
            return text;
        }
        while (text.size() < kCoalesced) {
            const Line* const line = next_line();
            if (line == nullptr) break;
            if (!text.empty()) text += '\n';
            text += *line->text;
            ++service_.metrics.streamed;
            if (!coalesced_) break;
        }
        return text;
    }

    /// The next one that is wanted, of those that were read for this subscriber or for all.
    const Line* next_line() {
        if (!events_ || service_.stopping) return nullptr;
        if (own_at_ < own_.size()) return &own_[own_at_++];
        for (const Line* line = service_.hub->find(next_); line != nullptr;
             line = service_.hub->find(next_)) {
            ++next_.raw;
            if (wanted_.types.has(line->type)) return line;
        }
        return nullptr;
    }

    /// Whether the next event is one that was recorded before all that the hub keeps.
    [[nodiscard]] bool behind() const {
        const auto first = service_.hub->first();
        return events_ && !service_.stopping && next_ <= service_.hub->durable() &&
               (!first || next_ < *first);
    }

    asio::awaitable<void> catch_up() {
        const auto done = co_await asio::co_spawn(
            service_.readers, read_own(shared_from_this(), next_), asio::use_awaitable);
        auto& read = *done;
        if (!read) {
            service_.log("a subscriber was ended: " + read.error().detail);
            done_ = true;
            co_return;
        }
        own_ = std::move(read.value().lines);
        own_at_ = 0;
        next_.raw = std::max(next_.raw, read.value().through.raw + 1);
    }
    /// In the readers' thread; nothing else touches `reader_` meanwhile.
    static asio::awaitable<ReadLines> read_own(std::shared_ptr<Subscriber> self, Sequence next) {
        co_return std::make_shared<Result<Lines>>(self->read_from(next));
    }
    Result<Lines> read_from(Sequence next) {
        if (!reader_ || reader_next_ != next) {
            TRY(auto opened, LineReader::open(service_.data_dir, next, wanted_.types));
            reader_.emplace(std::move(opened));
        }
        TRY(auto read, reader_->read(kReadAtOnce));
        reader_next_ = {read.through.raw + 1};
        return read;
    }

    // Batches in.
    static asio::awaitable<void> read_all(std::shared_ptr<Subscriber> self) {
        for (std::uint64_t number = 1; !self->done_; ++number) {
            beast::flat_buffer buffer;
            error_code error;
            co_await self->stream_.async_read(buffer, quietly(error));
            if (error) break;
            while (self->unanswered_ >= kUnansweredMost) co_await wait_for(self->answered_);
            ++self->unanswered_;
            asio::co_spawn(self->stream_.get_executor(),
                           take(self, number, beast::buffers_to_string(buffer.data())),
                           asio::detached);
        }
        self->done_ = true;
        self->wake();
    }

    static asio::awaitable<void> take(std::shared_ptr<Subscriber> self, std::uint64_t number,
                                      std::string text) {
        std::string said = co_await self->answer_to(text);
        JsonWriter out;
        out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("answer");
        out.key("message").number(number).verbatim(said).end_object();
        self->answers_.push_back(std::move(out).str());
        --self->unanswered_;
        self->answered_.cancel();
        self->wake();
    }

    asio::awaitable<std::string> answer_to(const std::string& text) {
        if (!may_append_)
            co_return problem_member(problem(403, "a token is needed",
                                             "to write, open the "
                                             "stream with Authorization: Bearer TOKEN"));
        Read read = read_body(door_, request_.query, text);
        if (const auto* const no_batch = std::get_if<Refused>(&read))
            co_return problem_member(refused(*no_batch));
        const auto outcome =
            co_await record(service_, std::get<ingest::Batch>(std::move(read)), text.size());
        if (!outcome) co_return problem_member(problem(outcome.error()));
        co_return "\"events\":" + recorded_json(outcome.value());
    }

    static std::string problem_member(Reply reply) {
        reply.body.pop_back();  // its line end
        return "\"problem\":" + reply.body;
    }

    Service& service_;
    websocket::stream<Stream> stream_;
    Door door_;
    Request request_;
    Wanted wanted_;
    Sequence next_;
    bool events_, coalesced_, may_append_;
    bool done_{};
    asio::steady_timer wake_, answered_;
    std::deque<std::string> answers_;
    std::size_t unanswered_{};
    std::vector<Line> own_;
    std::size_t own_at_{};
    std::optional<LineReader> reader_;
    Sequence reader_next_;
};

}  // namespace

websocket::stream_base::timeout patience_with_clients() {
    return {std::chrono::seconds{10}, std::chrono::seconds{60}, true};
}

Result<Wanted> wanted_of_stream(const Service& service, const Request& request) {
    TRY(Wanted wanted, wanted_of(request, {"coalesce", "events", "venue"}));
    if (!request.query.contains("from")) wanted.first = {service.hub->durable().raw + 1};
    return wanted;
}

asio::awaitable<void> serve_subscriber(Service& service, Stream stream,
                                       const HttpRequest& handshake, Request request, Wanted wanted,
                                       Door door) {
    const auto subscriber = std::make_shared<Subscriber>(
        service, std::move(stream), std::move(door), std::move(request), wanted);
    co_await subscriber->run(handshake);
}

}  // namespace daybook::server
