#include "src/server/server.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstring>
#include <filesystem>
#include <thread>

#include "journal/reader.hpp"
#include "projections/give_way.hpp"
#include "src/clock.hpp"
#include "src/server/connection.hpp"
#include "src/server/notify.hpp"
#include "src/server/peer.hpp"
#include "src/server/views.hpp"
#include "tools/files/keys.hpp"
#include "tools/terminal/display_text.hpp"

namespace daybook::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

constexpr auto kPartingTime = std::chrono::seconds{5};
constexpr std::size_t kAnswering = 2;
constexpr int kStreamsNice = 5;  // of who sends events and views

std::shared_ptr<spdlog::logger> make_log(const ServeSettings& settings) {
    auto log = std::make_shared<spdlog::logger>("daybook",
                                                std::make_shared<spdlog::sinks::stderr_sink_mt>());
    log->set_pattern(settings.json_log
                         ? R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l","text":"%v"})"
                         : "%Y-%m-%dT%H:%M:%S.%fZ %l %v",
                     spdlog::pattern_time_type::utc);
    log->set_level(settings.verbose ? spdlog::level::debug : spdlog::level::info);
    return log;
}

/// No line of a log can be made to look like two, or like the end of its JSON.
std::string one_line(const std::string& text, bool json) {
    if (!json) return printable(text);
    std::string quoted;
    append_json_string(quoted, text);
    return quoted.substr(1, quoted.size() - 2);
}

/// As many descriptors as the system lets us have: a shell's soft limit of 1,024 is less than the
/// connections we take.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);  // refused, connections are refused sooner
}

sockaddr_in address_of(const tcp::endpoint& endpoint) {
    sockaddr_in address{};
    std::memcpy(&address, endpoint.data(), sizeof address);
    return address;
}

Error no_listener(const std::string& where, const error_code& error) {
    return {error == asio::error::address_in_use ? Errc::conflict : Errc::disk,
            "cannot listen on " + where + ": " + error.message(),
            "end the program that does, or serve --port another one"};
}

class Server {
  public:
    explicit Server(const ServeSettings& settings)
        : settings_{settings},
          log_{make_log(settings)},
          signals_{service_.network},
          hangup_{service_.network} {
        const bool json = settings.json_log;
        service_.data_dir = settings.data_dir;
        service_.accounts = ingest::Settings{settings.config.accounts, false};
        service_.page = settings.page;
        service_.now = wall_clock;
        service_.log = [this, json](const std::string& text) {
            log_->info("{}", one_line(text, json));
        };
        service_.trace = [this, json](const std::string& text) {
            if (log_->should_log(spdlog::level::debug)) log_->debug("{}", one_line(text, json));
        };
    }

    Result<void> run(const std::function<void(const Addresses&)>& ready) {
        raise_descriptor_limit();
        TRYV(listen());  // who cannot be reached records no start
        TRYV(start_recording());
        TRYV(listen_locally());
        service_.folding->start();
        asio::co_spawn(service_.network, accept(tcp_), asio::detached);
        asio::co_spawn(service_.network, accept(local_), asio::detached);
        for (const int number : {SIGINT, SIGTERM}) signals_.add(number);
        signals_.async_wait([this](error_code error, int) {
            if (!error) part();
        });
        hangup_.add(SIGHUP);
        asio::co_spawn(service_.network, keep_settings(), asio::detached);
        asio::co_spawn(service_.network, keep_watch(), asio::detached);
        ready({port_, socket_path()});
        service_.log("serving 127.0.0.1:" + std::to_string(port_) + " and " + socket_path());
        notify_system("READY=1");
        if (settings_.attach) settings_.attach(service_);
        std::thread streams{[this] { stream(); }};
        service_.network.run();
        service_.streams.stop();
        streams.join();
        return stop();
    }

  private:
    [[nodiscard]] std::string socket_path() const { return settings_.data_dir + "/daybook.sock"; }

