#pragma once

#include <map>

#include "src/ingest/input.hpp"

namespace daybook::ingest {

namespace kalshi {
struct Frame;
}

/// Reads what Kalshi sends: WebSocket frames, REST answers (whole pages or one row a line), and
/// either of them wrapped by a recorder (contract §1). Reading never fails: what is not understood
/// comes back as `unparsed`.
/// The only state is how far each subscription counted, so one Kalshi reads one recording in order.
class Kalshi {
  public:
    explicit Kalshi(Settings settings);

    /// The events of one input. A hole in the count of its subscription comes first, as a `feed`
    /// gap: every book of that subscription is in doubt from there on.
    [[nodiscard]] Batch read(const Input& input);

  private:
    struct Subscription {
        std::uint64_t seq{};  ///< of the frame read last; 0 before the first
        std::string channel;
    };

    [[nodiscard]] Batch read_document(const Json& document, const Input& about);
    [[nodiscard]] Batch read_frame(const kalshi::Frame& frame, const Input& about);
    [[nodiscard]] std::string channel_of(const kalshi::Frame& frame) const;
    [[nodiscard]] std::optional<Event> hole_before(const kalshi::Frame& frame);
    [[nodiscard]] Batch finished(Batch events, const Input& about) const;

    std::string account_;
    std::map<std::uint64_t, Subscription> subscriptions_;  ///< by sid
};

}  // namespace daybook::ingest
