#pragma once

#include <memory>
#include <optional>

#include "src/feeds/session.hpp"
#include "src/server/service.hpp"

namespace daybook::feeds {

[[nodiscard]] Now now_of(const server::Service& service);

/// The way of one feed into the journal. Frames are offered one behind the other without waiting
/// for the disk, up to a bound; beyond it, and while nothing is recorded, take() waits, and so does
/// whoever reads the socket. What the recorder refused all the same is told by refused().
class Backlog : public std::enable_shared_from_this<Backlog> {
  public:
    Backlog(server::Service& service, std::string venue)
        : service_{service}, venue_{std::move(venue)} {}

    /// Offers the events of one frame. They are recorded in the order of the calls.
    [[nodiscard]] boost::asio::awaitable<void> take(ingest::Batch batch, std::size_t bytes);
    /// The same for what is to be said of a connection.
    [[nodiscard]] boost::asio::awaitable<void> take(Notes notes);
    /// Offers once, and waits for nothing: for a stop.
    void leave(const Notes& notes);
    /// True while take() waits: nobody reads, so silence says nothing.
    [[nodiscard]] bool waits() const { return waits_; }

    struct Refusal {
        Time since;
        std::string why;
    };
    /// From when on frames were not recorded, and why; told once.
    [[nodiscard]] std::optional<Refusal> refused();

  private:
    [[nodiscard]] bool offer(ingest::Batch& batch, std::size_t bytes);
    [[nodiscard]] bool full() const;
    [[nodiscard]] ingest::Batch events_of(const Notes& notes) const;

    server::Service& service_;
    std::string venue_;
    std::size_t under_way_{};
    bool waits_{};
    std::optional<Refusal> refusal_;
};

}  // namespace daybook::feeds
