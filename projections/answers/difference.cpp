#include "projections/answers/difference.hpp"

#include <algorithm>
#include <map>

namespace daybook {
namespace {

using Values = std::vector<ListValue>;

bool is_key(const ListColumn& column, std::span<const std::string_view> keys) {
    return !column.key.empty() && std::ranges::find(keys, column.key) != keys.end();
}

std::string key_of(const Listing& listing, const Values& row,
                   std::span<const std::string_view> keys) {
    std::string key;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (!is_key(listing.columns[i], keys) || !row[i]) continue;
        key += (key.empty() ? "" : " ") + *row[i];
    }
    return key;
}

/// Rows by key; the first of several with the same one.
std::map<std::string, const Values*> rows_by_key(const Listing& listing,
                                                 std::span<const std::string_view> keys) {
    std::map<std::string, const Values*> rows;
    for (const Values& row : listing.rows) rows.try_emplace(key_of(listing, row, keys), &row);
    return rows;
}

class Comparison {
  public:
    Comparison(std::string_view answer, const Listing& listing,
               std::span<const std::string_view> keys)
        : answer_{answer}, listing_{listing}, keys_{keys} {}

    void compare(const std::string& row, const Values* before, const Values* after) {
        for (std::size_t i = 0; i < listing_.columns.size(); ++i) {
            const ListColumn& column = listing_.columns[i];
            if (column.form == Form::json || is_key(column, keys_)) continue;
            const ListValue was = before == nullptr ? ListValue{} : (*before)[i];
            const ListValue is = after == nullptr ? ListValue{} : (*after)[i];
            if (was == is) continue;
            const std::string field{column.key.empty() ? column.title : column.key};
            found_.push_back({answer_, row, field, was, is});
        }
    }
    [[nodiscard]] std::vector<Difference> found() && { return std::move(found_); }

  private:
    std::string answer_;
    const Listing& listing_;
    std::span<const std::string_view> keys_;
    std::vector<Difference> found_;
};

}  // namespace

std::vector<Difference> differences(std::string_view answer, const Listing& before,
                                    const Listing& after, std::span<const std::string_view> keys) {
    const auto was = rows_by_key(before, keys);
    const auto is = rows_by_key(after, keys);
    Comparison comparison{answer, after, keys};
    for (const auto& [key, row] : was) {
        const auto now = is.find(key);
        comparison.compare(key, row, now == is.end() ? nullptr : now->second);
    }
    for (const auto& [key, row] : is) {
        if (!was.contains(key)) comparison.compare(key, nullptr, row);
    }
    return std::move(comparison).found();
}

Listing list_differences(const std::vector<Difference>& differences) {
    Listing listing{{{"in", "in", Form::text},
                     {"row", "row", Form::text},
                     {"field", "field", Form::text},
                     {"from", "from", Form::text},
                     {"to", "to", Form::text}},
                    {}};
    for (const Difference& each : differences) {
        listing.rows.push_back({value_of(each.answer), value_of(each.row), value_of(each.field),
                                each.before, each.after});
    }
    return listing;
}

}  // namespace daybook
