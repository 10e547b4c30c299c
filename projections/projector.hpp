#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "projections/catch_up.hpp"

namespace daybook {

/// Folds live: what became durable becomes rows that every process reads, when the caller says
/// commit(). Stands beside the journal's writer or in another process; one a data directory and
/// projection, and each for one thread. Projections that are to be read at different moments have a
/// projector each: a commit of fifteen stores for every fill would hold up the next fill.
///
/// Others may rebuild beside it: before each transaction it looks which generation is served.
class Projector {
  public:
    /// How a projection stands.
    struct Standing {
        std::string_view projection;
        Sequence seq;         ///< its rows are those of the events up to here
        std::string stopped;  ///< why it is not folded any more; empty: it is
    };

    /// Brings `projections` to the durable end and follows them from there on.
    /// Fails with conflict when another process follows or builds one of them for longer than some
    /// seconds.
    [[nodiscard]] static Result<Projector> open(const std::string& data_dir,
                                                std::span<const Projection> projections, Time now,
                                                const OnProgress& progress);
    Projector(Projector&&) noexcept;
    Projector& operator=(Projector&&) noexcept;
    ~Projector();

    /// Folds what became durable since the last call, 10,000 events at most; true when it has come
    /// to the durable end. Commits by itself where very many rows wait.
    /// Fails with disk or corrupt when the journal cannot be read or rows cannot be kept: nothing
    /// is lost, the next open() goes on from there.
    [[nodiscard]] Result<bool> fold();
    /// Makes the rows visible, and that they are those up to seen().
    [[nodiscard]] Result<void> commit();
    /// Whether commit() has something to do.
    [[nodiscard]] bool pending() const;
    /// Whether events were folded whose rows are not visible.
    [[nodiscard]] bool changed() const;
    /// The last event that fold() has seen.
    [[nodiscard]] Sequence seen() const;
    [[nodiscard]] std::vector<Standing> standings() const;
    /// Commits, puts all rows on stable storage and lets others follow.
    [[nodiscard]] Result<void> close();

  private:
    struct State;
    explicit Projector(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace daybook
