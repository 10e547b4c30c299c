#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "journal/posix_write.hpp"

namespace daybook::test {

/// When a call is refused: nothing was done, a write was done in part, or all of it was done.
enum class Blow : std::uint8_t { before, inside, after };

enum class Sectors : std::uint8_t {
    whole,
    /// The one that was being written holds its first new bytes, then old ones. None does when a
    /// refused write left a part already: a crash tears in one place.
    one_torn,
};

/// A journal folder in memory that fails on demand. It keeps two states: what programs see (the
/// page cache), and what is on the disk (what was synced). Files hold sectors of 512 bytes, which
/// are written whole or not at all, but for one in which the power fails; a name is on the disk
/// once its folder was synced. A refused sync loses what it should have written: a later one does
/// not write it either (fsyncgate).
class FaultyDisk {
  public:
    FaultyDisk();

    /// The folder as a program sees it. Every one made from the same disk sees the same files.
    [[nodiscard]] std::unique_ptr<journal::WriteDirectory> directory() const;
    [[nodiscard]] std::unique_ptr<journal::ReadDirectory> for_reading() const;

    /// Calls that change something (create, write, sync, rename …) so far.
    [[nodiscard]] std::uint64_t calls() const;
    /// The `n`-th such call from now on (1: the next) is refused. `for_good`: all later ones too,
    /// as when the process dies there.
    void refuse(std::uint64_t n, bool for_good, Blow blow = Blow::inside);
    /// From now on files may take `bytes` together; a file that would grow over it is refused.
    void set_capacity(std::uint64_t bytes);
    /// Called after each change that was not refused, e.g. to look at the journal from outside.
    void on_change(std::function<void()> look);

    /// The disk after kill -9: all that programs saw, the lock free, no faults.
    [[nodiscard]] FaultyDisk after_kill() const;
    /// The disk after a power cut: what was synced, and of the rest what `seed` picks, sector by
    /// sector and name by name.
    [[nodiscard]] FaultyDisk after_power_cut(std::uint64_t seed,
                                             Sectors sectors = Sectors::whole) const;

    [[nodiscard]] bool exists(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] std::vector<std::byte> content(const std::string& name) const;
    void flip(const std::string& name, std::uint64_t offset, std::uint8_t mask = 1);
    void overwrite(const std::string& name, std::vector<std::byte> content);
    void erase(const std::string& name);

    struct State;

  private:
    explicit FaultyDisk(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace daybook::test
