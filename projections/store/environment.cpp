#include "projections/store/environment.hpp"

#include <lmdb++.h>
#include <xxhash.h>

#include <algorithm>
#include <map>

#include "projections/fold/row_codec.hpp"
#include "schemas/planted.hpp"

namespace daybook::store {
namespace {

constexpr unsigned kTablesMax = 32;
constexpr const char* kMetaTable = "meta";  // beside the rows: neither counted nor hashed
constexpr std::string_view kMetaKey = "meta";
constexpr std::string_view kStallKey = "stalled";
constexpr std::size_t kGrowth = 4;
constexpr const char* kLockFile = "lock.mdb";  // LMDB writes to it through memory
constexpr std::uint64_t kLockBytes = 8192;     // as LMDB makes it, for its 126 readers

/// The meta row as bytes; a copy of Meta with nothing but packable fields.
struct MetaRow {
    std::string journal;
    std::uint32_t version{};
    Sequence seq;
    std::uint64_t frame_hash{}, digest_low{}, digest_high{};
    std::string boot;
    bool clean{};
    std::int64_t built{};
    auto fields() {
        return std::tie(journal, version, seq, frame_hash, digest_low, digest_high, boot, clean,
                        built);
    }
};

struct StallRow {
    Sequence seq;
    std::string why;
    auto fields() { return std::tie(seq, why); }
};

std::string meta_bytes(const Meta& meta) {
    return pack(MetaRow{{meta.journal.begin(), meta.journal.end()},
                        meta.version,
                        meta.seq,
                        meta.frame_hash,
                        meta.digest.low,
                        meta.digest.high,
                        meta.boot,
                        meta.clean,
                        meta.built});
}
Error damaged(std::string_view what) {
    return {Errc::corrupt, "projection store: " + std::string{what},
            "projections can be rebuilt from the journal: daybook projections reset NAME"};
}

Result<Meta> meta_of(std::string_view bytes) {
    MetaRow row;
    try {
        const RulesGuarded guarded;  // the bytes are the disk's, whatever they say
        row = unpack<MetaRow>(bytes);
    } catch (const BrokenRule&) {
        return damaged("the meta row is no meta row");
    }
    if (row.journal.size() != sizeof(Meta::journal)) return damaged("the meta row is no meta row");
    Meta meta;
    std::copy_n(row.journal.begin(), meta.journal.size(), meta.journal.begin());
    meta.version = row.version;
    meta.seq = row.seq;
    meta.frame_hash = row.frame_hash;
    meta.digest = {row.digest_low, row.digest_high};
    meta.boot = row.boot;
    meta.clean = row.clean;
    meta.built = row.built;
    return meta;
}

/// A transaction that is aborted unless it was committed. (That of lmdb++ aborts once more what a
/// refused commit has freed already.)
using TxnHandle = std::unique_ptr<MDB_txn, decltype(&mdb_txn_abort)>;

TxnHandle begin(MDB_env* env, unsigned flags) {
    MDB_txn* txn = nullptr;
    lmdb::txn_begin(env, nullptr, flags, &txn);
    return {txn, mdb_txn_abort};
}
void commit_txn(TxnHandle txn) { lmdb::txn_commit(txn.release()); }

MDB_val to_val(std::string_view bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }
std::string_view to_view(const MDB_val& value) {
    return {static_cast<const char*>(value.mv_data), value.mv_size};
}

Error lmdb_error(const lmdb::error& error) {
    const bool broken = error.code() == MDB_CORRUPTED || error.code() == MDB_PAGE_NOTFOUND ||
                        error.code() == MDB_INVALID || error.code() == MDB_VERSION_MISMATCH ||
                        error.code() == MDB_PANIC;
    return {broken ? Errc::corrupt : Errc::disk, std::string{"projection store: "} + error.what(),
            "projections can be rebuilt from the journal: daybook projections reset NAME"};
}

constexpr std::size_t kKeyBytesMost = 511;  // LMDB refuses longer ones

/// A key that is too long keeps its start and ends in its hash.
std::string stored_key(std::string_view key) {
    if (key.size() <= kKeyBytesMost) return std::string{key};
    const XXH128_hash_t hash = XXH3_128bits(key.data(), key.size());
    return std::string{key.substr(0, 490)} + key_part(hash.high64) + key_part(hash.low64);
}

}  // namespace

void Digest::add(const Digest& other) {
    low += other.low;
    high += other.high + (low < other.low ? 1 : 0);
}

void Digest::subtract(const Digest& other) {
    const std::uint64_t borrow = low < other.low ? 1 : 0;
    low -= other.low;
    high -= other.high + borrow;
}

std::string Digest::hex() const {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (const std::uint64_t half : {high, low}) {
        for (unsigned shift = 64; shift > 0; shift -= 4)
            out.push_back(kHex[(half >> (shift - 4)) & 15U]);
    }
    return out;
}

Digest digest_of_row(std::string_view table, std::string_view key, std::string_view value) {
    thread_local std::string bytes;  // kept: every row that is written comes here
    bytes.clear();
    for (const std::string_view part : {table, key, value}) {
        add_key_part(bytes, std::uint64_t{part.size()});
        bytes += part;
    }
    const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
    return {hash.low64, hash.high64};
}

struct Environment::Lmdb {
    lmdb::env env{lmdb::env::create()};
    std::uint64_t readers{};  ///< of this process: while there are any, the map stays where it is
    bool outgrown{};

