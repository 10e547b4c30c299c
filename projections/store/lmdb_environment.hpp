#pragma once

// LMDB behind Environment and LmdbRows; for their .cpp files only.
#include <lmdb++.h>

#include <memory>
#include <string>
#include <string_view>

#include "projections/store/environment.hpp"

namespace daybook::store {

inline constexpr const char* kMetaTable = "meta";  // beside the rows: neither counted nor hashed
inline constexpr std::string_view kMetaKey = "meta";
inline constexpr std::string_view kStallKey = "stalled";
inline constexpr std::size_t kGrowth = 4;

/// A transaction that is aborted unless it was committed. (That of lmdb++ aborts once more what a
/// refused commit has freed already.)
using TxnHandle = std::unique_ptr<MDB_txn, decltype(&mdb_txn_abort)>;

inline TxnHandle begin(MDB_env* env, unsigned flags) {
    MDB_txn* txn = nullptr;
    lmdb::txn_begin(env, nullptr, flags, &txn);
    return {txn, mdb_txn_abort};
}
inline void commit_txn(TxnHandle txn) { lmdb::txn_commit(txn.release()); }

inline MDB_val to_val(std::string_view bytes) {
    return {bytes.size(), const_cast<char*>(bytes.data())};
}
inline std::string_view to_view(const MDB_val& value) {
    return {static_cast<const char*>(value.mv_data), value.mv_size};
}

inline Error lmdb_error(const lmdb::error& error) {
    const bool broken = error.code() == MDB_CORRUPTED || error.code() == MDB_PAGE_NOTFOUND ||
                        error.code() == MDB_INVALID || error.code() == MDB_VERSION_MISMATCH ||
                        error.code() == MDB_PANIC;
    return {broken ? Errc::corrupt : Errc::disk, std::string{"projection store: "} + error.what(),
            "projections can be rebuilt from the journal: daybook projections reset NAME"};
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

}  // namespace daybook::store
