#include "projections/store/environment.hpp"

#include "projections/store/lmdb_environment.hpp"

namespace daybook::store {
namespace {

constexpr unsigned kTablesMax = 32;
constexpr const char* kLockFile = "lock.mdb";  // LMDB writes to it through memory
constexpr std::uint64_t kLockBytes = 8192;     // as LMDB makes it, for its 126 readers

}  // namespace

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
            const std::string bytes = bytes_of(*fresh);
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
        const std::string bytes = bytes_of(at);
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
        const std::string bytes = bytes_of(next);
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