    Result<void> start_recording() {
        service_.gate.owner_only = settings_.config.serve.owner_only.value_or(false);
        TRY(service_.gate.append_token, files::token(settings_.data_dir, "append"));
        TRY(service_.gate.admin_token, files::token(settings_.data_dir, "admin"));
        service_.hub = std::make_shared<Hub>(service_.streams.get_executor(), service_.readers,
                                             settings_.data_dir, service_.log);
        const std::string program = reading_program();
        service_.answers =
            std::make_unique<Answers>(service_.network.get_executor(), program, settings_.data_dir,
                                      kAnswering, std::chrono::seconds{30});
        service_.resets = std::make_unique<Answers>(service_.network.get_executor(), program,
                                                    settings_.data_dir, 1, std::chrono::hours{1});
        service_.watched =
            std::make_unique<Answers>(service_.streams.get_executor(), program, settings_.data_dir,
                                      1, std::chrono::seconds{30});
        service_.views = std::make_shared<Views>(service_);
        service_.folding = std::make_unique<Folding>(
            settings_.data_dir, FoldingThread::Hooks{wall_clock, service_.log});
        const auto durable = [this](Sequence seq) {
            service_.folding->notify();
            service_.hub->durable(seq);
        };
        service_.recording =
            std::make_unique<Recording>(settings_.data_dir, service_.metrics,
                                        RecordingHooks{wall_clock, durable, service_.log});
        return service_.recording->start(settings_.version);
    }

    void stream() {
        give_way(kStreamsNice);
        const auto stay = asio::make_work_guard(service_.streams);
        service_.streams.run();
    }

    Result<void> listen() {
        error_code error;
        const tcp::endpoint wish{asio::ip::address_v4::loopback(), settings_.port};
        tcp_.open(wish.protocol());
        tcp_.set_option(tcp::acceptor::reuse_address{true});
        tcp_.bind(wish, error);
        if (!error) tcp_.listen(asio::socket_base::max_listen_connections, error);
        if (error) return no_listener("127.0.0.1:" + std::to_string(settings_.port), error);
        port_ = tcp_.local_endpoint().port();
        for (const char* const host : {"127.0.0.1:", "localhost:", "[::1]:"})
            service_.gate.hosts.push_back(host + std::to_string(port_));
        return ok();
    }

    /// Made where nobody else can enter meanwhile: the journal's lock is ours, so what lies there
    /// is a socket that a killed recorder has left.
    Result<void> listen_locally() {
        std::error_code ignored;  // there may be none
        std::filesystem::remove(socket_path(), ignored);
        if (socket_path().size() > 107)
            return Error{Errc::usage, "the path of " + socket_path() + " is too long for a socket",
                         "name the data directory by a shorter path"};
        error_code error;
        local_.open();
        const ::mode_t mask = ::umask(0177);
        local_.bind(Local::endpoint{socket_path()}, error);
        ::umask(mask);
        if (!error) local_.listen(asio::socket_base::max_listen_connections, error);
        if (error) return no_listener(socket_path(), error);
        return ok();
    }

    [[nodiscard]] static Caller caller_at(const Local::socket&) { return {true, true}; }
    [[nodiscard]] Caller caller_at(const tcp::socket& socket) const {
        if (!service_.gate.owner_only) return {};
        error_code error;  // who is gone by now is nobody
        const auto ours = socket.local_endpoint(error), theirs = socket.remote_endpoint(error);
        if (error) return {};
        const auto user = user_of_peer(address_of(ours), address_of(theirs));
        return {false, user && (*user == ::geteuid() || *user == 0)};
    }

