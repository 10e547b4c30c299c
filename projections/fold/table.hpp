#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "projections/fold/row_codec.hpp"
#include "projections/fold/rows.hpp"

namespace daybook {

/// One table of a fold, its values as `Row`. `name` outlives the table (a literal).
template <class Row>
class Table {
  public:
    Table(Rows& rows, std::string_view name) : rows_{rows}, name_{name} {}

    [[nodiscard]] std::optional<Row> get(std::string_view key) const {
        const std::optional<std::string> bytes = rows_.get(name_, key);
        if (!bytes) return std::nullopt;
        return unpack<Row>(*bytes);
    }
    void put(std::string_view key, const Row& row) { rows_.put(name_, key, pack(row)); }
    void erase(std::string_view key) { rows_.erase(name_, key); }

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
};

}  // namespace daybook
