#pragma once

#include <map>
#include <random>

#include "src/feeds/backlog.hpp"
#include "src/feeds/link.hpp"

namespace daybook::feeds {

/// Events of a frame or an answer; it may remember what it read before.
using Reader = std::function<ingest::Batch(const ingest::Input&)>;

/// From when to when nothing was received.
struct Span {
    Time from, to;
};

/// What was read of a page, and what was sent to get it.
struct Page {
    const std::string& target;
    const std::string& body;
    const ingest::Batch& events;
};

/// How what was missed is had by REST.
struct BackfillSettings {
    std::string what;  ///< "trades": as it is told
    Address at;
    Reader read;
    /// When it is asked, each after the one before; later is for a venue that lags. By the first
    /// one the channel hears all by itself again.
    std::vector<milliseconds> delays{milliseconds{5'000}};
    /// What to ask about `market`; without `markets`, once, and "" is given.
    std::function<Texts(Span, const std::string& market)> targets{};
    bool markets{true};
    std::function<std::optional<std::string>(const Page&, Span)> next{};  ///< the page behind it
    std::function<Headers(const std::string& target)> headers{};
};

/// Asks for what a channel missed and records what it did not hear itself. Prints of the tape it
/// heard in the minutes around the gap are known by their id, or transaction, outcome, price and
/// shares; orders and fills by the keys of contract §1.
class Backfill : public std::enable_shared_from_this<Backfill> {
  public:
    Backfill(server::Service& service, std::shared_ptr<Trust> trust, std::string venue,
             BackfillSettings settings);

    /// Of the channel itself.
    void heard(const ingest::Batch& events, Time now);
    /// Asks for it, a while later.
    void missed(Span span);

  private:
    using Prints = std::map<std::string, std::pair<std::size_t, Time>>;  ///< how often, when last
    struct Search {
        Span span;
        Prints heard;    ///< and not yet found among what was told
        Prints found{};  ///< by REST, and recorded
        std::size_t recorded{}, known{};
        std::string trouble{};
    };

    static boost::asio::awaitable<void> run(std::shared_ptr<Backfill> self, Span span);
    boost::asio::awaitable<void> ask_all(Search& search);
    boost::asio::awaitable<void> ask(std::string target, Search& search);
    boost::asio::awaitable<void> tell(const Search& search);
    [[nodiscard]] ingest::Batch read(const std::string& body);
    [[nodiscard]] static ingest::Batch unheard(ingest::Batch events, Search& search);
    [[nodiscard]] Texts targets_of(Span span) const;

    server::Service& service_;
    std::shared_ptr<Trust> trust_;
    std::string venue_;
    BackfillSettings settings_;
    std::shared_ptr<Backlog> backlog_;
    std::minstd_rand random_{std::random_device{}()};
    std::map<std::string, Time> markets_;  ///< heard of, and when last
    Prints tape_;
};

}  // namespace daybook::feeds
