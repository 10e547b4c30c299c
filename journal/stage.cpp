#include "journal/stage.hpp"

#include <cstring>

#include "journal/hash.hpp"
#include "schemas/invariant.hpp"

namespace daybook::journal {
namespace {

constexpr std::uint64_t kWord = 8;  // frames are padded to it

}  // namespace

Stage::Stage()
    : bytes_(std::make_unique_for_overwrite<std::byte[]>(kWriteStep + kBatchMax + kBlock)) {}

void Stage::begin(std::uint64_t offset, std::uint64_t seed) {
    INVARIANT(empty(), "what waits belongs to the segment before");
    offset_ = offset;
    seed_ = seed;
}

std::uint64_t Stage::put(FrameHeader header, std::span<const std::byte> payload) {
    const std::uint64_t length = frame_bytes(payload.size());
    std::byte* const frame = bytes_.get() + size_;
    std::memset(frame + length - kWord, 0, kWord);
    std::memcpy(frame + sizeof header, payload.data(), payload.size());
    std::memcpy(frame, &header, sizeof header);
    header.hash = frame_hash(seed_, end(), {frame, length});
    std::memcpy(frame, &header.hash, sizeof header.hash);
    size_ += length;
    return header.hash;
}

Result<void> Stage::write_to(WriteFile& file) {
    if (empty()) return ok();
    const std::uint64_t padded = round_up(end(), kBlock) - offset_;
    std::memset(bytes_.get() + size_, 0, padded - size_);
    TRYV(file.write(offset_, {bytes_.get(), padded}));
    offset_ += size_;
    size_ = 0;
    return ok();
}

}  // namespace daybook::journal
