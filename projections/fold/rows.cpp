#include "projections/fold/rows.hpp"

#include "schemas/invariant.hpp"

namespace daybook {
namespace {

MemoryRows::Key key_of(std::string_view table, std::string_view key) {
    return {std::string{table}, std::string{key}};
}

}  // namespace

void Rows::write(std::string_view table, std::span<const Change> changes) {
    for (const Change& each : changes)
        each.value ? put(table, each.key, *each.value) : erase(table, each.key);
}

void Rows::scan(std::string_view table, std::string_view prefix, const Visit& visit) const {
    walk(table, prefix, [&](std::string_view key, std::string_view value) {
        return Onward{key.starts_with(prefix) && visit(key, value)};
    });
}

std::optional<std::string> MemoryRows::get(std::string_view table, std::string_view key) const {
    const auto row = rows_.find(key_of(table, key));
    if (row == rows_.end()) return std::nullopt;
    return row->second;
}

void MemoryRows::put(std::string_view table, std::string_view key, std::string_view value) {
    INVARIANT(!key.empty(), "a key has bytes: LMDB takes no other");
    rows_[key_of(table, key)] = value;
}

void MemoryRows::erase(std::string_view table, std::string_view key) {
    rows_.erase(key_of(table, key));
}

void MemoryRows::walk(std::string_view table, std::string_view from, const Step& step) const {
    auto row = rows_.lower_bound(key_of(table, from));
    while (row != rows_.end() && row->first.first == table) {
        const Onward onward = step(row->first.second, row->second);
        if (!onward.more) return;
        if (onward.jump.empty())
            ++row;
        else
            row = rows_.lower_bound(key_of(table, onward.jump));
    }
}

}  // namespace daybook
