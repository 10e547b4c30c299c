#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "projections/fold/key_index.hpp"
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
        const Slot* const slot = look(key, KeyIndex::hash(key));
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
        Slot* const slot = look(key, KeyIndex::hash(key));
        if (slot == nullptr || !slot->row) return;
        slot->row.reset();
        touch(*slot);
    }

    void flush(const std::vector<Rows*>& below) override {
        std::ranges::sort(changed_, {},
                          [](const Slot* slot) { return std::string_view{slot->key}; });
        for (std::size_t done = 0; done < changed_.size();) done = write_some(done, below);
        changed_.clear();
    }

    [[nodiscard]] std::size_t changed() const override { return changed_.size(); }

    void trim() override {
        ++age_;
        if (slots_.size() <= kKept) return;
        std::deque<Slot> kept;
        for (Slot& slot : slots_) {
            if (slot.used + 1 >= age_)
                kept.push_back(std::move(slot));
            else if (slot.row)
                let_go(slot);
        }
        slots_.swap(kept);
        index_.clear();
        for (std::uint32_t i = 0; i < slots_.size(); ++i)
            index_.add(KeyIndex::hash(slots_[i].key), i);
    }

  private:
    static constexpr std::size_t kKept = 4096;
    static constexpr std::size_t kPackedBytes = std::size_t{256}
                                                << 10U;  // what a core's cache holds
    struct Slot {
        std::string key;
        std::optional<Row> row{};
        std::uint32_t used{};
        bool changed{};
    };

    /// Null when nothing is known of such a row and nothing can be.
    Slot* look(std::string_view key, KeyIndex::Hash hash) {
        const std::uint32_t at =
            index_.find(hash, [&](std::uint32_t item) { return slots_[item].key == key; });
        if (at != KeyIndex::kNone) {
            slots_[at].used = age_;
            return &slots_[at];
        }
        if (all_here_ && !gone(hash)) return nullptr;
        Slot& slot = add(key, hash);
        if (const auto bytes = below_.front()->get(table_, key)) slot.row = unpack<Row>(*bytes);
        return &slot;
    }
    Slot& make(std::string_view key) {
        const KeyIndex::Hash hash = KeyIndex::hash(key);
        Slot* const known = look(key, hash);
        Slot& slot = known == nullptr ? add(key, hash) : *known;
        touch(slot);
        return slot;
    }
    Slot& add(std::string_view key, KeyIndex::Hash hash) {
        index_.add(hash, static_cast<std::uint32_t>(slots_.size()));
        return slots_.emplace_back(Slot{.key = std::string{key}, .used = age_});
    }
    [[nodiscard]] bool gone(KeyIndex::Hash hash) const {
        return gone_.find(hash, [](std::uint32_t) { return true; }) != KeyIndex::kNone;
    }
    void let_go(const Slot& slot) {
        const KeyIndex::Hash hash = KeyIndex::hash(slot.key);
        if (all_here_ && !gone(hash)) gone_.add(hash, 0);
    }
    void touch(Slot& slot) {
        if (slot.changed) return;
        slot.changed = true;
        changed_.push_back(&slot);
    }
    /// Packs changed rows from `begin` on and writes them to every store; the first one not
    /// written.
    std::size_t write_some(std::size_t begin, const std::vector<Rows*>& below) {
        std::string bytes;
        std::vector<std::size_t> ends;
        std::size_t end = begin;
        for (; end < changed_.size() && bytes.size() < kPackedBytes; ++end) {
            changed_[end]->changed = false;
            if (changed_[end]->row) row_detail::put(bytes, *changed_[end]->row);
            ends.push_back(bytes.size());
        }
        std::vector<Rows::Change> changes;
        for (std::size_t i = 0, at = 0; i < ends.size(); at = ends[i++]) {
            const Slot& slot = *changed_[begin + i];
            const auto packed = std::string_view{bytes}.substr(at, ends[i] - at);
            changes.push_back({slot.key, slot.row ? std::optional{packed} : std::nullopt});
        }
        for (Rows* rows : below) rows->write(table_, changes);
        return end;
    }

    const std::vector<Rows*>& below_;
    std::string_view table_;
    bool all_here_;  ///< a row that is neither in slots_ nor in gone_ is nowhere
    std::uint32_t age_{1};
    std::deque<Slot> slots_;
    KeyIndex index_;  ///< of slots_
    KeyIndex gone_;   ///< hashes of rows that trim() left to the rows below
    std::vector<Slot*> changed_;
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