    template <class Acceptor>
    asio::awaitable<void> accept(Acceptor& acceptor) {
        while (!service_.stopping) {
            error_code error;
            typename Acceptor::protocol_type::socket socket{service_.network};
            co_await acceptor.async_accept(socket, quietly(error));
            if (error == asio::error::operation_aborted) co_return;
            if (error) {  // out of descriptors: those who are here go on
                asio::steady_timer pause{service_.network, std::chrono::milliseconds{100}};
                co_await pause.async_wait(quietly(error));
                continue;
            }
            if (service_.metrics.connections.load() >= service_.limits.connections) {
                ++service_.metrics.refused_connections;
                continue;
            }
            if constexpr (std::is_same_v<typename Acceptor::protocol_type, tcp>)
                socket.set_option(tcp::no_delay{true}, error);
            const Caller caller = caller_at(socket);
            asio::generic::stream_protocol::socket any{std::move(socket)};
            asio::co_spawn(service_.network,
                           serve_connection(service_, Stream{std::move(any)}, caller),
                           asio::detached);
        }
    }

    /// Reads daybook.toml anew at each SIGHUP.
    asio::awaitable<void> keep_settings() {
        for (;;) {
            error_code error;
            co_await hangup_.async_wait(quietly(error));
            if (error) co_return;
            notify_system("RELOADING=1");
            read_settings_anew();
            notify_system("READY=1");
        }
    }

    /// Whose orders are ours can change: it is asked when a connection begins. The rest cannot.
    void read_settings_anew() {
        const auto config = read_config(settings_.data_dir);
        if (!config)
            return service_.log("the settings stay as they were: " + config.error().detail);
        service_.accounts.accounts = config.value().accounts;
        service_.log("settings read anew: " + std::to_string(config.value().accounts.size()) +
                     " account(s), for connections from now on");
        if (config.value().serve != settings_.config.serve)
            service_.log("[serve] has changed; that takes a restart");
    }

    /// Tells the system's watchdog that this thread still turns.
    asio::awaitable<void> keep_watch() {
        const auto period = watchdog_period();
        while (period && !service_.stopping) {
            error_code error;
            watch_.expires_after(*period);
            co_await watch_.async_wait(quietly(error));
            notify_system("WATCHDOG=1");
        }
    }

    /// No new connections; those who wait for an answer get it, a few seconds at most.
    void part() {
        notify_system("STOPPING=1");
        service_.stopping = true;
        error_code ignored;  // they are done with either way
        tcp_.close(ignored);
        local_.close(ignored);
        watch_.cancel();
        hangup_.cancel(ignored);
        asio::post(service_.streams, [this] { service_.hub->wake_all(); });
        for (const auto& tell : service_.at_stop) tell();
        wait_for_quiet(std::chrono::steady_clock::now() + kPartingTime);
    }

    void wait_for_quiet(std::chrono::steady_clock::time_point until) {
        const bool quiet = service_.owed == 0 && service_.metrics.subscribers.load() == 0;
        if (quiet || std::chrono::steady_clock::now() > until) return service_.network.stop();
        parting_.expires_after(std::chrono::milliseconds{20});
        parting_.async_wait([this, until](error_code) { wait_for_quiet(until); });
    }

    Result<void> stop() {
        const auto recorded = service_.recording->stop("stopped");
        service_.folding->stop();
        service_.answers->stop();
        service_.resets->stop();
        service_.watched->stop();
        service_.readers.join();
        std::error_code ignored;  // the next start removes it
        std::filesystem::remove(socket_path(), ignored);
        service_.log("stopped");
        return recorded;
    }

    const ServeSettings& settings_;
    std::shared_ptr<spdlog::logger> log_;
    Service service_;
    tcp::acceptor tcp_{service_.network};
    Local::acceptor local_{service_.network};
    asio::signal_set signals_, hangup_;
    asio::steady_timer watch_{service_.network}, parting_{service_.network};
    std::uint16_t port_{};
};

}  // namespace

Result<void> serve(const ServeSettings& settings,
                   const std::function<void(const Addresses&)>& ready) {
    Server server{settings};
    return server.run(ready);
}

}  // namespace daybook::server
