#include <leveldb/db.h>
#include <leveldb/write_batch.h>
#include <lmdb.h>
#include <sqlite3.h>

#include <cstdio>
#include <memory>
#include <random>

#include "bench/rows.hpp"

namespace daybook::bench {
namespace {

/// A key in the order of its number.
struct Key {
    explicit Key(std::uint64_t number) {
        for (int i = 0; i < 8; ++i) text[i] = static_cast<char>(number >> (56 - 8 * i));
    }
    char text[8]{};
};

/// A store that keeps payloads under their number, durable after each put.
class Store {
  public:
    virtual ~Store() = default;
    virtual void put(std::size_t first, std::span<const journal::Entry> batch) = 0;
    [[nodiscard]] virtual std::size_t read_all() = 0;
    [[nodiscard]] virtual std::size_t read(std::size_t number) = 0;  ///< bytes of that payload
};

void ok_or_stop(bool ok, const char* what) {
    if (!ok) stop(what);
}

class SqliteStore final : public Store {
  public:
    explicit SqliteStore(const std::filesystem::path& folder) {
        ok_or_stop(sqlite3_open((folder / "db").c_str(), &db_) == SQLITE_OK, "sqlite open");
        run("PRAGMA journal_mode=WAL");
        run("PRAGMA synchronous=FULL");
        run("CREATE TABLE events(seq INTEGER PRIMARY KEY, type INTEGER, payload BLOB)");
        insert_ = prepare("INSERT INTO events VALUES(?,?,?)");
        one_ = prepare("SELECT payload FROM events WHERE seq=?");
    }
    ~SqliteStore() override {
        sqlite3_finalize(insert_);
        sqlite3_finalize(one_);
        sqlite3_close(db_);
    }
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    void put(std::size_t first, std::span<const journal::Entry> batch) override {
        if (batch.size() > 1) run("BEGIN");
        for (const journal::Entry& entry : batch) {
            sqlite3_bind_int64(insert_, 1, static_cast<sqlite3_int64>(first++));
            sqlite3_bind_int(insert_, 2, entry.type);
            sqlite3_bind_blob(insert_, 3, entry.payload.data(),
                              static_cast<int>(entry.payload.size()), nullptr);
            ok_or_stop(sqlite3_step(insert_) == SQLITE_DONE, "sqlite insert");
            sqlite3_reset(insert_);
        }
        if (batch.size() > 1) run("COMMIT");
    }
    std::size_t read_all() override {
        sqlite3_stmt* const all = prepare("SELECT payload FROM events ORDER BY seq");
        std::size_t read = 0;
        while (sqlite3_step(all) == SQLITE_ROW) read += sqlite3_column_bytes(all, 0) > 0 ? 1U : 0U;
        sqlite3_finalize(all);
        return read;
    }
    std::size_t read(std::size_t number) override {
        sqlite3_bind_int64(one_, 1, static_cast<sqlite3_int64>(number));
        ok_or_stop(sqlite3_step(one_) == SQLITE_ROW, "sqlite read");
        const int bytes = sqlite3_column_bytes(one_, 0);
        sqlite3_reset(one_);
        return static_cast<std::size_t>(bytes);
    }

  private:
    void run(const char* sql) {
        ok_or_stop(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
    }
    sqlite3_stmt* prepare(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        ok_or_stop(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr) == SQLITE_OK, sql);
        return statement;
    }
    sqlite3* db_{};
    sqlite3_stmt* insert_{};
    sqlite3_stmt* one_{};
};

class LmdbStore final : public Store {
  public:
    explicit LmdbStore(const std::filesystem::path& folder) {
        mdb_env_create(&env_);
        mdb_env_set_mapsize(env_, std::size_t{4} << 30U);
        ok_or_stop(mdb_env_open(env_, folder.c_str(), 0, 0644) == 0, "lmdb open");
        MDB_txn* txn = begin(0);
        ok_or_stop(mdb_dbi_open(txn, nullptr, 0, &dbi_) == 0, "lmdb table");
        mdb_txn_commit(txn);
    }
    ~LmdbStore() override { mdb_env_close(env_); }
    LmdbStore(const LmdbStore&) = delete;
    LmdbStore& operator=(const LmdbStore&) = delete;

