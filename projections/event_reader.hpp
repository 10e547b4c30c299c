#pragma once

#include <functional>
#include <unordered_map>

#include "journal/reader.hpp"
#include "projections/fold/projection.hpp"
#include "schemas/codec.hpp"

namespace daybook {

/// One place in the journal, and the event there when it was asked for.
struct Step {
    Sequence seq;
    std::uint64_t hash{};  ///< of its frame
    std::uint16_t type{};
    std::optional<Event> event;
};

/// Reads a journal as events: decodes, and puts the market's name where the payload leaves it to
/// the key. Keeps the names it met; their number is that of the markets, not of the events.
/// A market whose name was lost (in a salvaged journal) is called "lost:KEY".
class EventReader {
  public:
    explicit EventReader(journal::Reader reader) : reader_{std::move(reader)} {}
    /// The journal of a data directory. Fails as journal::Reader::open.
    [[nodiscard]] static Result<EventReader> open(const std::string& data_dir);

    [[nodiscard]] journal::Reader& journal() { return reader_; }

    /// The next step, its event decoded when its type is in `wanted`. Nothing at the durable end.
    [[nodiscard]] Result<std::optional<Step>> next(const TypeSet& wanted);
    /// The event with that number.
    [[nodiscard]] Result<Event> at(Sequence seq);
    /// Every event from `first` to `last` (or the end) in order, until `visit` returns false.
    [[nodiscard]] Result<void> for_each(Sequence first, Sequence last, const TypeSet& wanted,
                                        const std::function<bool(const Event&)>& visit);

  private:
    [[nodiscard]] Result<Event> event_of(const journal::Record& record);
    [[nodiscard]] Result<void> name_market(Event& event, std::uint64_t key);
    [[nodiscard]] Result<void> name_lost_market(Event& event, std::uint64_t key);

    journal::Reader reader_;
    std::unordered_map<std::uint64_t, MarketName> names_;
};

}  // namespace daybook
