#pragma once

#include <functional>
#include <string>
#include <vector>

#include "campaigns/campaign.hpp"
#include "campaigns/child.hpp"
#include "schemas/event.hpp"

namespace daybook::campaigns {

/// A data directory as programs use it: recorder, identity index and every projection; and what
/// was recorded in it, life by life, as the events of seeded stories.
class Desk {
  public:
    explicit Desk(std::uint64_t seed);
    [[nodiscard]] const std::string& path() const { return path_; }
    /// What the recorder takes for the time: events are stamped with it then. Without one they
    /// keep the time of their story.
    void set_clock(std::function<Time()> clock) { clock_ = std::move(clock); }
    [[nodiscard]] Result<void> create() const;

    /// One life of a recorder: records its story in batches and now and then brings all
    /// projections up. For a child process: tells what it does in `told`, and gives 0 when it was
    /// done, 1 when it was refused.
    [[nodiscard]] int live(Told& told, Dice dice) const;

    /// What the next start finds: every acknowledged event, in its order, nothing that was not
    /// handed in; every projection has the rows of a rebuild from nothing; the journal verifies.
    /// The next life begins with what is there.
    [[nodiscard]] Finding check(const Told& told);

  private:
    [[nodiscard]] std::vector<Event> story_of(std::uint64_t life) const;
    [[nodiscard]] Finding check_events(const Told& told);
    [[nodiscard]] Finding check_projections() const;

    Scratch scratch_;
    std::string path_;
    std::function<Time()> clock_;
    std::uint64_t seed_;
    std::uint64_t life_ = 1;
    std::vector<Event> recorded_;  ///< by sequence - 1
};

}  // namespace daybook::campaigns
