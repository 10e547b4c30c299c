#include "bench/raw.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

#include "bench/measure.hpp"
#include "journal/format.hpp"

namespace daybook::bench {
namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::size_t kStep = std::size_t{1} << 20U;

struct RawHeader {  // as large as the journal's
    std::uint64_t hash, length, sequence, rest[3];
};
static_assert(sizeof(RawHeader) == sizeof(journal::FrameHeader));

int open_or_stop(const std::filesystem::path& path, int flags) {
    const int raw = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
    if (raw < 0) stop("cannot open " + path.string());
    return raw;
}

void write_or_stop(int raw, std::span<const std::byte> bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const ssize_t put = ::pwrite(raw, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (put <= 0) stop("pwrite refused");
        offset += static_cast<std::uint64_t>(put);
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
}

template <class Act>
void each_file(const std::filesystem::path& folder, Act act) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        const int raw = open_or_stop(entry.path(), O_RDONLY);
        act(raw);
        ::close(raw);
    }
}

}  // namespace

RawFrames::RawFrames(const Corpus& corpus) : begins_{0} {
    for (std::size_t i = 0; i < corpus.size(); ++i) {
        const auto payload = corpus.entry(i).payload;
        const RawHeader header{
            XXH3_64bits_withSeed(payload.data(), payload.size(), i), payload.size(), i, {}};
        const std::size_t begin = bytes_.size();
        bytes_.resize(begin + journal::frame_bytes(payload.size()));
        std::memcpy(bytes_.data() + begin, &header, sizeof header);
        std::memcpy(bytes_.data() + begin + sizeof header, payload.data(), payload.size());
        begins_.push_back(bytes_.size());
    }
}

RawLog::RawLog(const std::filesystem::path& path, std::uint64_t size)
    : raw_(open_or_stop(path, O_RDWR | O_CREAT | O_TRUNC)) {
    if (size != 0 && ::fallocate(raw_, 0, 0, static_cast<off_t>(size)) != 0) stop("no room");
    const std::vector<std::byte> zeros(kStep);
    for (std::uint64_t at = 0; at < size; at += kStep) write_or_stop(raw_, zeros, at);
    sync();
}
RawLog::~RawLog() { ::close(raw_); }

void RawLog::add(std::span<const std::byte> frame) {
    buffer_.insert(buffer_.end(), frame.begin(), frame.end());
}
void RawLog::write() {
    const std::uint64_t behind = end_ + buffer_.size();
    buffer_.resize(journal::round_up(behind, kPage) - end_);  // whole pages: measured to be faster
    write_or_stop(raw_, buffer_, end_);
    end_ = behind;
    buffer_.clear();
}
void RawLog::sync() {
    if (::fdatasync(raw_) != 0) stop("fdatasync refused");
}

RawMap::RawMap(int descriptor, std::uint64_t size) : size_(size) {
    void* const data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    if (data == MAP_FAILED) stop("mmap refused");
    data_ = static_cast<const std::byte*>(data);
}
RawMap::~RawMap() { ::munmap(const_cast<std::byte*>(data_), size_); }

std::uint64_t RawMap::length(std::uint64_t offset) const {
    RawHeader header;
    std::memcpy(&header, data_ + offset, sizeof header);
    return journal::frame_bytes(header.length);
}
bool RawMap::whole(std::uint64_t offset) const {
    RawHeader header;
    std::memcpy(&header, data_ + offset, sizeof header);
    return header.hash ==
           XXH3_64bits_withSeed(data_ + offset + sizeof header, header.length, header.sequence);
}

void forget_cached(const std::filesystem::path& path) {
    each_file(path, [](int raw) {
        ::fdatasync(raw);
        ::posix_fadvise(raw, 0, 0, POSIX_FADV_DONTNEED);
    });
}

double read_bandwidth(const std::filesystem::path& folder) {
    std::vector<std::byte> window(kStep);
    std::uint64_t total = 0;
    const auto begin = Clock::now();
    each_file(folder, [&](int raw) {
        for (off_t at = 0;;) {
            const ssize_t got = ::pread(raw, window.data(), window.size(), at);
            if (got <= 0) break;
            at += got;
            total += static_cast<std::uint64_t>(got);
        }
    });
    return static_cast<double>(total) / seconds_since(begin);
}

}  // namespace daybook::bench
