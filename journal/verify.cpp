#include "journal/verify.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <future>
#include <set>
#include <thread>

#include "journal/frame.hpp"
#include "journal/hash.hpp"
#include "journal/hex.hpp"
#include "journal/layout.hpp"
#include "journal/tail.hpp"
#include "journal/verify_segment.hpp"
#include "schemas/planted.hpp"

namespace daybook::journal {
namespace {

constexpr std::size_t kStride = std::size_t{64} << 10U;
constexpr int kLooksMax = 8;
constexpr std::uint64_t kWorthThreads = std::uint64_t{16} << 20U;  // bytes

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
    Result<void> measure();
    void check_schema_of(const SegmentHeader& header);

    // Of one segment by itself: may run for several at a time.
    [[nodiscard]] Result<SegmentReport> examine(std::uint64_t number) const;
    [[nodiscard]] Result<Expectation> expectation(const SegmentHeader& header) const;
    [[nodiscard]] Result<std::optional<Bad>> stray(SegmentFile& segment,
                                                   std::uint64_t durable_end) const;
    [[nodiscard]] Result<void> check_tail(SegmentFile& segment, Findings& findings) const;
    [[nodiscard]] Result<bool> moved_on(const Tail& tail) const;

    // One behind the other.
    Result<void> examine_all();
    void join(std::uint64_t number, const SegmentReport& report);
    void join_header(const SegmentHeader& header);
    void join_footer(std::uint64_t number, const SegmentReport& report, const Digest& chain);

