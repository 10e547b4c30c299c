#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "projections/fold/rows.hpp"
#include "projections/store/directory.hpp"
#include "projections/store/meta.hpp"
#include "schemas/result.hpp"

namespace daybook::store {

/// Address space a map begins with; it costs nothing until it is used, and grows by itself.
inline constexpr std::size_t kMapBytes = std::size_t{1} << 30U;

struct TableSize {
    std::string name;
    std::uint64_t rows{};
};

class Environment;

/// The rows of one transaction. Reading transactions refuse to be written to (an INVARIANT).
class LmdbRows final : public Rows {
  public:
    LmdbRows(Environment& environment, bool write);
    ~LmdbRows() override;

    [[nodiscard]] std::optional<std::string> get(std::string_view table,
                                                 std::string_view key) const override;
    void put(std::string_view table, std::string_view key, std::string_view value) override;
    void erase(std::string_view table, std::string_view key) override;
    /// Quicker where all of them lie behind the last row of the table, as in a new generation.
    void write(std::string_view table, std::span<const Change> changes) override;
    void walk(std::string_view table, std::string_view from, const Step& step) const override;

    [[nodiscard]] Result<Meta> meta() const;
    [[nodiscard]] Result<std::optional<Stall>> stalled() const;
    [[nodiscard]] Result<std::vector<TableSize>> tables() const;
    /// The digest by reading every row again.
    [[nodiscard]] Result<Digest> scanned_digest() const;

    /// Makes rows, `seq` and `frame_hash` visible together. Survives kill -9; survives a power cut
    /// after Environment::sync(). Fails with disk with whatever went wrong since the transaction
    /// began; nothing is kept then. When it did not fit into the map, outgrown() of the environment
    /// is true, and the same events fit into a transaction begun anew, or the one after that. The
    /// object is of no use after it.
    [[nodiscard]] Result<void> commit(Sequence seq, std::uint64_t frame_hash);

  private:
    struct Txn;
    std::unique_ptr<Txn> txn_;
};

/// One generation on disk: an LMDB environment without syncs of its own (DESIGN §6).
class Environment {
  public:
    /// Opens the environment in `folder`. `fresh` is the meta of a new one. Readers that were
    /// killed are forgotten, so that they hold no old pages back.
    /// Fails with corrupt when LMDB or the meta row says so, when the file lost its end, or when
    /// it is absent and `fresh` is null.
    [[nodiscard]] static Result<std::unique_ptr<Environment>> open(
        const Directory& folder, const Meta* fresh, std::size_t map_bytes = kMapBytes);
    ~Environment();
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    [[nodiscard]] Result<std::unique_ptr<LmdbRows>> read();
    /// Grows the map when it is half full, as long as nobody here reads: old rows would go with
    /// the old map. Readers of other processes take the new size with their next transaction.
    [[nodiscard]] Result<std::unique_ptr<LmdbRows>> write();
    /// Whether the last transaction failed because the map was too small; the next one has more.
    [[nodiscard]] bool outgrown() const;
    /// Forgets readers that were killed; gives how many.
    [[nodiscard]] Result<std::uint64_t> forget_dead_readers();
    /// Says where the fold stands still, in a transaction of its own.
    [[nodiscard]] Result<void> stall(const Stall& at);
    /// Puts everything committed on stable storage and marks it clean.
    [[nodiscard]] Result<void> sync();

  private:
    friend class LmdbRows;
    struct Lmdb;
    explicit Environment(std::unique_ptr<Lmdb> lmdb);
    [[nodiscard]] Result<void> check_length();
    std::unique_ptr<Lmdb> lmdb_;
};

/// This boot of the machine; tells whether unsynced pages can have been lost.
[[nodiscard]] std::string boot_id();

}  // namespace daybook::store