    void put(std::size_t first, std::span<const journal::Entry> batch) override {
        MDB_txn* txn = begin(0);
        for (const journal::Entry& entry : batch) {
            Key name(first++);
            MDB_val key{sizeof name.text, name.text};
            MDB_val value{entry.payload.size(), const_cast<std::byte*>(entry.payload.data())};
            ok_or_stop(mdb_put(txn, dbi_, &key, &value, MDB_APPEND) == 0, "lmdb put");
        }
        ok_or_stop(mdb_txn_commit(txn) == 0, "lmdb commit");
    }
    std::size_t read_all() override {
        MDB_txn* txn = begin(MDB_RDONLY);
        MDB_cursor* cursor = nullptr;
        mdb_cursor_open(txn, dbi_, &cursor);
        MDB_val key, value;
        std::size_t read = 0;
        while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) read += value.mv_size > 0;
        mdb_cursor_close(cursor);
        mdb_txn_abort(txn);
        return read;
    }
    std::size_t read(std::size_t number) override {
        MDB_txn* txn = begin(MDB_RDONLY);
        Key name(number);
        MDB_val key{sizeof name.text, name.text};
        MDB_val value;
        ok_or_stop(mdb_get(txn, dbi_, &key, &value) == 0, "lmdb get");
        mdb_txn_abort(txn);
        return value.mv_size;
    }

  private:
    MDB_txn* begin(unsigned flags) {
        MDB_txn* txn = nullptr;
        ok_or_stop(mdb_txn_begin(env_, nullptr, flags, &txn) == 0, "lmdb begin");
        return txn;
    }
    MDB_env* env_{};
    MDB_dbi dbi_{};
};

class LevelStore final : public Store {
  public:
    explicit LevelStore(const std::filesystem::path& folder) {
        leveldb::Options options;
        options.create_if_missing = true;
        leveldb::DB* opened = nullptr;
        ok_or_stop(leveldb::DB::Open(options, (folder / "db").string(), &opened).ok(),
                   "leveldb open");
        db_.reset(opened);
        durable_.sync = true;
        checked_.verify_checksums = true;
    }
    void put(std::size_t first, std::span<const journal::Entry> batch) override {
        leveldb::WriteBatch writes;
        for (const journal::Entry& entry : batch) {
            const Key key(first++);
            writes.Put({key.text, sizeof key.text},
                       {reinterpret_cast<const char*>(entry.payload.data()), entry.payload.size()});
        }
        ok_or_stop(db_->Write(durable_, &writes).ok(), "leveldb write");
    }
    std::size_t read_all() override {
        const std::unique_ptr<leveldb::Iterator> it(db_->NewIterator(checked_));
        std::size_t read = 0;
        for (it->SeekToFirst(); it->Valid(); it->Next()) read += it->value().size() > 0;
        return read;
    }
    std::size_t read(std::size_t number) override {
        const Key key(number);
        ok_or_stop(db_->Get(checked_, {key.text, sizeof key.text}, &value_).ok(), "leveldb get");
        return value_.size();
    }

