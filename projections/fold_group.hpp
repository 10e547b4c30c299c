#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "projections/fold/assembly.hpp"
#include "projections/store/environment.hpp"

namespace daybook {

/// One generation that is folded. Its rows are those of the transaction it is in.
class Target final : public Rows {
  public:
    Target(const Projection& projection, store::Environment& environment)
        : projection_{projection}, environment_{environment} {}

    [[nodiscard]] const Projection& projection() const { return projection_; }
    /// The last event of the rows committed; known from the first begin() on.
    [[nodiscard]] Sequence reached() const { return reached_; }

    /// Opens a transaction. It starts where the last one ended: fails with conflict when somebody
    /// else has folded this generation meanwhile.
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> commit(Sequence seq, std::uint64_t hash);

    [[nodiscard]] std::optional<std::string> get(std::string_view table,
                                                 std::string_view key) const override {
        return rows_->get(table, key);
    }
    void put(std::string_view table, std::string_view key, std::string_view value) override {
        rows_->put(table, key, value);
    }
    void erase(std::string_view table, std::string_view key) override { rows_->erase(table, key); }
    void write(std::string_view table, std::span<const Change> changes) override {
        rows_->write(table, changes);
    }
    void walk(std::string_view table, std::string_view from, const Step& step) const override {
        rows_->walk(table, from, step);
    }

  private:
    const Projection& projection_;
    store::Environment& environment_;
    Sequence reached_{};
    std::unique_ptr<store::LmdbRows> rows_;
};

/// Targets that stand at one sequence, folded together. Their rows are those of the transactions
/// open between begin() and commit().
struct FoldGroup {
    std::vector<std::unique_ptr<Target>> targets;
    Assembly assembly;
    Sequence reached{};

    void assemble();
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> commit(Sequence seq, std::uint64_t hash);
};

/// Applies `event`. Gives why the fold cannot take it (a rule it breaks, an exception): what it has
/// done to its rows is void then. Nothing when it could.
[[nodiscard]] std::optional<std::string> refusal(Assembly& assembly, const Event& event);

}  // namespace daybook