    std::uint64_t used() const {
        MDB_envinfo info{};
        MDB_stat stat{};
        lmdb::env_info(env.handle(), &info);
        lmdb::env_stat(env.handle(), &stat);
        return (info.me_last_pgno + 1) * stat.ms_psize;
    }
    int file() const {
        int descriptor = -1;
        lmdb::env_get_fd(env.handle(), &descriptor);
        return descriptor;
    }
    std::size_t map_bytes() const {
        MDB_envinfo info{};
        lmdb::env_info(env.handle(), &info);
        return info.me_mapsize;
    }
    /// A transaction; takes the size of the map when another process changed it.
    TxnHandle begin(unsigned flags) {
        try {
            return store::begin(env.handle(), flags);
        } catch (const lmdb::error& error) {
            if (error.code() != MDB_MAP_RESIZED || readers > 0) throw;
        }
        env.set_mapsize(0);
        return store::begin(env.handle(), flags);
    }
    void make_room() {
        if (readers > 0 || (!outgrown && used() <= map_bytes() / 2)) return;
        env.set_mapsize(map_bytes() * kGrowth);
        outgrown = false;
    }
};

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
        if (!bytes || unpack<StallRow>(*bytes).seq > reached) return;
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
        const RulesGuarded guarded;
        const auto row = unpack<StallRow>(*bytes);
        return std::optional{Stall{row.seq, row.why}};
    } catch (const lmdb::error& error) {
        return txn_->fail(error);
    } catch (const BrokenRule&) {
        return damaged("the row of a standstill is none");
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
        txn_->put(kMetaTable, kMetaKey, meta_bytes(next));
        txn_->forget_stall(seq);
        commit_txn(std::move(txn_->txn));
        return ok();
    } catch (const lmdb::error& error) {
        return txn_->fail(error);
    }
}

Environment::Environment(std::unique_ptr<Lmdb> lmdb) : lmdb_{std::move(lmdb)} {}
Environment::~Environment() = default;