    const ReadDirectory& directory_;
    const Progress& progress_;
    Findings findings_;
    Head head_;
    bool head_known_ = true;
    std::uint64_t last_segment_{};
    std::set<std::string> schemas_;
    struct {  // of the segments before the one at hand
        std::optional<std::uint64_t> last = 0;
        std::optional<std::uint64_t> last_hash = 0;
        std::optional<Digest> chain = Digest{};
    } before_;
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
Result<Expectation> Verifier::expectation(const SegmentHeader& header) const {
    Expectation expected{
        .last = std::nullopt, .last_hash = std::nullopt, .open = header.number == last_segment_};
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
Result<bool> Verifier::moved_on(const Tail& tail) const {
    TRY(auto now, read_head(directory_));
    const std::uint64_t sequence = tail.damage ? tail.damage->place.sequence : 0;
    return now.counter != head_.counter && now.durable.raw >= sequence;
}

/// What must not lie behind the durable end once the writer has stopped by itself: anything but
/// zeros up to the size of the segment.
Result<std::optional<Bad>> Verifier::stray(SegmentFile& segment, std::uint64_t durable_end) const {
    const SegmentHeader& header = segment.header();
    const std::uint64_t size = segment.info().size;
    TRY(const auto found, first_nonzero(segment, durable_end, size));
    if (found < size) {
        return Bad{{header.number, found, 0},
                   "expected zeros behind the durable end after a clean stop, found another byte"};
    }
    if (size == header.size) return std::nullopt;
    return Bad{{header.number, header.size, 0},
               "expected the end of the file after a clean stop, found " +
                   std::to_string(size - header.size) + " bytes more"};
}

Result<void> Verifier::check_tail(SegmentFile& segment, Findings& findings) const {
    Head head = head_;
    if (!head_known_) head = {};
    TRY(auto tail, examine_tail(segment, head));
    const std::uint64_t durable_end =
        head_known_ && head_.segment == segment.header().number ? head_.end : kFramesBegin;
    findings.verdict.tail_bytes = tail.end > durable_end ? tail.end - durable_end : 0;
    std::optional<Bad> bad = tail.damage;
    if (!bad && head_known_ && head_.clean) {
        TRY(bad, stray(segment, durable_end));
    }
    if (!bad) return ok();
    if (head_known_) {
        TRY(auto moved, moved_on(tail));
        if (moved) return ok();
    }
    findings.bad(*bad);
    return ok();
}

Result<SegmentReport> Verifier::examine(std::uint64_t number) const {
    if (PLANTED(last_segment_unchecked) && number == last_segment_) return SegmentReport{};
    const Cache cache = number <= head_.sealed ? Cache::passed_by : Cache::used;
    auto segment =
        SegmentFile::open(directory_, number, head_known_ ? &head_.journal : nullptr, cache);
    if (segment) {
        TRY(const Expectation expected, expectation(segment.value().header()));
        TRY(SegmentReport report, verify_segment(segment.value(), head_, expected));
        if (expected.open && report.findings.verdict.damages == 0) {
            TRYV(check_tail(segment.value(), report.findings));
        }
        return report;
    }
    const Error error = segment.error();
    if (error.code == Errc::disk || error.code == Errc::newer) return error;
    SegmentReport unreadable;
    unreadable.findings.bad({{number, 0, 0},
                             error.code == Errc::not_found
                                 ? "expected this file, found none"
                                 : "expected a header at offset 0 or 4096, found none"});
    return unreadable;
}

void Verifier::join_header(const SegmentHeader& header) {
    check_schema_of(header);
    if (before_.last && *before_.last + 1 != header.first_sequence) {
        findings_.bad({{header.number, offsetof(SegmentHeader, first_sequence), 0},
                       "expected first sequence " + std::to_string(*before_.last + 1) + ", found " +
                           std::to_string(header.first_sequence)});
        before_.chain.reset();
    }
    if (before_.last_hash && *before_.last_hash != header.previous_hash) {
        findings_.bad({{header.number, offsetof(SegmentHeader, previous_hash), 0},
                       "expected the hash of the last frame before, found another"});
        before_.chain.reset();
    }
}

void Verifier::join_footer(std::uint64_t number, const SegmentReport& report, const Digest& chain) {
    if (!report.footer) return;
    if (report.footer->previous_chain == *before_.chain && report.footer->chain == chain) {
        ++findings_.verdict.sealed;
        return;
    }
    findings_.bad(
        {{number, report.footer->offset + offsetof(FooterHeader, previous_chain), 0},
         "expected a footer with the chain of all segments up to this one, found another"});
}

void Verifier::join(std::uint64_t number, const SegmentReport& report) {
    ++findings_.verdict.segments;
    if (report.header) join_header(*report.header);
    findings_.add(report.findings);
    if (report.whole && before_.chain) {
        const SegmentHeader& header = *report.header;
        const Digest chain =
            chained(*before_.chain, {header.journal, header.number, header.first_sequence,
                                     *report.last, report.end, report.tree});
        join_footer(number, report, chain);
        before_.chain = chain;
    } else {
        before_.chain.reset();
    }
    before_.last = report.last;
    before_.last_hash = report.last_hash;
    if (progress_) progress_(findings_.verdict.bytes, std::max(total_, findings_.verdict.bytes));
}

/// Several at a time, where it is worth a thread: hashing keeps a core busier than reading keeps
/// a disk.
Result<void> Verifier::examine_all() {
    const bool alone = total_ < kWorthThreads;
    const std::size_t at_a_time = std::clamp(std::thread::hardware_concurrency(), 1U, 4U) + 1;
    const auto how = alone ? std::launch::deferred : std::launch::async;
    std::deque<std::future<Result<SegmentReport>>> ahead;
    std::uint64_t begun = 0;
    for (std::uint64_t number = 1; number <= last_segment_; ++number) {
        while (begun < last_segment_ && ahead.size() < at_a_time) {
            ahead.push_back(std::async(how, [this, next = ++begun] { return examine(next); }));
        }
        TRY(const SegmentReport report, ahead.front().get());
        ahead.pop_front();
        join(number, report);
    }
    return ok();
}

/// What is to be read, about: files may still grow or go meanwhile.
Result<void> Verifier::measure() {
    total_ = kHeadBytes;
    for (std::uint64_t number = 1; number <= last_segment_; ++number) {
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
    TRYV(examine_all());
    Verdict& verdict = findings_.verdict;
    verdict.ok = verdict.damages == 0;
    verdict.chain = {{before_.last.value_or(0)}, before_.chain.value_or(Digest{})};
    return verdict;
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
