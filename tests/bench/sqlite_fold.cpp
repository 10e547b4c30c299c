#include "bench/sqlite_fold.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <cstring>

#include "bench/measure.hpp"
#include "journal/format.hpp"
#include "schemas/event.hpp"

namespace daybook::bench {
namespace {

void ok_or_stop(bool ok, const char* what) {
    if (!ok) stop(what);
}

class Statement {
  public:
    Statement(sqlite3* db, const char* sql) {
        ok_or_stop(sqlite3_prepare_v2(db, sql, -1, &statement_, nullptr) == SQLITE_OK, sql);
    }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    void bind(int place, std::int64_t value) { sqlite3_bind_int64(statement_, place, value); }
    void bind(int place, std::span<const char> blob) {
        sqlite3_bind_blob(statement_, place, blob.data(), static_cast<int>(blob.size()), nullptr);
    }
    [[nodiscard]] bool row() {
        const int step = sqlite3_step(statement_);
        ok_or_stop(step == SQLITE_ROW || step == SQLITE_DONE, "sqlite step");
        return step == SQLITE_ROW;
    }
    void run() {
        (void)row();
        sqlite3_reset(statement_);
    }
    [[nodiscard]] std::int64_t number(int column) const {
        return sqlite3_column_int64(statement_, column);
    }
    [[nodiscard]] const char* blob(int column) const {
        return static_cast<const char*>(sqlite3_column_blob(statement_, column));
    }

  private:
    sqlite3_stmt* statement_{};
};

}  // namespace

struct SqliteDays::State {
    sqlite3* db{};
    std::int64_t fill{type_by_name("fill").value()};

    explicit State(const std::filesystem::path& folder) {
        ok_or_stop(sqlite3_open((folder / "db").c_str(), &db) == SQLITE_OK, "sqlite open");
        run("PRAGMA journal_mode=WAL");
        run("PRAGMA synchronous=FULL");
        run("CREATE TABLE events(seq INTEGER PRIMARY KEY, type INTEGER, market INTEGER, payload "
            "BLOB)");
        run("CREATE TABLE positions(outcome INTEGER PRIMARY KEY, shares, cost, realized, bought, "
            "sold, fees)");
    }
    ~State() { sqlite3_close(db); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void run(const char* sql) const {
        ok_or_stop(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
    }
    void take(const MarketDays& days) const {
        run("BEGIN");
        Statement insert{db, "INSERT INTO events VALUES(?,?,?,?)"};
        std::vector<char> bytes;
        for (std::uint64_t at = 0; at < days.raw_end();) {
            MarketFrame header;
            read(days, at, &header, sizeof header);
            bytes.resize(header.length);
            read(days, at + sizeof header, bytes.data(), bytes.size());
            insert.bind(1, static_cast<std::int64_t>(header.sequence));
            insert.bind(2, static_cast<std::int64_t>(header.type));
            insert.bind(3, static_cast<std::int64_t>(header.key));
            insert.bind(4, std::span<const char>{bytes});
            insert.run();
            at += journal::frame_bytes(header.length);
        }
        run("CREATE INDEX by_type ON events(type)");
        run("COMMIT");
        run("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    static void read(const MarketDays& days, std::uint64_t at, void* into, std::size_t bytes) {
        const auto got = ::pread(days.log().descriptor(), into, bytes, static_cast<off_t>(at));
        ok_or_stop(got == static_cast<ssize_t>(bytes), "cannot read the raw file");
    }
    void replace_positions(const RawLedger& ledger) const {
        run("BEGIN");
        run("DELETE FROM positions");
        Statement insert{db, "INSERT INTO positions VALUES(?,?,?,?,?,?,?)"};
        for (std::size_t i = 0; i < ledger.outcomes.size(); ++i) {
            const RawOutcome& o = ledger.outcomes[i];
            int place = 0;
            for (const std::int64_t value : {static_cast<std::int64_t>(i), o.shares, o.cost,
                                             o.realized, o.bought, o.sold, o.fees})
                insert.bind(++place, value);
            insert.run();
        }
        run("COMMIT");
    }
};

SqliteDays::SqliteDays(const std::filesystem::path& folder, const MarketDays& days)
    : state_{std::make_unique<State>(folder)} {
    state_->take(days);
}
SqliteDays::~SqliteDays() = default;

RawLedger SqliteDays::reset_reading_all() {
    RawLedger ledger;
    Statement all{state_->db, "SELECT type, market, payload FROM events ORDER BY seq"};
    while (all.row()) {
        const char* const payload = all.blob(2);
        if (all.number(0) == state_->fill)
            fold_fill(ledger, static_cast<std::uint64_t>(all.number(1)), payload);
    }
    ledger = finished(std::move(ledger));
    state_->replace_positions(ledger);
    return ledger;
}

RawLedger SqliteDays::reset_by_index() {
    RawLedger ledger;
    Statement fills{state_->db, "SELECT market, payload FROM events WHERE type=? ORDER BY seq"};
    fills.bind(1, state_->fill);
    while (fills.row())
        fold_fill(ledger, static_cast<std::uint64_t>(fills.number(0)), fills.blob(1));
    ledger = finished(std::move(ledger));
    state_->replace_positions(ledger);
    return ledger;
}

}  // namespace daybook::bench
