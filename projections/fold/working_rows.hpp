#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "projections/fold/row_codec.hpp"
#include "projections/fold/rows.hpp"

namespace daybook {

/// The rows of one table as values in RAM, over the rows they were read from.
class Cache {
  public:
    Cache() = default;
    Cache(const Cache&) = delete;
    Cache& operator=(const Cache&) = delete;
    virtual ~Cache() = default;
    /// Writes what changed into every row store of `below`, by key.
    virtual void flush(const std::vector<Rows*>& below) = 0;
    [[nodiscard]] virtual std::size_t changed() const = 0;
    /// Forgets what was not used since the last call, where there is too much of it.
    virtual void trim() = 0;
};

template <class Row>
class RowCache final : public Cache {
  public:
    /// `below` holds the rows; the first one is read.
    RowCache(const std::vector<Rows*>& below, std::string_view table)
        : below_{below}, table_{table}, all_here_{true} {
        below.front()->scan(
            table, "", [this](std::string_view, std::string_view) { return all_here_ = false; });
    }

    /// Null when there is no such row. Stays good until the row is erased or the cache trimmed.
    [[nodiscard]] const Row* find(std::string_view key) {
        Slot* const slot = look(key);
        return slot != nullptr && slot->row ? &*slot->row : nullptr;
    }
    /// The row, made if there is none, to be changed.
    [[nodiscard]] Row& change(std::string_view key) {
        Slot& slot = make(key);
        if (!slot.row) slot.row.emplace();
        return *slot.row;
    }
    void put(std::string_view key, Row row) { make(key).row = std::move(row); }
    void erase(std::string_view key) {
        Slot* const slot = look(key);
        if (slot == nullptr || !slot->row) return;
        slot->row.reset();
        touch(key, *slot);
    }

    void flush(const std::vector<Rows*>& below) override {
        std::sort(changed_.begin(), changed_.end(),
                  [](const Changed& a, const Changed& b) { return *a.key < *b.key; });
        std::string bytes;
        for (const Changed& each : changed_) {
            each.slot->changed = false;
            bytes.clear();
            if (each.slot->row) row_detail::put(bytes, *each.slot->row);
            for (Rows* rows : below) {
                each.slot->row ? rows->put(table_, *each.key, bytes)
                               : rows->erase(table_, *each.key);
            }
        }
        changed_.clear();
    }

    [[nodiscard]] std::size_t changed() const override { return changed_.size(); }

    void trim() override {
        ++age_;
        if (slots_.size() <= kKept) return;
        std::erase_if(slots_, [this](const auto& item) { return item.second.used + 1 < age_; });
        all_here_ = false;
    }

  private:
    static constexpr std::size_t kKept = 50'000;
    struct Slot {
        std::optional<Row> row;
        std::uint32_t used{};
        bool changed{};
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const {
            return std::hash<std::string_view>{}(key);
        }
    };
    using Slots = std::unordered_map<std::string, Slot, Hash, std::equal_to<>>;
    struct Changed {
        const std::string* key;
        Slot* slot;
    };

    /// Null when nothing is known of such a row and nothing can be.
    Slot* look(std::string_view key) {
        if (all_here_ && slots_.empty()) return nullptr;
        const auto known = slots_.find(key);
        if (known != slots_.end()) {
            known->second.used = age_;
            return &known->second;
        }
        if (all_here_) return nullptr;
        const auto bytes = below_.front()->get(table_, key);
        Slot& slot = slots_.try_emplace(std::string{key}).first->second;
        slot.used = age_;
        if (bytes) slot.row = unpack<Row>(*bytes);
        return &slot;
    }
    Slot& make(std::string_view key) {
        Slot* slot = look(key);
        if (slot == nullptr) {
            slot = &slots_.try_emplace(std::string{key}).first->second;
            slot->used = age_;
        }
        touch(key, *slot);
        return *slot;
    }
    void touch(std::string_view key, Slot& slot) {
        if (slot.changed) return;
        slot.changed = true;
        changed_.push_back({&slots_.find(key)->first, &slot});
    }

    const std::vector<Rows*>& below_;
    std::string_view table_;
    bool all_here_;  ///< a row that is not in slots_ is nowhere
    std::uint32_t age_{1};
    Slots slots_;
    std::vector<Changed> changed_;
};

/// Rows as values in RAM, over the rows of one or more stores that hold the same. A table is packed
/// only when flush() writes it back, however often its rows changed meanwhile.
class WorkingRows final : public Rows {
  public:
    /// `below` outlives this; its rows of every table used here are equal.
    explicit WorkingRows(Rows& below) : below_{&below} {}

    /// Writes go to `rows` too from now on.
    void also(Rows& rows) { below_.push_back(&rows); }

    template <class Row>
    [[nodiscard]] RowCache<Row>& cache(std::string_view table) {
        std::unique_ptr<Cache>& found = caches_[table];
        if (!found) found = std::make_unique<RowCache<Row>>(below_, table);
        return static_cast<RowCache<Row>&>(*found);
    }
    void flush() {
        for (auto& [table, cache] : caches_) cache->flush(below_);
    }
    void flush(std::string_view table) const {
        const auto found = caches_.find(table);
        if (found != caches_.end()) found->second->flush(below_);
    }
    /// Rows that flush() would write.
    [[nodiscard]] std::size_t changed() const {
        std::size_t sum = 0;
        for (const auto& [table, cache] : caches_) sum += cache->changed();
        return sum;
    }
    /// After a flush: lets go of rows that were not used lately.
    void trim() {
        for (auto& [table, cache] : caches_) cache->trim();
    }

    [[nodiscard]] WorkingRows* working() override { return this; }
    [[nodiscard]] std::optional<std::string> get(std::string_view table,
                                                 std::string_view key) const override {
        flush(table);
        return below_.front()->get(table, key);
    }
    void walk(std::string_view table, std::string_view from, const Step& step) const override {
        flush(table);
        below_.front()->walk(table, from, step);
    }
    /// Of tables that nobody uses as values.
    void put(std::string_view table, std::string_view key, std::string_view value) override {
        for (Rows* rows : below_) rows->put(table, key, value);
    }
    void erase(std::string_view table, std::string_view key) override {
        for (Rows* rows : below_) rows->erase(table, key);
    }

  private:
    std::vector<Rows*> below_;
    std::map<std::string_view, std::unique_ptr<Cache>> caches_;  ///< names are literals
};

}  // namespace daybook
