#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>

#include "projections/answers/positions.hpp"
#include "projections/catch_up.hpp"
#include "projections/epochs.hpp"
#include "tools/daybook/call.hpp"

namespace daybook {

/// A data directory opened to be asked: its journal, and projections brought up to the head (or to
/// the moment of `--at`). Never writes below `journal/`.
class Session {
  public:
    /// Fails with not_found when there is no journal in `call.data`, with usage for a bad `--at`.
    [[nodiscard]] static Result<std::unique_ptr<Session>> open(const Call& call);

    [[nodiscard]] EventReader& reader() { return reader_; }
    /// The answers know every event up to here, and its clock; beside a running recorder they may
    /// know later ones.
    [[nodiscard]] Sequence seq() const { return seq_; }
    [[nodiscard]] std::optional<Time> time() const { return time_; }
    /// Events that a projection built elsewhere has not folded yet.
    [[nodiscard]] std::uint64_t lag() const { return lag_; }

    /// Events up to seq() that a salvage could not save: what they said is missing in the answers.
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

    /// Projections of the answers that stand still at an event their fold cannot take, and where.
    [[nodiscard]] const std::map<std::string, store::Stall>& stalled() const { return stalled_; }

    /// What flow figures count from, if an epoch was begun and not all time is asked for. A past
    /// epoch ends seq() where the next one began.
    [[nodiscard]] const std::optional<EpochSpan>& epoch() const { return epoch_; }
    /// The same directory as of the epoch's beginning; only while there is an epoch.
    [[nodiscard]] Result<Session*> at_epoch();

    /// Brings projections up to seq(). On disk where that may be written and nothing is asked of
    /// the past; else in RAM. One that another process builds is waited for, a second at most.
    [[nodiscard]] Result<void> need(std::initializer_list<std::string_view> names);
    /// Whether seq() is behind the head, or was asked to be.
    [[nodiscard]] bool past() const { return past_; }
    /// Brings up projections whose rows tell any past event from one another, on disk where that
    /// may be written: they have folded seq(), or more.
    [[nodiscard]] Result<void> need_with_past(std::initializer_list<std::string_view> names);
    /// Finds lost().
    [[nodiscard]] Result<void> count_lost();
    /// The rows of a projection that need() brought up.
    [[nodiscard]] Rows& rows(std::string_view name);

    /// Closes the projections; what rows() gave is gone. They hold old pages of the store back, so
    /// nothing that goes on for long keeps them.
    void let_go();

    /// Writes `"as_of":{"seq":…,"time":…}`, behind a builder elsewhere `"lag"`, `"lost"` where
    /// events are lost, and `"stalled"`.
    void write_as_of(JsonWriter& out) const;

  private:
    Session(EventReader reader, const Call& call) : reader_{std::move(reader)}, call_{call} {}
    [[nodiscard]] Result<void> find_moment();
    [[nodiscard]] Result<Sequence> moment(const std::string& text);
    [[nodiscard]] Result<void> stand_at(Sequence seq);
    [[nodiscard]] Result<void> need_in_ram(std::initializer_list<std::string_view> names);
    [[nodiscard]] Result<void> need_on_disk(const store::Directory& projections,
                                            std::initializer_list<std::string_view> names);
    [[nodiscard]] Result<void> wait_for(const store::Directory& projections,
                                        const Projection& projection);
    [[nodiscard]] Result<void> keep(store::ProjectionStore store);

    struct Stored {
        store::ProjectionStore store;
        std::unique_ptr<store::LmdbRows> rows;
    };

    EventReader reader_;
    const Call& call_;
    Sequence seq_;
    std::optional<Time> time_;
    bool past_{};
    std::optional<EpochSpan> epoch_;
    std::unique_ptr<Session> at_epoch_;
    Session* whole_{};  ///< of at_epoch_: LMDB opens an environment once in a process
    std::uint64_t lag_{};
    std::uint64_t lost_{};
    std::map<std::string, store::Stall> stalled_;
    std::map<std::string, std::unique_ptr<Stored>, std::less<>> stored_;
    std::map<std::string, std::unique_ptr<MemoryRows>, std::less<>> in_ram_;
};

/// Every position of the scope as of the session's moment. Of a past one it reads rows that keep
/// the past, and folds nothing.
[[nodiscard]] Result<std::vector<PositionView>> positions_at(Session& session, const Scope& scope);
/// The thresholds in force at that moment.
[[nodiscard]] Result<HedgeLimits> limits_at(Session& session);

/// What the user asked about, and the mode that answers when none was named (contract §1).
[[nodiscard]] Result<Scope> scope_of(Session& session, const Call& call);

/// `text` as a place in the journal: a sequence, or a time whose prefix ends there (contract §2).
[[nodiscard]] Result<Sequence> moment_of(EventReader& reader, const std::string& text);

/// Now, for stamps of generations and logs of resets.
[[nodiscard]] Time now();

}  // namespace daybook
