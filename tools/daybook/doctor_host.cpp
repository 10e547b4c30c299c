// What the machine is to a data directory.
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "projections/answers/health.hpp"
#include "tools/daybook/doctor.hpp"
#include "tools/files/posix_files.hpp"

namespace daybook {
namespace {

namespace fs = std::filesystem;
using Grade = Symptom::Grade;

constexpr std::uint64_t kEventsLooked = 100'000;  ///< "lately"
constexpr std::uint64_t kEventsEnough = 1'000;    ///< else files made in advance seem to be theirs
constexpr std::uint64_t kDaysShort = 30, kDaysFew = 3;
constexpr std::int64_t kSecond = 1'000'000'000, kHour = 3'600 * kSecond, kDay = 24 * kHour;
constexpr std::int64_t kSilence = 300 * kSecond;

std::uint64_t bytes_below(const fs::path& folder) {
    std::uint64_t sum = 0;
    std::error_code error;  // what goes away meanwhile counts for nothing
    for (fs::recursive_directory_iterator each{folder, error}, end; !error && each != end;
         each.increment(error)) {
        struct stat status {};
        if (::lstat(each->path().c_str(), &status) == 0)
            sum += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
    return sum;
}

Result<Growth> growth_of(EventReader& reader, const Call& call, Sequence head) {
    Growth growth{bytes_below(call.data), head.raw, std::min(head.raw, kEventsLooked), 0};
    if (head.raw == 0) return growth;
    TRY(const auto record, reader.journal().at({head.raw - growth.recent + 1}));
    growth.span_ns = now().nanos - record.received;
    return growth;
}

Symptom check_days(EventReader& reader, const Call& call, Sequence head) {
    const std::string what = "days left";
    struct statvfs status {};
    const auto growth = growth_of(reader, call, head);
    if (!growth) return {what, Grade::bad, growth.error().detail, growth.error().remedy};
    if (::statvfs(call.data.c_str(), &status) != 0)
        return {what, Grade::bad, "cannot ask how much space is left"};
    const auto days =
        days_until_full(std::uint64_t{status.f_bavail} * status.f_frsize, growth.value());
    if (!days) return {what, Grade::good, "too little was recorded lately to tell"};
    const std::string text = std::to_string(*days) +
                             " days until the disk is full, at the rate of "
                             "the last " +
                             std::to_string(growth.value().recent) + " events";
    if (*days >= kDaysShort) return {what, Grade::good, text};
    return {what, *days < kDaysFew ? Grade::bad : Grade::note, text,
            "free some space, or move the data directory to a larger disk"};
}

Symptom check_memory(const Call& call) {
    const std::string what = "file system";
    struct statfs status {};
    if (::statfs(call.data.c_str(), &status) != 0)
        return {what, Grade::bad, "cannot ask which file system it is"};
    static const std::map<std::uint32_t, std::string> kForgetful{
        {0x01021994U, "tmpfs: all of it is gone after a restart of the machine"},
        {0x858458f6U, "ramfs: all of it is gone after a restart of the machine"},
        {0x794c7630U, "overlay: all of it may be gone with its container"},
        {0x6969U, "NFS: a sync may be promised and not kept"}};
    const auto found = kForgetful.find(static_cast<std::uint32_t>(status.f_type));
    if (found == kForgetful.end()) return {what, Grade::good, "keeps what is written"};
    return {what, Grade::note, found->second, "move the data directory to a disk of this machine"};
}

Result<double> sync_once_ms(const std::string& data) {
    TRY(auto file, files::NewFile::create(data + "/sync-test", 0600));
    constexpr std::array<std::byte, 4096> kBytes{};
    TRYV(file.write(0, kBytes));
    const auto began = std::chrono::steady_clock::now();
    TRYV(file.finish());
    return std::chrono::duration<double, std::milli>{std::chrono::steady_clock::now() - began}
        .count();
}

Symptom check_sync(const Call& call) {
    const std::string what = "sync";
    constexpr double kSlowMs = 50;
    std::array<double, 5> took{};
    for (double& each : took) {
        const auto once = sync_once_ms(call.data);
        if (!once)
            return {what, Grade::note, "cannot be measured: " + once.error().detail,
                    "run it as the owner of the data directory"};
        each = once.value();
    }
    std::ranges::sort(took);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.2f ms, median of 5", took[2]);
    if (took[2] < kSlowMs) return {what, Grade::good, text.data()};
    return {what, Grade::note, text.data(), "a faster disk; every answer waits for one"};
}

/// Rights beyond the owner's at `path`: the bits of `forbidden` that are set.
unsigned rights_at(const fs::path& path, unsigned forbidden) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & forbidden : 0U;
}

std::vector<fs::path> secrets_of(const std::string& data) {
    std::vector<fs::path> paths{data + "/keys", data + "/daybook.sock"};
    std::error_code error;  // no keys, nothing to look at
    for (const auto& entry : fs::directory_iterator{data + "/keys", error}) {
        if (entry.path().extension() != ".pub") paths.push_back(entry.path());
    }
    return paths;
}

Symptom check_rights(const Call& call) {
    const std::string what = "permissions";
    for (const fs::path& path : secrets_of(call.data)) {
        if (rights_at(path, 0077) != 0)
            return {what, Grade::bad, path.string() + " is open to other users",
                    "chmod go= " + path.string() + "; then replace what was secret"};
    }
    for (const fs::path& path : {fs::path{call.data}, fs::path{call.data} / "journal"}) {
        if (rights_at(path, 0022) != 0)
            return {what, Grade::bad, path.string() + " can be written by other users",
                    "chmod go-w " + path.string()};
    }
    if (rights_at(call.data, 0007) != 0)
        return {what, Grade::note, "other users can read what is recorded; keys are the owner's",
                "chmod o= " + call.data};
    return {what, Grade::good, "nothing is open to other users"};
}

/// The process that holds the journal's lock, as the kernel lists it; asking for the lock would be
/// in the way of a recorder that starts.
std::optional<std::string> holder_of(const std::string& data) {
    struct stat status {};
    if (::stat((data + "/journal/LOCK").c_str(), &status) != 0) return std::nullopt;
    std::array<char, 64> place{};
    std::snprintf(place.data(), place.size(), "%02x:%02x:%lu", major(status.st_dev),
                  minor(status.st_dev), status.st_ino);
    std::ifstream locks{"/proc/locks"};
    std::string number, kind, form, access, process, file;
    for (std::string line; std::getline(locks, line);) {
        std::istringstream words{line};
        words >> number >> kind >> form >> access >> process >> file;
        if (kind == "FLOCK" && file == place.data()) return process;
    }
    return std::nullopt;
}

Symptom check_recorder(const Call& call, const std::optional<std::string>& holder, bool clean) {
    const std::string what = "recorder";
    if (!holder)
        return {what, clean ? Grade::good : Grade::note,
                clean ? "none is at work" : "none is at work, and the last one did not close",
                clean ? "" : "nothing to do: the next one sets aside what was not acknowledged"};
    std::error_code error;
    const bool reached = fs::exists(call.data + "/daybook.sock", error);
    const std::string text = "process " + *holder + " records";
    if (reached) return {what, Grade::good, text + ", and takes events at daybook.sock"};
    return {what, Grade::note, text + ", and cannot be reached: others cannot record meanwhile",
            "wait until it ends, or use daybook serve"};
}

/// When each venue's market data came last.
Result<std::map<std::string, Time>> last_heard(Session& session) {
    TRYV(session.need({"health"}));
    const Listing coverage = list_coverage(session.rows("health"));
    std::map<std::string, Time> heard;
    for (const auto& row : coverage.rows) {
        const auto column = [&](std::string_view key) {
            const auto at = std::ranges::find(coverage.columns, key, &ListColumn::key);
            return row[static_cast<std::size_t>(at - coverage.columns.begin())].value_or("");
        };
        if (column("venue").empty() || column("channel") != "market") continue;
        TRY(const Time last, parse_time(column("last_received")));
        Time& latest = heard[column("venue")];
        latest = std::max(latest, last);
    }
    return heard;
}

std::vector<Symptom> check_feeds(Session& session) {
    const auto heard = last_heard(session);
    session.let_go();
    if (!heard) return {{"feed", Grade::bad, heard.error().detail, heard.error().remedy}};
    std::vector<Symptom> findings;
    for (const auto& [venue, last] : heard.value()) {
        const std::int64_t silence = now().nanos - last.nanos;
        const std::string text = "market data last came " +
                                 std::to_string(std::max<std::int64_t>(0, silence / kSecond)) +
                                 " s ago, while a recorder runs";
        const bool silent = silence > kSilence;
        findings.push_back({"feed " + venue, silent ? Grade::note : Grade::good, text,
                            silent ? "look whether what feeds it still does" : ""});
    }
    return findings;
}

}  // namespace

std::optional<std::uint64_t> days_until_full(std::uint64_t free_bytes, const Growth& growth) {
    if (growth.recent < kEventsEnough || growth.span_ns < kHour) return std::nullopt;
    const double each = static_cast<double>(growth.bytes) / static_cast<double>(growth.events);
    const double days = static_cast<double>(growth.span_ns) / static_cast<double>(kDay);
    const double bytes_a_day = each * static_cast<double>(growth.recent) / days;
    if (bytes_a_day < 1) return std::nullopt;
    return static_cast<std::uint64_t>(static_cast<double>(free_bytes) / bytes_a_day);
}

std::vector<Symptom> examine_host(Session& session, const Call& call) {
    const auto holder = holder_of(call.data);
    std::vector<Symptom> findings{
        check_days(session.reader(), call, session.seq()), check_memory(call), check_sync(call),
        check_rights(call), check_recorder(call, holder, session.reader().journal().head().clean)};
    if (!holder) return findings;
    for (Symptom& feed : check_feeds(session)) findings.push_back(std::move(feed));
    return findings;
}

}  // namespace daybook
