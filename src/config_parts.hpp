#pragma once

#include <toml++/toml.h>

#include <optional>
#include <span>
#include <string>

#include "schemas/result.hpp"
#include "src/config.hpp"

namespace daybook::config {

// What every section of daybook.toml is read with. Errors are malformed and name line and column.

[[nodiscard]] Error at(const toml::source_region& place, const std::string& what,
                       std::string remedy);

/// Refuses a setting of `table` that is not `known`, with the nearest one that is. `within` stands
/// before its name: "serve.".
[[nodiscard]] Result<void> know_all(const toml::table& table, const std::string& within,
                                    std::span<const std::string_view> known);

/// Puts the setting `name` of `table` into `value`, when it is there. `form` says what it must be.
template <class T>
[[nodiscard]] Result<void> take(const toml::table& table, const std::string& within,
                                std::string_view name, const std::string& form,
                                std::optional<T>& value) {
    const toml::node* const node = table.get(name);
    if (node == nullptr) return ok();
    value = node->value_exact<T>();
    if (value) return ok();
    return at(node->source(), "'" + within + std::string{name} + "' is not " + form,
              "write " + form);
}

/// The tables `[record.VENUE]` of the whole file.
[[nodiscard]] Result<std::vector<RecordWish>> read_record(const toml::table& whole);

}  // namespace daybook::config
