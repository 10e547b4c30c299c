#include "journal/verify.hpp"

#include <algorithm>
#include <set>

#include "journal/hash.hpp"
#include "journal/hex.hpp"
#include "journal/layout.hpp"
#include "journal/tail.hpp"
#include "journal/verify_segment.hpp"

namespace daybook::journal {
namespace {

constexpr std::size_t kStride = std::size_t{64} << 10U;
constexpr int kLooksMax = 8;

class Verifier {
  public:
    Verifier(const ReadDirectory& directory, const Progress& progress)
        : directory_(directory), progress_(progress) {}
    Result<Verdict> run();

  private:
    Result<void> check_head();
    Result<void> survey();
    Result<void> check_schemas();
    Result<std::string> digest_of(const std::string& name);
    Result<void> check_segment(std::uint64_t number);
    Result<void> check_readable(SegmentFile& segment);
    Result<Expectation> expectation(const SegmentHeader& header);
    Result<void> measure();
    void check_schema_of(const SegmentHeader& header);
    Result<void> check_tail(SegmentFile& segment);
    Result<bool> moved_on(const Tail& tail);
    void report();

    const ReadDirectory& directory_;
    const Progress& progress_;
    Findings findings_;
    Head head_;
    bool head_known_ = true;
    std::uint64_t last_segment_{};
    std::set<std::string> schemas_;
    Outcome before_{0, 0, Digest{}};  ///< of the segment before the one at hand
    std::uint64_t total_{};
};

/// HEAD last: what it names is listed then, unless a writer rotates meanwhile.
Result<void> Verifier::survey() {
    for (int looks = 0; looks < kLooksMax; ++looks) {
        TRY(auto numbers, segment_numbers(directory_));
        last_segment_ = numbers.empty() ? 0 : numbers.back();
        TRYV(check_head());
        if (!head_known_ || head_.segment <= last_segment_) break;
    }
    last_segment_ = std::max(last_segment_, head_.segment);
    return ok();
}

Result<void> Verifier::check_head() {
    findings_ = {};
    auto file = read_head_file(directory_);
    if (!file && file.error().code == Errc::corrupt) {
        findings_.bad_file(kHeadName, 0, "expected a slot that verifies, found none");
        head_known_ = false;
        return ok();
    }
    if (!file) return file.error();
    head_ = file.value().newest();
    for (std::size_t slot = 0; slot < 2; ++slot) {
        if (file.value().broken[slot]) {
            findings_.bad_file(kHeadName, slot * kBlock,
                               "expected a slot that verifies, found none");
        }
    }
    if (file.value().strays) {
        findings_.bad_file(kHeadName, 0, "expected 8192 bytes, zeros around the two slots");
    }
    findings_.verdict.bytes += kHeadBytes;
    return ok();
}

Result<std::string> Verifier::digest_of(const std::string& name) {
    TRY(auto file, directory_.open(name));
    Sha256 hasher;
    std::vector<std::byte> window(kStride);
    for (std::uint64_t offset = 0;;) {
        TRY(auto got, file->read(offset, window));
        hasher.update(std::span{window}.first(got));
        offset += got;
        findings_.verdict.bytes += got;
        if (got < window.size()) return to_hex(hasher.finish());
    }
}

Result<void> Verifier::check_schemas() {
    TRY(auto names, directory_.list("schema"));
    for (const std::string& name : names) {
        if (!name.ends_with(".bfbs")) continue;
        TRY(auto digest, digest_of("schema/" + name));
        schemas_.insert("schema/" + name);
        if (digest + ".bfbs" == name) continue;
        findings_.bad_file("schema/" + name, 0,
                           "expected bytes whose SHA-256 is the file's name, found " + digest);
    }
    return ok();
}

void Verifier::check_schema_of(const SegmentHeader& header) {
    const std::string name = schema_name(header.schema);
    if (header.schema == Digest{} || schemas_.contains(name)) return;
    findings_.bad_file(
        name, 0, "expected this file, which " + segment_name(header.number) + " names, found none");
    schemas_.insert(name);
}

/// What a segment has to agree with. A next header that cannot be read tells nothing.
Result<Expectation> Verifier::expectation(const SegmentHeader& header) {
    Expectation expected{.first = std::nullopt,
                         .previous_hash = before_.last_hash,
                         .last = std::nullopt,
                         .last_hash = std::nullopt,
                         .previous_chain = before_.chain,
                         .open = header.number == last_segment_};
    if (before_.last) expected.first = *before_.last + 1;
    if (expected.open) {
        const bool heads = head_.segment == header.number;
        if (head_known_) expected.last = heads ? head_.durable.raw : header.first_sequence - 1;
        return expected;
    }
    const Uuid* journal = head_known_ ? &head_.journal : nullptr;
    auto next = SegmentFile::open(directory_, header.number + 1, journal);
    if (!next && next.error().code == Errc::disk) return next.error();
    if (!next) return expected;
    expected.last = next.value().header().first_sequence - 1;
    expected.last_hash = next.value().header().previous_hash;
    return expected;
}

/// Whether a writer has gone on since we read HEAD, so that what looked like damage behind it is a
/// commit that was under way.
Result<bool> Verifier::moved_on(const Tail& tail) {
    TRY(auto now, read_head(directory_));
    const std::uint64_t sequence = tail.damage ? tail.damage->place.sequence : 0;
    return now.counter != head_.counter && now.durable.raw >= sequence;
}

Result<void> Verifier::check_tail(SegmentFile& segment) {
    Head head = head_;
    if (!head_known_) head = {};
    TRY(auto tail, examine_tail(segment, head));
    const std::uint64_t durable_end =
        head_known_ && head_.segment == segment.header().number ? head_.end : kFramesBegin;
    const bool strays = head_.clean && head_known_ && tail.end > durable_end;
    findings_.verdict.tail_bytes = tail.end > durable_end ? tail.end - durable_end : 0;
    if (!tail.damage && !strays) return ok();
    if (head_known_) {
        TRY(auto moved, moved_on(tail));
        if (moved) return ok();
    }
    if (tail.damage) {
        findings_.bad(*tail.damage);
    } else {
        findings_.bad({{segment.header().number, durable_end, 0},
                       "expected zeros behind the durable end after a clean stop, found other "
                       "bytes"});
    }
    return ok();
}

Result<void> Verifier::check_readable(SegmentFile& segment) {
    check_schema_of(segment.header());
    TRY(auto expected, expectation(segment.header()));
    const std::uint64_t damages = findings_.verdict.damages;
    TRY(before_, verify_segment(segment, head_, expected, findings_));
    findings_.verdict.bytes += segment.info().size;
    if (expected.open && findings_.verdict.damages == damages) {
        return check_tail(segment);
    }
    return ok();
}

Result<void> Verifier::check_segment(std::uint64_t number) {
    auto segment = SegmentFile::open(directory_, number, head_known_ ? &head_.journal : nullptr);
    ++findings_.verdict.segments;
    if (segment) {
        return check_readable(segment.value());
    }
    const Error error = segment.error();
    if (error.code == Errc::disk || error.code == Errc::newer) return error;
    const bool missing = error.code == Errc::not_found;
    findings_.bad({{number, 0, 0},
                   missing ? "expected this file, found none"
                           : "expected a header at offset 0 or 4096, found none"});
    before_ = {};
    return ok();
}

/// What is to be read, for the progress: files may still grow or go meanwhile.
Result<void> Verifier::measure() {
    total_ = kHeadBytes;
    for (std::uint64_t number = 1; progress_ && number <= last_segment_; ++number) {
        auto file = directory_.open(segment_name(number));
        if (!file) continue;
        TRY(auto info, file.value()->info());
        total_ += info.size;
    }
    return ok();
}

Result<Verdict> Verifier::run() {
    TRYV(survey());
    TRYV(measure());
    TRYV(check_schemas());
    for (std::uint64_t number = 1; number <= last_segment_; ++number) {
        TRYV(check_segment(number));
        report();
    }
    Verdict& verdict = findings_.verdict;
    verdict.ok = verdict.damages == 0;
    verdict.chain = {{before_.last.value_or(0)}, before_.chain.value_or(Digest{})};
    return verdict;
}

void Verifier::report() {
    if (progress_) progress_(findings_.verdict.bytes, std::max(total_, findings_.verdict.bytes));
}

}  // namespace

Result<Verdict> verify(const ReadDirectory& directory, const Progress& progress) {
    return Verifier(directory, progress).run();
}

Result<Verdict> verify(const std::filesystem::path& data_dir, const Progress& progress) {
    TRY(auto directory, open_directory(data_dir / "journal"));
    return verify(*directory, progress);
}

}  // namespace daybook::journal
