#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/feeds/address.hpp"

namespace daybook::feeds {

/// Whom we believe to be the venue: certificates of the system's authorities, or of `ca` alone.
class Trust {
  public:
    /// Fails with usage when the file holds no certificate.
    [[nodiscard]] static Result<std::shared_ptr<Trust>> load(const std::string& ca);
    struct Context;
    explicit Trust(std::unique_ptr<Context> context);
    Trust(const Trust&) = delete;
    Trust& operator=(const Trust&) = delete;
    ~Trust();
    [[nodiscard]] Context& context() { return *context_; }

  private:
    std::unique_ptr<Context> context_;
};

/// Of a request, beside those every request has.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// A WebSocket over TLS to a host whose certificate names it. Every function gives "" or why it
/// failed. One read and one write may be under way at a time.
class Link {
  public:
    Link(boost::asio::io_context& network, Trust& trust, Address to);
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    ~Link();

    /// `alive` is called while a read is under way, for every ping (which is answered) and pong.
    [[nodiscard]] boost::asio::awaitable<std::string> open(Headers headers,
                                                           std::function<void()> alive);
    /// The next whole message; a message that was cut short is an error.
    [[nodiscard]] boost::asio::awaitable<std::string> read(std::string& message);
    [[nodiscard]] boost::asio::awaitable<std::string> write(const std::string& message);
    [[nodiscard]] boost::asio::awaitable<std::string> ping();
    /// What is under way ends with an error.
    void cut();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

struct Answer {
    unsigned status{};  ///< 0: there was none, and `why`
    std::string body{}, why{};
    std::optional<std::uint32_t> retry_after_s{};

    /// Asking again would bring the same: it is no engine that starts, no limit, no pause (venue
    /// page §5, §6), no failure.
    [[nodiscard]] bool is_final() const;
    /// Why it is not what was asked for.
    [[nodiscard]] std::string trouble() const;
    /// How long to wait before it is asked again: what it says itself, 300 s at most, but `least`.
    [[nodiscard]] std::chrono::milliseconds patience(std::chrono::milliseconds least) const;
};

[[nodiscard]] boost::asio::awaitable<void> wait_for(boost::asio::io_context& network,
                                                    std::chrono::milliseconds span);

struct Question {
    Address to;
    std::string target;  ///< below the address' path
    Headers headers{};
};

/// One GET on a connection of its own; 10 s, 8 MiB at most. `question` must have a name: GCC 12
/// destroys an aggregate made within a co_await twice.
[[nodiscard]] boost::asio::awaitable<Answer> get(boost::asio::io_context& network, Trust& trust,
                                                 Question question);

}  // namespace daybook::feeds
