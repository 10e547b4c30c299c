#include <xxhash.h>

#include <algorithm>
#include <map>

#include "projections/fold/row_codec.hpp"
#include "projections/store/lmdb_environment.hpp"
#include "schemas/invariant.hpp"
#include "schemas/planted.hpp"

namespace daybook::store {
namespace {

constexpr std::size_t kKeyBytesMost = 511;  // LMDB refuses longer ones

/// A key that is too long keeps its start and ends in its hash.
std::string stored_key(std::string_view key) {
    if (key.size() <= kKeyBytesMost) return std::string{key};
    const XXH128_hash_t hash = XXH3_128bits(key.data(), key.size());
    return std::string{key.substr(0, 490)} + key_part(hash.high64) + key_part(hash.low64);
}

}  // namespace

struct LmdbRows::Txn {
    Environment::Lmdb& lmdb;
    bool write;
    TxnHandle txn{nullptr, mdb_txn_abort};
    mutable std::map<std::string, MDB_dbi, std::less<>> tables;
    Digest digest{};
    std::optional<Error> failed;

    Txn(Environment::Lmdb& of, bool writes) : lmdb{of}, write{writes} {
        txn = lmdb.begin(write ? 0U : unsigned{MDB_RDONLY});
        if (!write) ++lmdb.readers;
    }
    Txn(const Txn&) = delete;
    Txn& operator=(const Txn&) = delete;
    ~Txn() {
        if (!write) --lmdb.readers;
    }
    Error fail(const lmdb::error& error) const {
        lmdb.outgrown = lmdb.outgrown || error.code() == MDB_MAP_FULL;
        return lmdb_error(error);
    }

