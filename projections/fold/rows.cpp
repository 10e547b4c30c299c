#include "projections/fold/rows.hpp"

namespace daybook {
namespace {

MemoryRows::Key key_of(std::string_view table, std::string_view key) {
    return {std::string{table}, std::string{key}};
}

}  // namespace

std::optional<std::string> MemoryRows::get(std::string_view table, std::string_view key) const {
    const auto row = rows_.find(key_of(table, key));
    if (row == rows_.end()) return std::nullopt;
    return row->second;
}

void MemoryRows::put(std::string_view table, std::string_view key, std::string_view value) {
    rows_[key_of(table, key)] = value;
}

void MemoryRows::erase(std::string_view table, std::string_view key) {
    rows_.erase(key_of(table, key));
}

void MemoryRows::scan(std::string_view table, std::string_view prefix, const Visit& visit) const {
    for (auto row = rows_.lower_bound(key_of(table, prefix)); row != rows_.end(); ++row) {
        if (row->first.first != table || !row->first.second.starts_with(prefix)) return;
        if (!visit(row->first.second, row->second)) return;
    }
}

}  // namespace daybook
