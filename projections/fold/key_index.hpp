#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace daybook {

/// Finds a key among items that are kept elsewhere and numbered 0 1 2 …: open addressing by whole
/// hashes, so that a key that is not there costs one look, and nothing but this.
class KeyIndex {
  public:
    static constexpr std::uint32_t kNone = UINT32_MAX;
    using Hash = std::uint64_t;

    [[nodiscard]] static Hash hash(std::string_view key) {
        return std::hash<std::string_view>{}(key);
    }
    /// The item with that hash for which `same(item)`; kNone when there is none.
    template <class Same>
    [[nodiscard]] std::uint32_t find(Hash hash, Same same) const {
        if (cells_.empty()) return kNone;
        for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
            const Cell& cell = cells_[at];
            if (cell.item == kNone) return kNone;
            if (cell.hash == hash && same(cell.item)) return cell.item;
        }
    }
    /// `item` is not among them yet.
    void add(Hash hash, std::uint32_t item) {
        if (2 * (count_ + 1) > cells_.size()) grow();
        place({hash, item});
        ++count_;
    }
    void clear() {
        cells_.clear();
        count_ = 0;
    }

  private:
    struct Cell {
        Hash hash{};
        std::uint32_t item{kNone};
    };
    static constexpr std::size_t kFewest = 16;

    [[nodiscard]] std::size_t mask() const { return cells_.size() - 1; }
    void place(const Cell& cell) {
        std::size_t at = cell.hash & mask();
        while (cells_[at].item != kNone) at = (at + 1) & mask();
        cells_[at] = cell;
    }
    void grow() {
        std::vector<Cell> before(cells_.empty() ? kFewest : 2 * cells_.size());
        before.swap(cells_);
        for (const Cell& cell : before) {
            if (cell.item != kNone) place(cell);
        }
    }

    std::vector<Cell> cells_;  ///< a power of two, at most half of them used
    std::size_t count_{};
};

}  // namespace daybook