  private:
    std::unique_ptr<leveldb::DB> db_;
    leveldb::WriteOptions durable_;
    leveldb::ReadOptions checked_;
    std::string value_;
};

using Open = std::unique_ptr<Store> (*)(const std::filesystem::path&);
template <class T>
std::unique_ptr<Store> open_store(const std::filesystem::path& folder) {
    return std::make_unique<T>(folder);
}
struct Peer {
    const char* name;
    Open open;
};
constexpr Peer kPeers[] = {{"SQLite, WAL, FULL", open_store<SqliteStore>},
                           {"LMDB, sync", open_store<LmdbStore>},
                           {"LevelDB, sync", open_store<LevelStore>}};

void put_batch(const Bench& bench, Store& store, std::vector<journal::Entry>& batch,
               std::size_t first) {
    for (std::size_t k = 0; k < batch.size(); ++k) batch[k] = bench.corpus.entry(first + k);
    store.put(first, batch);
}

Slice raw_commits(const Bench& bench, std::size_t commits, std::size_t size) {
    RawLog log(fresh(bench, "raw") / "log", std::uint64_t{128} << 20U);
    std::size_t i = 0;
    return run_slice(commits, size, true, [&](std::size_t) {
        for (std::size_t k = 0; k < size; ++k) log.add(bench.frames.frame(i++));
        log.write();
        log.sync();
    });
}

Row durable(const Bench& bench, const Peer& peer, std::size_t commits, std::size_t size) {
    Row row{.name = std::string{peer.name} + ": durable, " + std::to_string(size) + " a commit"};
    for (int round = 0; round < bench.rounds; ++round) {
        const Slice limit = raw_commits(bench, commits, size);
        const auto store = peer.open(fresh(bench, "peer"));
        std::vector<journal::Entry> batch(size);
        row.add(limit, run_slice(commits, size, true, [&](std::size_t i) {
                    put_batch(bench, *store, batch, i * size);
                }));
    }
    return row;
}

constexpr std::size_t kStored = 400'000;
constexpr std::size_t kStoredBatch = 4'000;
constexpr std::size_t kReads = 100'000;

/// The limit's frames, as many as the peer holds, found by their offsets.
struct RawStored {
    explicit RawStored(const Bench& bench) : log(fresh(bench, "raw") / "log", 0) {
        for (std::size_t i = 0; i < kStored; ++i) {
            offsets.push_back(end);
            log.add(bench.frames.frame(i));
            end += bench.frames.frame(i).size();
        }
        log.write();
    }
    [[nodiscard]] Slice replay() const {
        const auto begin = Clock::now();
        const RawMap map(log.descriptor(), end);
        for (const std::uint64_t at : offsets) ok_or_stop(map.whole(at), "a raw frame is bad");
        return {static_cast<double>(kStored) / seconds_since(begin), {}};
    }
    [[nodiscard]] Slice points() const {
        const RawMap map(log.descriptor(), end);
        std::mt19937_64 engine{7};
        return run_slice(kReads, 1, true, [&](std::size_t) {
            ok_or_stop(map.whole(offsets[engine() % kStored]), "a raw frame is bad");
        });
    }
    RawLog log;
    std::uint64_t end{};
    std::vector<std::uint64_t> offsets;
};

void reads(const Bench& bench, const Peer& peer, std::vector<Row>& rows) {
    const RawStored raw(bench);
    const auto store = peer.open(fresh(bench, "peer"));
    std::vector<journal::Entry> batch(kStoredBatch);
    for (std::size_t i = 0; i < kStored; i += kStoredBatch) put_batch(bench, *store, batch, i);
    Row replay{.name = std::string{peer.name} + ": replay, warm"};
    Row point{.name = std::string{peer.name} + ": point read"};
    for (int round = 0; round < bench.rounds; ++round) {
        const Slice replay_limit = raw.replay();
        const auto begin = Clock::now();
        ok_or_stop(store->read_all() == kStored, "a peer lost events");
        replay.add(replay_limit, {static_cast<double>(kStored) / seconds_since(begin), {}});
        const Slice point_limit = raw.points();
        std::mt19937_64 engine{7};
        point.add(point_limit, run_slice(kReads, 1, true, [&](std::size_t) {
                      ok_or_stop(store->read(engine() % kStored) > 0, "a peer lost an event");
                  }));
    }
    rows.push_back(std::move(replay));
    rows.push_back(std::move(point));
}

/// The way of the bot of 2025-12-13: aiosqlite as it comes, one INSERT and commit an event.
Row aiosqlite(const Bench& bench) {
    Row row{.name = "aiosqlite, default settings: durable, 1 a commit"};
    const std::string script = DAYBOOK_SOURCE_DIR "/tests/bench/aiosqlite_rate.py";
    for (int round = 0; round < bench.rounds; ++round) {
        const Slice limit = raw_commits(bench, 2'000, 1);
        const auto folder = fresh(bench, "peer");
        const std::string command =
            "/usr/bin/python3 '" + script + "' '" + (folder / "db").string() + "'";
        FILE* const pipe = ::popen(command.c_str(), "r");
        double rate = 0;
        const bool told = pipe != nullptr && std::fscanf(pipe, "%lf", &rate) == 1;
        if (pipe != nullptr) ::pclose(pipe);
        if (!told) {
            std::fprintf(stderr, "aiosqlite: skipped, Debian's python3-aiosqlite does not run\n");
            return row;
        }
        row.add(limit, {rate, {}});
    }
    return row;
}

}  // namespace

void bench_peers(const Bench& bench, std::vector<Row>& rows, std::vector<Timing>& /*timings*/) {
    for (const Peer& peer : kPeers) {
        rows.push_back(durable(bench, peer, 3'000, 1));
        rows.push_back(durable(bench, peer, 1'000, 64));
        rows.push_back(durable(bench, peer, 120, 1'024));
        reads(bench, peer, rows);
    }
    rows.push_back(aiosqlite(bench));
}

}  // namespace daybook::bench
