#include <string>

#include "journal/frame.hpp"
#include "journal/segment_write.hpp"
#include "journal/writer.hpp"
#include "schemas/invariant.hpp"

namespace daybook::journal {
namespace {

constexpr const char* kNewHead = "HEAD.new";

Error exists_already() {
    return {Errc::conflict, "there is a journal already", "daybook ingest appends to it"};
}

/// Without HEAD a journal was either never finished, or has lost it. Only the first may be redone.
Result<void> check_no_events(const ReadDirectory& directory) {
    TRY(auto numbers, segment_numbers(directory));
    for (const std::uint64_t number : numbers) {
        TRY(auto segment, SegmentFile::open(directory, number));
        const std::uint64_t size = segment.info().size;
        TRY(auto found, first_nonzero(segment, kFramesBegin, size));
        if (number == 1 && found == size) continue;
        return corrupt_at({number, found, 0},
                          "expected no segment with events where journal/HEAD is missing");
    }
    return ok();
}

Result<Uuid> name_for(const Options& options) {
    if (options.journal) return *options.journal;
    return random_uuid();
}

Result<void> write_new_head(WriteDirectory& directory, Head head) {
    TRYV(directory.remove(kNewHead));
    TRY(auto file, directory.create(kNewHead, Cache::used));
    TRYV(file->allocate(kHeadBytes));
    for (int slot = 0; slot < 2; ++slot) {
        ++head.counter;
        TRYV(write_head(*file, head));
    }
    TRYV(file->sync());
    TRYV(directory.rename(kNewHead, kHeadName));
    return directory.sync_folder("");
}

}  // namespace

Result<void> create(WriteDirectory& directory, const Options& options) {
    INVARIANT(options.first_segment % kBlock == 0 && options.first_segment > kFramesBegin,
              "a segment is blocks of 4 KiB, two of them headers");
    TRY(auto lock, directory.lock("LOCK"));
    const auto head = directory.open(kHeadName);
    if (head) return exists_already();
    if (head.error().code != Errc::not_found) return head.error();
    TRYV(check_no_events(directory));
    TRYV(directory.make_folder("schema"));
    TRYV(directory.make_folder("quarantine"));
    SegmentHeader header{.number = 1, .size = options.first_segment, .first_sequence = 1};
    TRY(header.schema, keep_schema(directory, options.schema));
    TRY(header.journal, name_for(options));
    TRY(auto blank, allocate_blank(directory, 1, options.first_segment));
    TRYV(write_zeros(*blank.file, options.first_segment));
    TRYV(name_segment(directory, blank, header));
    return write_new_head(directory, {.durable = {0},
                                      .segment = 1,
                                      .end = kFramesBegin,
                                      .clean = true,
                                      .journal = header.journal});
}

Result<void> create(const std::filesystem::path& data_dir, const Options& options) {
    TRYV(make_journal_folder(data_dir));
    TRY(auto directory, open_for_writing(data_dir / "journal"));
    return create(*directory, options);
}

}  // namespace daybook::journal
