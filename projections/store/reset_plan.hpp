#pragma once

#include <map>

#include "projections/store/projection_store.hpp"

namespace daybook::store {

/// What a reset would drop of one projection.
struct Drop {
    std::string projection;
    std::uint64_t generation{};
    std::vector<TableSize> tables;
    std::uint64_t bytes{};
    Digest digest{};
};

/// A reset before it happens: exact tables, rows and bytes that go, and what is read to build them
/// again. There is no field for source events to delete, because there is no code that could.
struct ResetPlan {
    Sequence head{};            ///< of the journal, when the plan was made
    std::uint64_t head_hash{};  ///< of that frame
    std::string chain;          ///< root of the journal at the head, hex
    std::vector<Drop> drops;
    std::map<std::string, std::uint64_t> keep_by_type;    ///< every event of the journal
    std::map<std::string, std::uint64_t> replay_by_type;  ///< events the named projections fold

    /// Stands for everything above: another head, another row, another id.
    [[nodiscard]] std::string id() const;
};

/// What the generation served now would lose. `store` has reached the head.
[[nodiscard]] Result<Drop> drop_of(ProjectionStore& store);

/// What is kept of a plan until it is applied: enough to tell what moved since.
struct KeptPlan {
    Sequence head{};
    std::uint64_t head_hash{};
    struct Target {
        std::string projection;
        std::uint64_t generation{};
        std::string digest;  ///< of the rows at the head
    };
    std::vector<Target> targets;
};
[[nodiscard]] Result<void> keep_plan(const Directory& projections, const ResetPlan& plan);
/// Fails with not_found when there is no such plan.
[[nodiscard]] Result<KeptPlan> kept_plan(const Directory& projections, const std::string& id);
[[nodiscard]] Result<void> forget_plan(const Directory& projections, const std::string& id);

}  // namespace daybook::store
