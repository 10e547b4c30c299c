#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "src/ingest/input.hpp"

namespace daybook::ingest {
class Polymarket;
class Kalshi;
}  // namespace daybook::ingest

namespace daybook::server {

/// Why a body is no batch.
struct Refused {
    std::size_t element{};  ///< 1, 2, 3 …: the line, or the place in the array
    std::string why;
};
using Read = std::variant<ingest::Batch, Refused>;

/// What one connection sends, as events. A venue's frames are read with what the connection sent
/// before (books whose hashes are checked, numbers of a subscription), so one connection is one
/// recording of a venue. Contract lines are read on their own. Not for two threads.
class Door {
  public:
    explicit Door(ingest::Settings settings);
    Door(Door&&) noexcept;
    Door& operator=(Door&&) noexcept;
    ~Door();

    /// One event, an array of events, or one a line (contract §1): all of them or none. Who sends
    /// one input in several batches says {"occurrences":[…],"events":[…]}: for each event, how many
    /// equal ones stood before it.
    [[nodiscard]] static Read read_events(std::string_view body);
    /// Frames and answers of `venue` (polymarket, kalshi) as they came, one a line. What cannot be
    /// understood is kept as `unparsed`, so no frame is refused; an unknown venue is.
    [[nodiscard]] Read read_frames(std::string_view venue, std::string_view body);

  private:
    ingest::Settings settings_;
    std::unique_ptr<ingest::Polymarket> polymarket_;
    std::unique_ptr<ingest::Kalshi> kalshi_;
};

}  // namespace daybook::server
