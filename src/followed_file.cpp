#include "src/followed_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <tuple>
#include <utility>

namespace daybook {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kAtOnce = std::size_t{256} << 10U;
constexpr std::size_t kLineMost = std::size_t{64} << 20U;  ///< a longer line is cut here
constexpr std::uint64_t kLookedAt = 4096;  ///< bytes before a place that tell it from others
constexpr std::int64_t kQuietMs = 1000;

std::int64_t steady_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::uint64_t fingerprint(std::string_view bytes) {
    return XXH3_64bits(bytes.data(), bytes.size());
}

struct stat status_of(int raw) {
    struct stat status {};
    if (::fstat(raw, &status) != 0) status = {};
    return status;
}

/// Up to `count` bytes from `offset`; fewer at the end.
Result<std::string> bytes_at(int raw, std::uint64_t offset, std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t have = 0;
    while (have < count) {
        const ssize_t got =
            ::pread(raw, bytes.data() + have, count - have, static_cast<off_t>(offset + have));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return Error{Errc::disk,
                         "cannot read the followed file: " + std::string{std::strerror(errno)}};
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

std::uint64_t fingerprint_before(int raw, std::uint64_t offset) {
    const std::uint64_t count = std::min(offset, kLookedAt);
    const auto bytes = bytes_at(raw, offset - count, static_cast<std::size_t>(count));
    return bytes ? fingerprint(bytes.value()) : 0;
}

/// Files beside `path` whose names begin with its name, the one written longest ago first.
std::vector<std::string> generations(const std::string& path) {
    const fs::path whole{path};
    const std::string begin = whole.filename().string();
    std::vector<std::pair<std::int64_t, std::string>> found;
    std::error_code error;  // a folder that cannot be listed has no others
    const fs::path folder = whole.has_parent_path() ? whole.parent_path() : fs::path{"."};
    for (const auto& entry : fs::directory_iterator{folder, error}) {
        struct stat status {};
        if (!entry.path().filename().string().starts_with(begin)) continue;
        if (::stat(entry.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
        found.emplace_back(status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
                           entry.path().string());
    }
    // Clocks of files are coarse: of two written together, the one shifted further is older.
    std::ranges::sort(found, [](const auto& a, const auto& b) {
        const auto key = [](const auto& each) {
            return std::tuple{-each.first, each.second.size(), std::string_view{each.second}};
        };
        return key(a) > key(b);
    });
    std::vector<std::string> names;
    for (auto& each : found) names.push_back(std::move(each.second));
    return names;
}

/// Whether the open file has, before `place`, what was read.
bool holds(int raw, const Place& place) {
    return static_cast<std::uint64_t>(status_of(raw).st_size) >= place.offset &&
           fingerprint_before(raw, place.offset) == place.before;
}

}  // namespace

FollowedFile::FollowedFile(FollowedFile&& other) noexcept
    : path_{std::move(other.path_)},
      note_{std::move(other.note_)},
      raw_{std::exchange(other.raw_, -1)},
      place_{other.place_},
      quiet_size_{other.quiet_size_},
      quiet_since_{other.quiet_since_} {}

FollowedFile::~FollowedFile() {
    if (raw_ >= 0) ::close(raw_);
}

Result<void> FollowedFile::begin(const std::string& name, std::uint64_t offset) {
    const int raw = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (raw < 0)
        return Error{errno == ENOENT ? Errc::not_found : Errc::disk,
                     "cannot open " + name + ": " + std::strerror(errno), "name a file to follow"};
    if (raw_ >= 0) ::close(raw_);
    raw_ = raw;
    const auto status = status_of(raw);
    place_ = {status.st_dev, status.st_ino, 0, fingerprint({})};
    if (offset > 0) place_.offset = offset;
    quiet_since_ = -1;
    return ok();
}

Result<FollowedFile> FollowedFile::open(const std::string& path, const std::optional<Place>& place,
                                        Note note) {
    FollowedFile file{path, std::move(note)};
    if (!place) {
        TRYV(file.begin(path, 0));
        return file;
    }
    for (const std::string& name : generations(path)) {
        struct stat status {};
        if (::stat(name.c_str(), &status) != 0 || status.st_ino != place->inode ||
            status.st_dev != place->device)
            continue;
        TRYV(file.begin(name, place->offset));
        file.place_ = *place;
        return file;
    }
    file.note_("the file that was followed is gone: lines at its end may be missing");
    TRYV(file.begin(path, 0));
    return file;
}

bool FollowedFile::stands() const { return holds(raw_, place_); }

Result<std::string> FollowedFile::read() {
    if (!stands()) {
        TRYV(go_to_copy());
    }
    TRY(std::string lines, take_lines());
    if (!lines.empty()) return lines;
    if (!successor()) return std::string{};
    const auto size = static_cast<std::uint64_t>(status_of(raw_).st_size);
    const bool quiet = quiet_since_ >= 0 && size == quiet_size_;
    if (!quiet) quiet_since_ = steady_ms();
    quiet_size_ = size;
    return quiet && steady_ms() - quiet_since_ >= kQuietMs ? take_end() : std::string{};
}

/// The bytes before the place are read with the new ones: were they others, so may be the new.
Result<std::string> FollowedFile::take_lines() {
    const auto known = static_cast<std::size_t>(std::min(place_.offset, kLookedAt));
    std::string bytes;
    std::size_t end = std::string::npos;
    for (std::size_t most = kAtOnce; end == std::string::npos; most *= 4) {
        TRY(bytes, bytes_at(raw_, place_.offset - known, known + most));
        if (bytes.size() <= known) return std::string{};
        end = bytes.rfind('\n');
        if (end != std::string::npos && end < known) end = std::string::npos;
        if (end == std::string::npos && bytes.size() >= kLineMost) end = bytes.size() - 1;
        if (bytes.size() < known + most) break;
    }
    const std::string_view all{bytes};
    if (end == std::string::npos || fingerprint(all.substr(0, known)) != place_.before)
        return std::string{};
    place_.offset += end + 1 - known;
    const auto looked = static_cast<std::size_t>(std::min(place_.offset, kLookedAt));
    place_.before = fingerprint(all.substr(end + 1 - looked, looked));
    quiet_since_ = -1;
    return bytes.substr(known, end + 1 - known);
}

/// The file was cut off: what was not read of it lies in its copy, which is older than the file.
Result<void> FollowedFile::go_to_copy() {
    const Place was = place_;
    for (const std::string& name : generations(path_)) {
        TRYV(begin(name, was.offset));
        const bool other = place_.inode != was.inode || place_.device != was.device;
        place_.before = was.before;
        if (other && was.offset > 0 && stands()) return ok();
    }
    note_("the file was cut off and no copy of it is there: lines at its end may be missing");
    return begin(path_, 0);
}

/// The last line, which nobody will end, and on to the next file.
Result<std::string> FollowedFile::take_end() {
    TRY(std::string rest, bytes_at(raw_, place_.offset, kLineMost));
    const auto next = successor();
    if (next) {
        TRYV(begin(*next, 0));
    }
    if (!rest.empty() && !rest.ends_with('\n')) rest += '\n';
    return rest;
}

std::optional<std::string> FollowedFile::successor() const {
    struct stat named {};
    if (::stat(path_.c_str(), &named) != 0) return std::nullopt;  // between rename and create
    if (named.st_ino == place_.inode && named.st_dev == place_.device) return std::nullopt;
    bool behind = false;
    for (const std::string& name : generations(path_)) {
        struct stat status {};
        if (::stat(name.c_str(), &status) != 0) continue;
        if (behind) return name;
        behind = status.st_ino == place_.inode && status.st_dev == place_.device;
    }
    return path_;
}

}  // namespace daybook