    /// The handle of a table; nothing when a reader asks for one that does not exist yet.
    std::optional<MDB_dbi> table(std::string_view name) const {
        if (const auto known = tables.find(name); known != tables.end()) return known->second;
        MDB_dbi dbi{};
        const std::string text{name};
        const int code = mdb_dbi_open(txn.get(), text.c_str(), write ? MDB_CREATE : 0U, &dbi);
        if (code == MDB_NOTFOUND) return std::nullopt;
        if (code != 0) lmdb::error::raise("mdb_dbi_open", code);
        tables.emplace(text, dbi);
        return dbi;
    }
    std::optional<std::string_view> get(std::string_view name, std::string_view key) const {
        const auto dbi = table(name);
        MDB_val wanted = to_val(key);
        MDB_val found{};
        if (!dbi || !lmdb::dbi_get(txn.get(), *dbi, &wanted, &found)) return std::nullopt;
        return to_view(found);
    }
    void put(std::string_view name, std::string_view key, std::string_view value) {
        MDB_val wanted = to_val(key);
        MDB_val stored = to_val(value);
        lmdb::dbi_put(txn.get(), table(name).value(), &wanted, &stored, 0);
    }
    /// Whether `key` lies behind every row of the table.
    bool behind_all(MDB_dbi dbi, std::string_view key) const {
        auto cursor = lmdb::cursor::open(txn.get(), dbi);
        MDB_val last{};
        MDB_val value{};
        return !cursor.get(&last, &value, MDB_LAST) || to_view(last) < key;
    }
    /// Rows that ascend from behind the last one of the table.
    void append(std::string_view name, std::span<const Rows::Change> changes) {
        const MDB_dbi dbi = table(name).value();
        auto cursor = lmdb::cursor::open(txn.get(), dbi);
        for (const Rows::Change& each : changes) {
            if (!each.value) continue;
            MDB_val key = to_val(each.key);
            MDB_val value = to_val(*each.value);
            lmdb::cursor_put(cursor.handle(), &key, &value, MDB_APPEND);
            digest.add(digest_of_row(name, each.key, *each.value));
        }
    }
    /// Of a standstill that `reached` has passed.
    void forget_stall(Sequence reached) {
        const auto bytes = get(kMetaTable, kStallKey);
        if (!bytes) return;
        const auto stall = stall_of(*bytes);
        if (stall && stall.value().seq > reached) return;
        MDB_val key = to_val(kStallKey);
        lmdb::dbi_del(txn.get(), table(kMetaTable).value(), &key, nullptr);
    }
    std::vector<std::string> names() const {
        std::vector<std::string> found;
        MDB_dbi main{};
        lmdb::dbi_open(txn.get(), nullptr, 0, &main);
        auto cursor = lmdb::cursor::open(txn.get(), main);
        MDB_val key{};
        MDB_val value{};
        while (cursor.get(&key, &value, MDB_NEXT)) {
            if (to_view(key) != kMetaTable) found.emplace_back(to_view(key));
        }
        return found;
    }
};

LmdbRows::LmdbRows(Environment& environment, bool write)
    : txn_{new Txn{*environment.lmdb_, write}} {
    const auto bytes = txn_->get(kMetaTable, kMetaKey);
    if (!bytes) return;
    const auto meta = meta_of(*bytes);
    if (meta)
        txn_->digest = meta.value().digest;
    else
        txn_->failed = meta.error();
}

LmdbRows::~LmdbRows() = default;

std::optional<std::string> LmdbRows::get(std::string_view table, std::string_view key) const {
    if (txn_->failed) return std::nullopt;
    try {
        const auto found = txn_->get(table, stored_key(key));
        if (!found) return std::nullopt;
        return std::string{*found};
    } catch (const lmdb::error& error) {
        txn_->failed = txn_->fail(error);
        return std::nullopt;
    }
}

void LmdbRows::put(std::string_view table, std::string_view key, std::string_view value) {
    INVARIANT(txn_->write, "a reader does not write");
    if (txn_->failed) return;
    try {
        const std::string stored = stored_key(key);
        const auto old = txn_->get(table, stored);
        if (old && *old == value) return;
        if (old) txn_->digest.subtract(digest_of_row(table, stored, *old));
        txn_->digest.add(digest_of_row(table, stored, value));
        txn_->put(table, stored, value);
    } catch (const lmdb::error& error) {
        txn_->failed = txn_->fail(error);
    }
}

void LmdbRows::erase(std::string_view table, std::string_view key) {
    INVARIANT(txn_->write, "a reader does not write");
    if (txn_->failed) return;
    try {
        const std::string stored = stored_key(key);
        const auto old = txn_->get(table, stored);
        if (!old) return;
        txn_->digest.subtract(digest_of_row(table, stored, *old));
        MDB_val wanted = to_val(stored);
        lmdb::dbi_del(txn_->txn.get(), txn_->table(table).value(), &wanted, nullptr);
    } catch (const lmdb::error& error) {
        txn_->failed = txn_->fail(error);
    }
}

void LmdbRows::write(std::string_view table, std::span<const Change> changes) {
    INVARIANT(txn_->write, "a reader does not write");
    if (txn_->failed || changes.empty()) return;
    const auto too_long = [](const Change& each) { return each.key.size() > kKeyBytesMost; };
    try {
        const bool appends = std::ranges::none_of(changes, too_long) &&
                             txn_->behind_all(txn_->table(table).value(), changes.front().key);
        appends ? txn_->append(table, changes) : Rows::write(table, changes);
    } catch (const lmdb::error& error) {
        txn_->failed = txn_->fail(error);
    }
}

void LmdbRows::walk(std::string_view table, std::string_view from, const Step& step) const {
    if (txn_->failed) return;
    try {
        const auto dbi = txn_->table(table);
        if (!dbi) return;
        auto cursor = lmdb::cursor::open(txn_->txn.get(), *dbi);
        MDB_val key = to_val(from);
        MDB_val value{};
        bool there = cursor.get(&key, &value, from.empty() ? MDB_FIRST : MDB_SET_RANGE);
        while (there) {
            const Onward onward = step(to_view(key), to_view(value));
            if (!onward.more) return;
            if (!onward.jump.empty()) key = to_val(onward.jump);
            there = cursor.get(&key, &value, onward.jump.empty() ? MDB_NEXT : MDB_SET_RANGE);
        }
    } catch (const lmdb::error& error) {
        txn_->failed = txn_->fail(error);
    }
}

Result<Meta> LmdbRows::meta() const {
    if (txn_->failed) return *txn_->failed;
    try {
        const auto bytes = txn_->get(kMetaTable, kMetaKey);
        if (!bytes) return damaged("the meta row is missing");
        return meta_of(*bytes);
    } catch (const lmdb::error& error) {
        return txn_->fail(error);
    }
}

Result<std::optional<Stall>> LmdbRows::stalled() const {
    if (txn_->failed) return *txn_->failed;
    try {
        const auto bytes = txn_->get(kMetaTable, kStallKey);
        if (!bytes) return std::optional<Stall>{};
        TRY(auto stall, stall_of(*bytes));
        return std::optional{std::move(stall)};
    } catch (const lmdb::error& error) {
        return txn_->fail(error);
    }
}

Result<std::vector<TableSize>> LmdbRows::tables() const {
    try {
        std::vector<TableSize> sizes;
        for (const std::string& name : txn_->names()) {
            MDB_stat stat{};
            lmdb::dbi_stat(txn_->txn.get(), txn_->table(name).value(), &stat);
            if (stat.ms_entries > 0) sizes.push_back({name, stat.ms_entries});
        }
        return sizes;
    } catch (const lmdb::error& error) {
        return txn_->fail(error);
    }
}

Result<Digest> LmdbRows::scanned_digest() const {
    TRY(const auto sizes, tables());
    Digest sum;
    for (const TableSize& table : sizes) {
        scan(table.name, "", [&](std::string_view key, std::string_view value) {
            sum.add(digest_of_row(table.name, key, value));
            return true;
        });
    }
    if (txn_->failed) return *txn_->failed;
    return sum;
}

Result<void> LmdbRows::commit(Sequence seq, std::uint64_t frame_hash) {
    INVARIANT(txn_->write, "a reader does not commit");
    TRY(Meta next, meta());
    try {
        next.seq = seq;
        next.frame_hash = frame_hash;
        next.digest = txn_->digest;
        next.boot = boot_id();
        next.clean = false;
        if (PLANTED(checkpoint_apart)) {
            commit_txn(std::move(txn_->txn));
            txn_->txn = begin(txn_->lmdb.env.handle(), 0U);
        }
        txn_->put(kMetaTable, kMetaKey, bytes_of(next));
        txn_->forget_stall(seq);
        commit_txn(std::move(txn_->txn));
        return ok();
    } catch (const lmdb::error& error) {
        return txn_->fail(error);
    }
}

}  // namespace daybook::store