Result<std::unique_ptr<Environment>> Environment::open(const Directory& folder, const Meta* fresh,
                                                       std::size_t map_bytes) {
    if (folder.writable()) {
        TRYV(folder.reserve(kLockFile, kLockBytes));
    }
    try {
        auto lmdb = std::make_unique<Lmdb>();
        lmdb->env.set_mapsize(map_bytes);
        lmdb->env.set_max_dbs(kTablesMax);
        lmdb->env.open(folder.path().c_str(), MDB_NOSYNC | MDB_NOTLS, 0600);
        std::unique_ptr<Environment> environment{new Environment{std::move(lmdb)}};
        if (fresh != nullptr) {
            auto txn = environment->lmdb_->begin(0);
            MDB_dbi meta{};
            lmdb::dbi_open(txn.get(), kMetaTable, MDB_CREATE, &meta);
            const std::string bytes = meta_bytes(*fresh);
            MDB_val key = to_val(kMetaKey);
            MDB_val value = to_val(bytes);
            lmdb::dbi_put(txn.get(), meta, &key, &value, 0);
            commit_txn(std::move(txn));
        } else {
            TRYV(environment->check_length());
        }
        TRYV(environment->forget_dead_readers());
        return environment;
    } catch (const lmdb::error& error) {
        return lmdb_error(error);
    }
}

/// A synced file holds all its pages. Of one that is not synced the last ones may be free and never
/// written; a page that is missing reads as zeros then, which LMDB refuses.
Result<void> Environment::check_length() {
    TRY(const bool short_of_it, extend(lmdb_->file(), lmdb_->used()));
    if (!short_of_it) return ok();
    TRY(const auto rows, read());
    TRY(const Meta meta, rows->meta());
    if (meta.clean) return damaged("the file lost its end");
    return ok();
}

Result<std::unique_ptr<LmdbRows>> Environment::read() {
    try {
        return std::make_unique<LmdbRows>(*this, false);
    } catch (const lmdb::error& error) {
        return lmdb_error(error);
    }
}

Result<std::unique_ptr<LmdbRows>> Environment::write() {
    try {
        lmdb_->make_room();
        return std::make_unique<LmdbRows>(*this, true);
    } catch (const lmdb::error& error) {
        return lmdb_error(error);
    }
}

bool Environment::outgrown() const { return lmdb_->outgrown; }

Result<std::uint64_t> Environment::forget_dead_readers() {
    int dead = 0;
    const int code = mdb_reader_check(lmdb_->env.handle(), &dead);
    if (code != 0) return Error{Errc::disk, "projection store: cannot look at its readers"};
    return static_cast<std::uint64_t>(dead);
}

Result<void> Environment::stall(const Stall& at) {
    try {
        auto txn = lmdb_->begin(0);
        MDB_dbi meta{};
        lmdb::dbi_open(txn.get(), kMetaTable, 0, &meta);
        const std::string bytes = pack(StallRow{at.seq, at.why});
        MDB_val key = to_val(kStallKey);
        MDB_val value = to_val(bytes);
        lmdb::dbi_put(txn.get(), meta, &key, &value, 0);
        commit_txn(std::move(txn));
        return ok();
    } catch (const lmdb::error& error) {
        return lmdb_error(error);
    }
}

Result<void> Environment::sync() {
    try {
        TRYV(forget_dead_readers());
        auto txn = lmdb_->begin(0);
        MDB_dbi meta{};
        lmdb::dbi_open(txn.get(), kMetaTable, 0, &meta);
        MDB_val key = to_val(kMetaKey);
        MDB_val value{};
        if (!lmdb::dbi_get(txn.get(), meta, &key, &value))
            return damaged("the meta row is missing");
        TRY(Meta next, meta_of(to_view(value)));
        if (next.clean && next.boot == boot_id()) return ok();
        TRYV(extend(lmdb_->file(), lmdb_->used()));
        lmdb_->env.sync(true);  // the rows first, so that "clean" never leads them
        next.clean = true;
        next.boot = boot_id();
        const std::string bytes = meta_bytes(next);
        value = to_val(bytes);
        lmdb::dbi_put(txn.get(), meta, &key, &value, 0);
        commit_txn(std::move(txn));
        lmdb_->env.sync(true);
        return ok();
    } catch (const lmdb::error& error) {
        return lmdb_error(error);
    }
}

}  // namespace daybook::store
