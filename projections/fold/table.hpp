#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "projections/fold/row_codec.hpp"
#include "projections/fold/working_rows.hpp"

namespace daybook {

/// One table of a fold, its values as `Row`. `name` outlives the table (a literal).
template <class Row>
class Table {
  public:
    Table(Rows& rows, std::string_view name)
        : rows_{rows},
          name_{name},
          cache_{rows.working() == nullptr ? nullptr : &rows.working()->cache<Row>(name)} {}

    /// Null when there is no such row. Good until the table is used again.
    [[nodiscard]] const Row* find(std::string_view key) const {
        if (cache_ != nullptr) return cache_->find(key);
        const std::optional<std::string> bytes = rows_.get(name_, key);
        if (bytes) found_ = unpack<Row>(*bytes);
        return bytes ? &found_ : nullptr;
    }
    [[nodiscard]] std::optional<Row> get(std::string_view key) const {
        const Row* const row = find(key);
        return row == nullptr ? std::nullopt : std::optional{*row};
    }
    void put(std::string_view key, Row row) {
        cache_ == nullptr ? rows_.put(name_, key, pack(row)) : cache_->put(key, std::move(row));
    }
    /// Calls `edit(row)` with the row, an empty one if there was none, and keeps what it made of
    /// it.
    template <class Edit>
    void change(std::string_view key, Edit edit) {
        if (cache_ != nullptr) {
            edit(cache_->change(key));
        } else {
            Row row = get(key).value_or(Row{});
            edit(row);
            put(key, std::move(row));
        }
    }
    void erase(std::string_view key) {
        cache_ == nullptr ? rows_.erase(name_, key) : cache_->erase(key);
    }

    /// Calls `visit(key, row)` for the keys with `prefix`, ascending. The table must not be changed
    /// meanwhile: take() gives a copy for that.
    template <class Visit>
    void for_each(std::string_view prefix, Visit visit) const {
        rows_.scan(name_, prefix, [&visit](std::string_view key, std::string_view value) {
            visit(key, unpack<Row>(value));
            return true;
        });
    }
    /// Removes the rows whose key starts with `prefix` and returns them, ascending.
    [[nodiscard]] std::vector<std::pair<std::string, Row>> take(std::string_view prefix) {
        std::vector<std::pair<std::string, Row>> taken;
        for_each(prefix, [&taken](std::string_view key, Row row) {
            taken.emplace_back(std::string{key}, std::move(row));
        });
        for (const auto& [key, row] : taken) erase(key);
        return taken;
    }

  private:
    Rows& rows_;
    std::string_view name_;
    RowCache<Row>* cache_;
    mutable Row found_{};  ///< the last row found, where rows are bytes
};

}  // namespace daybook
