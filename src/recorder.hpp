#pragma once

#include <memory>
#include <string>
#include <vector>

#include "projections/fold/identity.hpp"
#include "schemas/event.hpp"
#include "schemas/result.hpp"

namespace daybook {

/// What became of one event.
struct Recorded {
    Sequence seq;  ///< its own, or of the one it repeats
    bool duplicate{};
    bool conflicting{};  ///< recorded, and flagged: its identity was taken by other content
    bool unparsed{};     ///< kept as it came: nobody could read it
};

/// The way into the journal: gives identity, market number and sequence, and drops what is there
/// already. One Recorder a data directory; it holds the journal's lock. Not for two threads.
class Recorder {
  public:
    /// Fails with conflict when another process records (its number in the detail), with not_found
    /// when there is no journal, with what the journal and the identity index say otherwise.
    [[nodiscard]] static Result<Recorder> open(const std::string& data_dir, Time now);
    Recorder(Recorder&&) noexcept;
    Recorder& operator=(Recorder&&) noexcept;
    ~Recorder();

    /// Begins another input: equal events without a key of their own are counted anew (contract
    /// §1).
    void begin_input();
    /// The sequence the next new event gets.
    [[nodiscard]] Sequence next() const;

    /// Takes `batch`, all of it or nothing; durable after the next commit(). `now` stamps what has
    /// no `received`; an `occurrence` that is not 0 stands, for who sends an input in several
    /// batches counts in it. Fails with malformed when an event is too large for a frame or names a
    /// cause that is not recorded: nothing is taken then; with disk when the journal stays shut.
    [[nodiscard]] Result<std::vector<Recorded>> record(std::vector<Event> batch, Time now);
    /// Makes everything taken durable, then the identity index follows. Gives the durable sequence.
    /// The first refusal shuts the recorder for good: an index that missed a commit would take
    /// what it holds for new. The next open() has it catch up.
    [[nodiscard]] Result<Sequence> commit();
    /// Commits and frees the locks, refused or not; the object is of no use after it.
    [[nodiscard]] Result<void> close();

    /// What the journal set aside when it was opened, in words; empty when nothing.
    [[nodiscard]] std::string recovered() const;

  private:
    struct State;
    explicit Recorder(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace daybook
