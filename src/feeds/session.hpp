#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/feeds/protocol.hpp"

namespace daybook::feeds {

/// One moment on two clocks: `wall` is told, `steady` is counted with.
struct Now {
    Time wall;
    milliseconds steady{};
};

/// What is to be recorded about a connection, in order.
using Notes = std::vector<Feed>;

/// What is to be done on an open connection now.
struct Due {
    Texts texts{};  ///< to send, in order
    bool ping{};    ///< a ping of WebSocket itself
    Notes notes{};
    std::optional<std::string> cut{};  ///< end the connection, and why
};

/// Decides for one connection that is opened again whenever it ends: what is sent when, when it is
/// stale, how long to wait, and which `feed` events tell of it. Pure: it opens and reads nothing.
class Session {
  public:
    explicit Session(std::unique_ptr<Protocol> protocol) : protocol_{std::move(protocol)} {}

    /// What is to be subscribed from now on.
    void want(const Items& items) { wanted_ = items; }
    /// Nothing to subscribe: there is no need of a connection.
    [[nodiscard]] bool idle() const { return wanted_.empty(); }

    [[nodiscard]] Notes opened(Now now);
    /// Something came; a PONG (no events) shows that the other side is there, and no more. A gap of
    /// a stream among it is a hole in what was sent: its books are awaited anew.
    [[nodiscard]] Notes heard(const ingest::Batch& events, Now now);
    /// False for what is not to be recorded.
    [[nodiscard]] bool concerns(const ingest::Batch& events) const {
        return protocol_->concerns(events, subscribed_);
    }
    /// Books that were asked for came; they say nothing of the connection.
    [[nodiscard]] Notes fetched(const ingest::Batch& events, Now now);
    /// The books of all items are in doubt until each has come anew.
    void doubt(Now now);
    [[nodiscard]] Due due(Now now);
    /// Nobody reads, because what was read must be recorded first: silence says nothing meanwhile.
    void not_read(Now now) { data_.steady = any_.steady = now.steady; }
    /// Items whose book did not come by itself `patience` after it was to; each is told once.
    [[nodiscard]] Items missing_books(Now now, milliseconds patience);
    /// The venue has no book of `item`: none is awaited.
    void no_book(const std::string& item) { awaited_.erase(item); }
    /// It could not be opened, or it ended. What came since `from` was not recorded; absent: since
    /// the last data.
    [[nodiscard]] Notes ended(const std::string& why, Now now, std::optional<Time> from = {});
    /// Since when nothing is known; nothing when nothing is missing.
    [[nodiscard]] std::optional<Time> gap_since() const { return gap_; }
    /// How long to wait before the next attempt; `random` is any number.
    [[nodiscard]] milliseconds pause(std::uint64_t random) const;

  private:
    [[nodiscard]] Feed note(FeedState state, std::string detail) const;
    [[nodiscard]] std::optional<std::string> verdict(Now now) const;
    void subscribe(Now now, Due& due);
    void change(Now now, Due& due);
    void expect(const Items& items, Now now);
    void look_for_holes(const ingest::Batch& events, Now now);
    [[nodiscard]] Notes resync(Now now);

    struct Hole {
        Time from;
        Feed told;
    };

    std::unique_ptr<Protocol> protocol_;
    Items wanted_, subscribed_, awaited_, asked_;
    Texts answers_;            ///< to what was heard, to be sent
    std::vector<Hole> holes_;  ///< in what came on this connection; whole books mend them
    int fruitless_{};          ///< times in a row it was stale, and nothing but books came after it
    bool open_{}, begun_{};
    Now opened_{}, data_{}, any_{}, pinged_{}, expected_{};
    std::optional<Time> gap_;  ///< since when nothing is known; whole books, or any data, end it
    std::string why_;          ///< it ended, or could not be opened
    int failures_{};
};

/// Between 0.25 and 30 s, doubled with every failure; `random` moves it within its upper half, so
/// that many recorders do not come back at the same moment.
[[nodiscard]] milliseconds back_off(int failures, std::uint64_t random);

}  // namespace daybook::feeds
