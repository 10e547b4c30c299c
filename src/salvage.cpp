#include "src/salvage.hpp"

#include "journal/hash.hpp"
#include "journal/hex.hpp"
#include "journal/segment_write.hpp"
#include "journal/writer.hpp"
#include "schemas/codec.hpp"
#include "src/new_directory.hpp"
#include "tools/files/backup.hpp"
#include "tools/files/keys.hpp"

namespace daybook {
namespace {

constexpr std::size_t kSchemaBytesMax = std::size_t{16} << 20U;
constexpr std::uint64_t kEventsPerLook = 256;

/// Copies survivors, each under its sequence, with placeholders between them. A batch stays one
/// batch as far as its events are left; a placeholder is a batch of its own.
class Salvager {
  public:
    Salvager(journal::Survivors& survivors, journal::Writer& writer, Salvaged& salvaged)
        : survivors_(survivors), writer_(writer), salvaged_(salvaged) {}

    Result<void> run(const SalvageHooks& hooks);

  private:
    struct Owned {
        journal::Entry entry;
        std::vector<std::byte> payload;
    };
    [[nodiscard]] std::uint64_t next() const { return writer_.next().raw + batch_.size(); }
    Result<void> take(const journal::Record& record);
    Result<void> fill_up_to(std::uint64_t last, const std::optional<journal::Hole>& hole);
    Result<void> append_lost(const journal::Hole& hole, std::uint64_t occurrence);
    Result<void> flush();

    journal::Survivors& survivors_;
    journal::Writer& writer_;
    Salvaged& salvaged_;
    Encoder encoder_;
    std::vector<Owned> batch_;
    std::int64_t received_{};  ///< of the last event; a placeholder cannot know better
};

Result<void> Salvager::flush() {
    if (batch_.empty()) return ok();
    std::vector<journal::Entry> entries;
    for (const Owned& owned : batch_) {
        entries.push_back(owned.entry);
        entries.back().payload = owned.payload;
    }
    TRYV(writer_.append(entries));
    batch_.clear();
    return ok();
}

Result<void> Salvager::append_lost(const journal::Hole& hole, std::uint64_t occurrence) {
    Event event;
    event.origin = Origin::operator_;
    event.occurrence = static_cast<std::uint32_t>(occurrence);
    event.body = Lost{hole.file, hole.offset, hole.why};
    const journal::Entry entry{received_, 0, type_number(event), 0, encoder_.encode(event, true)};
    TRYV(writer_.append({&entry, 1}));
    return ok();
}

/// Placeholders up to and with sequence `last`.
Result<void> Salvager::fill_up_to(std::uint64_t last, const std::optional<journal::Hole>& hole) {
    if (next() > last) return ok();
    TRYV(flush());
    const LostRange gap{{{next()}, {last}}, hole.value_or(journal::Hole{"", {}, "not found"})};
    if (salvaged_.gaps.size() < kGapsMax) salvaged_.gaps.push_back(gap);
    for (std::uint64_t occurrence = 0; next() <= last; ++occurrence) {
        TRYV(append_lost(gap.hole, occurrence));
        ++salvaged_.lost;
    }
    return ok();
}

Result<void> Salvager::take(const journal::Record& record) {
    if (received_ == 0) received_ = record.received;
    if ((record.flags & journal::kFirstOfBatch) != 0) {
        TRYV(flush());
    }
    TRYV(fill_up_to(record.sequence.raw - 1, survivors_.hole()));
    received_ = record.received;
    batch_.push_back({{record.received, record.key, record.type, record.flags, {}},
                      {record.payload.begin(), record.payload.end()}});
    ++salvaged_.kept;
    return (record.flags & journal::kLastOfBatch) != 0 ? flush() : ok();
}

Result<void> Salvager::run(const SalvageHooks& hooks) {
    for (;;) {
        TRY(const auto record, survivors_.next());
        if (!record) break;
        TRYV(take(*record));
        if (salvaged_.kept % kEventsPerLook != 0) continue;
        hooks.progress(survivors_.bytes_read(), survivors_.bytes());
        salvaged_.stopped = hooks.stop();
        if (salvaged_.stopped) return ok();
    }
    TRYV(fill_up_to(survivors_.last_known().raw, survivors_.hole()));
    return flush();
}

/// The schemas that the events were written with, as far as they are what their names say.
Result<void> copy_schemas(const journal::ReadDirectory& from, journal::WriteDirectory& to) {
    TRY(const auto names, from.list("schema"));
    for (const std::string& name : names) {
        const auto file = from.open("schema/" + name);
        if (!file) continue;
        std::vector<std::byte> bytes(kSchemaBytesMax);
        const auto got = file.value()->read(0, bytes);
        if (!got) continue;
        bytes.resize(got.value());
        if (journal::to_hex(journal::sha256(bytes)) + ".bfbs" != name) continue;
        TRYV(keep_schema(to, bytes));
    }
    return ok();
}

/// A new journal in `folder` with all that is left of the one in `source`.
Result<void> make_journal(std::unique_ptr<journal::ReadDirectory> source, const files::Path& folder,
                          const SalvageHooks& hooks, Salvaged& salvaged) {
    TRY(auto directory, journal::open_for_writing(folder));
    journal::Options options;
    options.background = false;
    options.schema.assign(schema_bytes().begin(), schema_bytes().end());
    TRYV(journal::create(*directory, options));
    TRYV(copy_schemas(*source, *directory));
    TRY(auto survivors, journal::Survivors::open(std::move(source)));
    TRY(auto writer, journal::Writer::open(std::move(directory), options));
    salvaged.from = survivors.journal();
    salvaged.to = writer.journal();
    TRYV(Salvager(survivors, writer, salvaged).run(hooks));
    return writer.close();
}

/// Reads back what was made.
Result<std::string> verified_chain(const files::Path& folder) {
    TRY(const auto directory, journal::open_directory(folder));
    TRY(const auto verdict, journal::verify(*directory));
    if (verdict.ok) return verdict.chain.to_hex();
    return Error{Errc::corrupt,
                 "the new journal is not what was written: " + verdict.first_bad->file +
                     " at offset " + std::to_string(verdict.first_bad->offset) + ", " +
                     verdict.first_bad->reason,
                 "look at this disk (dmesg), then salvage to another one"};
}

}  // namespace

Result<Salvaged> salvage(const std::string& data_dir, const std::string& out,
                         const SalvageHooks& hooks) {
    TRY(auto source, journal::open_directory(data_dir + "/journal"));
    TRY(const auto numbers, segment_numbers(*source));
    if (numbers.empty()) return Error{Errc::not_found, "there is no segment in " + data_dir};
    const NewDirectory made{out, "journal.salvaging"};
    TRYV(made.begin(data_dir));
    Salvaged salvaged;
    TRYV(make_journal(std::move(source), made.unfinished(), hooks, salvaged));
    if (salvaged.stopped) return salvaged;
    TRY(salvaged.chain, verified_chain(made.unfinished()));
    TRYV(files::copy_config(data_dir, out));
    TRYV(files::signing_key(out));
    TRYV(made.finish());
    return salvaged;
}

}  // namespace daybook
