#pragma once

#include <random>

#include "src/feeds/backfill.hpp"
#include "src/feeds/link.hpp"

namespace daybook::feeds {

/// Where the book of an item is had by REST: the item stands behind `target`.
struct BookSource {
    Address at;
    std::string target;
};

/// Where a channel is reached, and how it is spoken to.
struct ChannelSettings {
    std::string venue;
    std::unique_ptr<Protocol> protocol;
    Reader read;
    Address at;
    std::function<Headers()> headers{};  ///< of each attempt to connect
    std::optional<BookSource> books{};   ///< for those that do not come by themselves
    std::function<void()>
        doubted{};  ///< called after a gap: the books of all channels are in doubt
    std::vector<std::shared_ptr<Backfill>> backfills{};  ///< for what is missed but books
};

/// One channel of the venue, from the first subscription to the recorder's stop: its connection is
/// opened again whenever it ends, and what it sends is recorded.
class Channel : public std::enable_shared_from_this<Channel> {
  public:
    Channel(server::Service& service, std::shared_ptr<Trust> trust, ChannelSettings settings);

    void start();
    void want(const Items& items) { session_.want(items); }
    void doubt() { session_.doubt(now_of(service_)); }
    /// The recorder stops: says so, and reads no more.
    void end();

  private:
    using Self = std::shared_ptr<Channel>;
    using OpenLink = std::shared_ptr<Link>;
    template <class T>
    using Awaitable = boost::asio::awaitable<T>;

    static Awaitable<void> run(Self self);
    static Awaitable<void> tend(Self self, OpenLink link);
    static Awaitable<void> fetch_books(Self self, Items items);
    Awaitable<void> once();
    Awaitable<void> read_all(OpenLink link);
    Awaitable<void> take(const std::string& frame);
    Awaitable<void> send(Due due, OpenLink link);
    Awaitable<void> say(Due due, OpenLink link);
    Awaitable<bool> fetch_book(const std::string& item, int attempt);
    [[nodiscard]] ingest::Batch read(std::string_view payload, ingest::Channel channel);
    [[nodiscard]] Now now() const { return now_of(service_); }

    server::Service& service_;
    std::shared_ptr<Trust> trust_;
    ChannelSettings settings_;
    Manner manner_;
    Session session_;
    std::shared_ptr<Backlog> backlog_;
    std::minstd_rand random_{std::random_device{}()};
    OpenLink link_;    ///< the open one
    std::string why_;  ///< we ended it
    std::string run_;  ///< this channel of this run, as its frames are named
    std::uint64_t frames_{};
};

}  // namespace daybook::feeds
