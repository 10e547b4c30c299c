#pragma once

#include <functional>
#include <unordered_map>

#include "journal/reader.hpp"
#include "projections/fold/projection.hpp"
#include "schemas/codec.hpp"

namespace daybook {

using journal::Check;

/// An event, and where it stands.
struct Step {
    Sequence seq;
    std::uint64_t hash{};  ///< of its frame
    Event event;
};

/// Reads a journal as events: decodes, and puts the market's name where the payload leaves it to
/// the key. Keeps the names it met; their number is that of the markets, not of the events.
/// A market whose name was lost (in a salvaged journal) is called "lost:KEY".
class EventReader {
  public:
    explicit EventReader(journal::Reader reader) : reader_{std::move(reader)} {}
    /// The journal of a data directory. Fails as journal::Reader::open.
    [[nodiscard]] static Result<EventReader> open(const std::string& data_dir);
    /// A second one of the same journal, with the same head: for another thread.
    [[nodiscard]] Result<EventReader> again() const;

    [[nodiscard]] journal::Reader& journal() { return reader_; }

    /// next() goes on at `first`, with events of the types `wanted` and none else. A type this
    /// program does not know is not passed by: next() fails there with newer.
    [[nodiscard]] Result<void> seek(Sequence first, const TypeSet& wanted,
                                    Check check = Check::what_is_read);
    /// next() goes on at `first`, as seek() said.
    [[nodiscard]] Result<void> skip_to(Sequence first) { return reader_.skip_to(first); }
    /// Null at the durable end. The step is good until the next call.
    [[nodiscard]] Result<const Step*> next();
    /// The same into `step`; false where there is none up to `last`.
    [[nodiscard]] Result<bool> next(Step& step, Sequence last);
    /// The event with that number.
    [[nodiscard]] Result<Event> at(Sequence seq);
    /// Every event from `first` to `last` (or the end) in order, until `visit` returns false.
    [[nodiscard]] Result<void> for_each(Sequence first, Sequence last, const TypeSet& wanted,
                                        const std::function<bool(const Event&)>& visit);

  private:
    [[nodiscard]] bool passes_by(const journal::Record& record) const;
    [[nodiscard]] Result<void> read(const journal::Record& record, Event& event);
    [[nodiscard]] Result<void> name_market(Event& event, std::uint64_t key);
    [[nodiscard]] Result<void> name_lost_market(Event& event, std::uint64_t key);

    journal::Reader reader_;
    std::unordered_map<std::uint64_t, MarketName> names_;
    Step step_;
    bool all_statuses_{true};
};

}  // namespace daybook
