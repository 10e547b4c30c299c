#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

#include "schemas/json.hpp"
#include "src/server/connection.hpp"
#include "src/server/views.hpp"

namespace daybook::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::size_t kWatchedMost = 32;
constexpr std::size_t kMessageMost = std::size_t{64} << 10U;
constexpr std::chrono::milliseconds kTick{50};
constexpr std::chrono::seconds kHeartbeat{1};

/// Which views a message asks for: {"watch":["positions",…]}.
Result<std::vector<std::string>> wish_of(const std::string& text) {
    const auto said = parse_json(text);
    const Json* const names = said ? said.value().find("watch") : nullptr;
    if (names == nullptr || !names->is(Json::Kind::array))
        return Error{Errc::malformed, R"(a message is {"watch":["positions",…]})"};
    if (names->items.size() > kWatchedMost)
        return Error{Errc::malformed, "32 views are watched at most"};
    std::vector<std::string> wish;
    for (const Json& name : names->items) wish.push_back(name.text);
    return wish;
}

/// Who looks at views: always at their latest answers, so a slow one misses some between and
/// nothing waits for it.
class Watcher : public std::enable_shared_from_this<Watcher> {
  public:
    Watcher(Service& service, Stream stream)
        : service_{service}, stream_{std::move(stream)}, bell_{stream_.get_executor()} {}

    asio::awaitable<void> run(const HttpRequest& handshake) {
        error_code error;
        stream_.set_option(patience_with_clients());
        stream_.read_message_max(kMessageMost);
        co_await stream_.async_accept(handshake, quietly(error));
        if (error) co_return;
        stream_.text(true);
        stream_.auto_fragment(false);  // a message is one frame, however long
        const Counted here{service_.metrics.subscribers};
        asio::co_spawn(stream_.get_executor(), read_all(shared_from_this()), asio::detached);
        co_await write_all();
        beast::get_lowest_layer(stream_).close();
    }

  private:
    struct Watched {
        std::shared_ptr<const View> view;
        std::uint64_t told{};  ///< its version
    };

    static asio::awaitable<void> read_all(std::shared_ptr<Watcher> self) {
        while (!self->done_) {
            beast::flat_buffer buffer;
            error_code error;
            co_await self->stream_.async_read(buffer, quietly(error));
            if (error) break;
            const auto changed = self->watch(beast::buffers_to_string(buffer.data()));
            if (!changed) self->refuse(changed.error());
            self->bell_.cancel();
        }
        self->done_ = true;
        self->bell_.cancel();
    }

    /// All of the wish or nothing; what was watched before goes on.
    Result<void> watch(const std::string& text) {
        TRY(const auto wish, wish_of(text));
        std::vector<Watched> watched;
        for (const std::string& name : wish) {
            TRY(auto view, service_.views->watch(name));
            const auto before = std::ranges::find(watched_, view, &Watched::view);
            watched.push_back({view, before == watched_.end() ? 0 : before->told});
        }
        watched_ = std::move(watched);
        return ok();
    }

    void refuse(const Error& why) {
        Reply reply = problem(why);
        reply.body.pop_back();  // its line end
        JsonWriter out;
        out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("problem");
        out.key("problem").verbatim(reply.body).end_object();
        refusal_ = std::make_shared<const std::string>(std::move(out).str());
    }

    asio::awaitable<void> write_all() {
        while (!done_ && !service_.stopping) {
            const auto text = next_message();
            error_code error;
            if (!text) {
                bell_.expires_after(kTick);
                co_await bell_.async_wait(quietly(error));
                continue;
            }
            co_await stream_.async_write(asio::buffer(*text), quietly(error));
            if (error == beast::error::timeout) ++service_.metrics.cut_subscribers;
            if (error) co_return;
        }
        error_code ignored;  // the other side may be gone
        if (!done_)
            co_await stream_.async_close({websocket::close_code::going_away, "the recorder stops"},
                                         quietly(ignored));
    }

    View::Message next_message() {
        if (refusal_) return std::exchange(refusal_, nullptr);
        const auto now = steady_clock::now();
        const bool grown = service_.hub->durable() > told_ && now - beat_ >= kTick;
        if (grown || now - beat_ >= kHeartbeat) return head(now);
        for (auto& [view, told] : watched_) {
            if (told == view->version) continue;
            const bool next = told > 0 && told + 1 == view->version && view->patch;
            told = view->version;
            return next ? view->patch : view->whole;
        }
        return nullptr;
    }

    View::Message head(steady_clock::time_point now) {
        beat_ = now;
        told_ = service_.hub->durable();
        const auto refusing = service_.recording->refusing();
        JsonWriter out;
        out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("head");
        out.key("seq").number(told_.raw).key("time").text(format_time(service_.now()));
        out.key("recording").boolean(!refusing);
        if (refusing) out.key("refusing").text(refusing->detail);
        out.end_object();
        return std::make_shared<const std::string>(std::move(out).str());
    }

    Service& service_;
    websocket::stream<Stream> stream_;
    asio::steady_timer bell_;
    bool done_{};
    std::vector<Watched> watched_;
    View::Message refusal_;
    steady_clock::time_point beat_{};
    Sequence told_;
};

}  // namespace

asio::awaitable<void> serve_watcher(Service& service, Stream stream, const HttpRequest& handshake) {
    const auto watcher = std::make_shared<Watcher>(service, std::move(stream));
    co_await watcher->run(handshake);
}

}  // namespace daybook::server
