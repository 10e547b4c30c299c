#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace daybook {

class WorkingRows;

/// Where a fold keeps its state: named tables of rows, ordered by key bytes. The state of a
/// projection is nothing but its rows, so it can stop after any event and go on later.
/// A fold reads and writes through this interface only; it sees no disk, no clock and no log.
/// A store that fails keeps the error to itself and reports it when the transaction is committed.
class Rows {
  public:
    Rows() = default;
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    virtual ~Rows() = default;

    using Visit = std::function<bool(std::string_view key, std::string_view value)>;
    /// Where a walk goes on behind a row.
    struct Onward {
        bool more{true};
        std::string jump{};  ///< to the first row whose key is not before it; empty: the next row
    };
    using Step = std::function<Onward(std::string_view key, std::string_view value)>;

    [[nodiscard]] virtual std::optional<std::string> get(std::string_view table,
                                                         std::string_view key) const = 0;
    virtual void put(std::string_view table, std::string_view key, std::string_view value) = 0;
    virtual void erase(std::string_view table, std::string_view key) = 0;
    struct Change {
        std::string_view key;
        std::optional<std::string_view> value;  ///< absent: no such row any more
    };
    /// Puts and erases rows of one table, ascending by key.
    virtual void write(std::string_view table, std::span<const Change> changes);
    /// Visits rows in ascending order from the first whose key is not before `from`, going where
    /// each `step` says; a jump never goes back. The table must not be changed meanwhile.
    virtual void walk(std::string_view table, std::string_view from, const Step& step) const = 0;
    /// Visits the rows whose key starts with `prefix` in ascending order until `visit` returns
    /// false. The table must not be changed meanwhile.
    void scan(std::string_view table, std::string_view prefix, const Visit& visit) const;
    /// These rows when they are values in RAM; null when they are bytes.
    [[nodiscard]] virtual WorkingRows* working() { return nullptr; }
};

/// Rows in RAM: for tests, for a read-only data directory, for the state as of a past moment.
class MemoryRows final : public Rows {
  public:
    using Key = std::pair<std::string, std::string>;  ///< table, key

    [[nodiscard]] std::optional<std::string> get(std::string_view table,
                                                 std::string_view key) const override;
    void put(std::string_view table, std::string_view key, std::string_view value) override;
    void erase(std::string_view table, std::string_view key) override;
    void walk(std::string_view table, std::string_view from, const Step& step) const override;

    [[nodiscard]] const std::map<Key, std::string>& all() const { return rows_; }

  private:
    std::map<Key, std::string> rows_;
};

}  // namespace daybook
