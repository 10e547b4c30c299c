#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/ingest/input.hpp"

namespace daybook::feeds {

using Items = std::set<std::string>;  ///< what is subscribed: tokens, tickers, symbols
using Texts = std::vector<std::string>;
using std::chrono::milliseconds;

/// What a connection is like, whatever is said on it.
struct Manner {
    std::string channel;  ///< of its `feed` events
    ingest::Channel frames{};
    milliseconds ping{10'000};              ///< the other side is asked this often whether it lives
    std::string ping_text{"PING"};          ///< "": a ping of WebSocket itself
    std::optional<milliseconds> silence{};  ///< no data for so long: the connection is stale
    bool books{};                           ///< a book is expected for every item
    std::string made_good{"nothing"};       ///< what is had after a gap, as it is told
    std::string counted{};  ///< the channel whose gaps cost books: its frames are numbered
};

/// How one connection to a venue is spoken to, and what its frames mean. It may remember what was
/// said since begin(), so no two connections share one. Pure.
class Protocol {
  public:
    explicit Protocol(Manner manner) : manner_{std::move(manner)} {}
    Protocol(const Protocol&) = delete;
    Protocol& operator=(const Protocol&) = delete;
    virtual ~Protocol() = default;

    [[nodiscard]] const Manner& manner() const { return manner_; }
    /// Subscribes on a new connection; what was said on the one before is forgotten.
    [[nodiscard]] virtual Texts begin(const Items& items) = 0;
    [[nodiscard]] virtual Texts more(const Items& items) = 0;
    [[nodiscard]] virtual Texts fewer(const Items& items) = 0;
    /// What is to be said to what was heard while `subscribed` was subscribed.
    [[nodiscard]] virtual Texts answer(const ingest::Batch& heard, const Items& subscribed);
    /// Whose whole book it is.
    [[nodiscard]] virtual std::string item_of(const Event& event, const Book& book) const;
    /// False for what everybody is told and nobody here asked for: it is not recorded.
    [[nodiscard]] virtual bool concerns(const ingest::Batch& heard, const Items& subscribed) const;

  private:
    Manner manner_;
};

}  // namespace daybook::feeds
